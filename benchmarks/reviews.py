"""An officer at work with 100,000 open reviews: how long the server takes from pair to pair.

    python -m benchmarks.reviews fill FOLDER --reviews 100000
    python -m benchmarks.reviews run FOLDER --pairs 300

`fill` writes persons, their links and reviews by COPY. `run` serves the registry as
`registry serve` does and is the officer's browser: it claims, opens the pair, decides and opens the
next, over HTTP on loopback. A step is what lies between two pairs: the word is sent, and the next
pair is there.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks import load_registry
from benchmarks.load import HOST, REGISTRY, _free_port, _wait
from registry.access import officers, web_sessions
from registry.access.officers import NewOfficer
from registry.access.roles import Role
from registry.access.web_sessions import Stage
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.matching import evidence, models
from registry.matching.linking import engine_of
from registry.people import engines

PERSONS_A_REVIEW = 2.2
WARM_UP = 20
OFFICER = "bopha"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')

_ENGINE_LINKS = """
INSERT INTO engine_link (record_id, person_id, after_decision, linked_at)
SELECT record_id, person_id, 0, linked_at FROM link
"""
_REVIEWS = """
WITH ends AS (
  SELECT record_id, (row_number() OVER (ORDER BY record_id) + 1) / 2 AS pair
  FROM (SELECT min(record_id) AS record_id FROM link GROUP BY person_id) AS first
), pairs AS (
  SELECT min(record_id) AS low, max(record_id) AS high, pair FROM ends GROUP BY pair
  HAVING count(*) = 2 ORDER BY pair LIMIT :reviews
), kept AS (
  INSERT INTO scored_pair (left_record_id, right_record_id, weight, is_supported, model)
  SELECT low, high, 1 + pair % 40 / 10.0, true, :model FROM pairs
)
INSERT INTO review (left_record_id, right_record_id, weight, model, reason, priority, status)
SELECT low, high, 1 + pair % 40 / 10.0, :model, 'possible', 2 + pair % 300, 'open' FROM pairs
"""
_SECONDS = """
INSERT INTO scored_pair (left_record_id, right_record_id, weight, is_supported, model)
SELECT min(record_id), max(record_id), 12, true, :model FROM link GROUP BY person_id
HAVING count(*) = 2
"""
_FIRST = """
SELECT left_record_id, right_record_id FROM review WHERE status = 'open'
ORDER BY priority DESC, weight DESC, id LIMIT :most
"""
_WEIGH = """
UPDATE scored_pair SET weight = :weight WHERE left_record_id = :low AND right_record_id = :high
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


def fill(folder: Path, reviews: int, weighed: int) -> None:
    """Fill a registry with open reviews; those that come first carry their evidence."""
    engine = connect(EmbeddedServer.at(folder).start())
    upgrade(engine)
    now = datetime.now(UTC)
    with transaction(engine) as session:
        load_registry.fill(session, round(reviews * PERSONS_A_REVIEW))
        model = models.shipped(session)
        models.choose(session, model, now)
        of_model = {"model": model.version, "reviews": reviews}
        session.execute(text(_ENGINE_LINKS))
        session.execute(text(_REVIEWS), of_model)
        session.execute(text(_SECONDS), of_model)
        trained = models.trained(model.body)
        engines.use(session, engine_of(model.version, trained, reviews * 2), now)
    with transaction(engine) as session:
        for low, high in session.execute(text(_FIRST), {"most": weighed}).all():
            found = evidence.weighed_anew(session, low, high, trained)
            if found is not None:
                values = {"weight": found.weight, "low": low, "high": high}
                session.execute(text(_WEIGH), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def run(folder: Path, pairs: int) -> None:
    """Serve the registry, decide pairs as an officer does, and print what it took."""
    url = EmbeddedServer.at(folder).start()
    engine = connect(url)
    with transaction(engine) as session:
        token = _signed_in(session)
    with _served(url, folder) as address:
        http = httpx.Client(base_url=address, cookies={"registry_session": token})
        opened, steps = work(http, WARM_UP + pairs)
    _report(engine, opened[WARM_UP:], steps[WARM_UP:])
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


@contextmanager
def _served(url: str, home: Path) -> Iterator[str]:
    port = _free_port()
    environment = {**os.environ, "REGISTRY_DATABASE_URL": url, "REGISTRY_HOME": str(home)}
    command = [sys.executable, *REGISTRY, "serve", "--host", HOST, "--port", str(port)]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
    try:
        _wait(port, process)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(60)


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
    filling.add_argument("--weighed", type=int, default=700)
    running = does.add_parser("run")
    running.add_argument("folder", type=Path)
    running.add_argument("--pairs", type=int, default=300)
    chosen = parser.parse_args()
    if chosen.does == "fill":
        fill(chosen.folder, chosen.reviews, chosen.weighed)
    else:
        run(chosen.folder, chosen.pairs)


if __name__ == "__main__":
    main()
