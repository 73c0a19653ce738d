"""Taking what a list says into the registry, some statements at a time, in one transaction.

Nobody sees any of it before the transaction is kept. Each record number that the registry does not
have is registered; each statement of other content than the record's current version becomes its
current version.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from struct import Struct
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.columns import VERSION_COLUMNS
from registry.copying import copied_field, copied_rows
from registry.database import copy_binary
from registry.records.stated import Stated

_BIGINT: Final = 8
_version: Final = Struct(">hiqiqiq").pack
_record: Final = Struct(">hiq").pack
_listed: Final = Struct(">hiqiq").pack
"""How rows begin in the binary format of COPY: their width, and bigints."""


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

    @property
    def statements(self) -> int:
        """How many they are."""
        return self.new + self.changed + self.unchanged


class _Known(NamedTuple):
    """A record number that the registry has.

    Attributes:
        version: its current version; None if it has none.
        content: digest of that version.
        first: the row of this batch that has the number already.
    """

    record: int
    version: int | None
    content: bytes | None
    first: int | None


_LISTED = """
CREATE TEMPORARY TABLE listed (record_id bigint PRIMARY KEY, "row" bigint) ON COMMIT DROP
"""
"""Records of which the batch says what the registry knows: they have no version of it."""

_KNOWN = """
SELECT said.number, r.id, v.id, v.content_digest,
  CASE WHEN v.batch_id = :batch THEN v."row" ELSE l."row" END
FROM unnest(string_to_array(:numbers, E'\\n')) AS said (number)
CROSS JOIN LATERAL (
  SELECT id FROM source_record r
  WHERE r.scheme = :scheme AND r.scheme_record_id = said.number LIMIT 1
) AS r
LEFT JOIN LATERAL (
  SELECT id, content_digest, batch_id, "row" FROM record_version v
  WHERE v.record_id = r.id AND v.superseded_at IS NULL LIMIT 1
) AS v ON true
LEFT JOIN LATERAL (SELECT "row" FROM listed l WHERE l.record_id = r.id LIMIT 1) AS l ON true
"""
"""Each is found by its key, whatever the planner thinks: of what this transaction wrote there are
no statistics."""

_IDENTITIES = """
SELECT array_agg(nextval(sequence))
FROM (
  SELECT CAST(pg_get_serial_sequence('source_record', 'id') AS regclass) OFFSET 0
) AS of_records (sequence)
CROSS JOIN generate_series(1, :count)
"""
"""The sequence is looked up once, not for each number."""
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

    def take(self, statements: Stated) -> dict[int, int]:
        """Take some statements.

        Returns:
            For each row that was not taken because an earlier row has its number: that row.
        """
        numbers = list(dict.fromkeys(statements.numbers))
        known = self._known(numbers)
        fresh = self._register([number for number in numbers if number not in known])
        if len(fresh) < len(statements.numbers):
            return self._compare(statements, known, fresh)
        self._copy("record_version", VERSION_COLUMNS, [
            self._version(*one)
            for one in zip(fresh.values(), statements.rows, statements.values, strict=True)
        ])  # fmt: skip
        self.taken = replace(self.taken, new=self.taken.new + len(fresh))
        return {}

    def _compare(
        self, statements: Stated, known: dict[str, _Known], fresh: dict[str, int]
    ) -> dict[int, int]:
        """Take statements of which some have numbers that the registry or an earlier row has."""
        firsts, again = dict[str, int](), dict[int, int]()
        listed, superseded, versions = list[bytes](), list[int](), list[bytes]()
        for number, row, values in zip(
            statements.numbers, statements.rows, statements.values, strict=True
        ):
            if firsts.setdefault(number, row) != row:
                again[row] = firsts[number]
                continue
            record = fresh.get(number)
            if record is None:
                record, version, content, first = known[number]
                if first is not None:
                    again[row] = first
                    continue
                if content is not None and values.startswith(copied_field(content)):
                    listed.append(_listed(2, _BIGINT, record, _BIGINT, row))
                    continue
                if version is not None:
                    superseded.append(version)
            versions.append(self._version(record, row, values))
        if superseded:
            self._session.execute(text(_SUPERSEDE), {"versions": superseded})
        self._copy("listed", ("record_id", "row"), listed)
        self._copy("record_version", VERSION_COLUMNS, versions)
        before, changed = self.taken, len(superseded)
        self.taken = Taken(
            before.new + len(versions) - changed, before.changed + changed,
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
        scheme = copied_field(self._scheme.encode())
        self._copy("source_record", columns, [
            _record(3, _BIGINT, record) + scheme + copied_field(number.encode())
            for record, number in zip(found, numbers, strict=True)
        ])  # fmt: skip
        return dict(zip(numbers, found, strict=True))

    def _version(self, record: int, row: int, values: bytes) -> bytes:
        width = len(VERSION_COLUMNS)
        return _version(width, _BIGINT, record, _BIGINT, self._batch, _BIGINT, row) + values

    def _copy(self, table: str, columns: Sequence[str], rows: Sequence[bytes]) -> None:
        if rows:
            copy_binary(self._session, table, columns, BytesIO(copied_rows(rows)))
