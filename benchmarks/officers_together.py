"""Twenty officers at once on 1,000 reviews: none decided twice, no decision lost.

    python -m benchmarks.officers_together FOLDER --reviews 1000 --officers 20

Each officer is a thread with a connection of its own, and claims and decides in two transactions
until nothing is left. Every word that the registry took must be a decision, and every review must
have exactly one.
"""

import argparse
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, create_engine, make_url, text

from benchmarks import load_registry
from registry.database import connect, transaction, upgrade
from registry.embedded import EmbeddedServer
from registry.matching import models
from registry.matching.linking import engine_of
from registry.people import clusters, engines, pairs
from registry.people.decisions import Verdict
from registry.people.reviews import ReviewStatus
from registry.reviewing import review_queue
from registry.reviewing.review_queue import Statement

DATABASE = "together"


def fill(engine: Engine, reviews: int) -> None:
    """Link persons with one record each, and let pairs of them wait."""
    long_ago = datetime.now(UTC) - timedelta(days=400)
    with transaction(engine) as session:
        load_registry.fill(session, reviews * 2)
        session.execute(text("DELETE FROM link"))
        first = text("SELECT min(id) FROM source_record GROUP BY scheme_record_id ORDER BY 1")
        records = np.array(session.scalars(first).all(), np.int64)[: reviews * 2]
        model = models.shipped(session)
        trained = models.trained(model.body)
        engines.use(session, engine_of(model.version, trained, records.size), long_ago)
        weights, supported = np.full(reviews, 2.0), np.ones(reviews, np.bool_)
        scored = pairs.Scored(records[::2], records[1::2], weights, supported)
        pairs.replace_all(session, model.version, scored)
        clusters.recluster(session, None, long_ago)


def work(engine: Engine, officer: str) -> list[int]:
    """Claim and decide until nothing is left; the reviews that this officer's word decided."""
    done: list[int] = []
    while True:
        with transaction(engine) as session:
            review = review_queue.claim(session, officer, datetime.now(UTC))
            if review is None:
                return done
            verdict = list(Verdict)[review.id % len(Verdict)]
            said = Statement(review.id, review.version, officer, verdict)
        with transaction(engine) as session:
            after = review_queue.speak(session, said, datetime.now(UTC))
            if after.status == ReviewStatus.DECIDED:
                done.append(after.id)


def check(engine: Engine, done: list[int]) -> None:
    """Hold what officers were told against what is stored.

    Raises:
        SystemExit: a review was decided twice, or a decision is lost.
    """
    with transaction(engine) as session:
        stored = session.execute(
            text("SELECT r.id, count(d.id) AS decisions FROM review r LEFT JOIN decision d"
                 " ON d.left_record_id = r.left_record_id AND d.right_record_id = r.right_record_id"
                 " GROUP BY 1")
        ).all()  # fmt: skip
    twice = [review for review, count in Counter(done).items() if count > 1]
    wrong = [row.id for row in stored if row.decisions != 1]
    if twice or wrong or {row.id for row in stored} != set(done):
        raise SystemExit(f"Decided twice: {twice}; not decided exactly once: {wrong}.")


def main() -> None:
    """Fill a registry, let officers work together, and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--officers", type=int, default=20)
    chosen = parser.parse_args()
    url = EmbeddedServer.at(chosen.folder).start()
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{DATABASE}"'))
    admin.dispose()
    engine = connect(make_url(url).set(database=DATABASE).render_as_string(hide_password=False))
    upgrade(engine)
    fill(engine, chosen.reviews)
    started = time.perf_counter()
    with ThreadPoolExecutor(chosen.officers) as officers:
        names = [f"officer {at}" for at in range(chosen.officers)]
        shares = list(officers.map(lambda name: work(engine, name), names))
    seconds = time.perf_counter() - started
    done = [review for share in shares for review in share]
    check(engine, done)
    print(
        f"{len(done):,} reviews by {chosen.officers} officers in {seconds:.1f} s, "
        f"{min(map(len, shares))} to {max(map(len, shares))} each: none decided twice, none lost"
    )
    engine.dispose()


if __name__ == "__main__":
    main()
