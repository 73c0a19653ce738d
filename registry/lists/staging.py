"""Rows of a batch that are kept until all of its file is read.

They are kept chunk by chunk, as its file has them and sealed together, so that whoever takes up a
batch need not read what was read before. The lines in which they are taken are several times as
long, and are made of them again in less time than it takes to store those. When the batch is in the
registry, or is given up, they are deleted.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import key_holder
from registry.database import Row
from registry.lists.ledger import Chunk
from registry.long_contents import write_bytes
from registry.sealed_columns import SealedBytes
from registry.tables import Rows
from registry.tables.frames import packed_rows, unpacked_rows

_CONTENT: Final = "rows"
"""What the rows of a chunk are sealed as."""


class StagedChunk(Row):
    """Rows of a chunk of a batch; some may be of the chunk before it.

    The ledger keeps chunks from being staged twice.
    """

    __tablename__ = "staged_chunk"

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[bytes] = mapped_column(SealedBytes(_CONTENT))


def add(session: Session, batch: int, number: int, packs: Sequence[Rows]) -> None:
    """Keep the rows of a chunk of a batch."""
    sealed = key_holder.of(session).sealing().seal(packed_rows(packs), _CONTENT)
    write_bytes(session, "staged_chunk", ("batch_id", "number", "rows"), (batch, number, sealed))


def chunks(session: Session, batch: int) -> Iterator[tuple[int, list[Rows]]]:
    """The rows of a batch, chunk by chunk, in file order; one chunk is held at a time.

    Each comes with the number of the row behind which those of the chunk begin.
    """
    of_batch = select(StagedChunk.number).where(StagedChunk.batch_id == batch)
    for number in session.scalars(of_batch.order_by(StagedChunk.number)).all():
        rows = select(StagedChunk.rows).where(
            StagedChunk.batch_id == batch, StagedChunk.number == number
        )
        before = select(func.coalesce(func.max(Chunk.last_row), 0)).where(
            Chunk.batch_id == batch, Chunk.number < number
        )
        yield session.scalars(before).one(), unpacked_rows(session.scalars(rows).one())


def clear(session: Session, batch: int) -> None:
    """Delete the rows of a batch that are taken or given up."""
    session.execute(delete(StagedChunk).where(StagedChunk.batch_id == batch))
