"""Reviews: possible links that wait for an officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row, copy_rows


class ReviewStatus(StrEnum):
    """Whether a review still waits."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


class Review(Row):
    """A possible link between two source records, the one with the lower id on the left."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    left_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    right_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"))
    weight: Mapped[float]
    model: Mapped[str]
    status: Mapped[ReviewStatus]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_review_open",
            "left_record_id",
            "right_record_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_review_right", "right_record_id"),
    )


@dataclass(frozen=True)
class PossibleLink:
    """Two records that may be of one person, `left` < `right`, with their match weight."""

    left: int
    right: int
    weight: float


_STAGE = """
CREATE TEMPORARY TABLE possible_link (left_id bigint, right_id bigint, weight float8) ON COMMIT DROP
"""
_WITHDRAW = """
UPDATE review r SET status = 'withdrawn', closed_at = now()
WHERE status = 'open' AND NOT EXISTS (
  SELECT FROM possible_link p WHERE p.left_id = r.left_record_id AND p.right_id = r.right_record_id)
"""
_WEIGH = """
UPDATE review r SET weight = p.weight, model = :model FROM possible_link p
WHERE r.status = 'open' AND p.left_id = r.left_record_id AND p.right_id = r.right_record_id
"""
_OPEN = """
INSERT INTO review (left_record_id, right_record_id, weight, model, status)
SELECT left_id, right_id, weight, :model, 'open' FROM possible_link ORDER BY weight DESC, 1, 2
ON CONFLICT (left_record_id, right_record_id) WHERE status = 'open' DO NOTHING
"""


def settle(session: Session, model: str, possible: Iterable[PossibleLink]) -> None:
    """Let the open reviews be exactly these possible links; others are withdrawn."""
    session.execute(text(_STAGE))
    rows = ((pair.left, pair.right, pair.weight) for pair in possible)
    copy_rows(session, "possible_link", ("left_id", "right_id", "weight"), rows)
    session.execute(text(_WITHDRAW))
    session.execute(text(_WEIGH), {"model": model})
    session.execute(text(_OPEN), {"model": model})
    session.execute(text("DROP TABLE possible_link"))
