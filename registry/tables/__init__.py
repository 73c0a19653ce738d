"""Reading CSV files and workbooks row by row."""

from collections.abc import Generator
from itertools import islice
from pathlib import Path

from registry.tables.frames import TOGETHER, Question, Rows
from registry.tables.isolated import IsolatedSheet, open_isolated
from registry.tables.limits import LIMITS, Limits
from registry.tables.table import Row, Sheet, Table

__all__ = ["LIMITS", "Limits", "Row", "Rows", "Sheet", "Table", "packed", "read"]


def read(path: Path, *, limits: Limits = LIMITS, encoding: str | None = None) -> Table:
    """Open a list as a table of text, whatever kind of file it is.

    The file is read in a process of its own with bounded memory and time.

    Args:
        path: of the file.
        limits: of reading it.
        encoding: of a text that is not in Unicode, as its sender confirmed it.

    Raises:
        UnknownEncoding: a text is in neither UTF-8 nor UTF-16; it says what it may be in.
        UnreadableFile: when no row of it can be taken, with one line that says what to do; also
            while rows are read, when a workbook turns out to be broken further down.
    """
    return open_isolated(Question(path, limits, encoding=encoding))


def packed(sheet: Sheet, together: int = TOGETHER) -> Generator[Rows]:
    """The rows of a sheet in file order, some at a time, to be unpacked where they are looked at.

    Rows that another process reads are passed on as it packed them.
    """
    if isinstance(sheet, IsolatedSheet):
        yield from sheet.packed(together)
        return
    rows = sheet.rows()
    while some := list(islice(rows, together)):
        yield Rows.of(some)
