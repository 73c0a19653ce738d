"""A registry that is served, or its worker at work, in processes of their own, for benchmarks."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from registry import sealing
from registry.settings import Settings

HOST = "127.0.0.1"
REGISTRY = ("-c", "from registry.cli import run; run()")
PATIENCE = 300.0
GRACE = 60.0


def environment(url: str, home: Path) -> dict[str, str]:
    """The environment of a registry on a database, without the limit on how often one may ask.

    It opens with the master key of whoever filled the database: of this process.
    """
    key = base64.b64encode(sealing.keyring(Settings()).keys[0]).decode()
    ours = {"REGISTRY_DATABASE_URL": url, "REGISTRY_HOME": str(home), "REGISTRY_MASTER_KEY": key}
    return {**os.environ, **ours, "REGISTRY_LIMIT_FACTOR": "0"}


@contextmanager
def running(
    command: Sequence[str], known: Mapping[str, str], *, is_heard: bool = True
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process, for as long as the block lasts; what it says is heard, or let go.

    It has a session of its own, as whatever a service manager or another terminal starts.
    """
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command], env=known, stdout=None if is_heard else subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(GRACE)


@contextmanager
def served(
    known: Mapping[str, str], command: Sequence[str] = (*REGISTRY, "serve"), *, workers: int = 1
) -> Iterator[int]:
    """Serve on a free port; the port, once somebody answers there."""
    port = _free_port()
    at = ("--host", HOST, "--port", str(port), "--workers", str(workers))
    with running((*command, *at), known) as process:
        _wait(port, process)
        yield port


def address(port: int) -> str:
    """Where a browser finds what is served on a port."""
    return f"http://{HOST}:{port}"


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody answers; the socket is there before any worker is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(f"{address(port)}/livez")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"Nobody answers on port {port}.")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])
