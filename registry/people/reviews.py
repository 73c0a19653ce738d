"""Reviews: possible links that wait for an officer, and why they wait."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows
from registry.people.decisions import Verdict
from registry.people.guards import Reason

IDENTIFIERS_IN_CONFLICT = 1000
A_RIVAL = 100
MOST_RIVALS = 8
LARGEST_CLUSTER = 99
FEW = 100
MANY = 10_000
"""With more records than these the database has to know how many reviews there are by now."""
SOME = 100
"""With more reviews than these it has to know before anybody asks again."""


class ReviewStatus(StrEnum):
    """Where a review is: it waits while open, for a second officer, or disputed."""

    OPEN = "open"
    SECOND = "second"
    DISPUTED = "disputed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


WAITING = (ReviewStatus.OPEN, ReviewStatus.SECOND, ReviewStatus.DISPUTED)


class Review(Row):
    """A possible link between two source records, the one with the lower id on the left.

    `version` grows with every change an officer should know of before speaking; `claimed_by` holds
    the review until `claimed_until`.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    left_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    right_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    weight: Mapped[float]
    model: Mapped[str]
    reason: Mapped[Reason] = mapped_column(server_default="possible")
    priority: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[ReviewStatus]
    version: Mapped[int] = mapped_column(server_default="1")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    __table_args__ = (
        Index(
            "uq_review_open",
            "left_record_id",
            "right_record_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'second', 'disputed')"),
        ),
        Index("ix_review_right", "right_record_id"),
        Index(
            "ix_review_claimed_by", "claimed_by", postgresql_where=text("claimed_by IS NOT NULL")
        ),
        Index(
            "ix_review_waiting",
            "status",
            postgresql_where=text("status IN ('open', 'second', 'disputed')"),
        ),
        Index(
            "ix_review_queue",
            text("priority DESC"),
            text("weight DESC"),
            "id",
            postgresql_where=text("status IN ('open', 'second', 'disputed')"),
        ),
    )

    @property
    def is_waiting(self) -> bool:
        """Whether an officer may still speak on it."""
        return self.status not in {ReviewStatus.DECIDED, ReviewStatus.WITHDRAWN}

    def is_held(self, now: datetime) -> bool:
        """Whether an officer holds it."""
        return self.claimed_until is not None and self.claimed_until > now


class Opinion(Row):
    """What one officer said on a review; a decision comes of one, or of two that agree.

    One that was taken back before another officer spoke counts no more.
    """

    __tablename__ = "opinion"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    officer: Mapped[str]
    verdict: Mapped[Verdict]
    note: Mapped[str]
    given_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_opinion_standing",
            "review_id",
            "officer",
            unique=True,
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        Index("ix_opinion_officer", "officer", "given_at"),
    )


@dataclass(frozen=True)
class PossibleLink:
    """Two records that may be of one person, `left` < `right`, and why the engine did not decide.

    Attributes:
        candidates: how many other persons the likelier of the two persons may be.
        size: how many records a link would bring together.
    """

    left: int
    right: int
    weight: float
    reason: Reason
    candidates: int
    size: int

    @property
    def priority(self) -> int:
        """What an officer should see first: conflicts, then choices, then large clusters."""
        conflict = self.reason == Reason.NATIONAL_ID
        rivals = min(self.candidates - 1, MOST_RIVALS)
        size = min(self.size, LARGEST_CLUSTER)
        return IDENTIFIERS_IN_CONFLICT * conflict + A_RIVAL * rivals + size


_SETTLE = """
WITH possible_link AS MATERIALIZED (
  SELECT * FROM unnest(CAST(:lefts AS bigint[]), CAST(:rights AS bigint[]),
    CAST(:weights AS float8[]), CAST(:reasons AS text[]), CAST(:priorities AS bigint[]))
  AS p(left_id, right_id, weight, reason, priority)
), withdrawn AS (
  UPDATE review r SET status = 'withdrawn', closed_at = :now, version = version + 1
  WHERE status IN ('open', 'second', 'disputed')
  AND (left_record_id {among} OR right_record_id {among}) AND NOT EXISTS (
    SELECT FROM possible_link p
    WHERE p.left_id = r.left_record_id AND p.right_id = r.right_record_id)
), weighed AS (
  UPDATE review r SET weight = p.weight, model = :model, reason = p.reason, priority = p.priority,
    version = version + 1
  FROM possible_link p
  WHERE r.status IN ('open', 'second', 'disputed')
  AND p.left_id = r.left_record_id AND p.right_id = r.right_record_id
  AND (r.weight, r.reason, r.priority) IS DISTINCT FROM (p.weight, p.reason, p.priority)
)
INSERT INTO review (left_record_id, right_record_id, weight, model, reason, priority, status,
  opened_at)
SELECT left_id, right_id, weight, :model, reason, priority, 'open', :now
FROM possible_link ORDER BY weight DESC, 1, 2
ON CONFLICT (left_record_id, right_record_id)
  WHERE status IN ('open', 'second', 'disputed') DO NOTHING
"""
_AMONG_FEW = "= ANY(:records)"
_AMONG_MANY = "IN (SELECT unnest(CAST(:records AS bigint[])))"
"""Of few records reviews are found by index; those of many are held against a table of them, for
the database goes through an array from its beginning."""


def settle(
    session: Session, model: str, records: Sequence[int], possible: Collection[PossibleLink],
    now: datetime,
) -> None:  # fmt: skip
    """Let the waiting reviews of some records be exactly these; others are withdrawn."""
    if len(records) > MANY:
        session.execute(text("ANALYZE review"))
    said = {
        "lefts": [pair.left for pair in possible], "rights": [pair.right for pair in possible],
        "weights": [pair.weight for pair in possible],
        "reasons": [pair.reason.value for pair in possible],
        "priorities": [pair.priority for pair in possible],
        "records": list(records), "model": model, "now": now,
    }  # fmt: skip
    among = _AMONG_FEW if len(records) <= FEW else _AMONG_MANY
    session.execute(text(_SETTLE.format(among=among)), said)


def open_first(
    session: Session, model: str, possible: Iterable[PossibleLink], now: datetime
) -> None:
    """Open the reviews of records of which there never was one."""
    first = sorted(possible, key=lambda pair: (-pair.weight, pair.left, pair.right))
    copy_rows(
        session, "review",
        ("left_record_id", "right_record_id", "weight", "model", "reason", "priority", "status",
         "opened_at"),
        ((pair.left, pair.right, pair.weight, model, pair.reason.value, pair.priority,
          ReviewStatus.OPEN.value, now.isoformat()) for pair in first),
    )  # fmt: skip


def gauge(session: Session, settled: int) -> None:
    """Let the database know how many reviews there are, when so many were settled.

    It finds out by itself within minutes; until then it would hold a large table for an empty one,
    and go through the whole of an index for each person that is asked about.
    """
    if settled > SOME:
        session.execute(text("ANALYZE review"))


def count_waiting(session: Session) -> int:
    """How many possible links wait for officers."""
    query = select(func.count()).select_from(Review).where(Review.status.in_(WAITING))
    return session.scalar(query) or 0
