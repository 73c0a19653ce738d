"""The life of an uploaded list: received, parsed, linked, or failed with a reason.

A file is known by its scheme and the SHA-256 of its bytes: the same bytes for the same scheme are
the same batch. A failed batch does not stand in the way of the same file sent again.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry import schemes, source_records, tables
from registry.database import Row, copy_rows
from registry.errors import UnreadableFile
from registry.schemes.statements import RejectedRow, Statement


class BatchStatus(StrEnum):
    """Where a batch is in its life."""

    RECEIVED = "received"
    PARSED = "parsed"
    LINKED = "linked"
    FAILED = "failed"


class Batch(Row):
    """One uploaded file of one scheme; kept for ever."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    scheme: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    status: Mapped[BatchStatus]
    error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_rejected: Mapped[int] = mapped_column(server_default="0")
    records_new: Mapped[int] = mapped_column(server_default="0")
    records_changed: Mapped[int] = mapped_column(server_default="0")
    records_unchanged: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        Index(
            "uq_batch_file",
            "scheme",
            "sha256",
            unique=True,
            postgresql_where=text("status <> 'failed'"),
        ),
    )

    @property
    def rows_accepted(self) -> int:
        """Rows that said something of a person, new or not."""
        return self.records_new + self.records_changed + self.records_unchanged


class BatchFile(Row):
    """The bytes of a batch's file, as received."""

    __tablename__ = "batch_file"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RejectedRowEntry(Row):
    """A row of a batch that could not be taken, with what is wrong in each cell."""

    __tablename__ = "rejected_row"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    as_sent: Mapped[dict[str, str]] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


def receive(session: Session, scheme: str, path: Path) -> Batch:
    """The batch of a file: a new one, or the one that these bytes already made.

    Raises:
        UnknownScheme: there is no such scheme.
        UnreadableFile: the file is not there or cannot be opened.
    """
    schemes.adapter(scheme)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened: {error.strerror}.") from error
    digest = hashlib.sha256(content).hexdigest()
    known = find(session, scheme, digest)
    if known is not None:
        return known
    batch = Batch(
        scheme=scheme, file_name=path.name, sha256=digest, size=len(content),
        status=BatchStatus.RECEIVED,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.add(BatchFile(batch_id=batch.id, content=content))
    session.flush()
    session.refresh(batch)
    return batch


def find(session: Session, scheme: str, sha256: str) -> Batch | None:
    """The batch of these bytes for this scheme, unless it failed."""
    return session.scalar(
        select(Batch).where(
            Batch.scheme == scheme, Batch.sha256 == sha256, Batch.status != BatchStatus.FAILED
        )
    )


def parse(session: Session, batch: Batch, path: Path) -> None:
    """Take the rows of a received batch: source records, and rejected rows with reasons.

    Args:
        session: its transaction holds all the rows of the file, or none.
        batch: a batch in status received.
        path: where the batch's bytes lie as a file.

    Raises:
        UnreadableFile: the file is not a table, or not one of this scheme.
    """
    rejected: list[RejectedRow] = []
    with tables.read(path) as table:
        rows = schemes.adapter(batch.scheme).parse(table)
        taken = source_records.take(session, batch.id, batch.scheme, _accepted(rows, rejected))
    copy_rows(
        session, "rejected_row", ("batch_id", "row", "as_sent", "problems"),
        ((batch.id, row.row, _json(row.as_sent), _problems(row)) for row in rejected),
    )  # fmt: skip
    batch.rows_rejected = len(rejected)
    batch.records_new = taken.new
    batch.records_changed = taken.changed
    batch.records_unchanged = taken.unchanged
    batch.rows_read = batch.rows_accepted + len(rejected)
    batch.status = BatchStatus.PARSED
    session.flush()


def finish(session: Session, batch: Batch, now: datetime) -> None:
    """Say that a batch's records are linked."""
    batch.status = BatchStatus.LINKED
    batch.finished_at = now
    session.flush()


def fail(session: Session, batch: Batch, reason: str) -> None:
    """Say that a batch's file could not be taken, and why."""
    batch.status = BatchStatus.FAILED
    batch.error = reason
    batch.finished_at = datetime.now(UTC)
    session.flush()


def waiting(session: Session) -> Sequence[Batch]:
    """Batches whose records are taken and not yet linked, the oldest first."""
    return session.scalars(
        select(Batch).where(Batch.status == BatchStatus.PARSED).order_by(Batch.id)
    ).all()


def rejected_rows(session: Session, batch: Batch) -> Iterator[RejectedRowEntry]:
    """The rejected rows of a batch in the order of the file."""
    return iter(
        session.scalars(
            select(RejectedRowEntry)
            .where(RejectedRowEntry.batch_id == batch.id)
            .order_by(RejectedRowEntry.row)
        )
    )


def _accepted(
    rows: Iterator[Statement | RejectedRow], rejected: list[RejectedRow]
) -> Iterator[Statement]:
    """The statements among parsed rows; the others are put aside."""
    for row in rows:
        if isinstance(row, RejectedRow):
            rejected.append(row)
        else:
            yield row


def _problems(row: RejectedRow) -> str:
    return _json([problem.as_json() for problem in row.problems])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
