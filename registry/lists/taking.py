"""A list being taken while it is read.

Its rows go into the registry chunk by chunk, in one transaction that is kept when all are read
(`registry.records.taking`): until then nobody sees any of them, and if it comes to nothing, nothing
was there. A row whose record number an earlier row has is found here and rejected with its chunk.
"""

import json
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.columns import PERSON_COLUMNS
from registry.copying import copied_field
from registry.lists.lines import rejected_line
from registry.lists.parsing import ParsedRows
from registry.lists.tallies import Counter, merge
from registry.records.taking import StatedLine, Taken, Taking
from registry.schemes.cross_rows import CHILD, HEAD, SPOUSE, CrossRows, Relative, RowRemark
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.problems import RECORD_NUMBER_REPEATED, CellProblem
from registry.schemes.statements import RejectedRow

_PLACES: Final = tuple(
    PERSON_COLUMNS.index(column)
    for column in ("household", "relationship", "mother", "sex", "birth_date")
)
_RELATED: Final = frozenset({HEAD, SPOUSE, CHILD})

_REMARK = """
UPDATE record_version v SET warnings = v.warnings || said.problems
FROM unnest(CAST(:numbers AS text[]), CAST(:problems AS jsonb[])) AS said (number, problems)
CROSS JOIN LATERAL (
  SELECT id FROM source_record r
  WHERE r.scheme = :scheme AND r.scheme_record_id = said.number LIMIT 1
) AS r
WHERE v.record_id = r.id AND v.superseded_at IS NULL AND v.batch_id = :batch
"""


class ListTaking:
    """The rows of one batch being taken, in the transaction of a session of its own."""

    def __init__(self, session: Session, batch: int, scheme: str, headings: Headings) -> None:
        self._session = session
        self._batch = batch
        self._scheme = scheme
        self._taking = Taking(session, batch, scheme)
        self._points_to_mothers = Field.MOTHER in headings.columns
        self._cross_rows = CrossRows(headings)

    @property
    def taken(self) -> Taken:
        """What became of the statements so far."""
        return self._taking.taken

    def take(self, rows: ParsedRows) -> ParsedRows:
        """Take parsed rows; the same rows, where those whose number is repeated are rejected."""
        began = monotonic()
        whole = rows.statements.decode()
        lines = whole.split("\n")[:-1]
        statements = list(map(StatedLine.of, lines))
        again = self._take(statements, whole)
        if not again:
            return replace(rows, taking=monotonic() - began)
        counter, rejections = Counter(), list[str]()
        for each in statements:
            if each.row in again:
                rejected = _rejected(each, again[each.row])
                counter.add(each.row, rejected.problems)
                rejections.append(rejected_line(self._batch, rejected))
        left = [line + "\n" for line, each in zip(lines, statements, strict=True)
                if each.row not in again]  # fmt: skip
        return replace(
            rows, accepted=len(left), rejected=rows.rejected + len(again),
            statements="".join(left).encode(),
            rejections=rows.rejections + "".join(rejections).encode("utf-8", "replace"),
            tallies=merge([*rows.tallies, *counter.tallies()]), taking=monotonic() - began,
        )  # fmt: skip

    def take_kept(self, lines: bytes) -> None:
        """Take statements that were taken before, in a transaction that was not kept."""
        whole = lines.decode()
        self._take(list(map(StatedLine.of, whole.split("\n")[:-1])), whole)

    def remarks(self) -> tuple[RowRemark, ...]:
        """What the rows taken so far show together, in file order."""
        return self._cross_rows.remarks()

    def note(self, remarks: tuple[RowRemark, ...]) -> None:
        """Add to the versions what rows show together."""
        problems: dict[str, list[dict[str, str]]] = {}
        for one in remarks:
            problems.setdefault(one.scheme_record_id, []).append(one.problem.as_json())
        if problems:
            values = [json.dumps(value, ensure_ascii=False) for value in problems.values()]
            noted = {"batch": self._batch, "scheme": self._scheme, "numbers": list(problems),
                     "problems": values}  # fmt: skip
            self._session.execute(text(_REMARK), noted)

    def _take(self, statements: list[StatedLine], whole: str) -> dict[int, int]:
        again = self._taking.take(statements)
        if self._points_to_mothers or any(f"\t{word}\t" in whole for word in _RELATED):
            for each in statements:
                if each.row not in again:
                    self._relate(each)
        return again

    def _relate(self, statement: StatedLine) -> None:
        said = statement.said
        household, relationship, mother, sex, birth_date = [
            copied_field(said[place]) for place in _PLACES
        ]
        is_mother = self._points_to_mothers and sex == "female"
        if relationship in _RELATED or mother is not None or is_mother:
            self._cross_rows.add(
                Relative(statement.row, statement.number, household, relationship, mother, sex,
                         birth_date, partial(_cell, statement))
            )  # fmt: skip


def _cell(statement: StatedLine, heading: str) -> str:
    return str(orjson.loads(statement.as_sent).get(heading, ""))


def _rejected(statement: StatedLine, first: int) -> RejectedRow:
    """The row of a statement whose record number an earlier row has."""
    as_sent, number = orjson.loads(statement.as_sent), statement.number
    column = next((name for name, cell in as_sent.items() if "".join(cell.split()) == number), "")
    value = as_sent.get(column, number)
    problem = CellProblem(column, value, RECORD_NUMBER_REPEATED, str(first))
    return RejectedRow(row=statement.row, as_sent=as_sent, problems=(problem,))
