"""An officer at work with 100,000 open reviews: how long the server takes from pair to pair.

    python -m benchmarks.incremental fill FOLDER --people 163000
    python -m benchmarks.reviews fill FOLDER --reviews 100000
    python -m benchmarks.reviews run FOLDER --pairs 300

`fill` copies a registry of 90,000 linked records and adds reviews to its own until there are
enough: those it adds come last in the queue. `run` withdraws those under guard, whose first word
decides nothing, serves the registry as `registry serve` does and
is the officer's browser: it claims, opens the pair, decides and opens the next, over HTTP on
loopback, as fast as it can, without the limit on how often officers may ask. The officer has said
10,000 words before.
"""

import argparse
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks import serving
from benchmarks.incremental import FILLED, address, administer
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.people import reviews as reviews_settled

DATABASE = "reviews"
OFFICER = "bopha"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')

_ADD = """
WITH alone AS (
  SELECT min(record_id) AS record, row_number() OVER (ORDER BY min(record_id)) AS place
  FROM link WHERE superseded_at IS NULL GROUP BY person_id HAVING count(*) = 1
)
INSERT INTO review (left_record_id, right_record_id, weight, model, reason, priority, status)
SELECT one.record, other.record, 0, 'added', 'possible', 0, 'open'
FROM generate_series(1, 8) AS step, alone one JOIN alone other ON true
WHERE other.place = one.place + step AND one.record < other.record
ORDER BY 1, 2 LIMIT :missing ON CONFLICT DO NOTHING
"""
_SAID = """
WITH told AS (
  INSERT INTO review (left_record_id, right_record_id, weight, model, reason, priority, status,
    closed_at)
  SELECT min(record_id), min(record_id) + 1, 0, 'added', 'possible', 0, 'decided', now()
  FROM link GROUP BY person_id ORDER BY 1 LIMIT :words RETURNING id
)
INSERT INTO opinion (review_id, officer, verdict, note, given_at)
SELECT id, :officer, 'different', '', now() - id % 80 * interval '1 day' FROM told
"""


@dataclass(frozen=True)
class Step:
    """Seconds of the server for sending a word, and for opening the next pair."""

    word: float
    next_pair: float

    @property
    def both(self) -> float:
        """From the word to the next pair."""
        return self.word + self.next_pair


_WITHDRAW = """
UPDATE review SET status = 'withdrawn', closed_at = now()
WHERE status IN ('open', 'second', 'disputed') AND reason NOT IN ('possible', 'held_apart')
"""
"""Pairs under guard wait for a second word; the officer is to decide with the first."""


def fill(folder: Path, reviews: int, words: int) -> None:
    """Copy a linked registry, and let so many reviews be open in it."""
    url = EmbeddedServer.at(folder / "home").start()
    administer(url, f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    administer(url, f'CREATE DATABASE "{DATABASE}" TEMPLATE "{FILLED}"')
    engine = connect(address(url, DATABASE))
    upgrade(engine)
    with transaction(engine) as session:
        missing = reviews - reviews_settled.count_waiting(session)
        session.execute(text(_ADD), {"missing": missing})
        session.execute(text(_SAID), {"words": words, "officer": OFFICER})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE review"))
        connection.execute(text("VACUUM ANALYZE opinion"))
    engine.dispose()


def run(folder: Path, pairs: int, warm_up: int) -> None:
    """Serve the registry, decide pairs as an officer does, and print what it took."""
    url = address(EmbeddedServer.at(folder / "home").start(), DATABASE)
    engine = connect(url)
    with transaction(engine) as session:
        session.execute(text(_WITHDRAW))
        token = _signed_in(session)
    with serving.served(serving.environment(url, folder)) as port:
        http = httpx.Client(base_url=serving.address(port), cookies={"registry_session": token})
        opened, steps = work(http, warm_up + pairs)
    _report(engine, opened[warm_up:], steps[warm_up:])
    engine.dispose()


def work(http: httpx.Client, pairs: int) -> tuple[list[float], list[Step]]:
    """Decide so many pairs: seconds to claim and open one, and the steps between pairs."""
    opened, steps = [], []
    queue = http.get("/reviews")
    for _ in range(pairs):
        started = time.perf_counter()
        claimed = http.post("/reviews/next", data={"form_token": _one(TOKEN, queue.text)})
        page = http.get(claimed.headers["location"])
        opened.append(time.perf_counter() - started)
        path, page, step = _decide(http, claimed.headers["location"], page)
        steps.append(step)
        http.post(f"{path}/release", data={"form_token": _one(TOKEN, page.text)})
    return opened, steps


def _decide(
    http: httpx.Client, path: str, page: httpx.Response
) -> tuple[str, httpx.Response, Step]:
    """Say that the pair of a page is not one person, and open the next."""
    said = {
        "form_token": _one(TOKEN, page.text), "version": _one(VERSION, page.text),
        "verdict": "different",
    }  # fmt: skip
    started = time.perf_counter()
    answer = http.post(path, data=said)
    sent = time.perf_counter()
    following = answer.headers["location"]
    shown = http.get(following)
    ended = time.perf_counter()
    if answer.status_code != httpx.codes.SEE_OTHER or following == "/reviews":
        raise SystemExit(f"The word was not taken: {answer.status_code}, {following}.")
    shown.raise_for_status()
    return following, shown, Step(sent - started, ended - sent)


def _one(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise SystemExit(f"The page has no {pattern.pattern}.")
    return found[1]


def _signed_in(session: Session) -> str:
    """The token of the browser of an officer, who is made where there is none."""
    now = datetime.now(UTC)
    if officers.by_login(session, OFFICER) is None:
        roles = frozenset({Role.DATA_OFFICER})
        officers.add(session, NewOfficer(OFFICER, OFFICER, roles, None), now)
    officer = officers.find(session, OFFICER)
    return web_sessions.open_session(session, officer, Stage.SIGNED_IN, now).token


def _report(engine: Engine, opened: list[float], steps: list[Step]) -> None:
    with transaction(engine) as session:
        waiting = session.scalar(text("SELECT count(*) FROM review WHERE status = 'open'"))
        decided = session.scalar(text("SELECT count(*) FROM decision"))
    print(f"{waiting:,} open reviews, {decided:,} decisions, {len(steps)} pairs\n")
    print("| what | p50 ms | p95 ms | most ms |\n| --- | ---: | ---: | ---: |")
    for name, seconds in (
        ("claim a pair and open its page", opened),
        ("send a word", [step.word for step in steps]),
        ("open the next pair", [step.next_pair for step in steps]),
        ("from the word to the next pair", [step.both for step in steps]),
        ("all three", [one + step.both for one, step in zip(opened, steps, strict=True)]),
    ):
        middle, high, most = np.quantile(np.array(seconds) * 1e3, (0.5, 0.95, 1.0))
        print(f"| {name} | {middle:.0f} | {high:.0f} | {most:.0f} |")


def main() -> None:
    """Fill a registry, or work in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    does = parser.add_subparsers(dest="does", required=True)
    filling = does.add_parser("fill")
    filling.add_argument("folder", type=Path)
    filling.add_argument("--reviews", type=int, default=100_000)
    filling.add_argument("--words", type=int, default=10_000)
    running = does.add_parser("run")
    running.add_argument("folder", type=Path)
    running.add_argument("--pairs", type=int, default=300)
    running.add_argument("--warm-up", type=int, default=20)
    chosen = parser.parse_args()
    if chosen.does == "fill":
        fill(chosen.folder, chosen.reviews, chosen.words)
    else:
        run(chosen.folder, chosen.pairs, chosen.warm_up)


if __name__ == "__main__":
    main()
