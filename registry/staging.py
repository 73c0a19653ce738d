"""Statements of a batch that wait until all of its file is read.

They are written chunk by chunk, and taken together in one transaction; then they are deleted.
"""

from sqlalchemy import ForeignKey, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.schemes.problems import RECORD_NUMBER_REPEATED, CellProblem
from registry.schemes.statements import RejectedRow
from registry.source_records import VALUE_COLUMNS, Stated

COLUMNS = ("batch_id", "row", "scheme_record_id", *VALUE_COLUMNS)


class StagedStatement(Stated, Row):
    """A row of a batch that will be taken; the columns are those of a record's version."""

    __tablename__ = "staged_statement"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    scheme_record_id: Mapped[str]


_TAKE_OUT_REPEATED = """
DELETE FROM staged_statement s USING (
  SELECT scheme_record_id, min("row") AS first FROM staged_statement
  WHERE batch_id = :batch GROUP BY scheme_record_id HAVING count(*) > 1
) AS repeated
WHERE s.batch_id = :batch AND s.scheme_record_id = repeated.scheme_record_id
  AND s."row" > repeated.first
RETURNING s."row", s.scheme_record_id, s.as_sent, repeated.first
"""


def take_out_repeated(session: Session, batch: int) -> list[RejectedRow]:
    """Take out statements whose record number an earlier row of the file has; in file order."""
    session.execute(text("ANALYZE staged_statement"))
    found = session.execute(text(_TAKE_OUT_REPEATED), {"batch": batch})
    rejected = [
        RejectedRow(row=row, as_sent=as_sent, problems=(_repeated(number, as_sent, first),))
        for row, number, as_sent, first in found
    ]
    return sorted(rejected, key=lambda one: one.row)


def clear(session: Session, batch: int) -> None:
    """Delete the statements of a batch that are taken or given up."""
    session.execute(delete(StagedStatement).where(StagedStatement.batch_id == batch))


def _repeated(number: str, as_sent: dict[str, str], first: int) -> CellProblem:
    column = next((name for name, cell in as_sent.items() if "".join(cell.split()) == number), "")
    value = as_sent.get(column, number)
    return CellProblem(column, value, RECORD_NUMBER_REPEATED, str(first))
