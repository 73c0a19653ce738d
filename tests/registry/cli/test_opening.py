"""Who opens the database for work that gives way."""

import os
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text

from registry.cli import giving_way, opening
from registry.cli.giving_way import GIVES_WAY, give_way, give_way_at_once
from registry.cli.opening import open_behind, open_database
from registry.embedded import EmbeddedServer
from registry.settings import Settings


def test_work_that_nobody_waits_for_gives_way(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gave_way: list[int] = []
    monkeypatch.setattr(opening, "give_way", gave_way.append)
    engine = open_behind(Settings(database_url=database_url))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW backend_flush_after")) == "256kB"
        assert connection.scalar(text("SHOW max_parallel_workers_per_gather")) == "0"
    engine.dispose()
    assert os.getpid() in gave_way


def test_only_the_server_of_whoever_gives_way_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, gave_way = os.getpid(), list[int]()

    def give_way_unless_us(number: int) -> None:
        if number != us:
            give_way(number)

    monkeypatch.setattr(opening, "give_way", give_way_unless_us)
    monkeypatch.setattr(giving_way, "give_way", gave_way.append)
    settings = Settings(home=tmp_path, database_url=None)
    server = EmbeddedServer.at(tmp_path)
    try:
        usual, behind = open_database(settings), open_behind(settings)
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert niceness(usual) == ours
        assert niceness(behind) == max(GIVES_WAY, ours)
        give_way_at_once(settings)
        assert gave_way == [us]
        usual.dispose()
        behind.dispose()
    finally:
        server.destroy()


def niceness(engine: Engine) -> int:
    """How far behind others the server's process of a connection is."""
    with engine.connect() as connection:
        return int(psutil.Process(connection.scalar(text("SELECT pg_backend_pid()"))).nice())
