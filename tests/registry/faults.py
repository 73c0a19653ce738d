"""Imports that are killed at random moments, and what must be true of them afterwards."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from registry import jobs
from registry.database import connect, transaction
from registry.errors import Misconfigured
from registry.lists import batches, imports
from registry.lists.batches import BatchStatus
from registry.lists.imports import Terms
from registry.lists.reading import Pace

SMALL = Pace(1, 100)
COMMAND = "from registry.cli import run; run()"


class Running(Protocol):
    """A process that takes lists."""

    @property
    def pid(self) -> int | None: ...

    def kill(self) -> None: ...

    def is_done(self, seconds: float) -> bool:
        """Whether the process ends within so many seconds."""


@dataclass(frozen=True)
class Outcome:
    """All that a run came to, SP IDs and numbers of rows in the database apart."""

    batches: tuple[tuple[object, ...], ...]
    taken: tuple[tuple[object, ...], ...]
    rejected: tuple[tuple[object, ...], ...]
    partition: frozenset[frozenset[tuple[str, str]]]


class Forked:
    """The steps of an import, run one after the other in a process of their own."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._process = context.Process(target=_take_while_it_answers, args=(url,))
        self._process.start()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def is_done(self, seconds: float) -> bool:
        self._process.join(seconds)
        return self._process.exitcode is not None


class Worker:
    """`registry worker`, as its users start it."""

    def __init__(self, url: str) -> None:
        settings = {"REGISTRY_DATABASE_URL": url, "REGISTRY_CHUNK_ROWS": "100",
                    "REGISTRY_PARSING_PROCESSES": "1"}  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", COMMAND, "worker", "--until-idle"],
            env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def is_done(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            return True
        return False


def take_all(url: str) -> None:
    """Take the rows of all batches that are received, and link what is parsed."""
    engine = connect(url)
    with transaction(engine) as session:
        unfinished = [batch.id for batch in batches.unfinished(session)]
    for number in unfinished:
        imports.parse_batch(engine, number, Terms(pace=SMALL))
    with transaction(engine) as session:
        is_waiting = bool(batches.waiting(session))
    if is_waiting:
        imports.link(engine)
    engine.dispose()


def _take_while_it_answers(url: str) -> None:
    """Take all, or end without a word when the database is gone."""
    with suppress(DBAPIError, Misconfigured):
        take_all(url)


def receive(engine: Engine, lists: Sequence[Path]) -> None:
    """Receive lists, each named after its scheme, and leave them to a worker."""
    for path in lists:
        jobs.queue(engine, imports.receive(engine, path.stem, path))


def is_finished(engine: Engine) -> bool:
    """Whether all batches are linked."""
    with transaction(engine) as session:
        found = session.scalars(text("SELECT DISTINCT status FROM batch")).all()
    return found == [BatchStatus.LINKED.value]


def kill(process: Running) -> None:
    """Kill a process, and see that it is gone."""
    process.kill()
    assert process.is_done(10)


@dataclass(frozen=True)
class Trouble:
    """What happens to running processes.

    Attributes:
        longest: seconds within which it happens.
        strike: what happens.
    """

    chance: random.Random
    longest: float
    strike: Callable[[Running], None] = kill


def run_in_trouble(
    engine: Engine, start: Callable[[], Running], trouble: Trouble, most: int
) -> int:
    """Let processes work until all batches are linked; how often they were struck.

    A process may end early because the one before it is not quite gone: another one is started.

    Args:
        most: how often they are struck at most.

    Raises:
        TimeoutError: the work did not end.
    """
    struck, starts = 0, 0
    while not is_finished(engine):
        process = start()
        starts += 1
        if struck < most:
            if not process.is_done(trouble.chance.uniform(0, trouble.longest)):
                trouble.strike(process)
                struck += 1
        elif not process.is_done(300) or starts > 3 * most + 10:
            process.kill()
            raise TimeoutError("the work did not end")
    return struck


def outcome(engine: Engine) -> Outcome:
    """What a finished run came to, after a look at what must be true of any run."""
    check(engine)
    linked = _rows(
        engine,
        "SELECT l.person_id, r.scheme, r.scheme_record_id FROM link l"
        " JOIN source_record r ON r.id = l.record_id WHERE l.superseded_at IS NULL",
    )
    persons: dict[object, set[tuple[str, str]]] = {}
    for person, scheme, number in linked:
        persons.setdefault(person, set()).add((str(scheme), str(number)))
    return Outcome(
        _rows(engine, "SELECT scheme, sha256_hash, status, rows_read, rows_rejected, records_new,"
                      " records_changed, records_unchanged FROM batch ORDER BY 1, 2"),
        _rows(engine, "SELECT scheme, scheme_record_id, row, content_digest"
                      " FROM record_version v JOIN source_record r ON r.id = v.record_id"
                      " ORDER BY 1, 2, 3"),
        _rows(engine, "SELECT scheme, row FROM rejected_row x"
                      " JOIN batch b ON b.id = x.batch_id ORDER BY 1, 2"),
        frozenset(map(frozenset, persons.values())),
    )  # fmt: skip


def check(engine: Engine) -> None:
    """Nothing is lost, nothing is there twice."""
    counts = _rows(
        engine,
        "SELECT rows_read, records_new + records_changed + records_unchanged, rows_rejected,"
        " (SELECT count(*) FROM record_version v WHERE v.batch_id = b.id),"
        " (SELECT count(DISTINCT row) FROM record_version v WHERE v.batch_id = b.id),"
        " records_new + records_changed,"
        " (SELECT count(*) FROM rejected_row x WHERE x.batch_id = b.id) FROM batch b",
    )
    for read, accepted, rejected, versions, distinct_rows, written, rejections in counts:
        assert read == int(str(accepted)) + int(str(rejected))
        assert versions == distinct_rows == written
        assert rejections == rejected
    assert _rows(engine, "SELECT count(*) FROM staged_chunk") == ((0,),)
    twice = "SELECT count(*) FROM (SELECT record_id FROM {0} WHERE superseded_at IS NULL"
    for table in ("record_version", "link"):
        found = _rows(engine, twice.format(table) + " GROUP BY 1 HAVING count(*) > 1) AS twice")
        assert found == ((0,),)
    for parent, of in (("source_record", "record_id"), ("batch", "batch_id")):
        orphans = (
            f"SELECT count(*) FROM record_version v LEFT JOIN {parent} p ON p.id = v.{of}"
            " WHERE p.id IS NULL"
        )
        assert _rows(engine, orphans) == ((0,),)
    unlinked = "SELECT count(*) FROM source_record r WHERE NOT EXISTS (SELECT FROM link l"
    assert _rows(engine, f"{unlinked} WHERE l.record_id = r.id)") == ((0,),)


def kill_server(data: Path) -> None:
    """Kill the embedded server whose data are in a folder, and nothing else."""
    pid = int((data / "postmaster.pid").read_text("utf-8").splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.05)


def _rows(engine: Engine, query: str) -> tuple[tuple[object, ...], ...]:
    with transaction(engine) as session:
        return tuple(tuple(row) for row in session.execute(text(query)))
