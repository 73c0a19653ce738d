"""An officer's work on reviews: what waits, their own pace, and what they said, to be taken back.

How often others agree counts only reviews on which another officer has spoken too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.errors import Conflict, Forbidden, NotFound
from registry.people import clusters
from registry.people.decisions import Decision
from registry.people.reviews import Opinion, Review, ReviewStatus
from registry.reviewing import review_queue

LOOKED_BACK = timedelta(days=90)
MOST_COMPARED = 1000
A_PAGE = 50
MOST_COUNTED = 1_000
"""Waiting reviews that are counted for an officer: counting all takes longer than showing one."""


@dataclass(frozen=True)
class Progress:
    """What waits, and how one officer gets on.

    Attributes:
        waiting: reviews that this officer may still be shown; counted to `MOST_COUNTED`.
        disputed: reviews that wait for a supervisor.
        today: words that this officer said since the beginning of the day.
        last_hour: those of the last hour.
    """

    waiting: int
    disputed: int
    today: int
    last_hour: int

    @property
    def has_more(self) -> bool:
        """Whether more wait than were counted."""
        return self.waiting >= MOST_COUNTED


@dataclass(frozen=True)
class Said:
    """A word that an officer said on a review, and what became of it.

    Attributes:
        decision: that it led to; None while another officer is waited for, or disagrees.
        can_be_undone: whether the officer may still undo it.
    """

    opinion: Opinion
    review: Review
    decision: Decision | None
    can_be_undone: bool


_PROGRESS = """
SELECT
  least(:most_counted, (SELECT count(*) FROM (
      SELECT FROM review WHERE status = 'open' LIMIT :most_counted) AS first)
    + (SELECT count(*) FROM review WHERE status = 'second')
    - (SELECT count(*) FROM opinion o JOIN review r ON r.id = o.review_id
      WHERE o.officer = :officer AND o.taken_back_at IS NULL AND r.status = 'second')) AS waiting,
  (SELECT count(*) FROM review WHERE status = 'disputed') AS disputed,
  pace.today, pace.last_hour
FROM (
  SELECT count(*) AS today, count(*) FILTER (WHERE given_at > :hour) AS last_hour
  FROM opinion WHERE officer = :officer AND given_at >= :day AND taken_back_at IS NULL
) AS pace
"""
_AGREEMENT = """
SELECT CAST(count(*) FILTER (WHERE mine.verdict = other.verdict) AS float8) / nullif(count(*), 0)
FROM (SELECT review_id, officer, verdict FROM opinion
  WHERE officer = :officer AND given_at >= :since AND taken_back_at IS NULL
  ORDER BY given_at DESC LIMIT :most) AS mine
JOIN opinion other ON other.review_id = mine.review_id
  AND other.officer <> mine.officer AND other.taken_back_at IS NULL
"""


def progress(session: Session, officer: str, now: datetime, day: datetime) -> Progress:
    """How the queue and an officer stand; `day` is when the officer's day began."""
    asked = {
        "officer": officer, "day": day, "hour": now - timedelta(hours=1),
        "most_counted": MOST_COUNTED,
    }  # fmt: skip
    return Progress(*session.execute(text(_PROGRESS), asked).one())


def agreement(session: Session, officer: str, now: datetime) -> float | None:
    """The share of an officer's words with which another officer's agreed.

    Of the last three months' words, a thousand at most; None while there are none to compare.
    """
    asked = {"officer": officer, "since": now - LOOKED_BACK, "most": MOST_COMPARED}
    share: float | None = session.scalar(text(_AGREEMENT), asked)
    return share


def said_by(
    session: Session, officer: str, *, before: int | None = None, most: int = A_PAGE
) -> list[Said]:
    """What an officer said, the latest first, a page at a time; `before` is an opinion's number."""
    query = (
        select(Opinion, Review, Decision)
        .join(Review, Review.id == Opinion.review_id)
        .outerjoin(Decision, Decision.id == Review.decision_id)
        .where(Opinion.officer == officer)
        .order_by(Opinion.given_at.desc(), Opinion.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(Opinion.id < before)
    return [_said(*row) for row in session.execute(query)]


def undo(session: Session, opinion: int, officer: str, note: str, now: datetime) -> Review | None:
    """Undo what an officer said: the decision that it led to, or the word that waits for another.

    Returns the review that waits again on the same records, if one does.

    Raises:
        NotFound: there is no such opinion.
        Forbidden: it is another officer's.
        Conflict: it was undone before, or the review is disputed.
    """
    clusters.lock(session)
    said = session.get(Opinion, opinion)
    if said is None:
        raise NotFound("There is no such word.")
    if said.officer != officer:
        raise Forbidden
    review = session.get_one(Review, said.review_id, populate_existing=True)
    if review.status == ReviewStatus.SECOND:
        return review_queue.take_back(session, review.id, officer, now)
    if said.taken_back_at is not None or review.decision_id is None:
        raise Conflict("There is nothing to undo: it was undone, or a supervisor decides.")
    decision = session.get_one(Decision, review.decision_id)
    if not decision.is_standing or decision.officer != officer:
        raise Conflict("There is nothing to undo: another officer decided, or it was undone.")
    clusters.undo(session, decision.id, officer, note, now)
    return _waiting_again(session, review)


def _said(opinion: Opinion, review: Review, decision: Decision | None) -> Said:
    is_own = decision is not None and decision.is_standing and decision.officer == opinion.officer
    waits = review.status == ReviewStatus.SECOND
    can = opinion.taken_back_at is None and (is_own or waits)
    return Said(opinion, review, decision, can)


def _waiting_again(session: Session, review: Review) -> Review | None:
    return session.scalar(
        select(Review).where(
            Review.left_record_id == review.left_record_id,
            Review.right_record_id == review.right_record_id,
            Review.closed_at.is_(None),
        )
    )
