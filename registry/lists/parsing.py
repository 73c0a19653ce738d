"""From rows of a list to fields for the database, with what is wrong counted.

Pure: the same rows give the same fields, in whatever process they are read. Rows are read column by
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
from registry.lists.lines import ValueWriter, rejected_line, statement_values
from registry.lists.relating import Relating, packed
from registry.lists.tallies import Counter, Tally
from registry.records.stated import NOTHING_STATED, Stated
from registry.schemes import SchemeAdapter
from registry.schemes.columns import Cells, ColumnReader
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.rows import RowReader
from registry.schemes.statements import RejectedRow, Statement
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
        keys: what the values are sealed with.
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
        statements: what the rows that are taken state.
        rejections: lines for `rejected_row`.
        relatives: those of the rows that are taken that say how a person is related to others,
            packed.
        packs: the rows as they were read, where they are to be kept.
        taking: seconds that it took to take them; 0 before.
    """

    last_row: int
    accepted: int
    rejected: int
    statements: Stated
    rejections: bytes
    tallies: tuple[Tally, ...]
    relatives: bytes = packed(())
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
        self.head = head
        self.scheme = adapter_of(head.scheme, head.descriptions).scheme
        self.reader = ColumnReader(self.scheme, head.headings, head.today)
        self.sealer = Sealer(head.keys)
        self.writer = ValueWriter(head.headings.names, self.sealer)
        self.relating = Relating(head.headings)
        self._width = len(head.headings.names)
        self._number = head.headings.columns[Field.RECORD_NUMBER]

    def parse(self, rows: Sequence[Row]) -> ParsedRows:
        """Read those of some rows that are behind `head.after` and not blank."""
        numbers = [row.number for row in rows]
        return self._parse(numbers, [row.cells for row in rows], self.head.after)

    def parse_packed(self, packs: Sequence[Rows], after: int = 0) -> ParsedRows:
        """Unpack rows and read them; those that are not behind another row are left out as well."""
        rows = [row for some in packs for row in some.unpack_plainly()]
        numbers = [number for number, _ in rows]
        return self._parse(numbers, [cells for _, cells in rows], max(after, self.head.after))

    def _parse(
        self, numbers: Sequence[int], cells: Sequence[Sequence[str]], after: int
    ) -> ParsedRows:
        first = bisect_right(numbers, after)
        block = _Block.of(numbers[first:], cells[first:], self._width, self._number)
        last = numbers[-1] if numbers else after
        if not block.numbers:
            return ParsedRows(last, 0, 0, NOTHING_STATED, b"", ())
        return _Parsing(self, block).result(last)


class _Parsing:
    """Rows that are not blank being parsed: what is found of them so far."""

    def __init__(self, parser: ListParser, block: "_Block") -> None:
        self.parser = parser
        self.block = block
        self.found = parser.reader.read(block.columns, block.short)
        self.values: list[bytes | None] = [*parser.writer.values(block.columns, self.found)]
        self.counter = Counter()
        self.rejections = list[str]()

    def result(self, last: int) -> ParsedRows:
        found, block = self.found, self.block
        unlike = found.unlike | block.overfull
        relatives = self.parser.relating.relatives(block.numbers, block.columns, found, unlike)
        alone = RowReader(self.parser.scheme, self.parser.head.headings, self.parser.head.today)
        for place in sorted(unlike | found.problems.keys()):
            if place not in unlike:
                self.counter.add(block.numbers[place], found.problems[place])
                continue
            one = alone.read(Row(block.numbers[place], tuple(block.rows[place])))
            if isinstance(one, RejectedRow):
                self._reject(place, one)
            else:
                self._take(place, one)
                relatives += self.parser.relating.relatives_alone(one)
        stated = Stated.of(block.numbers, found.numbers, self.values)
        return ParsedRows(
            last, len(stated.rows), len(self.rejections), stated,
            "".join(self.rejections).encode("utf-8", "replace"), self.counter.tallies(),
            packed(relatives),
        )  # fmt: skip

    def _reject(self, place: int, one: RejectedRow) -> None:
        self.counter.add(one.row, one.problems)
        self.values[place] = None
        head = self.parser.head
        self.rejections.append(rejected_line(head.batch, one, self.parser.sealer))

    def _take(self, place: int, one: Statement) -> None:
        self.counter.add(one.row, one.warnings)
        self.values[place] = statement_values(one, self.parser.sealer)
        self.found.numbers[place] = one.scheme_record_id


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
