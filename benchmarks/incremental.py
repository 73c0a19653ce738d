"""A batch of 10,000 records into a registry that is full: seconds, memory, and the same as anew.

    python -m benchmarks.incremental fill FOLDER --people 163000
    python -m benchmarks.incremental run FOLDER [FOLDER ...] --check

`fill` writes the five lists of a population, takes and links them but for a batch of one list. Its
rows are drawn from the whole country, which is the hardest: it touches as many households as it
can. All sizes are weighed with the shipped model, so that they do the same work for a record. `run`
takes that batch on a copy of the registry, in a process of its own: the batch is parsed and linked
as `registry import` does it. With `--check` everything is then weighed anew, and partition, likely
links and reviews must be what they were. Six records come of ten people.
"""

import argparse
import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import create_engine, make_url, text

from benchmarks.lists import write_lists
from benchmarks.population import populate
from benchmarks.registry_state import State, state
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.lists import imports
from registry.matching import linking, models

SCHEMES = ("idpoor", "hef", "nssf", "cash_transfer", "disability")
BATCH_OF = "hef"
FILLED = "filled"
MEGABYTE = 1 << 20
KILOBYTES_A_MEGABYTE = 1 << 10


@dataclass(frozen=True)
class Taken:
    """What taking the batch came to; seconds of the parts, and megabytes at most."""

    records: int
    pairs: int
    new_persons: int
    parse_seconds: float
    link_seconds: float
    megabytes: float


def fill(folder: Path, people: int, batch: int, seed: int) -> None:
    """Write the lists of a population, hold a batch back, and link all others."""
    lists = folder / "lists"
    if not (lists / "batch.csv").exists():
        lists.mkdir(parents=True, exist_ok=True)
        write_lists(lists, populate(people, seed), np.random.default_rng(seed), noise=1.0)
        _hold_back(lists, batch, seed)
    with _server(folder) as url:
        administer(url, f'DROP DATABASE IF EXISTS "{FILLED}" WITH (FORCE)')
        administer(url, f'CREATE DATABASE "{FILLED}"')
        engine = connect(address(url, FILLED))
        upgrade(engine)
        for scheme in SCHEMES:
            started = time.perf_counter()
            batch_taken = imports.parse_file(engine, scheme, lists / f"{scheme}.csv").batch
            print(
                f"{scheme}: {batch_taken.rows_read:,} rows, {time.perf_counter() - started:.0f} s"
            )
        started = time.perf_counter()
        with transaction(engine) as session:
            models.choose(session, models.shipped(session), datetime.now(UTC))
        linked = imports.link(engine)
        print(f"{linked.records:,} records linked in {time.perf_counter() - started:.0f} s")
        print(f"{linked.pairs:,} pairs, {linked.persons:,} persons, {linked.reviews:,} reviews")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()


def run(folder: Path, *, is_checked: bool) -> Taken:
    """Take the batch on a copy of the registry of a folder, and say what it took."""
    with _server(folder) as url:
        administer(url, 'DROP DATABASE IF EXISTS "taken" WITH (FORCE)')
        administer(url, f'CREATE DATABASE "taken" TEMPLATE "{FILLED}"')
        administer(url, "CHECKPOINT")
        taken_at = address(url, "taken")
        with get_context("spawn").Pool(1) as pool:
            taken = pool.apply(_take, (taken_at, folder / "lists" / "batch.csv"))
        print(json.dumps(asdict(taken)), flush=True)
        if is_checked:
            _check(taken_at)
    return taken


def _take(address: str, file: Path) -> Taken:
    engine = connect(address)
    upgrade(engine)
    clock = [time.perf_counter()]
    imports.parse_file(engine, BATCH_OF, file)
    clock.append(time.perf_counter())
    linked = imports.link(engine)
    clock.append(time.perf_counter())
    engine.dispose()
    parsed, link = np.diff(clock).round(2).tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE
    return Taken(linked.records, linked.pairs, linked.new_persons, parsed, link, round(peak))


def _check(address: str) -> State:
    """Weigh everything anew and compare.

    Raises:
        SystemExit: it comes to something else.
    """
    engine = connect(address)
    with transaction(engine) as session:
        before = state(session)
        linking.link_anew(session, datetime.now(UTC))
        after = state(session)
    engine.dispose()
    if before != after:
        raise SystemExit(f"Weighed anew, everything is other than before: {before}, {after}.")
    print(f"anew the same: {before}", flush=True)
    return before


def _hold_back(lists: Path, size: int, seed: int) -> None:
    """Move rows of one list, drawn from all of it, into a batch of their own."""
    path = lists / f"{BATCH_OF}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    drawn = np.zeros(len(rows), np.bool_)
    drawn[np.random.default_rng(seed).choice(len(rows), size, replace=False)] = True
    rows[drawn].to_csv(lists / "batch.csv", index=False)
    rows[~drawn].to_csv(path, index=False)


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The address of the server of a folder, started where it does not run."""
    yield EmbeddedServer.at(folder / "home").start()


def address(url: str, database: str) -> str:
    """The address of a database of a server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def administer(url: str, statement: str) -> None:
    """Do something outside of any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def main() -> None:
    """Fill a registry, or take the batch into some."""
    parser = argparse.ArgumentParser(description=__doc__)
    does = parser.add_subparsers(dest="does", required=True)
    filling = does.add_parser("fill")
    filling.add_argument("folder", type=Path)
    filling.add_argument("--people", type=int, default=163_000)
    filling.add_argument("--batch", type=int, default=10_000)
    filling.add_argument("--seed", type=int, default=1)
    running = does.add_parser("run")
    running.add_argument("folders", type=Path, nargs="+")
    running.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    if chosen.does == "fill":
        fill(chosen.folder, chosen.people, chosen.batch, chosen.seed)
        return
    for folder in chosen.folders:
        run(folder, is_checked=chosen.check)


if __name__ == "__main__":
    main()
