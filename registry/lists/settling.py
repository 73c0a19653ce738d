"""How a batch ends that is read to its end: its rows are in the registry, or it is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.lists import batches, departures, ledger, staging
from registry.lists.batches import Batch, BatchStatus, Mode
from registry.lists.ledger import Entry
from registry.lists.taking import ListTaking
from registry.lists.tallies import Counter
from registry.schemes.cross_rows import RowRemark

JOIN_MEMORY: Final = "128MB"


@dataclass(frozen=True)
class Ending:
    """What is known of a batch that is read to its end.

    Attributes:
        remarks: what its rows show together.
        records: how many records it would end.
    """

    remarks: Sequence[RowRemark]
    records: int


def count_ending(session: Session, batch: Batch, taking: ListTaking) -> float:
    """Count the records that a whole list ends; which share of the scheme's records they are.

    All rows of the batch are taken; the share is of the records that were there before.
    """
    if batch.mode != Mode.SNAPSHOT:
        return 0.0
    _prepare(session)
    batch.records_ending = departures.count_absent(session, batch.id, batch.scheme)
    before = departures.count_current(session, batch.scheme) - taking.taken.new
    return batch.records_ending / max(before, 1)


def hold(session: Session, batch: Batch, found: Ending, now: datetime) -> None:
    """Hold a batch that is read to its end until somebody confirms or cancels it.

    Raises:
        BatchCancelled: somebody cancelled the batch since.
    """
    batches.lock(session, batch)
    _end_reading(session, batch, found.remarks, now)
    batch.records_ending = found.records
    _count(session, batch)
    batch.status = BatchStatus.HELD
    session.flush()


def settle(session: Session, batch: Batch, taking: ListTaking, now: datetime) -> None:
    """End a batch that is read to its end, and whose rows are taken.

    Raises:
        BatchCancelled: somebody cancelled the batch since.
    """
    batches.lock(session, batch)
    _prepare(session)
    remarks, taken = taking.remarks(), taking.taken
    _end_reading(session, batch, remarks, now)
    taking.note(remarks)
    if batch.mode == Mode.SNAPSHOT:
        batch.records_ending = departures.end_absent(session, batch.id, batch.scheme)
    batch.records_new, batch.records_changed = taken.new, taken.changed
    batch.records_unchanged = taken.unchanged
    _count(session, batch)
    batch.status = BatchStatus.PARSED
    batch.parsed_at = now
    staging.clear(session, batch.id)
    session.flush()


def _end_reading(
    session: Session, batch: Batch, remarks: Sequence[RowRemark], now: datetime
) -> None:
    """Say that all rows are read, and what they show together, unless it was said before."""
    if batch.read_at is not None:
        return
    counter = Counter()
    for remark in remarks:
        counter.add(remark.row, (remark.problem,))
    if remarks:
        before = ledger.kept(session, batch.id)
        ledger.add(session, batch.id, before, Entry(before.last_row, 0, 0, counter.tallies(), 0.0))
    batch.read_at = now


def _prepare(session: Session) -> None:
    """Let this transaction join whole lists in memory."""
    session.execute(text(f"SET LOCAL work_mem = '{JOIN_MEMORY}'"))


def _count(session: Session, batch: Batch) -> None:
    counts = ledger.kept(session, batch.id)
    batch.rows_read, batch.rows_rejected = counts.read, counts.rejected
