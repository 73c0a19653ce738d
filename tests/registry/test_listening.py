"""Processes that each listen for themselves: all of them get connections, and others none."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest

from registry import listening
from registry.errors import Misconfigured

HOST = "127.0.0.1"
WORKERS = 2
CONNECTIONS = 64
PATIENCE = 60.0
SERVE = (
    "from registry import listening;"
    "listening.serve('tests.registry.answering:application', '127.0.0.1', {port}, workers=2,"
    " lifespan='off')"
)


@pytest.fixture
def port() -> Iterator[int]:
    """Where two processes serve."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    serving = subprocess.Popen([sys.executable, "-c", SERVE.format(port=port)])  # noqa: S603 - our own
    try:
        _until(lambda: len(_answering(port)) == WORKERS)
        yield port
    finally:
        serving.terminate()
        serving.wait(PATIENCE)


def test_every_process_gets_its_part_and_a_dead_one_is_missed_by_nobody(port: int) -> None:
    answered = _answering(port)
    assert sum(answered.values()) == CONNECTIONS
    assert min(answered.values()) > CONNECTIONS / 8
    assert all(os.getsid(one) == one for one in answered)
    dead, alive = sorted(answered)
    os.kill(dead, signal.SIGKILL)
    _until(lambda: dead not in _answering(port))
    assert alive in _answering(port)
    _until(lambda: len(_answering(port)) == WORKERS)


def test_nobody_else_is_let_in_at_the_same_port(port: int) -> None:
    for workers in (1, WORKERS):
        with pytest.raises(Misconfigured, match="Choose another --port"):
            listening.serve("tests.registry.answering:application", HOST, port, workers=workers)


def _answering(port: int) -> Counter[int]:
    """How many connections, all open at once, each process answers."""
    kept = [HTTPConnection(HOST, port, timeout=PATIENCE) for _ in range(CONNECTIONS)]
    answered: Counter[int] = Counter()
    try:
        for one in kept:
            one.request("GET", "/")
            answered[int(one.getresponse().read())] += 1
    except OSError:
        return Counter()
    finally:
        for one in kept:
            one.close()
    return answered


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
