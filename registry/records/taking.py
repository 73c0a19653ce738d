"""Taking what a list says into the registry, some statements at a time, in one transaction.

Nobody sees any of it before the transaction is kept. Each record number that the registry does not
have is registered; each statement of other content than the record's current version becomes its
current version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.columns import STATEMENT_COLUMNS, VERSION_COLUMNS
from registry.copying import ESCAPES, copied_field
from registry.database import copy_text

_AS_SENT: Final = 1
_OF_PERSON: Final = 3
_FIRST: Final = STATEMENT_COLUMNS.index("content_sha256")


class StatedLine(NamedTuple):
    """A statement as it stands in the text format of COPY.

    Attributes:
        number: its record number.
        values: the fields of `VALUE_COLUMNS`, as they stand.
    """

    row: int
    number: str
    values: str

    @classmethod
    def of(cls, line: str) -> Self:
        """Read a line without its end; its fields are those of `STATEMENT_COLUMNS`."""
        _, row, number, values = line.split("\t", _FIRST)
        return cls(int(row), copied_field(number) or "", values)

    @property
    def as_sent(self) -> str:
        """The row as it was sent, in JSON."""
        return copied_field(self.values.split("\t", _AS_SENT + 1)[_AS_SENT]) or "{}"

    @property
    def said(self) -> list[str]:
        """The fields of the person and the enrolment, as they stand."""
        return self.values.split("\t")[_OF_PERSON:]


@dataclass(frozen=True)
class Taken:
    """What became of the statements of a batch.

    Attributes:
        new: records that had no current version, those that came back included.
        changed: records of other content than before.
        unchanged: records of the same content as before.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class _Known(NamedTuple):
    """A record number that the registry has.

    Attributes:
        version: its current version; None if it has none.
        content: digest of that version.
        first: the row of this batch that has the number already.
    """

    record: int
    version: int | None
    content: str | None
    first: int | None


_LISTED = """
CREATE TEMPORARY TABLE listed (record_id bigint PRIMARY KEY, "row" bigint) ON COMMIT DROP
"""
"""Records of which the batch says what the registry knows: they have no version of it."""

_KNOWN = """
SELECT said.number, r.id, v.id, v.content_sha256,
  CASE WHEN v.batch_id = :batch THEN v."row" ELSE l."row" END
FROM unnest(string_to_array(:numbers, E'\\n')) AS said (number)
CROSS JOIN LATERAL (
  SELECT id FROM source_record r
  WHERE r.scheme = :scheme AND r.scheme_record_id = said.number LIMIT 1
) AS r
LEFT JOIN LATERAL (
  SELECT id, content_sha256, batch_id, "row" FROM record_version v
  WHERE v.record_id = r.id AND v.superseded_at IS NULL LIMIT 1
) AS v ON true
LEFT JOIN LATERAL (SELECT "row" FROM listed l WHERE l.record_id = r.id LIMIT 1) AS l ON true
"""
"""Each is found by its key, whatever the planner thinks: of what this transaction wrote there are
no statistics."""

_IDENTITIES = """
SELECT array_agg(nextval(pg_get_serial_sequence('source_record', 'id')))
FROM generate_series(1, :count)
"""
_SUPERSEDE = "UPDATE record_version SET superseded_at = now() WHERE id = ANY(:versions)"


class Taking:
    """The statements of one batch being taken; the caller keeps or undoes the transaction."""

    def __init__(self, session: Session, batch: int, scheme: str) -> None:
        self.taken = Taken()
        self._session = session
        self._batch = batch
        self._scheme = scheme
        session.execute(text("DROP TABLE IF EXISTS pg_temp.listed"))
        session.execute(text(_LISTED))

    def take(self, statements: Sequence[StatedLine]) -> dict[int, int]:
        """Take some statements.

        Returns:
            For each row that was not taken because an earlier row has its number: that row.
        """
        rows = dict[str, int]()
        for each in statements:
            rows.setdefault(each.number, each.row)
        known = self._known(list(rows))
        fresh = self._register([number for number in rows if number not in known])
        again, listed, superseded, lines = dict[int, int](), list[str](), list[int](), list[str]()
        for row, number, values in statements:
            if rows[number] != row:
                again[row] = rows[number]
                continue
            record = fresh.get(number)
            if record is None:
                record, version, content, first = known[number]
                if first is not None:
                    again[row] = first
                    continue
                if content is not None and values.startswith(content):
                    listed.append(f"{record}\t{row}\n")
                    continue
                if version is not None:
                    superseded.append(version)
            lines.append(f"{record}\t{self._batch}\t{row}\t{values}\n")
        if superseded:
            self._session.execute(text(_SUPERSEDE), {"versions": superseded})
        self._copy("listed", ("record_id", "row"), listed)
        self._copy("record_version", VERSION_COLUMNS, lines)
        before, changed = self.taken, len(superseded)
        self.taken = Taken(
            before.new + len(lines) - changed, before.changed + changed,
            before.unchanged + len(listed),
        )  # fmt: skip
        return again

    def _known(self, numbers: Sequence[str]) -> dict[str, _Known]:
        """Those of some record numbers that the registry has; no number holds a line end."""
        asked = {"scheme": self._scheme, "batch": self._batch, "numbers": "\n".join(numbers)}
        found = self._session.execute(text(_KNOWN), asked)
        return {number: _Known(*values) for number, *values in found}

    def _register(self, numbers: Sequence[str]) -> dict[str, int]:
        """Register record numbers that the registry does not have, in their order."""
        if not numbers:
            return {}
        found = self._session.scalar(text(_IDENTITIES), {"count": len(numbers)}) or []
        columns = ("id", "scheme", "scheme_record_id")
        self._copy("source_record", columns, (
            f"{record}\t{self._scheme}\t{number.translate(ESCAPES)}\n"
            for record, number in zip(found, numbers, strict=True)
        ))  # fmt: skip
        return dict(zip(numbers, found, strict=True))

    def _copy(self, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
        if joined := "".join(lines):
            copy_text(self._session, table, columns, joined.encode())
