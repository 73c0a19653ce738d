"""The ledger of a batch: which rows of its file are kept, chunk by chunk.

A chunk's rows and its line in the ledger are written in one transaction. Whoever takes up a batch
after a crash goes on behind the last kept row: no row is lost and none is kept twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.errors import BatchInProgress
from registry.lists.tallies import Tally, merge
from registry.sealed_columns import SealedJson


class Chunk(Row):
    """Rows of a batch that were kept together.

    `rows_accepted` and `rows_rejected` of a correction may be negative: it moves rows from one
    count to the other and reads none.
    """

    __tablename__ = "batch_chunk"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    last_row: Mapped[int]
    rows_read: Mapped[int]
    rows_accepted: Mapped[int]
    rows_rejected: Mapped[int]
    seconds: Mapped[float]
    taking_seconds: Mapped[float] = mapped_column(server_default="0")
    problems: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("problems"))
    kept_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True)
class Entry:
    """A line about to be written.

    Attributes:
        last_row: number of the last row of the file that was looked at.
        seconds: time since the chunk before it.
        taking: seconds of which its rows were being taken, while others were read.
    """

    last_row: int
    accepted: int
    rejected: int
    tallies: tuple[Tally, ...]
    seconds: float
    taking: float = 0.0


@dataclass(frozen=True)
class Kept:
    """All that the ledger of a batch says.

    Attributes:
        chunks: lines so far.
        last_row: number of the last kept row of the file; 0 before the first.
        seconds: time that reading took, pauses not counted.
    """

    chunks: int
    last_row: int
    read: int
    accepted: int
    rejected: int
    seconds: float


def kept(session: Session, batch: int) -> Kept:
    """What of a batch is kept by now."""
    of_all = (
        func.count(),
        func.coalesce(func.max(Chunk.last_row), 0),
        func.coalesce(func.sum(Chunk.rows_read), 0),
        func.coalesce(func.sum(Chunk.rows_accepted), 0),
        func.coalesce(func.sum(Chunk.rows_rejected), 0),
        func.coalesce(func.sum(Chunk.seconds), 0.0),
    )
    found = session.execute(select(*of_all).where(Chunk.batch_id == batch)).one()
    chunks, last_row, read, accepted, rejected, seconds = found
    return Kept(chunks, last_row, int(read), int(accepted), int(rejected), float(seconds))


def add(session: Session, batch: int, before: Kept, entry: Entry) -> Kept:
    """Write a line behind those that the writer knows of.

    Raises:
        BatchInProgress: somebody else wrote a line since.
    """
    now = kept(session, batch)
    if (now.chunks, now.last_row) != (before.chunks, before.last_row):
        raise BatchInProgress
    read = entry.accepted + entry.rejected
    session.add(
        Chunk(
            batch_id=batch, number=now.chunks + 1, last_row=entry.last_row, rows_read=read,
            rows_accepted=entry.accepted, rows_rejected=entry.rejected, seconds=entry.seconds,
            taking_seconds=entry.taking,
            problems=[tally.as_json() for tally in entry.tallies],
        )
    )  # fmt: skip
    session.flush()
    return Kept(
        now.chunks + 1, entry.last_row, now.read + read, now.accepted + entry.accepted,
        now.rejected + entry.rejected, now.seconds + entry.seconds,
    )  # fmt: skip


def seconds_of_taking(session: Session, batch: int, until: datetime) -> float:
    """How long it took to take the rows that were kept before a time."""
    took = select(func.sum(Chunk.taking_seconds)).where(
        Chunk.batch_id == batch, Chunk.kept_at < until
    )
    return float(session.scalar(took) or 0)


def problems(session: Session, batch: int) -> tuple[Tally, ...]:
    """What is wrong with the rows kept so far."""
    found = session.scalars(
        select(Chunk.problems).where(Chunk.batch_id == batch).order_by(Chunk.number)
    )
    return merge(Tally.from_json(value) for chunk in found for value in chunk)


def clear(session: Session, batch: int) -> None:
    """Forget the lines of a batch whose rows are given up."""
    session.execute(delete(Chunk).where(Chunk.batch_id == batch))
