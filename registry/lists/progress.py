"""How far a batch is, for whoever waits for it."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.lists import batches, ledger
from registry.lists.batches import Batch, BatchStatus

LATELY = 20
"""Lists linked before that a guess is drawn from."""
A_LIST, A_ROW = 20.0, 0.00045
"""Seconds of linking a list, and of each of its rows, where none was linked before."""


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Attributes:
        rows_expected: a guess at how many rows the file has; None while nothing is known.
        is_read: whether all rows are, and what goes on is comparing them with the registry.
        rows_read: rows that are kept, accepted and rejected ones.
        records_linked: records of the batch that are linked.
        seconds_left: a guess at how long it will take to the end; None while nothing is known,
            when it takes longer than was guessed, and while nothing goes on.
    """

    batch: int
    status: BatchStatus
    error: str | None
    is_read: bool
    rows_expected: int | None
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    records_linked: int
    seconds_left: float | None


def read(session: Session, batch: int) -> Progress:
    """How far a batch is, as far as it is kept.

    Raises:
        NotFound: there is no such batch.
    """
    found = batches.find(session, batch)
    session.refresh(found)
    kept = ledger.kept(session, batch)
    expected = found.rows_expected if found.read_at is None else kept.read
    left = None
    if found.status == BatchStatus.RECEIVED and kept.read and expected is not None:
        reading = max(expected - kept.read, 0) * kept.seconds / kept.read
        left = reading + _taking_again(session, found) + _linking(session, expected)
    elif found.status == BatchStatus.PARSED and found.parsed_at is not None:
        since = (datetime.now(UTC) - found.parsed_at).total_seconds()
        guessed = _linking(session, kept.accepted) - since
        left = guessed if guessed > 0 else None
    linked = kept.accepted if found.status == BatchStatus.LINKED else 0
    return Progress(
        batch, found.status, found.error, found.read_at is not None, expected, kept.read,
        kept.accepted, kept.rejected, linked, left,
    )  # fmt: skip


def _taking_again(session: Session, batch: Batch) -> float:
    """Seconds that are left of taking what was kept before somebody took the batch up."""
    since = batch.taking_since
    if since is None:
        return 0.0
    took = ledger.seconds_of_taking(session, batch.id, since)
    return max(took - (datetime.now(UTC) - since).total_seconds(), 0.0)


def _linking(session: Session, rows: int) -> float:
    """Seconds that linking so many rows will take: as those of the list of the nearest length.

    One of the last that were linked; longer by as much as the rows are more. Before any, a guess.
    """
    length = Batch.rows_read - Batch.rows_rejected
    lately = (
        select(
            func.extract("epoch", Batch.finished_at - Batch.parsed_at).label("took"),
            length.label("length"),
        )
        .where(Batch.status == BatchStatus.LINKED, length > 0)
        .order_by(Batch.finished_at.desc(), Batch.id.desc())
        .limit(LATELY)
        .subquery()
    )
    nearest = func.abs(func.ln(lately.c.length) - math.log(max(rows, 1)))
    found = session.execute(select(lately.c.took, lately.c.length).order_by(nearest)).first()
    if found is None:
        return A_LIST + A_ROW * rows
    took, length_of_it = float(found.took), int(found.length)
    return took * max(1.0, rows / length_of_it)
