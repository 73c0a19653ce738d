"""Statements of a batch that are kept until all of its file is read.

They are kept chunk by chunk, as the lines in which they are taken, so that whoever takes up a batch
need not read what was read before. When they are taken they are deleted.
"""

from collections.abc import Iterator

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.copied import write_bytes
from registry.database import Row


class StagedChunk(Row):
    """Statements of a chunk of a batch, in the text format of COPY.

    The ledger keeps chunks from being staged twice. The lines are stored as they are: to press them
    costs more than to write them.
    """

    __tablename__ = "staged_chunk"

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[bytes] = mapped_column(LargeBinary)


def add(session: Session, batch: int, number: int, lines: bytes) -> None:
    """Keep the statements of a chunk of a batch."""
    if lines:
        write_bytes(
            session, "staged_chunk", ("batch_id", "number", "lines"), (batch, number, lines)
        )


def chunks(session: Session, batch: int) -> Iterator[bytes]:
    """The statements of a batch, chunk by chunk, in file order; one chunk is held at a time."""
    of_batch = select(StagedChunk.number).where(StagedChunk.batch_id == batch)
    for number in session.scalars(of_batch.order_by(StagedChunk.number)).all():
        lines = select(StagedChunk.lines).where(
            StagedChunk.batch_id == batch, StagedChunk.number == number
        )
        yield bytes(session.scalars(lines).one())


def clear(session: Session, batch: int) -> None:
    """Delete the statements of a batch that are taken or given up."""
    session.execute(delete(StagedChunk).where(StagedChunk.batch_id == batch))
