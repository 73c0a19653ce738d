"""The officers' queue: claim a review, speak on it, and what comes of what was said.

A claim holds for a quarter of an hour. Some reviews need a second officer, who is not told what the
first one said; where the two disagree a supervisor decides.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from registry.errors import Conflict, NotFound, Outdated
from registry.people import clusters
from registry.people.decisions import Verdict, Word
from registry.people.guards import Reason
from registry.people.links import Link
from registry.people.persons import Person
from registry.people.reviews import WAITING, Opinion, Review, ReviewStatus
from registry.records.source_records import SourceRecord

LEASE = timedelta(minutes=15)
LONG_STANDING = timedelta(days=30)
SECOND_LOOK = 5
"""Of a hundred reviews, how many a second officer sees for no other reason than chance."""

_MINE = """
SELECT id FROM review WHERE claimed_by = :officer AND claimed_until > :now
AND status IN ('open', 'second', 'disputed') ORDER BY id LIMIT 1 FOR UPDATE
"""
_NEXT = """
SELECT id FROM review r WHERE status = ANY(:statuses)
AND (claimed_until IS NULL OR claimed_until <= :now)
AND NOT EXISTS (SELECT FROM opinion o WHERE o.review_id = r.id AND o.officer = :officer
  AND o.taken_back_at IS NULL)
ORDER BY priority DESC, weight DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Statement:
    """What an officer says on a review, of the version they saw."""

    review: int
    version: int
    officer: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Waiting:
    """A review that waits, and the scheme and number of both of its records."""

    review: Review
    records: tuple[str, str]


def waiting(session: Session, most: int) -> list[Waiting]:
    """What waits first, in the order in which officers are shown it."""
    one, other = aliased(SourceRecord), aliased(SourceRecord)
    rows = session.execute(
        select(
            Review,
            one.scheme + " " + one.scheme_record_id,
            other.scheme + " " + other.scheme_record_id,
        )
        .join(one, one.id == Review.left_record_id)
        .join(other, other.id == Review.right_record_id)
        .where(Review.status.in_(WAITING))
        .order_by(Review.priority.desc(), Review.weight.desc(), Review.id)
        .limit(most)
    )
    return [Waiting(review, (left, right)) for review, left, right in rows]


def claim(
    session: Session, officer: str, now: datetime, *, is_supervisor: bool = False
) -> Review | None:
    """The review that is this officer's to look at next; None when nothing waits for them.

    It is theirs alone for a quarter of an hour. Who holds one already gets the same again. Reviews
    on which two officers disagree are for supervisors.
    """
    mine = session.scalar(text(_MINE), {"officer": officer, "now": now})
    if mine is not None:
        return session.get_one(Review, mine, populate_existing=True)
    statuses = [ReviewStatus.OPEN.value, ReviewStatus.SECOND.value]
    if is_supervisor:
        statuses.insert(0, ReviewStatus.DISPUTED.value)
    known = {"officer": officer, "now": now, "statuses": statuses}
    found = session.scalar(text(_NEXT), known)
    if found is None:
        return None
    review = session.get_one(Review, found, populate_existing=True)
    review.claimed_by, review.claimed_until = officer, now + LEASE
    review.version += 1
    session.flush()
    return review


def claim_this(session: Session, number: int, officer: str, now: datetime) -> bool:
    """Claim a review of the officer's choice, in place of the one they hold; whether it is theirs.

    It is not when it waits for nobody, when somebody else holds it, or when they spoke on it.
    """
    review = session.get(Review, number, with_for_update=True, populate_existing=True)
    if review is None or review.status not in {ReviewStatus.OPEN, ReviewStatus.SECOND}:
        return False
    if (review.is_held(now) and review.claimed_by != officer) or _opinion(
        session, number, officer
    ) is not None:
        return False
    held = session.scalar(text(_MINE), {"officer": officer, "now": now})
    if held is not None and held != number:
        release(session, held, officer)
    review.claimed_by, review.claimed_until = officer, now + LEASE
    review.version += 1
    session.flush()
    return True


def renew(session: Session, number: int, officer: str, now: datetime) -> datetime | None:
    """Hold a claimed review for a quarter of an hour from now; until when, None if it is lost."""
    review = session.get(Review, number, with_for_update=True, populate_existing=True)
    if review is None or not review.is_waiting or review.claimed_by != officer:
        return None
    review.claimed_until = now + LEASE
    session.flush()
    return review.claimed_until


def take_back(session: Session, number: int, officer: str, now: datetime) -> Review:
    """Take back a word that waits for a second officer, as if it had never been said.

    Raises:
        Conflict: the review waits for no second officer any more, or not after this one's word.
    """
    review = session.get(Review, number, with_for_update=True, populate_existing=True)
    said = _opinion(session, number, officer)
    if review is None or review.status != ReviewStatus.SECOND or said is None:
        raise Conflict("Another officer has spoken on this review: it is decided, or disputed.")
    said.taken_back_at = now
    review.status = ReviewStatus.OPEN
    review.version += 1
    session.flush()
    return review


def release(session: Session, number: int, officer: str) -> None:
    """Give a claimed review back to the queue; nothing happens when it is not this officer's."""
    review = session.get(Review, number, with_for_update=True, populate_existing=True)
    if review is not None and review.claimed_by == officer:
        _let_go(review)
        session.flush()


def speak(
    session: Session, statement: Statement, now: datetime, *, is_supervisor: bool = False
) -> Review:
    """Take an officer's word on a review; the same word again changes nothing.

    Raises:
        Conflict: the review is no longer waiting, no longer claimed by this officer, or has changed
            since; or the word contradicts a standing decision.
        NotFound: there is no such review.
    """
    clusters.lock(session)
    review = session.get(Review, statement.review, with_for_update=True, populate_existing=True)
    if review is None:
        raise NotFound(f"There is no review {statement.review}.")
    said = _opinion(session, statement.review, statement.officer)
    if said is not None:
        if said.verdict != statement.verdict:
            raise Conflict(f"You said {said.verdict} on this review before.")
        return review
    _check(review, statement, now)
    if review.status == ReviewStatus.DISPUTED and not is_supervisor:
        raise Conflict("Two officers disagree on this review: a supervisor decides.")
    session.add(
        Opinion(review_id=review.id, officer=statement.officer, verdict=statement.verdict,
                note=statement.note, given_at=now)
    )  # fmt: skip
    session.flush()
    _follow(session, review, statement, now)
    return review


def needs_second(session: Session, review: Review, verdict: Verdict, now: datetime) -> bool:
    """Whether a second officer must agree before this verdict counts."""
    if verdict == Verdict.UNSURE:
        return False
    if review.reason not in {Reason.POSSIBLE, Reason.HELD_APART} or _is_drawn(review.id):
        return True
    return verdict == Verdict.SAME and _are_both_long_standing(session, review, now)


def _follow(session: Session, review: Review, statement: Statement, now: datetime) -> None:
    """Decide, or wait for another officer."""
    _let_go(review)
    if review.status == ReviewStatus.OPEN and needs_second(session, review, statement.verdict, now):
        review.status = ReviewStatus.SECOND
    elif review.status == ReviewStatus.SECOND and _others(session, statement) != {
        statement.verdict
    }:
        review.status = ReviewStatus.DISPUTED
    else:
        _decide(session, review, statement, now)
    session.flush()


def _decide(session: Session, review: Review, statement: Statement, now: datetime) -> None:
    review.status, review.closed_at = ReviewStatus.DECIDED, now
    session.flush()
    word = Word(
        review.left_record_id, review.right_record_id, statement.verdict, statement.officer,
        statement.note,
    )  # fmt: skip
    review.decision_id = clusters.judge(session, word, now).id


def _check(review: Review, statement: Statement, now: datetime) -> None:
    if not review.is_waiting:
        raise Conflict(f"This review is {review.status}: it waits for nobody any more.")
    if review.claimed_by != statement.officer or (review.claimed_until or now) <= now:
        raise Conflict("This review is not claimed by you, or not any more: claim it again.")
    if review.version != statement.version:
        raise Outdated("This review has changed since you saw it: look at it again.")


def _let_go(review: Review) -> None:
    review.claimed_by = review.claimed_until = None
    review.version += 1


def _opinion(session: Session, review: int, officer: str) -> Opinion | None:
    return session.scalar(
        select(Opinion).where(
            Opinion.review_id == review,
            Opinion.officer == officer,
            Opinion.taken_back_at.is_(None),
        )
    )


def _others(session: Session, statement: Statement) -> set[Verdict]:
    return set(
        session.scalars(
            select(Opinion.verdict).where(
                Opinion.review_id == statement.review,
                Opinion.officer != statement.officer,
                Opinion.taken_back_at.is_(None),
            )
        )
    )


def _is_drawn(review: int) -> bool:
    """Whether chance sends a review to a second officer: always the same for the same review."""
    digest = hashlib.sha256(f"second look at review {review}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < SECOND_LOOK


def _are_both_long_standing(session: Session, review: Review, now: datetime) -> bool:
    registered = session.scalars(
        select(Person.registered_at)
        .join(Link, Link.person_id == Person.id)
        .where(
            Link.superseded_at.is_(None),
            Link.record_id.in_((review.left_record_id, review.right_record_id)),
        )
    ).all()
    return len(registered) > 1 and all(at <= now - LONG_STANDING for at in registered)
