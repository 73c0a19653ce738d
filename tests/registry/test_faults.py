"""A process that takes lists may be killed at any moment."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from registry import jobs
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.jobs import Work
from registry.lists import imports
from registry.lists.imports import Terms
from tests.registry.faults import (
    SMALL,
    Forked,
    Trouble,
    kill_server,
    outcome,
    receive,
    run_in_trouble,
    take_all,
)

KILLS = 10


def test_ten_kills_change_nothing(engine: Engine, samples: Path) -> None:
    lists = [samples / "disability.csv", samples / "cash_transfer.csv"]
    url = engine.url.render_as_string(hide_password=False)
    receive(engine, lists)
    take_all(url)
    undisturbed = outcome(engine)
    chance = random.Random(20_250_101)
    struck = 0
    while struck < KILLS:
        with transaction(engine) as session:
            session.execute(
                text("TRUNCATE batch, batch_file, batch_chunk, staged_chunk, rejected_row,"
                     " record_version, source_record, link, person, review CASCADE")
            )  # fmt: skip
        receive(engine, lists)
        trouble = Trouble(chance, 1.0)
        struck += run_in_trouble(engine, lambda: Forked(url), trouble, KILLS - struck)
        assert outcome(engine) == undisturbed


def test_server_killed_while_a_list_is_taken_loses_nothing(tmp_path: Path, samples: Path) -> None:
    server = EmbeddedServer.at(tmp_path)
    url = server.start()
    engine = connect(url)
    upgrade(engine)
    try:
        receive(engine, [samples / "disability.csv"])

        def kill_once(_: int) -> None:
            engine.dispose()
            if not is_killed:
                is_killed.append(True)
                kill_server(server.data)
                server.start()

        is_killed: list[bool] = []
        with suppress(DBAPIError):
            imports.parse_batch(engine, 1, Terms(pace=SMALL, heard=kill_once))
        assert is_killed
        take_all(url)
        outcome(engine)
    finally:
        engine.dispose()
        server.destroy()


@pytest.mark.core
def test_worker_takes_and_links_what_is_queued(engine: Engine, samples: Path) -> None:
    receive(engine, [samples / "disability.csv", samples / "cash_transfer.csv"])
    jobs.work(engine, Work(Terms(pace=SMALL), until_idle=True))
    found = outcome(engine)
    assert [row[2] for row in found.batches] == ["linked", "linked"]


@pytest.mark.core
def test_worker_makes_stored_keys_anew_after_an_upgrade(engine: Engine, samples: Path) -> None:
    receive(engine, [samples / "disability.csv"])
    jobs.work(engine, Work(Terms(pace=SMALL), until_idle=True))
    before, held = outcome(engine), keys_of(engine)
    assert held
    with transaction(engine) as session:
        session.execute(text("TRUNCATE record_key, keyed_record, common_key"))
        session.execute(text("UPDATE engine SET keys = keys - 1"))
    jobs.work(engine, Work(Terms(pace=SMALL), until_idle=True))
    assert outcome(engine) == before
    assert keys_of(engine) == held
    with transaction(engine) as session:
        assert jobs.recover(session) == 0


def keys_of(engine: Engine) -> list[int]:
    with transaction(engine) as session:
        return list(session.scalars(text("SELECT key FROM record_key ORDER BY key, record_id")))
