"""From rows of a list to lines for the database, with what is wrong counted.

Pure: the same rows give the same lines, in whatever process they are read. Rows are read column by
column (`registry.schemes.columns`); those that cannot be taken, one by one.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from registry import schemes
from registry.lists.lines import LineWriter, rejected_line, statement_line
from registry.lists.tallies import Counter, Tally
from registry.schemes import SchemeAdapter
from registry.schemes.columns import Cells, ColumnReader
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.rows import RowReader
from registry.schemes.statements import Statement
from registry.sealer import DataKeys, Sealer
from registry.tables import Row, Rows

ALLOCATIONS: Final = 100_000
"""New objects after which a process that sees many rows looks for those that refer to each other:
rows come without any."""


@dataclass(frozen=True)
class ListHead:
    """What must be known of a list to read any of its rows.

    Attributes:
        today: the day after which no one was born yet.
        descriptions: folder of the descriptions of configured schemes.
        after: number of the row behind which the rows begin that are to be read.
        keys: what the lines are sealed with.
    """

    batch: int
    scheme: str
    headings: Headings
    today: date
    keys: DataKeys
    descriptions: Path | None = None
    after: int = 0


@dataclass(frozen=True)
class ParsedRows:
    """Rows ready to be kept.

    Attributes:
        last_row: number of the last row that was looked at.
        statements: lines of `STATEMENT_COLUMNS`, in the text format of COPY.
        rejections: lines for `rejected_row`.
        packs: the rows as they were read, where they are to be kept.
        taking: seconds that it took to take them; 0 before.
    """

    last_row: int
    accepted: int
    rejected: int
    statements: bytes
    rejections: bytes
    tallies: tuple[Tally, ...]
    packs: Sequence[Rows] = ()
    taking: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether all rows that were looked at are blank."""
        return not self.accepted and not self.rejected


@cache
def adapter_of(scheme: str, descriptions: Path | None) -> SchemeAdapter:
    """The adapter of a scheme, be it known here or described in a file of a folder.

    Raises:
        UnknownScheme: it is neither.
        InvalidScheme: a description is not in order.
    """
    if descriptions is None:
        return schemes.adapter(scheme)
    from registry.schemes.mapped import load_schemes  # noqa: PLC0415 - few lists need it

    known = frozenset(schemes.codes())
    return schemes.adapter(scheme, load_schemes(descriptions, taken=known))


class ListParser:
    """Parses the rows of one list; what texts are read as is remembered from chunk to chunk."""

    def __init__(self, head: ListHead) -> None:
        self._head = head
        self._scheme = adapter_of(head.scheme, head.descriptions).scheme
        self._reader = ColumnReader(self._scheme, head.headings, head.today)
        self._sealer = Sealer(head.keys)
        self._writer = LineWriter(head.batch, head.headings.names, self._sealer)
        self._width = len(head.headings.names)
        self._number = head.headings.columns[Field.RECORD_NUMBER]

    def parse(self, rows: Sequence[Row]) -> ParsedRows:
        """Read those of some rows that are behind `head.after` and not blank."""
        numbers = [row.number for row in rows]
        return self._parse(numbers, [row.cells for row in rows], self._head.after)

    def parse_packed(self, packs: Sequence[Rows], after: int = 0) -> ParsedRows:
        """Unpack rows and read them; those that are not behind another row are left out as well."""
        rows = [row for some in packs for row in some.unpack_plainly()]
        numbers = [number for number, _ in rows]
        return self._parse(numbers, [cells for _, cells in rows], max(after, self._head.after))

    def _parse(
        self, numbers: Sequence[int], cells: Sequence[Sequence[str]], after: int
    ) -> ParsedRows:
        head = self._head
        first = bisect_right(numbers, after)
        block = _Block.of(numbers[first:], cells[first:], self._width, self._number)
        last = numbers[-1] if numbers else after
        if not block.numbers:
            return ParsedRows(last, 0, 0, b"", b"", ())
        found = self._reader.read(block.columns, block.short)
        lines = self._writer.lines(block.numbers, block.columns, found)
        alone = RowReader(self._scheme, head.headings, head.today)
        counter, rejections = Counter(), list[str]()
        unlike = found.unlike | block.overfull
        for place in sorted(unlike | found.problems.keys()):
            if place not in unlike:
                counter.add(block.numbers[place], found.problems[place])
                continue
            one = alone.read(Row(block.numbers[place], tuple(block.rows[place])))
            if isinstance(one, Statement):
                counter.add(one.row, one.warnings)
                lines[place] = statement_line(head.batch, one, self._sealer)
            else:
                counter.add(one.row, one.problems)
                lines[place] = ""
                rejections.append(rejected_line(head.batch, one, self._sealer))
        rejected = len(rejections)
        return ParsedRows(
            last, len(lines) - rejected, rejected, _bytes(lines), _bytes(rejections),
            counter.tallies(),
        )  # fmt: skip


@dataclass(frozen=True)
class _Block:
    """Rows that are not blank, also as columns, as many as there are headings.

    Attributes:
        short: places of the rows that had fewer cells.
        overfull: places of the rows that had more cells, and something in them.
    """

    numbers: Sequence[int]
    rows: Sequence[Sequence[str]]
    columns: Cells
    short: list[int]
    overfull: set[int]

    @classmethod
    def of(
        cls, numbers: Sequence[int], rows: Sequence[Sequence[str]], width: int, told_by: int
    ) -> "_Block":
        """Put rows together; nearly all that are not blank say so in the column `told_by`."""
        short, overfull, fitted = list[int](), set[int](), rows
        if set(map(len, rows)) - {width}:
            fitted = [(*row, *[""] * (width - len(row)))[:width] for row in rows]
            short = [place for place, row in enumerate(rows) if len(row) < width]
            overfull = {place for place, row in enumerate(rows) if any(map(str.strip, row[width:]))}
        columns = list(zip(*fitted, strict=True))
        told = columns[told_by] if columns else ()
        if all(map(str.strip, told)):
            return cls(numbers, rows, columns, short, overfull)
        blank = {
            at for at, text in enumerate(told)
            if not text.strip() and not any(map(str.strip, rows[at]))
        }  # fmt: skip
        if not blank:
            return cls(numbers, rows, columns, short, overfull)
        left = [at for at in range(len(rows)) if at not in blank]
        return cls.of([numbers[at] for at in left], [rows[at] for at in left], width, told_by)


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")
