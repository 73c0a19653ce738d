"""Excel workbooks (ECMA-376) as a stream: one row in memory at a time, and the shared texts.

Readers that lay a sheet out as a rectangle can be made to need any amount of memory by one cell in
the last row and column. This one keeps only what is written.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path

from registry.errors import UnreadableFile
from registry.tables.archive import Archive
from registry.tables.limits import Limits
from registry.tables.markup import Handlers, Passing, local, read_markup
from registry.tables.numbers import DATE_FORMATS, shows_date
from registry.tables.shared_texts import SharedTexts
from registry.tables.table import HEAD, Row, Table
from registry.tables.usual_rows import read_rows
from registry.tables.xlsx_rows import CellForms

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
SHARED_TEXTS = "xl/sharedStrings.xml"


@dataclass
class Contents:
    """The sheets of a workbook and how it counts days."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    since_1904: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a sheet: its name and the number of its relation."""
        tag = local(name)
        if tag == "sheet":
            relation = {local(key): value for key, value in attributes.items()}.get("id", "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif tag == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}


@dataclass
class Relations:
    """Where the parts of a workbook lie, by the number of the relation; worksheets only."""

    parts: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note where a worksheet lies."""
        is_sheet = attributes.get("Type", "").endswith("/worksheet")
        if local(name) == "Relationship" and is_sheet:
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.parts[attributes.get("Id", "")] = target.lstrip("/")


@dataclass
class Styles:
    """Which cell styles show dates."""

    formats: dict[str, str] = field(default_factory=dict)
    style_formats: list[str] = field(default_factory=list)
    _within: str = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a format, or a style of cells."""
        tag = local(name)
        if tag in {"cellXfs", "cellStyleXfs", "dxfs"}:
            self._within = tag
        elif tag == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and self._within == "cellXfs":
            self.style_formats.append(attributes.get("numFmtId", "0"))

    def date_styles(self) -> frozenset[str]:
        """The numbers of the styles that show dates."""
        return frozenset(
            str(style) for style, number in enumerate(self.style_formats) if self._is_date(number)
        )

    def _is_date(self, number: str) -> bool:
        if number in self.formats:
            return shows_date(self.formats[number])
        return number.isdecimal() and int(number) in DATE_FORMATS


@dataclass(frozen=True)
class XlsxSheet:
    """One sheet of an Excel workbook."""

    name: str
    part: str
    book: "XlsxBook"

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows that hold anything."""
        return tuple(islice(self.rows(), HEAD))

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, in file order, as wide as the widest so far."""
        book = self.book
        return read_rows(partial(book.read, self.part), book.forms(), book.limits)


class XlsxBook(Table):
    """An open Excel workbook."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self._archive = Archive(path, limits)
        try:
            super().__init__(path.name, self._sheets())
        except UnreadableFile:
            self.close()
            raise

    def read(self, part: str, handlers: Handlers, passing: Passing | None = None) -> Iterator[None]:
        """Read a part of the workbook piece by piece."""
        return read_markup(self._archive.open(part), handlers, passing)

    def forms(self) -> CellForms:
        """What cells refer to; the shared texts are read anew."""
        has_texts = SHARED_TEXTS in self._archive.parts
        reading = partial(self.read, SHARED_TEXTS) if has_texts else _nothing
        return CellForms(
            SharedTexts(reading, self.limits), self._date_styles, self._contents.since_1904
        )

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _sheets(self) -> tuple[XlsxSheet, ...]:
        relations = Relations()
        self._note(RELATIONS, relations)
        return tuple(
            XlsxSheet(name, relations.parts[number], self)
            for name, number in self._contents.sheets
            if number in relations.parts
        )

    @cached_property
    def _contents(self) -> Contents:
        contents = Contents()
        self._note(WORKBOOK, contents)
        return contents

    @cached_property
    def _date_styles(self) -> frozenset[str]:
        styles = Styles()
        if STYLES in self._archive.parts:
            self._note(STYLES, styles)
        return styles.date_styles()

    def _note(self, part: str, noter: Contents | Relations | Styles) -> None:
        for _ in self.read(part, Handlers(noter.start, _ignore, _ignore)):
            pass


def _nothing(*_: object) -> Iterator[None]:
    return iter(())


def _ignore(_: str) -> None:
    """Neither the end of an element nor its text says anything here."""
