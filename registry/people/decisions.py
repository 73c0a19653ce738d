"""Decisions: officers' words on two records, which bind the engine until they are undone.

A decision is never deleted or changed; undoing it is an act of its own, with its officer and time.
Standing decisions never contradict each other: what follows from those that say "same" is never
denied by one that says "different".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import Conflict, NotFound


class Verdict(StrEnum):
    """What an officer says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Decision(Row):
    """An officer's word on two records, the one with the lower id on the left."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    left_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"), index=True)
    right_record_id: Mapped[int] = mapped_column(ForeignKey("source_record.id"), index=True)
    verdict: Mapped[Verdict]
    note: Mapped[str]
    officer: Mapped[str]
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("left_record_id < right_record_id", name="ordered"),
        Index(
            "uq_decision_standing",
            "left_record_id",
            "right_record_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_decision_officer", "officer", "decided_at"),
    )

    @property
    def is_standing(self) -> bool:
        """Whether it has not been undone."""
        return self.undone_at is None


@dataclass(frozen=True)
class Word:
    """Who says what of two records, why and when."""

    left: int
    right: int
    verdict: Verdict
    officer: str
    note: str = ""

    @property
    def pair(self) -> tuple[int, int]:
        """The two records, the lower id first."""
        return min(self.left, self.right), max(self.left, self.right)


_SAME_AS = """
WITH RECURSIVE same(id) AS (
  SELECT CAST(:record AS bigint)
  UNION
  SELECT n.id FROM same s CROSS JOIN LATERAL (
    SELECT right_record_id AS id FROM decision
      WHERE left_record_id = s.id AND undone_at IS NULL AND verdict = 'same'
    UNION ALL SELECT left_record_id FROM decision
      WHERE right_record_id = s.id AND undone_at IS NULL AND verdict = 'same') n
)
SELECT id FROM same
"""
_BETWEEN = """
SELECT id FROM decision WHERE undone_at IS NULL AND verdict = :verdict AND (
  (left_record_id = ANY(:here) AND right_record_id = ANY(:there)) OR
  (left_record_id = ANY(:there) AND right_record_id = ANY(:here)))
ORDER BY id LIMIT 1
"""


def record(session: Session, word: Word, now: datetime) -> tuple[Decision, bool]:
    """Write down a decision, and say whether it is new: the same words again are the same one.

    Raises:
        Conflict: the word contradicts a standing decision, which the message names.
        NotFound: there is no such record, or both are the same one.
    """
    left, right = word.pair
    _check_records(session, left, right)
    known = on_pair(session, left, right)
    if known is not None and known.verdict == word.verdict:
        return known, False
    if known is not None and known.verdict != Verdict.UNSURE:
        raise Conflict(_contradicts(known))
    _check_consistent(session, word)
    if known is not None:
        _end(known, word.officer, "superseded by a decision on the same records", now)
        session.flush()
    decision = Decision(
        left_record_id=left, right_record_id=right, verdict=word.verdict, note=word.note,
        officer=word.officer, decided_at=now,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    return decision, True


def end(session: Session, decision: int, officer: str, note: str, now: datetime) -> Decision:
    """Undo a decision: it binds nobody from now on. One undone before stays as it is.

    Raises:
        NotFound: there is no such decision.
    """
    found = session.get(Decision, decision, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no decision {decision}.")
    if found.is_standing:
        _end(found, officer, note, now)
        session.flush()
    return found


def on_pair(session: Session, left: int, right: int) -> Decision | None:
    """The standing decision on two records."""
    return session.scalar(
        select(Decision).where(
            Decision.left_record_id == min(left, right),
            Decision.right_record_id == max(left, right),
            Decision.undone_at.is_(None),
        )
    )


def standing(session: Session, records: Sequence[int] | None) -> Sequence[Decision]:
    """Standing decisions, in the order in which they were made; of some records or of all."""
    query = select(Decision).where(Decision.undone_at.is_(None)).order_by(Decision.id)
    if records is not None:
        query = query.where(Decision.left_record_id == text("ANY(:records)")).params(
            records=list(records)
        )
    return session.scalars(query).all()


def last_number(session: Session) -> int:
    """The number of the latest decision, standing or not; 0 before the first."""
    return int(session.scalar(text("SELECT coalesce(max(id), 0) FROM decision")) or 0)


def _check_records(session: Session, left: int, right: int) -> None:
    known = session.scalars(
        text("SELECT id FROM source_record WHERE id = ANY(:ids)"), {"ids": [left, right]}
    ).all()
    if len(known) != 2:  # noqa: PLR2004 - a pair
        raise NotFound("A decision names two different records that the registry holds.")


def _check_consistent(session: Session, word: Word) -> None:
    """Refuse a word that contradicts what standing decisions say or imply."""
    if word.verdict == Verdict.UNSURE:
        return
    here = _same_as(session, word.left)
    if word.verdict == Verdict.DIFFERENT and word.right in here:
        raise Conflict(_contradicts(_one_between(session, Verdict.SAME, here, here)))
    if word.verdict == Verdict.SAME:
        denied = _one_between(session, Verdict.DIFFERENT, here, _same_as(session, word.right))
        if denied is not None:
            raise Conflict(_contradicts(denied))


def _same_as(session: Session, record: int) -> Sequence[int]:
    return session.scalars(text(_SAME_AS), {"record": record}).all()


def _one_between(
    session: Session, verdict: Verdict, here: Sequence[int], there: Sequence[int]
) -> Decision | None:
    sides = {"verdict": verdict.value, "here": list(here), "there": list(there)}
    found = session.scalar(text(_BETWEEN), sides)
    return None if found is None else session.get_one(Decision, found)


def _contradicts(decision: Decision | None) -> str:
    if decision is None:
        return "This contradicts a standing decision."
    return (
        f"This contradicts decision {decision.id} of {decision.officer}, who said "
        f"{decision.verdict} on {decision.decided_at:%Y-%m-%d}: undo that one first."
    )


def _end(decision: Decision, officer: str, note: str, now: datetime) -> None:
    decision.undone_at = now
    decision.undone_by = officer
    decision.undone_note = note
