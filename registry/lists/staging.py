"""Statements of a batch that wait until all of its file is read.

They are written chunk by chunk, and taken together in one transaction; then they are deleted.
"""

import json

from sqlalchemy import delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.database import Row
from registry.records.source_records import Stated
from registry.schemes.cross_rows import CrossRows, RowRemark
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.problems import RECORD_NUMBER_REPEATED, CellProblem
from registry.schemes.statements import (
    EnrolmentStatement,
    NormalisedPerson,
    RejectedRow,
    Statement,
)

NO_ENROLMENT = EnrolmentStatement(
    number="", household=None, category=None, valid_from=None, valid_until=None, status=None
)


class StagedStatement(Stated, Row):
    """A row of a batch that will be taken; the columns are those of a record's version.

    The ledger keeps rows from being staged twice. The table has neither keys nor indexes: it is
    written once, read from end to end, and emptied.
    """

    __tablename__ = "staged_statement"

    batch_id: Mapped[int] = mapped_column()
    row: Mapped[int] = mapped_column()
    scheme_record_id: Mapped[str]

    __mapper_args__ = {"primary_key": [batch_id, row]}  # noqa: RUF012 - read once


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
    found = session.execute(text(_TAKE_OUT_REPEATED), {"batch": batch})
    rejected = [
        RejectedRow(row=row, as_sent=as_sent, problems=(_repeated(number, as_sent, first),))
        for row, number, as_sent, first in found
    ]
    return sorted(rejected, key=lambda one: one.row)


_LOOKED_AT = """
SELECT "row", scheme_record_id, household, relationship, mother, sex, birth_date,
  as_sent ->> :birth_date AS birth_date_cell, as_sent ->> :relationship AS relationship_cell
FROM staged_statement WHERE batch_id = :batch AND (
  relationship IN ('head', 'spouse', 'child') OR mother IS NOT NULL OR (:mother AND sex = 'female'))
ORDER BY "row"
"""
_REMARK = """
UPDATE staged_statement s SET warnings = s.warnings || r.problems
FROM unnest(CAST(:rows AS bigint[]), CAST(:problems AS jsonb[])) AS r ("row", problems)
WHERE s.batch_id = :batch AND s."row" = r."row"
"""


def remark(session: Session, batch: int, headings: Headings) -> tuple[RowRemark, ...]:
    """Add to the statements what they show together; all that was added, in file order."""
    looking = CrossRows(headings)
    names = {
        field: headings.names[headings.columns[field]] if field in headings.columns else ""
        for field in (Field.BIRTH_DATE, Field.RELATIONSHIP)
    }
    asked = {"batch": batch, "mother": Field.MOTHER in headings.columns,
             "birth_date": names[Field.BIRTH_DATE],
             "relationship": names[Field.RELATIONSHIP]}  # fmt: skip
    found = session.connection().execute(
        text(_LOOKED_AT), asked, execution_options={"yield_per": 10_000}
    )
    for row, number, household, relationship, mother, sex, birth_date, *cells in found:
        as_sent = {names[Field.BIRTH_DATE]: cells[0] or "",
                   names[Field.RELATIONSHIP]: cells[1] or ""}  # fmt: skip
        person = NormalisedPerson(household=household, relationship=relationship, mother=mother,
                                  sex=sex, birth_date=birth_date)  # fmt: skip
        looking.add(
            Statement(row=row, scheme_record_id=number, as_sent=as_sent, person=person,
                      enrolment=NO_ENROLMENT)
        )  # fmt: skip
    remarks = looking.remarks()
    problems: dict[int, list[dict[str, str]]] = {}
    for one in remarks:
        problems.setdefault(one.row, []).append(one.problem.as_json())
    if problems:
        values = [json.dumps(value, ensure_ascii=False) for value in problems.values()]
        of_rows = {"batch": batch, "rows": list(problems), "problems": values}
        session.execute(text(_REMARK), of_rows)
    return remarks


def clear(session: Session, batch: int) -> None:
    """Delete the statements of a batch that are taken or given up."""
    session.execute(delete(StagedStatement).where(StagedStatement.batch_id == batch))


def _repeated(number: str, as_sent: dict[str, str], first: int) -> CellProblem:
    column = next((name for name, cell in as_sent.items() if "".join(cell.split()) == number), "")
    value = as_sent.get(column, number)
    return CellProblem(column, value, RECORD_NUMBER_REPEATED, str(first))
