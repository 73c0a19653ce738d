"""A list that waits for its sender: kept, looked at, laid out, then submitted or given up.

A draft waits for two weeks. Then it is given up and its file let go: nothing of it was taken, and
people's data is not kept for nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deferral
from registry.errors import Conflict, Forbidden
from registry.lists import batch_files, batches, layouts
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, BatchStatus, Sending
from registry.lists.parsing import adapter_of
from registry.lists.previews import Draft, Preview, preview
from registry.schemes.layout import Layout

LASTS = timedelta(days=14)
EXPIRED = "It waited for two weeks and was given up: send the file again."


def keep(session: Session, sent: Sent, scheme: str | None, by: str) -> Batch:
    """Keep a file for its sender to look at before anything is taken of it.

    The same bytes again are the batch that they made before, draft or not.

    Raises:
        Forbidden: it is not the sender's scheme.
        UnknownScheme, UnreadableFile: nothing is kept.
    """
    if scheme is not None and sent.scheme != scheme:
        raise Forbidden
    adapter_of(sent.scheme, sent.descriptions)
    sending = Sending(by=by, is_draft=True)
    return batches.receive(session, sent.scheme, sent.path, sent.mode, sending)


@contextmanager
def file_of(session: Session, batch: Batch) -> Iterator[Path]:
    """The file of a batch, as long as the block lasts."""
    with TemporaryDirectory(prefix="registry-draft-") as folder:
        path = Path(folder) / (Path(batch.file_name).name or "list")
        batch_files.restore(session, batch.id, path)
        yield path


def look(session: Session, batch: Batch, descriptions: Path | None = None) -> Preview:
    """How the first rows of a draft would be read.

    Raises:
        UnreadableFile: the file is no table, or has no such sheet.
    """
    today = batch.received_at.astimezone(UTC).date()
    with file_of(session, batch) as path:
        draft = Draft(batch.scheme, path, Layout.from_json(batch.layout), descriptions)
        return preview(session, draft, today)


def lay_out(session: Session, batch: Batch, layout: Layout) -> None:
    """Keep what its sender says of a draft's layout.

    Raises:
        Conflict: it is no draft any more, or another batch is the same file, read the same way.
    """
    _lock(session, batch)
    digest = layouts.digest(layout)
    others = batches.standing(session, batch.scheme, batch.mode, batch.sha256, digest).all()
    for other in others:
        if other.id != batch.id:
            raise Conflict(f"Batch {other.id} is the same file, read the same way.")
    batch.layout = None if layout.says_nothing else layout.as_json()
    batch.layout_digest = digest
    session.flush()


def submit(session: Session, batch: Batch, by: str, now: datetime) -> None:
    """Let a worker take a draft, and remember how it is laid out for the scheme's next file.

    Raises:
        Conflict: it is no draft any more.
    """
    _lock(session, batch)
    batch.status = BatchStatus.RECEIVED
    layouts.remember(session, batch.scheme, Layout.from_json(batch.layout), by, now)
    deferral.defer_import(session, batch.id, batch.scheme)
    session.flush()


def ends_at(batch: Batch) -> datetime:
    """When a draft is given up."""
    return batch.received_at + LASTS


def expire(session: Session, now: datetime) -> int:
    """Give up the drafts that have waited too long, and say so on them; how many they were."""
    late = (
        select(Batch)
        .where(Batch.status == BatchStatus.DRAFT, Batch.received_at <= now - LASTS)
        .order_by(Batch.id)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(late).all()
    for batch in found:
        batches.cancel(session, batch, now)
        batch.error = EXPIRED
        batch_files.forget(session, batch.id)
    session.flush()
    return len(found)


def _lock(session: Session, batch: Batch) -> None:
    session.refresh(batch, with_for_update=True)
    if batch.status != BatchStatus.DRAFT:
        raise Conflict(f"Batch {batch.id} is {batch.status}: it was submitted or given up before.")
