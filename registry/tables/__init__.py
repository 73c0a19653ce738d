"""Reading CSV files and workbooks row by row."""

from pathlib import Path

from registry.tables.isolated import open_isolated
from registry.tables.limits import LIMITS, Limits
from registry.tables.table import Row, Sheet, Table

__all__ = ["LIMITS", "Limits", "Row", "Sheet", "Table", "read"]


def read(path: Path, *, limits: Limits = LIMITS) -> Table:
    """Open a list as a table of text, whatever kind of file it is.

    The file is read in a process of its own with bounded memory and time.

    Raises:
        UnreadableFile: when no row of it can be taken, with one line that says what to do; also
            while rows are read, when a workbook turns out to be broken further down.
    """
    return open_isolated(path, limits)
