"""The rows of an Excel sheet as nearly all programs write them (`registry.tables.by_pattern`)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.tables.by_pattern import TEXT, ByPattern
from registry.tables.limits import Limits
from registry.tables.table import Row
from registry.tables.xlsx_rows import CellForms, RowHandlers, column_index

_HEAD: Final = re.compile(r'<row r="(\d{1,7})"(?: [\w:]+="[^"<&]*")*')
_CELL: Final = re.compile(
    r'(<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(s|n|str|inlineStr|b|e)")?(?: ?/>|>'
    rf'(?:<v>{TEXT}</v>|<is><t(?: xml:space="preserve")?>{TEXT}</t></is>)?</c>))'
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
    """The rows of a sheet whose markup is of the usual pattern."""

    begin = re.compile(rb"<sheetData>")
    end = "</row>"

    def __init__(self, handlers: RowHandlers, forms: CellForms, limits: Limits) -> None:
        self._handlers = handlers
        self._forms = forms
        self._limits = limits
        self._plans: dict[_Shape, _Plan | None] = {}

    @property
    def is_between(self) -> bool:
        """Whether the next row may begin."""
        return self._handlers.is_between_rows

    def keep(self, element: str) -> bool:
        """Read a row without its end, if it is of the usual pattern."""
        start, _, body = element.partition(">")
        head = _HEAD.fullmatch(start)
        if head is None or "_x" in body:
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
    usual = ByPattern(UsualRows(handlers, forms, limits))
    for _ in reading(handlers.handlers, usual):
        yield from handlers.rows
        handlers.rows.clear()
