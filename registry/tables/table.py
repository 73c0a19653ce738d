"""What every kind of file becomes: sheets of numbered rows of text."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol, Self

from registry.errors import UnreadableFile

HEAD: Final = 20
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

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows, where its headings are looked for."""

    def rows(self) -> Iterator[Row]:
        """Every row in file order, from the first, read anew at each call.

        Blank rows may be left out.
        """


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


class TextRun:
    """The text of one cell as it comes in pieces; what comes while it is closed is let go.

    Raises:
        UnreadableFile: when it grows longer than a cell may be.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._pieces: list[str] = []
        self._size = 0
        self._is_open = False

    def open(self) -> None:
        """Keep what comes from here on."""
        self._is_open = True

    def add(self, piece: str) -> None:
        """A piece of text."""
        if self._is_open:
            self._pieces.append(piece)
            self._size += len(piece)
            if self._size > self._longest:
                raise too_long_cell(self._longest)

    def close(self) -> None:
        """Keep nothing until it is opened again."""
        self._is_open = False

    def take(self) -> str:
        """All that was kept, after which the run is closed and empty."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        self._is_open = False
        return text


def too_long_cell(longest: int) -> UnreadableFile:
    """The refusal of a cell that no list needs."""
    return UnreadableFile(
        f"A cell of the file holds more than {longest:,} characters. Remove it and send the file "
        "again."
    )


def too_many_columns(most: int, row: int) -> UnreadableFile:
    """The refusal of a row that no list needs."""
    return UnreadableFile(
        f"Row {row} of the file has more than {most} columns. Remove what stands there and send "
        "the file again."
    )
