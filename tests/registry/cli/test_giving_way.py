"""Who gives way to others on the machine, and when."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from registry import cli
from registry.cli import giving_way
from registry.cli.giving_way import GIVES_WAY, LAST, give_way, give_way_at_once
from registry.settings import Settings

HAS_SESSIONS = Path("/proc/self/autogroup").exists()
NOBODY = 65534


@pytest.fixture
def session() -> Iterator[tuple[int, int]]:
    """Two processes of a session that is not that of whoever runs the tests: leader and member."""
    with _session() as processes:
        yield processes


@contextmanager
def _session(user: int | None = None) -> Iterator[tuple[int, int]]:
    with subprocess.Popen(
        ["sh", "-c", "sleep 300 & echo $!; wait"],  # noqa: S607 - waits
        stdout=subprocess.PIPE,
        start_new_session=True,
        user=user,
    ) as leader:
        assert leader.stdout is not None
        try:
            yield leader.pid, int(leader.stdout.readline())
        finally:
            os.killpg(leader.pid, signal.SIGKILL)


@pytest.fixture
def nobody() -> Iterator[int]:
    """Whoever runs the tests, as somebody who does not administer the system."""
    runs = os.geteuid()
    os.seteuid(runs or NOBODY)
    yield os.geteuid()
    os.seteuid(runs)


@pytest.mark.parametrize(("now", "then"), [(0, GIVES_WAY), (15, 15)])
def test_process_gives_way_and_never_comes_forward(
    session: tuple[int, int], now: int, then: int
) -> None:
    leader, _ = session
    os.setpriority(os.PRIO_PROCESS, leader, now)
    for _ in range(2):
        give_way(leader)
        assert psutil.Process(leader).nice() == then
    if sys.platform == "linux":
        assert os.sched_getscheduler(leader) == os.SCHED_IDLE


@pytest.mark.skipif(not HAS_SESSIONS, reason="sessions weigh nothing here")
def test_session_gives_way_with_its_leader_alone(session: tuple[int, int]) -> None:
    leader, member = session
    give_way(member)
    assert behind(leader) == behind(member) == 0
    give_way(leader)
    assert behind(leader) == behind(member) == LAST


@pytest.mark.skipif(not HAS_SESSIONS, reason="sessions weigh nothing here")
def test_sessions_give_way_one_right_after_the_other(nobody: int) -> None:
    with _session(nobody) as (one, _), _session(nobody) as (other, _):
        for leader in (one, other):
            give_way(leader)
        assert behind(one) == behind(other) == LAST


def test_process_that_has_ended_is_let_be() -> None:
    ended = subprocess.Popen(["true"])  # noqa: S607 - ends
    ended.wait()
    give_way(ended.pid)
    assert not psutil.pid_exists(ended.pid)


@pytest.mark.parametrize(
    ("command", "order"),
    [
        ("import", ["gives way", "opens import"]),
        ("worker", ["gives way", "opens worker"]),
        ("serve", ["opens serve"]),
    ],
)
def test_command_gives_way_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, command: str, order: list[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(sys, "argv", ["registry", command])
    monkeypatch.setattr(cli, "give_way_at_once", lambda _: done.append("gives way"))
    monkeypatch.setattr(cli, "application", lambda said: lambda: done.append(f"opens {said}"))
    cli.run()
    assert done == order


def test_nobody_gives_way_who_is_to_start_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gave_way: list[int] = []
    monkeypatch.setattr(giving_way, "give_way", gave_way.append)
    give_way_at_once(Settings(home=tmp_path, database_url=None))
    assert gave_way == []
    give_way_at_once(Settings(home=tmp_path, database_url="postgresql://somewhere/else"))
    assert gave_way == [os.getpid()]


def behind(process: int) -> int:
    """How far behind others the session of a process is."""
    return int(Path(f"/proc/{process}/autogroup").read_text("ascii").split()[-1])
