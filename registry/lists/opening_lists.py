"""Opening a list as its sender says it is laid out, or as was confirmed for its scheme before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from registry import tables
from registry.errors import UnknownEncoding, UnreadableFile, WrongHeadings
from registry.schemes.adapter import SchemeAdapter
from registry.schemes.fields import Field
from registry.schemes.headings import Headings
from registry.schemes.layout import PLAIN, Layout
from registry.tables import Sheet, Table


@dataclass(frozen=True)
class Guide:
    """What is known of a list before it is opened.

    Attributes:
        said: by the sender of this file; it must fit.
        remembered: of earlier files of the scheme; it is let go where it does not fit.
    """

    said: Layout = PLAIN
    remembered: Layout = PLAIN


@dataclass(frozen=True)
class Understanding:
    """How a file was understood, so that it is understood no other way the next time.

    Attributes:
        encoding: that was confirmed; None where the file told it.
        place: of the sheet among the sheets of the file.
    """

    encoding: str | None
    place: int
    headings: Headings

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        headings = self.headings
        columns = {field.value: index for field, index in headings.columns.items()}
        return {
            "encoding": self.encoding, "place": self.place, "heading_row": headings.row,
            "headings": list(headings.names), "columns": columns,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Read back what `as_json` gave."""
        columns = {Field(name): index for name, index in value["columns"].items()}
        headings = Headings(value["heading_row"], tuple(value["headings"]), columns)
        return cls(value["encoding"], value["place"], headings)


@dataclass(frozen=True)
class OpenList:
    """An open file with the sheet that is read, and how it is understood."""

    sheet: Sheet
    understanding: Understanding


@contextmanager
def opened(path: Path, adapter: SchemeAdapter, guide: Guide) -> Iterator[OpenList]:
    """Open a list and find its sheet and headings.

    Raises:
        UnreadableFile: the file is not a list of the scheme, or not as its sender says.
    """
    table, encoding = open_file(path, guide)
    with table:
        sheet, headings = find_list(adapter, table, guide)
        place = table.sheets.index(sheet)
        yield OpenList(sheet, Understanding(encoding, place, headings))


@contextmanager
def opened_again(path: Path, known: Understanding) -> Iterator[OpenList]:
    """Open a file that was understood before."""
    with tables.read(path, encoding=known.encoding) as table:
        yield OpenList(table.sheets[known.place], known)


def open_file(path: Path, guide: Guide) -> tuple[Table, str | None]:
    """Open a file; with the encoding that was confirmed, if it was needed.

    An encoding that is not Unicode is taken only where the file is not Unicode.

    Raises:
        UnknownEncoding: nobody confirmed an encoding.
        UnreadableFile: no row of it can be taken.
    """
    try:
        return tables.read(path), None
    except UnreadableFile as error:
        confirmed = guide.said.encoding
        if confirmed is None and isinstance(error, UnknownEncoding):
            is_usual = guide.remembered.encoding == error.suggestion
            confirmed = error.suggestion if is_usual else None
        if confirmed is None:
            raise
        return tables.read(path, encoding=confirmed), confirmed


def find_list(adapter: SchemeAdapter, table: Table, guide: Guide) -> tuple[Sheet, Headings]:
    """The sheet that is the list, and its headings.

    Raises:
        WrongHeadings: no sheet has the headings of the scheme's lists, or what the sender said of
            sheet, row or headings is not so.
    """
    usual = guide.remembered
    try:
        sheet, headings = adapter.choose(table, guide.said.over(usual))
    except WrongHeadings:
        if usual.sheet is None and usual.heading_row is None:
            raise
        loose = replace(usual, sheet=None, heading_row=None)
        sheet, headings = adapter.choose(table, guide.said.over(loose))
    unknown = [name for name in guide.said.headings if name not in headings.names]
    if unknown:
        raise WrongHeadings(
            f"No column is headed {', '.join(unknown)}: the headings are "
            f"{', '.join(headings.names)}."
        )
    return sheet, headings
