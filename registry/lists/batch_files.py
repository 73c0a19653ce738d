"""The bytes of received files, kept in pieces so that none is held in memory whole."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import key_holder
from registry.database import NARROWED, Row
from registry.errors import NotFound, UnreadableFile
from registry.long_contents import read_bytes, write_bytes
from registry.sealed_columns import SealedBytes

PIECE = 4 << 20
_CONTENT = "list"
"""What the content of a file is sealed as."""


class BatchFile(Row):
    """A piece of a batch's file, as received."""

    __tablename__ = "batch_file"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    piece: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(SealedBytes(_CONTENT))


@dataclass(frozen=True)
class Fingerprint:
    """What tells a file from all others: SHA-256 in hexadecimal, and size in bytes."""

    sha256: str
    size: int


def fingerprint(path: Path) -> Fingerprint:
    """The fingerprint of a file.

    Raises:
        UnreadableFile: it is not there or cannot be opened.
    """
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(path):
        digest.update(piece)
        size += len(piece)
    return Fingerprint(digest.hexdigest(), size)


def keep(session: Session, batch: int, path: Path, known: Fingerprint) -> None:
    """Keep the bytes of a file of this fingerprint.

    Raises:
        UnreadableFile: the file is another one by now.
    """
    digest = hashlib.sha256()
    for number, piece in enumerate(_pieces(path)):
        digest.update(piece)
        _write(session, batch, number, piece)
    if digest.hexdigest() != known.sha256:
        raise UnreadableFile(f"{path.name} changed while it was received: send it again.")


def forget(session: Session, batch: int) -> None:
    """Let go of the bytes of a file of which nothing was taken."""
    session.execute(delete(BatchFile).where(BatchFile.batch_id == batch))


def restore(session: Session, batch: int, path: Path) -> None:
    """Write the file of a batch, as received.

    Raises:
        NotFound: the registry does not hold it, or not all of it.
    """
    with path.open("wb") as file:
        for number in range(_count(session, batch)):
            sealed = read_bytes(
                session, "batch_file", "content", {"batch_id": batch, "piece": number}
            )
            if sealed is None:
                raise NotFound(f"The file of batch {batch} is not held whole.")
            file.write(key_holder.of(session).open(sealed, _CONTENT))


def _write(session: Session, batch: int, number: int, piece: bytes) -> None:
    """Write a piece; as bytes where PostgreSQL lets the session copy, or else spelled out."""
    if NARROWED in session.info:
        row = {"batch_id": batch, "piece": number, "content": piece}
        session.execute(insert(BatchFile), row)
        return
    sealed = key_holder.of(session).sealing().seal(piece, _CONTENT)
    write_bytes(session, "batch_file", ("batch_id", "piece", "content"), (batch, number, sealed))


def _count(session: Session, batch: int) -> int:
    """How many pieces a batch's file has."""
    pieces = session.scalars(select(BatchFile.piece).where(BatchFile.batch_id == batch)).all()
    if not pieces:
        raise NotFound(f"The file of batch {batch} is not held.")
    return len(pieces)


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file; an empty file is one empty piece."""
    try:
        with path.open("rb") as file:
            piece = file.read(PIECE)
            yield piece
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened: {error.strerror}.") from error
