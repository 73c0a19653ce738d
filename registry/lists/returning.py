"""The rows of a batch given back to its sender as a workbook, with what is wrong beside each.

Rejected rows are given back as they are stored. Rows that were taken are read once more from the
batch's file, as it was understood then: a batch keeps no copy of a row that changed nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from registry.errors import Conflict
from registry.lists import batch_files, batches
from registry.lists.batches import Batch
from registry.lists.corrections import MarkedRow, write_corrections
from registry.lists.opening_lists import Understanding, opened_again
from registry.lists.parsing import adapter_of
from registry.schemes.reading import ListReading
from registry.schemes.rows import RowReader
from registry.schemes.statements import Statement


@dataclass(frozen=True)
class StoredRemark:
    """What is wrong with a cell, read back from where it is stored."""

    column: str
    message: str
    message_km: str

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "StoredRemark":
        """From what `CellProblem.as_json` gave."""
        return cls(value["column"], value["message"], value["message_km"])


def write_rejected(session: Session, batch: Batch, path: Path) -> int:
    """Write the rejected rows of a batch as a workbook; how many they are by now."""
    return write_corrections(
        path, _headings(session, batch), _rejected(session, batch), only_rejected=True
    )


def write_all(session: Session, batch: Batch, path: Path, descriptions: Path | None = None) -> int:
    """Write all rows of a batch as a workbook; how many they are.

    Args:
        session: the registry's.
        batch: whose rows.
        path: of the workbook, which is replaced.
        descriptions: folder of the descriptions of configured schemes.

    Raises:
        Conflict: the file was not read to its end.
    """
    if batch.understanding is None or batch.read_at is None:
        raise Conflict(f"Batch {batch.id} is {batch.status}: its rows are not all read.")
    known = Understanding.from_json(batch.understanding)
    scheme = adapter_of(batch.scheme, descriptions).scheme
    today = batch.received_at.astimezone(UTC).date()
    with TemporaryDirectory(prefix="registry-batch-") as folder:
        file = Path(folder) / (Path(batch.file_name).name or "list")
        batch_files.restore(session, batch.id, file)
        with opened_again(file, known) as listed:

            def reading() -> ListReading:
                return ListReading(listed.sheet, RowReader(scheme, known.headings, today))

            rejected = _rejected(session, batch)
            rows = _all(reading(), rejected, _remarks(reading()))
            return write_corrections(path, known.headings.names, rows, only_rejected=False)


def _rejected(session: Session, batch: Batch) -> Iterator[MarkedRow]:
    for row in batches.rejected_rows(session, batch):
        remarks = tuple(StoredRemark.of(value) for value in row.problems)
        yield MarkedRow(row.row, row.as_sent, remarks, is_taken=False)


def _headings(session: Session, batch: Batch) -> tuple[str, ...]:
    """The headings of a batch's file; of a batch from before they were kept, those of its rows."""
    if batch.understanding is not None:
        return Understanding.from_json(batch.understanding).headings.names
    rows = batches.rejected_rows(session, batch)
    return tuple(dict.fromkeys(name for row in rows for name in row.as_sent))


def _remarks(reading: ListReading) -> dict[int, list[StoredRemark]]:
    """What rows show together, by the number of the row that it is said of."""
    for _ in reading:
        pass
    found: dict[int, list[StoredRemark]] = {}
    for remark in reading.remarks():
        said = StoredRemark.of(remark.problem.as_json())
        found.setdefault(remark.row, []).append(said)
    return found


def _all(
    reading: ListReading, rejected: Iterator[MarkedRow], remarks: Mapping[int, list[StoredRemark]]
) -> Iterator[MarkedRow]:
    """Every row in file order: those that are stored as rejected, and the others as taken."""
    next_rejected = next(rejected, None)
    for row in reading:
        if next_rejected is not None and next_rejected.number == row.row:
            yield next_rejected
            next_rejected = next(rejected, None)
        elif isinstance(row, Statement):
            yield MarkedRow.of(row, tuple(remarks.get(row.row, ())))
