"""A scheme's lists as their administrator works with them: send, watch, correct, confirm, cancel.

Whoever has a scheme sees the batches of that scheme alone; another's is not found, as if it were
not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import deferral
from registry.errors import Forbidden, NotFound
from registry.lists import batches, progress
from registry.lists.batches import Batch, Mode, RejectedRowEntry, Sending
from registry.lists.parsing import adapter_of
from registry.lists.progress import Progress
from registry.lists.tallies import Tally


@dataclass(frozen=True)
class Sent:
    """A file that somebody sends as a scheme's list.

    Attributes:
        descriptions: folder of configured schemes.
        by: who sends it.
    """

    scheme: str
    mode: Mode
    path: Path
    descriptions: Path | None = None
    by: str = ""


def send(session: Session, sent: Sent, scheme: str | None) -> tuple[Batch, bool]:
    """Keep a file as a batch and let a worker take it; whether it is a new one.

    Args:
        session: keeps the file and queues the work together.
        sent: the file and what it is.
        scheme: the only one whose lists the sender may send; None for all.

    Raises:
        Forbidden: it is not the sender's scheme.
        UnknownScheme, UnreadableFile: nothing is kept.
    """
    if scheme is not None and sent.scheme != scheme:
        raise Forbidden
    adapter_of(sent.scheme, sent.descriptions)
    batch = batches.receive(session, sent.scheme, sent.path, sent.mode, Sending(by=sent.by))
    session.refresh(batch)
    is_new = batch.received_at == session.scalar(select(func.now()))
    if is_new:
        deferral.defer_import(session, batch.id, batch.scheme)
    return batch, is_new


def find(session: Session, number: int, scheme: str | None) -> Batch:
    """A batch, as far as it may be seen by who has a scheme.

    Raises:
        NotFound: there is none, or it is another scheme's.
    """
    found = session.get(Batch, number)
    if found is None or (scheme is not None and found.scheme != scheme):
        raise NotFound(f"There is no batch {number}.")
    return found


def watch(session: Session, number: int, scheme: str | None) -> tuple[Batch, Progress]:
    """A batch and how far it is.

    Raises:
        NotFound: there is none, or it is another scheme's.
    """
    batch = find(session, number, scheme)
    return batch, progress.read(session, number)


def page(session: Session, scheme: str | None, limit: int, behind: int | None) -> Sequence[Batch]:
    """Batches, the latest first, behind a number; one more than `limit` where there is more."""
    query = select(Batch).order_by(Batch.id.desc()).limit(limit + 1)
    if scheme is not None:
        query = query.where(Batch.scheme == scheme)
    if behind is not None:
        query = query.where(Batch.id < behind)
    return session.scalars(query).all()


def problems(session: Session, number: int, scheme: str | None) -> tuple[Tally, ...]:
    """What is wrong with the rows of a batch, counted by what it is.

    Raises:
        NotFound: there is no such batch, or it is another scheme's.
    """
    return batches.problems(session, find(session, number, scheme))


def rejected_page(
    session: Session, batch: Batch, limit: int, behind: int | None
) -> Sequence[RejectedRowEntry]:
    """Rejected rows of a batch in the order of the file, one more than `limit` if there is more."""
    return session.scalars(
        select(RejectedRowEntry)
        .where(RejectedRowEntry.batch_id == batch.id, RejectedRowEntry.row > (behind or 0))
        .order_by(RejectedRowEntry.row)
        .limit(limit + 1)
    ).all()


def confirm(session: Session, batch: Batch, now: datetime) -> None:
    """Let a held batch end the records that it does not have, and let a worker take it.

    Raises:
        Conflict: the batch is not held.
    """
    batches.confirm(session, batch, now)
    deferral.defer_import(session, batch.id, batch.scheme)
