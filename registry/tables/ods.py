"""OpenDocument spreadsheets (ISO/IEC 26300) as a stream: one row in memory at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from registry.errors import UnreadableFile
from registry.tables.archive import Archive
from registry.tables.kinds import ADVICE
from registry.tables.limits import Limits
from registry.tables.markup import Handlers, local, read_markup
from registry.tables.numbers import number_text
from registry.tables.table import HEAD, Row, Table, TextRun, too_many_columns

CONTENT: Final = "content.xml"
CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
BREAKS: Final = {"tab": "\t", "line-break": "\n"}
MIDNIGHT: Final = "T00:00:00"
MOST_COPIES: Final = 100
"""A row of a list may stand in it more than once, though hardly more often."""


class OdsHandlers:
    """Collects the rows of one sheet, or the names of all; `rows` is emptied by its reader."""

    def __init__(self, wanted: int, limits: Limits) -> None:
        self.rows: list[Row] = []
        self.names: list[str] = []
        self._wanted = wanted
        self._limits = limits
        self._run = TextRun(limits.cell_characters)
        self._cells: list[str] = []
        self._blank = 0
        self._row = 0
        self._copies = 1
        self._width = 0
        self._columns = 1
        self._value = ""
        self._paragraphs: list[str] = []
        self._in_note = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open a sheet, a row, a cell, or a paragraph of a cell."""
        tag = local(name)
        if tag == "table":
            self.names.append(_named(attributes).get("name", ""))
            self._row = 0
        elif len(self.names) - 1 != self._wanted:
            return
        elif tag in CELLS:
            self._open_cell(_named(attributes))
        elif tag == "table-row":
            self._copies = _count(_named(attributes).get("number-rows-repeated"))
        elif tag == "annotation":
            self._in_note = True
        elif not self._in_note:
            self._open_text(tag, attributes)

    def end(self, name: str) -> None:
        """Close a paragraph, a cell or a row."""
        tag = local(name)
        if len(self.names) - 1 != self._wanted:
            return
        if tag == "annotation":
            self._in_note = False
        elif tag == "p" and not self._in_note:
            self._paragraphs.append(self._run.take())
        elif tag in CELLS:
            self._close_cell()
        elif tag == "table-row":
            self._close_row()

    def text(self, piece: str) -> None:
        """Add to the paragraph that is open."""
        self._run.add(piece)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._columns = _count(attributes.get("number-columns-repeated"))
        self._value = _stated(attributes)
        self._paragraphs.clear()

    def _open_text(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "p":
            self._run.open()
        elif tag == "s":
            self._run.add(" " * min(_count(_named(attributes).get("c")), 100))
        elif tag in BREAKS:
            self._run.add(BREAKS[tag])

    def _close_cell(self) -> None:
        text = self._value or "\n".join(self._paragraphs)
        if not text:
            self._blank += self._columns
            return
        if len(self._cells) + self._blank + self._columns > self._limits.columns:
            raise too_many_columns(self._limits.columns, self._row + 1)
        self._cells.extend([""] * self._blank)
        self._cells.extend([text] * self._columns)
        self._blank = 0

    def _close_row(self) -> None:
        if self._cells:
            self._keep_row()
        self._row += self._copies
        self._cells = []
        self._blank = 0

    def _keep_row(self) -> None:
        if self._copies > MOST_COPIES or self._row + self._copies > self._limits.rows:
            row = self._row + 1
            raise UnreadableFile(f"Row {row} is repeated {self._copies:,} times. {ADVICE}")
        self._width = max(self._width, len(self._cells))
        self._cells.extend([""] * (self._width - len(self._cells)))
        cells = tuple(self._cells)
        self.rows.extend(Row(self._row + copy, cells) for copy in range(1, self._copies + 1))


@dataclass(frozen=True)
class OdsSheet:
    """One sheet of a spreadsheet."""

    name: str
    place: int
    archive: Archive
    limits: Limits

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows that hold anything."""
        return tuple(islice(self.rows(), HEAD))

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, in file order, as wide as the widest so far."""
        handlers = OdsHandlers(self.place, self.limits)
        for _ in _read(self.archive, handlers):
            yield from handlers.rows
            handlers.rows.clear()


class OdsBook(Table):
    """An open spreadsheet."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._archive = Archive(path, limits)
        try:
            super().__init__(path.name, self._sheets(limits))
        except UnreadableFile:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _sheets(self, limits: Limits) -> tuple[OdsSheet, ...]:
        handlers = OdsHandlers(-1, limits)
        for _ in _read(self._archive, handlers):
            pass
        sheet = partial(OdsSheet, archive=self._archive, limits=limits)
        return tuple(sheet(name, place) for place, name in enumerate(handlers.names))


def _read(archive: Archive, handlers: OdsHandlers) -> Iterator[None]:
    return read_markup(archive.open(CONTENT), Handlers(handlers.start, handlers.end, handlers.text))


def _named(attributes: Mapping[str, str]) -> dict[str, str]:
    return {local(name): value for name, value in attributes.items()}


def _count(written: str | None) -> int:
    is_number = written is not None and written.isdecimal() and len(written) < len("10000000")
    return max(int(written), 1) if written is not None and is_number else 1


def _stated(attributes: Mapping[str, str]) -> str:
    """The value of a cell as its attributes state it; "" for text, which its paragraphs hold."""
    match attributes.get("value-type"):
        case "float" | "percentage" | "currency":
            return number_text(attributes.get("value", ""))
        case "date":
            return attributes.get("date-value", "").removesuffix(MIDNIGHT)
        case "time":
            return attributes.get("time-value", "")
        case "boolean":
            return attributes.get("boolean-value", "").upper()
        case _:
            return attributes.get("string-value", "")
