"""The life of an uploaded list: received, parsed, linked, or failed with a reason.

A list may be kept as a draft first: its sender looks at it, says how it is laid out, and submits or
cancels it. Nothing takes its rows before that.

A file is known by its scheme, its mode, what its sender says of its layout, and the SHA-256 of its
bytes: the same again is the same batch. A batch that failed or was cancelled does not stand in the
way of the same file sent again.

A batch is received when its bytes are kept. Its rows are then kept in chunks
(`registry.lists.ledger`) and taken as they come (`registry.lists.taking`); when all are read, they
are in the registry at once: it is parsed. A whole list that would end too many records is held, and
nothing of it is in the registry, until somebody confirms or cancels it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Identity, Index, ScalarResult, delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.columns import REJECTED_COLUMNS
from registry.database import Row, copy_text
from registry.errors import BatchCancelled, Conflict, NotFound
from registry.lists import batch_files, layouts, ledger, staging
from registry.lists.ledger import Entry, Kept
from registry.lists.parsing import ParsedRows
from registry.lists.tallies import Tally
from registry.schemes.layout import PLAIN, Layout
from registry.sealed_columns import NumberHash, SealedJson, SealedNumber, hash_of


class BatchStatus(StrEnum):
    """Where a batch is in its life."""

    DRAFT = "draft"
    RECEIVED = "received"
    HELD = "held"
    PARSED = "parsed"
    LINKED = "linked"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """What the absence of a record from a list says: nothing, or that it ended."""

    DELTA = "delta"
    SNAPSHOT = "snapshot"


class Batch(Row):
    """One uploaded file of one scheme; kept for ever.

    The counts of rows and records are those of a batch that is parsed or held; before, the ledger
    says how far it is. `taking_since` is when somebody took it up last. `rows_expected` is a guess
    at how many rows the file has. `understanding` is of its sheet and headings, once its reading
    has begun.
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    scheme: Mapped[str]
    mode: Mapped[Mode] = mapped_column(server_default=Mode.DELTA.value)
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(SealedNumber("sha256"))
    sha256_hash: Mapped[str] = mapped_column(NumberHash("sha256"), hash_of("sha256"), deferred=True)
    size: Mapped[int]
    sent_by: Mapped[str] = mapped_column(server_default="")
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    layout_digest: Mapped[str] = mapped_column(server_default="")
    understanding: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[BatchStatus]
    error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    taking_since: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    parsed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    rows_expected: Mapped[int | None]
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_rejected: Mapped[int] = mapped_column(server_default="0")
    records_new: Mapped[int] = mapped_column(server_default="0")
    records_changed: Mapped[int] = mapped_column(server_default="0")
    records_unchanged: Mapped[int] = mapped_column(server_default="0")
    records_ending: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        Index(
            "uq_batch_file",
            "scheme",
            "sha256_hash",
            "mode",
            "layout_digest",
            unique=True,
            postgresql_where=text("status NOT IN ('failed', 'cancelled')"),
        ),
        Index(
            "ix_batch_linked",
            "scheme",
            "finished_at",
            postgresql_where=text("status = 'linked'"),
        ),
    )

    @property
    def rows_accepted(self) -> int:
        """Rows that said something of a person, new or not."""
        return self.records_new + self.records_changed + self.records_unchanged


class RejectedRowEntry(Row):
    """A row of a batch that could not be taken, with what is wrong in each cell."""

    __tablename__ = "rejected_row"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    as_sent: Mapped[dict[str, str]] = mapped_column(SealedJson("as_sent"))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson("problems"))


@dataclass(frozen=True)
class Sending:
    """Who sends a file, what they say of it, and whether it waits until they submit it."""

    layout: Layout = PLAIN
    by: str = ""
    is_draft: bool = False


USUAL = Sending()


_STILL_STANDS = Batch.status.not_in((BatchStatus.FAILED, BatchStatus.CANCELLED))


def receive(
    session: Session, scheme: str, path: Path, mode: Mode = Mode.DELTA, sending: Sending = USUAL
) -> Batch:
    """The batch of a file: a new one, or the one that these bytes already made.

    A draft that is sent again, and not as a draft, waits no longer.

    Raises:
        UnreadableFile: the file is not there or cannot be opened.
    """
    known = batch_files.fingerprint(path)
    digest = layouts.digest(sending.layout)
    said = None if sending.layout.says_nothing else sending.layout.as_json()
    status = BatchStatus.DRAFT if sending.is_draft else BatchStatus.RECEIVED
    values = {"scheme": scheme, "mode": mode, "sha256": known.sha256, "size": known.size,
              "file_name": path.name, "status": status, "sent_by": sending.by,
              "layout": said, "layout_digest": digest}  # fmt: skip
    add = insert(Batch).values(values).on_conflict_do_nothing().returning(Batch)
    added = session.scalars(add).one_or_none()
    if added is None:
        found = standing(session, scheme, mode, known.sha256, digest).one()
        if found.status == BatchStatus.DRAFT and not sending.is_draft:
            found.status = BatchStatus.RECEIVED
            session.flush()
        return found
    batch_files.keep(session, added.id, path, known)
    return added


def standing(
    session: Session, scheme: str, mode: Mode, sha256: str, digest: str
) -> ScalarResult[Batch]:
    """The batch that a file already made, if it stands in the way of another."""
    return session.scalars(
        select(Batch).where(
            Batch.scheme == scheme, Batch.mode == mode, Batch.sha256_hash == sha256,
            Batch.layout_digest == digest, _STILL_STANDS,
        )
    )  # fmt: skip


def begin_trial(session: Session, scheme: str, path: Path, mode: Mode, sending: Sending) -> Batch:
    """A batch of a file that will not be kept: its transaction is to be undone."""
    said = None if sending.layout.says_nothing else sending.layout.as_json()
    batch = Batch(
        scheme=scheme, mode=mode, layout=said, file_name=path.name, size=0,
        sha256=f"trial {uuid4()}", status=BatchStatus.RECEIVED,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.refresh(batch)
    return batch


def find(session: Session, batch: int) -> Batch:
    """A batch by its number.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Batch, batch)
    if found is None:
        raise NotFound(f"There is no batch {batch}.")
    return found


def keep(session: Session, batch: Batch, before: Kept, rows: ParsedRows, seconds: float) -> Kept:
    """Keep parsed rows behind those that are kept already.

    Raises:
        BatchCancelled: somebody cancelled the batch since.
        BatchInProgress: somebody else keeps rows of it.
    """
    lock(session, batch)
    entry = Entry(
        rows.last_row, rows.accepted, rows.rejected, rows.tallies, seconds, rows.taking
    )  # fmt: skip
    after = ledger.add(session, batch.id, before, entry)
    staging.add(session, batch.id, after.chunks, rows.packs)
    copy_text(session, "rejected_row", REJECTED_COLUMNS, rows.rejections)
    return after


def keep_nothing(session: Session, batch: Batch) -> None:
    """Let go of all that is kept of a batch but its file, which is then read from its beginning.

    Raises:
        BatchCancelled: somebody cancelled the batch since.
    """
    lock(session, batch)
    session.execute(delete(RejectedRowEntry).where(RejectedRowEntry.batch_id == batch.id))
    ledger.clear(session, batch.id)
    staging.clear(session, batch.id)
    batch.read_at = None
    session.flush()


def confirm(session: Session, batch: Batch, now: datetime) -> None:
    """Let a held batch end the records that it does not have; it goes on as a received one.

    Raises:
        Conflict: the batch is not held.
    """
    session.refresh(batch, with_for_update=True)
    if batch.status != BatchStatus.HELD:
        raise Conflict(f"Batch {batch.id} is {batch.status}, not held: nothing is to be confirmed.")
    batch.status = BatchStatus.RECEIVED
    batch.confirmed_at = now
    session.flush()


def cancel(session: Session, batch: Batch, now: datetime) -> None:
    """Give up a batch whose rows are not taken yet; whoever reads it stops at the next chunk.

    Raises:
        Conflict: the rows are taken, or the batch has ended.
    """
    session.refresh(batch, with_for_update=True)
    if batch.status not in {BatchStatus.DRAFT, BatchStatus.RECEIVED, BatchStatus.HELD}:
        raise Conflict(f"Batch {batch.id} is {batch.status}: it can no longer be cancelled.")
    batch.status = BatchStatus.CANCELLED
    _give_up(session, batch, now)


def finish(session: Session, batch: Batch, now: datetime) -> None:
    """Say that a batch's records are linked."""
    batch.status = BatchStatus.LINKED
    batch.finished_at = now
    session.flush()


def fail(session: Session, batch: Batch, reason: str) -> None:
    """Say that a batch's file could not be taken, and why."""
    session.refresh(batch, with_for_update=True)
    batch.status = BatchStatus.FAILED
    batch.error = reason
    _give_up(session, batch, datetime.now(UTC))


def waiting(session: Session) -> Sequence[Batch]:
    """Batches whose records are taken and not yet linked, the oldest first."""
    return session.scalars(
        select(Batch).where(Batch.status == BatchStatus.PARSED).order_by(Batch.id)
    ).all()


def unfinished(session: Session) -> Sequence[Batch]:
    """Batches whose rows are not taken yet and do not wait for anybody's word, the oldest first."""
    return session.scalars(
        select(Batch).where(Batch.status == BatchStatus.RECEIVED).order_by(Batch.id)
    ).all()


def latest(session: Session, most: int) -> Sequence[Batch]:
    """The batches received last, the latest first."""
    return session.scalars(select(Batch).order_by(Batch.id.desc()).limit(most)).all()


def rejected_rows(session: Session, batch: Batch) -> Iterator[RejectedRowEntry]:
    """The rejected rows of a batch in the order of the file."""
    return iter(
        session.scalars(
            select(RejectedRowEntry)
            .where(RejectedRowEntry.batch_id == batch.id)
            .order_by(RejectedRowEntry.row)
            .execution_options(yield_per=1000)
        )
    )


def problems(session: Session, batch: Batch) -> tuple[Tally, ...]:
    """What is wrong with the rows of a batch, counted by what it is."""
    return ledger.problems(session, batch.id)


def lock(session: Session, batch: Batch) -> None:
    """Hold a batch that is being read as it is until the transaction ends.

    Raises:
        BatchCancelled: somebody cancelled it since.
    """
    session.refresh(batch, with_for_update=True)
    if batch.status != BatchStatus.RECEIVED:
        raise BatchCancelled(f"Batch {batch.id} is {batch.status}: its rows are not taken.")


def _give_up(session: Session, batch: Batch, now: datetime) -> None:
    batch.finished_at = now
    staging.clear(session, batch.id)
    session.flush()
