"""Reading CSV files and workbooks row by row."""

from pathlib import Path

from registry.errors import UnreadableFile
from registry.tables.delimited import open_delimited
from registry.tables.kinds import Kind, recognise
from registry.tables.table import Row, Sheet, Table, head
from registry.tables.workbook import open_workbook

__all__ = ["Row", "Sheet", "Table", "head", "read"]


def read(path: Path) -> Table:
    """Open a list as a table of text, whatever kind of file it is.

    Raises:
        UnreadableFile: when no row of it can be taken, with one line that says what to do.
    """
    try:
        kind = recognise(path)
        return open_delimited(path) if kind is Kind.TEXT else open_workbook(path)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error
