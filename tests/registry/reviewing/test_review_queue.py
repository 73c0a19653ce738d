"""The officers' queue: claims, second officers, disputes, and many officers at once."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from registry.database import transaction
from registry.errors import Conflict
from registry.people import clusters, pairs
from registry.people.decisions import Decision, Verdict
from registry.people.guards import Reason
from registry.people.reviews import Review, ReviewStatus
from registry.reviewing import review_queue
from registry.reviewing.review_queue import LEASE, Statement
from tests.registry.small_world import START, Said, World

NOW = START + timedelta(hours=100)
OFFICERS = 20
REVIEWS = int(os.environ.get("REGISTRY_TEST_REVIEWS", "150"))


def with_reviews(session: Session, count: int) -> World:
    """A world with that many possible links, each of two records of their own."""
    world = World(session)
    records = [
        world._put(("hef", str(at)), Said(f"name{at}", "1990-05-04", phone=f"p{at // 2}"))
        for at in range(2 * count)
    ]
    numbers = np.array(records, np.int64)
    scored = pairs.Scored(
        numbers[::2], numbers[1::2], np.full(count, 2.0), np.zeros(count, np.bool_)
    )
    pairs.replace_all(session, "small", scored)
    clusters.recluster(session, None, START)
    return world


def undrawn(session: Session) -> Review:
    """A waiting review that chance does not send to a second officer, alone in the queue."""
    reviews = session.scalars(select(Review).order_by(Review.id)).all()
    chosen = next(review for review in reviews if not review_queue._is_drawn(review.id))
    session.execute(
        text("UPDATE review SET status = 'withdrawn' WHERE id <> :id"), {"id": chosen.id}
    )
    return chosen


def said(review: Review, officer: str, verdict: Verdict) -> Statement:
    return Statement(review.id, review.version, officer, verdict)


@pytest.fixture
def review(session: Session) -> Review:
    with_reviews(session, 3)
    return undrawn(session)


def take(session: Session, officer: str, *, is_supervisor: bool = False) -> Review:
    found = review_queue.claim(session, officer, NOW, is_supervisor=is_supervisor)
    assert found is not None
    return found


def test_claimed_review_is_nobody_elses_until_the_lease_ends(
    session: Session, review: Review
) -> None:
    assert take(session, "Dara").id == review.id
    assert take(session, "Dara").id == review.id
    assert review_queue.claim(session, "Bopha", NOW) is None
    assert review_queue.claim(session, "Bopha", NOW + LEASE) is not None


def test_word_of_who_does_not_hold_the_claim_is_refused(session: Session, review: Review) -> None:
    take(session, "Dara")
    with pytest.raises(Conflict):
        review_queue.speak(session, said(review, "Bopha", Verdict.SAME), NOW)


def test_word_on_an_older_version_is_refused(session: Session, review: Review) -> None:
    seen = said(take(session, "Dara"), "Dara", Verdict.SAME)
    review.version += 1
    with pytest.raises(Conflict, match="changed"):
        review_queue.speak(session, seen, NOW)


@pytest.mark.usefixtures("review")
def test_same_word_again_is_the_same_decision(session: Session) -> None:
    word = said(take(session, "Dara"), "Dara", Verdict.SAME)
    first = review_queue.speak(session, word, NOW).decision_id
    assert review_queue.speak(session, word, NOW).decision_id == first
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_guarded_pair_waits_for_a_second_officer_who_is_not_the_first(
    session: Session, review: Review
) -> None:
    review.reason = Reason.TWINS
    review_queue.speak(session, said(take(session, "Dara"), "Dara", Verdict.SAME), NOW)
    assert review.status == ReviewStatus.SECOND
    assert review_queue.claim(session, "Dara", NOW) is None
    review_queue.speak(session, said(take(session, "Bopha"), "Bopha", Verdict.SAME), NOW)
    assert review.decision_id is not None


def test_disagreement_is_for_a_supervisor(session: Session, review: Review) -> None:
    review.reason = Reason.TWINS
    review_queue.speak(session, said(take(session, "Dara"), "Dara", Verdict.SAME), NOW)
    review_queue.speak(session, said(take(session, "Bopha"), "Bopha", Verdict.DIFFERENT), NOW)
    assert review.status == ReviewStatus.DISPUTED
    assert review_queue.claim(session, "Vanna", NOW) is None
    claimed = take(session, "Vanna", is_supervisor=True)
    word = said(claimed, "Vanna", Verdict.DIFFERENT)
    review_queue.speak(session, word, NOW, is_supervisor=True)
    assert session.get_one(Decision, review.decision_id).verdict == Verdict.DIFFERENT


def test_merge_of_two_long_standing_persons_needs_two_officers(
    session: Session, review: Review
) -> None:
    session.execute(text("UPDATE person SET registered_at = :then"), {"then": START})
    later = START + review_queue.LONG_STANDING
    assert review_queue.needs_second(session, review, Verdict.SAME, later)
    assert not review_queue.needs_second(session, review, Verdict.DIFFERENT, later)


def test_chance_sends_about_one_in_twenty_to_a_second_officer() -> None:
    drawn = sum(map(review_queue._is_drawn, range(10_000)))
    assert 400 < drawn < 600


def test_undone_decision_brings_the_review_back(session: Session, review: Review) -> None:
    review_queue.speak(session, said(take(session, "Dara"), "Dara", Verdict.SAME), NOW)
    assert review.decision_id is not None
    clusters.undo(session, review.decision_id, "Bopha", "an error", NOW)
    assert take(session, "Bopha").left_record_id == review.left_record_id


def work(engine: Engine, officer: str) -> list[int]:
    """Claim and decide until nothing is left; the reviews decided by this officer's word."""
    done: list[int] = []
    while True:
        with transaction(engine) as session:
            review = review_queue.claim(session, officer, NOW)
            if review is None:
                return done
            statement = said(review, officer, list(Verdict)[review.id % 3])
        with transaction(engine) as session:
            decided = review_queue.speak(session, statement, NOW)
            if decided.status == ReviewStatus.DECIDED:
                done.append(decided.id)


@pytest.mark.core
def test_no_review_is_decided_twice_and_no_decision_is_lost(engine: Engine) -> None:
    with transaction(engine) as session:
        with_reviews(session, REVIEWS)
    busy = create_engine(engine.url, pool_size=OFFICERS)
    with ThreadPoolExecutor(OFFICERS) as officers:
        done = list(officers.map(lambda at: work(busy, f"officer {at}"), range(OFFICERS)))
    busy.dispose()
    decided = [review for part in done for review in part]
    assert len(decided) == len(set(decided)) == REVIEWS
    with transaction(engine) as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == REVIEWS
        waiting = select(func.count()).select_from(Review).where(Review.closed_at.is_(None))
        assert session.scalar(waiting) == 0
