"""Who gives way to others on the machine, and when."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from registry import cli
from registry.cli import giving_way
from registry.cli.giving_way import GIVES_WAY, LAST, give_way, give_way_at_once
from registry.settings import Settings

HAS_SESSIONS = Path("/proc/self/autogroup").exists()


@pytest.fixture
def leader() -> Iterator[int]:
    """A process that leads a session."""
    yield from _living(leads=True)


@pytest.fixture
def member() -> Iterator[int]:
    """A process of the session of whoever runs the tests."""
    yield from _living(leads=False)


def _living(*, leads: bool) -> Iterator[int]:
    living = subprocess.Popen(["sleep", "300"], start_new_session=leads)  # noqa: S607 - waits
    yield living.pid
    living.kill()
    living.wait()


@pytest.mark.parametrize(("now", "then"), [(0, GIVES_WAY), (15, 15)])
def test_process_gives_way_and_never_comes_forward(leader: int, now: int, then: int) -> None:
    os.setpriority(os.PRIO_PROCESS, leader, now)
    for _ in range(2):
        give_way(leader)
        assert psutil.Process(leader).nice() == then
    if sys.platform == "linux":
        assert os.sched_getscheduler(leader) == os.SCHED_IDLE


@pytest.mark.skipif(not HAS_SESSIONS, reason="sessions weigh nothing here")
def test_session_gives_way_with_whoever_leads_it_and_with_no_other(
    leader: int, member: int
) -> None:
    assert behind(leader) == 0
    ours = behind(os.getpid())
    for process in (leader, member):
        give_way(process)
    assert behind(leader) == LAST
    assert behind(member) == behind(os.getpid()) == ours


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
