"""The rows of an Excel sheet as nearly all programs write them, read by their pattern.

The XML parser calls back for each start, end and text of an element: seven times a cell. A row
whose markup is of the usual pattern is read here, many times faster, and the parser sees the sheet
without it: it is a whole element between two others, so that what is left is well formed if and
only if all of it is. Every other row, and every other part of the sheet, goes to the parser.

Where a pattern could be mistaken, nothing is read by it: in a sheet with comments, instructions or
sections of character data, or in an encoding other than UTF-8.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.tables.limits import Limits
from registry.tables.markup import Parse
from registry.tables.table import Row
from registry.tables.xlsx_rows import CellForms, RowHandlers, column_index

LONGEST: Final = 1 << 20
"""Bytes that are held while the end of a row is waited for."""
_DECLARED: Final = b"<?xml"
_BEGIN: Final = b"<sheetData>"
_END: Final = "</row>"
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_HEAD: Final = re.compile(r'<row r="(\d{1,7})"(?: [\w:]+="[^"<&]*")*')
_TEXT: Final = r"([^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*)"
_CELL: Final = re.compile(
    r'(<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(s|n|str|inlineStr|b|e)")?(?:/>|>'
    rf'(?:<v>{_TEXT}</v>|<is><t(?: xml:space="preserve")?>{_TEXT}</t></is>)?</c>))'
)
_SHAPES: Final = 1 << 12
"""Different shapes of rows that are remembered."""
_Shape = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""Columns, styles and kinds of the cells of a row."""


@dataclass(frozen=True)
class _Plan:
    """How the cells of rows of one shape are read.

    Attributes:
        places: of the cells among the columns; None where they are the first columns in order.
        readers: for the cells that are more than their text: which one, and how it is read.
        width: cells of such a row.
    """

    places: Sequence[int] | None
    readers: Sequence[tuple[int, Callable[[str], str]]]
    width: int


class UsualRows:
    """Stands between a sheet and its parser, and keeps rows of the usual pattern for itself.

    Attributes:
        lines: line ends of the sheet that the parser did not see.
    """

    def __init__(self, handlers: RowHandlers, forms: CellForms, limits: Limits) -> None:
        self.lines = 0
        self._handlers = handlers
        self._forms = forms
        self._limits = limits
        self._plans: dict[_Shape, _Plan | None] = {}
        self._rest = b""
        self._is_usual = True
        self._has_begun = False

    def __call__(self, block: bytes, parse: Parse) -> None:
        """Read what is of the usual pattern, and have everything else parsed; b"" is the end."""
        data = self._rest + block
        if self._is_usual and block and len(data) <= LONGEST:
            odd = data if self._has_begun else data.replace(_DECLARED, b"", 1)
            if b"<!" not in odd and b"<?" not in odd:
                self._rest = self._read(data, parse)
                return
        self._is_usual, self._rest = False, b""
        parse(data, False)
        if not block:
            parse(b"", True)

    def _read(self, data: bytes, parse: Parse) -> bytes:
        """Read whole rows; what is left of the data until more of it is there."""
        if not self._has_begun:
            begin = data.find(_BEGIN) + len(_BEGIN)
            if begin < len(_BEGIN):
                return data
            head, data = data[:begin], data[begin:]
            self._has_begun = True
            parse(head, False)
            declared = _ENCODING.search(head)
            if declared is not None and declared[1].lower() != b"utf-8":
                self._is_usual = False
        end = data.rfind(_END.encode()) + len(_END)
        if end < len(_END):
            return data
        try:
            rows = data[:end].decode().split(_END)[:-1]
        except UnicodeDecodeError:
            self._is_usual = False
            return data
        for at, row in enumerate(rows):
            if not (self._handlers.is_between_rows and self._is_usual):
                self._is_usual = False
                return _END.join([*rows[at:], ""]).encode() + data[end:]
            if not self._keep(row):
                parse(f"{row}{_END}".encode(), False)
        return data[end:]

    def _keep(self, row: str) -> bool:
        """Read a row without its end, if it is of the usual pattern."""
        start, _, body = row.partition(">")
        head = _HEAD.fullmatch(start)
        if head is None or "_x" in body or "]]>" in body:
            return False
        cells = _CELL.findall(body)
        if not cells:
            return False
        wholes, letters, styles, kinds, values, texts = zip(*cells, strict=True)
        if sum(map(len, wholes)) != len(body):
            return False
        plan = self._plan((letters, styles, kinds))
        read = list(map(str.__add__, values, texts))
        if plan is None or len(max(read, key=len)) > self._limits.cell_characters:
            return False
        for at, reader in plan.readers:
            read[at] = reader(read[at])
        if plan.places is not None:
            placed = [""] * plan.width
            for place, text in zip(plan.places, read, strict=True):
                placed[place] = text
            read = placed
        while read and not read[-1]:
            read.pop()
        self._handlers.keep(head[1], read)
        self.lines += row.count("\n")
        return True

    def _plan(self, shape: _Shape) -> _Plan | None:
        """How rows of a shape are read; None if by the parser."""
        if shape not in self._plans:
            if len(self._plans) >= _SHAPES:
                self._plans.clear()
            self._plans[shape] = self._planned(*shape)
        return self._plans[shape]

    def _planned(
        self, letters: Sequence[str], styles: Sequence[str], kinds: Sequence[str]
    ) -> _Plan | None:
        places = [column_index(each) for each in letters]
        if len(set(places)) < len(places) or max(places) >= self._limits.columns:
            return None
        readers = [
            (at, reader)
            for at, (kind, style) in enumerate(zip(kinds, styles, strict=True))
            if (reader := self._forms.reader(kind or "n", style)) is not None
        ]
        is_plain = places == list(range(len(places)))
        return _Plan(None if is_plain else places, readers, max(places) + 1)


def read_rows(
    reading: Callable[..., Iterator[None]], forms: CellForms, limits: Limits
) -> Iterator[Row]:
    """The rows of a sheet that hold anything, in file order."""
    handlers = RowHandlers(forms, limits)
    usual = UsualRows(handlers, forms, limits)
    for _ in reading(handlers.handlers, usual):
        yield from handlers.rows
        handlers.rows.clear()
