"""A scheme's lists as a door uses them: each act on a list, each look at its rows, is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from registry.auditing import audit
from registry.auditing.audit import Access
from registry.lists import batch_work, batches, drafts, returning
from registry.lists.batch_work import Sent
from registry.lists.batches import Batch, RejectedRowEntry

PURPOSE = "administration of the scheme"


@dataclass(frozen=True)
class Desk:
    """Who works on lists, of which scheme alone if of one, and when."""

    actor: str
    scheme: str | None
    now: datetime


def record(session: Session, batch: Batch, action: str, desk: Desk, outcome: str = "done") -> None:
    """Record what somebody does with a list."""
    which = (f"{batch.scheme} {batch.id}",)
    audit.record(session, Access(desk.actor, action, PURPOSE, (), outcome, which), desk.now)


def send(session: Session, sent: Sent, desk: Desk) -> tuple[Batch, bool]:
    """Keep a file and let a worker take it: see `batch_work.send`."""
    batch, is_new = batch_work.send(session, sent, desk.scheme)
    record(session, batch, "send a list", desk)
    return batch, is_new


def keep(session: Session, sent: Sent, desk: Desk) -> Batch:
    """Keep a file to look at before it is taken: see `drafts.keep`."""
    batch = drafts.keep(session, sent, desk.scheme, desk.actor)
    record(session, batch, "send a list", desk)
    return batch


def submit(session: Session, batch: Batch, desk: Desk) -> None:
    """Let a worker take a draft: see `drafts.submit`."""
    drafts.submit(session, batch, desk.actor, desk.now)
    record(session, batch, "let a list be taken", desk)


def confirm(session: Session, batch: Batch, desk: Desk) -> None:
    """Let a held list end what it does not have: see `batch_work.confirm`."""
    batch_work.confirm(session, batch, desk.now)
    record(session, batch, "confirm a list", desk)


def cancel(session: Session, batch: Batch, desk: Desk) -> None:
    """Give a list up: see `batches.cancel`."""
    batches.cancel(session, batch, desk.now)
    record(session, batch, "cancel a list", desk)


def rejected_page(
    session: Session, number: int, desk: Desk, limit: int, behind: int | None
) -> Sequence[RejectedRowEntry]:
    """Look at rejected rows: see `batch_work.rejected_page`."""
    batch = batch_work.find(session, number, desk.scheme)
    record(session, batch, "read rejected rows", desk, "shown")
    return batch_work.rejected_page(session, batch, limit, behind)


def write_rejected(session: Session, batch: Batch, path: Path, desk: Desk) -> None:
    """Give the rejected rows as a workbook: see `returning.write_rejected`."""
    record(session, batch, "read rejected rows", desk, "shown")
    returning.write_rejected(session, batch, path)


def write_all(
    session: Session, batch: Batch, path: Path, desk: Desk, descriptions: Path | None
) -> None:
    """Give all rows as a workbook: see `returning.write_all`."""
    record(session, batch, "read all rows of a list", desk, "shown")
    returning.write_all(session, batch, path, descriptions)
