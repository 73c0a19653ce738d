"""Who opens the database for work that gives way."""

import os
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text

from registry.cli.opening import GIVES_WAY, LAST, open_behind, open_database
from registry.embedded import EmbeddedServer
from registry.settings import Settings

HAS_SESSIONS = Path("/proc/self/autogroup").exists()


@pytest.mark.parametrize(("now", "then"), [(0, 10), (15, 15)])
def test_work_that_nobody_waits_for_gives_way_and_never_comes_forward(
    database_url: str, monkeypatch: pytest.MonkeyPatch, now: int, then: int
) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(os, "getpriority", lambda *_: now)
    monkeypatch.setattr(os, "setpriority", lambda *said: chosen.append(said[-1]))
    engine = open_behind(Settings(database_url=database_url))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW backend_flush_after")) == "256kB"
    engine.dispose()
    assert chosen == [then]


def test_only_the_server_of_whoever_gives_way_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "setpriority", lambda *_: None)
    settings = Settings(home=tmp_path)
    server = EmbeddedServer.at(tmp_path)
    try:
        usual, behind = open_database(settings), open_behind(settings)
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert niceness(usual) == (ours, 0)
        assert niceness(behind) == (max(GIVES_WAY, ours), LAST if HAS_SESSIONS else 0)
        usual.dispose()
        behind.dispose()
    finally:
        server.destroy()


def niceness(engine: Engine) -> tuple[int, int]:
    """How far behind others the server's process of a connection is, and its session."""
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
        session = Path(f"/proc/{number}/autogroup")
        of_session = int(session.read_text("ascii").split()[-1]) if HAS_SESSIONS else 0
        return int(psutil.Process(number).nice()), of_session
