"""What every kind of file becomes: sheets of numbered rows of text."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import NamedTuple, Protocol, Self

HEAD = 20
"""How many rows of a sheet are looked at to find its headings."""


class Row(NamedTuple):
    """One row of a sheet.

    Attributes:
        number: place in the file as a spreadsheet shows it, from 1; blank rows count.
        cells: text of each cell, surrounding blanks kept; an empty cell is "".
    """

    number: int
    cells: tuple[str, ...]


class Sheet(Protocol):
    """A sheet of a workbook, or the whole of a CSV file."""

    @property
    def name(self) -> str:
        """What the sheet is called in its file."""

    def rows(self) -> Iterator[Row]:
        """Every row in file order, from the first, read anew at each call."""


class Table(AbstractContextManager["Table"]):
    """An open file of one or more sheets; closes with its `with` block."""

    def __init__(self, name: str, sheets: tuple[Sheet, ...]) -> None:
        self.name = name
        self.sheets = sheets

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""


def head(sheet: Sheet) -> tuple[Row, ...]:
    """The first rows of a sheet, where its headings are looked for."""
    return tuple(islice(sheet.rows(), HEAD))
