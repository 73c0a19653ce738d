"""A list being taken while it is read.

Its rows go into the registry chunk by chunk, in one transaction that is kept when all are read
(`registry.records.taking`): until then nobody sees any of them, and if it comes to nothing, nothing
was there. A row whose record number an earlier row has is found here and rejected with its chunk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry import key_holder
from registry.lists.lines import rejected_line
from registry.lists.parsing import ParsedRows
from registry.lists.relating import packed, unpacked
from registry.lists.tallies import Counter, merge
from registry.records.stated import NOTHING_STATED, Stated, as_sent
from registry.records.taking import Taken, Taking
from registry.schemes.cross_rows import CrossRows, RowRemark
from registry.schemes.headings import Headings
from registry.schemes.problems import RECORD_NUMBER_REPEATED, CellProblem
from registry.schemes.statements import RejectedRow
from registry.sealed_columns import SealedJson

NOTED_AT_ONCE: Final = 1_000
"""Records of which what several rows show is noted at once: what is noted is long."""

_REMARKED = text("""
SELECT said.number, v.place, v.warnings FROM unnest(CAST(:numbers AS text[])) AS said (number)
CROSS JOIN LATERAL (
  SELECT id FROM source_record r
  WHERE r.scheme = :scheme AND r.scheme_record_id = said.number LIMIT 1
) AS r
CROSS JOIN LATERAL (
  SELECT ctid AS place, batch_id, warnings FROM record_version
  WHERE record_id = r.id AND superseded_at IS NULL LIMIT 1
) AS v
WHERE v.batch_id = :batch
""").columns(warnings=SealedJson("problems"))
_REMARK = """
UPDATE record_version v SET warnings = said.warnings
FROM unnest(CAST(:places AS tid[]), CAST(:warnings AS bytea[])) AS said (place, warnings)
WHERE v.ctid = said.place
"""
"""By where each stands, which nobody but this transaction can change: where statistics say that
next to nothing is there, the planner goes through all versions instead of asking their key."""


class ListTaking:
    """The rows of one batch being taken, in the transaction of a session of its own."""

    def __init__(self, session: Session, batch: int, scheme: str, headings: Headings) -> None:
        self._session = session
        self._batch = batch
        self._scheme = scheme
        self._sealer = key_holder.of(session).sealing()
        self._taking = Taking(session, batch, scheme)
        self._cross_rows = CrossRows(headings)

    @property
    def taken(self) -> Taken:
        """What became of the statements so far."""
        return self._taking.taken

    def take(self, rows: ParsedRows) -> ParsedRows:
        """Take parsed rows; the same rows, where those whose number is repeated are rejected.

        What they state is let go: nobody needs it any more.
        """
        began = monotonic()
        again = self._take(rows)
        counter, rejections = Counter(), list[str]()
        for at, row in enumerate(rows.statements.rows if again else ()):
            if row in again:
                rejected = self._rejected(rows.statements, at, again[row])
                counter.add(row, rejected.problems)
                rejections.append(rejected_line(self._batch, rejected, self._sealer))
        return replace(
            rows, accepted=rows.accepted - len(again), rejected=rows.rejected + len(again),
            statements=NOTHING_STATED, relatives=packed(()),
            rejections=rows.rejections + "".join(rejections).encode("utf-8", "replace"),
            tallies=merge([*rows.tallies, *counter.tallies()]), taking=monotonic() - began,
        )  # fmt: skip

    def take_kept(self, rows: ParsedRows) -> None:
        """Take rows that were taken before, in a transaction that was not kept."""
        self._take(rows)

    def remarks(self) -> tuple[RowRemark, ...]:
        """What the rows taken so far show together, in file order."""
        return self._cross_rows.remarks()

    def note(self, remarks: tuple[RowRemark, ...]) -> None:
        """Add to the versions what rows show together."""
        problems: dict[str, list[dict[str, str]]] = {}
        for one in remarks:
            problems.setdefault(one.scheme_record_id, []).append(one.problem.as_json())
        numbers = list(problems)
        for first in range(0, len(numbers), NOTED_AT_ONCE):
            self._note(numbers[first : first + NOTED_AT_ONCE], problems)

    def _note(
        self, numbers: Sequence[str], problems: Mapping[str, Sequence[dict[str, str]]]
    ) -> None:
        asked = {"batch": self._batch, "scheme": self._scheme, "numbers": numbers}
        found = self._session.execute(_REMARKED, asked).all()
        warned = [orjson.dumps([*(one.warnings or ()), *problems[one.number]]) for one in found]
        sealed = self._sealer.seal_all(warned, "problems")
        noted = {"places": [one.place for one in found], "warnings": sealed}
        self._session.execute(text(_REMARK), noted)

    def _take(self, rows: ParsedRows) -> dict[int, int]:
        again = self._taking.take(rows.statements)
        for relative in unpacked(rows.relatives):
            if relative.row not in again:
                self._cross_rows.add(relative)
        return again

    def _rejected(self, statements: Stated, at: int, first: int) -> RejectedRow:
        """The row of a statement whose record number an earlier row has."""
        opened = key_holder.of(self._session).open(as_sent(statements.values[at]), "as_sent")
        sent: dict[str, str] = orjson.loads(opened)
        number = statements.numbers[at]
        column = next((name for name, cell in sent.items() if "".join(cell.split()) == number), "")
        value = sent.get(column, number)
        problem = CellProblem(column, value, RECORD_NUMBER_REPEATED, str(first))
        return RejectedRow(row=statements.rows[at], as_sent=sent, problems=(problem,))
