"""Taking what a list says into the registry, some statements at a time, in one transaction.

Nobody sees any of it before the transaction is kept. Each record number that the registry does not
have is registered; each statement of other content than the record's current version becomes its
current version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.columns import STATEMENT_COLUMNS, VERSION_COLUMNS
from registry.copying import ESCAPES, SPECIAL, bytes_of, copied_bytes, copied_field
from registry.database import copy_text

_AS_SENT: Final = 1
_FIRST: Final = STATEMENT_COLUMNS.index("content_digest")


@dataclass(frozen=True)
class StatedLines:
    """Statements as they stand in the text format of COPY, column by column.

    Attributes:
        rows: their numbers in the file.
        numbers: their record numbers.
        values: the fields of `VALUE_COLUMNS` of each, as they stand.
    """

    rows: Sequence[int]
    numbers: Sequence[str]
    values: Sequence[bytes]

    @classmethod
    def of(cls, lines: bytes) -> Self:
        """Read lines whose fields are those of `STATEMENT_COLUMNS`.

        Most of a line is passed on as it is, without being spelled out.
        """
        parts = [line.split(b"\t", _FIRST) for line in lines.split(b"\n")[:-1]]
        written = b"\n".join([part[_FIRST - 1] for part in parts]).decode()
        numbers = written.split("\n") if parts else []
        if "\\" in written:
            numbers = [copied_field(number) or "" for number in numbers]
        return cls([int(part[1]) for part in parts], numbers, [part[_FIRST] for part in parts])


def as_sent(values: bytes) -> bytes:
    """The row of a statement as it was sent, sealed."""
    return bytes_of(values.split(b"\t", _AS_SENT + 1)[_AS_SENT].decode())


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

    def take(self, statements: StatedLines) -> dict[int, int]:
        """Take some statements.

        Returns:
            For each row that was not taken because an earlier row has its number: that row.
        """
        numbers = list(dict.fromkeys(statements.numbers))
        known = self._known(numbers)
        fresh = self._register([number for number in numbers if number not in known])
        if len(fresh) < len(statements.numbers):
            return self._compare(statements, known, fresh)
        batch = self._batch
        self._copy("record_version", VERSION_COLUMNS, [
            b"%d\t%d\t%d\t%b\n" % (record, batch, row, values) for record, row, values in
            zip(fresh.values(), statements.rows, statements.values, strict=True)
        ])  # fmt: skip
        self.taken = replace(self.taken, new=self.taken.new + len(fresh))
        return {}

    def _compare(
        self, statements: StatedLines, known: dict[str, _Known], fresh: dict[str, int]
    ) -> dict[int, int]:
        """Take statements of which some have numbers that the registry or an earlier row has."""
        firsts, again = dict[str, int](), dict[int, int]()
        listed, superseded, lines = list[bytes](), list[int](), list[bytes]()
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
                if content is not None and values.startswith(copied_bytes(content).encode()):
                    listed.append(b"%d\t%d\n" % (record, row))
                    continue
                if version is not None:
                    superseded.append(version)
            lines.append(b"%d\t%d\t%d\t%b\n" % (record, self._batch, row, values))
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
        written: Iterable[str] = numbers
        if SPECIAL.search("".join(numbers)):
            written = [number.translate(ESCAPES) for number in numbers]
        self._copy("source_record", columns, [
            f"{record}\t{self._scheme}\t{number}\n".encode()
            for record, number in zip(found, written, strict=True)
        ])  # fmt: skip
        return dict(zip(numbers, found, strict=True))

    def _copy(self, table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
        if joined := b"".join(lines):
            copy_text(self._session, table, columns, joined)
