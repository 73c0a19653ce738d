"""Kill the worker and the database while lists are taken, and compare with an undisturbed run.

    python -m benchmarks.faults --kills 100 --server-kills 20 --seed 1 FOLDER

FOLDER holds lists that are named after their schemes. The database is one of the script's own.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.errors import Misconfigured
from tests.registry.faults import (
    Forked,
    Outcome,
    Running,
    Trouble,
    Worker,
    kill_server,
    outcome,
    receive,
    run_in_trouble,
)

SCHEMES = ("disability", "cash_transfer", "hef", "nssf", "idpoor")
FORGET = (
    "TRUNCATE batch, batch_file, batch_chunk, staged_chunk, rejected_row, record_version,"
    " source_record, link, person, review, procrastinate_jobs, procrastinate_workers CASCADE"
)
LATEST_KILL = 12.0


def main() -> None:
    """Run the kills and say what came of them; ends with an error where a run differs."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--server-kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--within",
        type=float,
        default=LATEST_KILL,
        help="seconds of a start; more where it is slow",
    )
    asked.add_argument(
        "--forked", action="store_true",
        help="processes that start at once and take the steps of `registry worker`",
    )  # fmt: skip
    given = asked.parse_args()
    start = Forked if given.forked else Worker
    lists = [path for code in SCHEMES for path in sorted(given.folder.glob(f"{code}.*"))]
    server = EmbeddedServer.at(Path(tempfile.mkdtemp(prefix="registry-faults-")))
    url = server.start()
    engine = connect(url)
    upgrade(engine)
    try:
        work = _Work(engine, lists, start)
        undisturbed = _run(work, Trouble(random.Random(0), 1.0), 0)[0]
        rows = sum(int(str(batch[3])) for batch in undisturbed.batches)
        print(f"{len(lists)} lists, {rows:,} rows, {len(undisturbed.partition):,} persons")

        def strike_server(process: Running) -> None:
            kill_server(server.data)
            engine.dispose()
            _start_again(server)
            if not process.is_done(60):
                process.kill()

        chance = random.Random(given.seed)
        worker = Trouble(chance, given.within)
        database = Trouble(chance, given.within, strike_server)
        plan = (("worker", worker, given.kills), ("server", database, given.server_kills))
        for what, trouble, most in plan:
            _repeat(work, trouble, (what, most, undisturbed))
    finally:
        engine.dispose()
        server.destroy()


@dataclass(frozen=True)
class _Work:
    engine: Engine
    lists: list[Path]
    start: Callable[[str], Running]


def _repeat(work: _Work, trouble: Trouble, goal: tuple[str, int, Outcome]) -> None:
    what, most, undisturbed = goal
    struck, runs, started = 0, 0, time.monotonic()
    while struck < most:
        found, kills = _run(work, trouble, most - struck)
        struck, runs = struck + kills, runs + 1
        same = found == undisturbed
        print(f"{what}: run {runs}, {struck} kills, {'same' if same else 'DIFFERENT'}", flush=True)
        if not same:
            sys.exit(1)
    seconds = time.monotonic() - started
    print(f"{what}: {struck} kills in {runs} runs and {seconds:.0f} s, every run as undisturbed")


def _run(work: _Work, trouble: Trouble, most: int) -> tuple[Outcome, int]:
    with transaction(work.engine) as session:
        session.execute(text(FORGET))
    receive(work.engine, work.lists)
    url = work.engine.url.render_as_string(hide_password=False)
    struck = run_in_trouble(work.engine, lambda: work.start(url), trouble, most)
    return outcome(work.engine), struck


def _start_again(server: EmbeddedServer) -> None:
    """Start a killed server; the last of its processes may take a moment to go."""
    for _ in range(20):
        with suppress(Misconfigured):
            server.start()
            return
        time.sleep(0.5)
    server.start()


if __name__ == "__main__":
    main()
