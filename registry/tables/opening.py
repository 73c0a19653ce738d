"""Opening a list of any kind, in the process that asks: the child of `registry.tables.isolated`."""

from pathlib import Path

from registry.errors import UnreadableFile
from registry.tables.delimited import open_delimited
from registry.tables.kinds import Kind, recognise
from registry.tables.limits import MEGABYTE, Limits
from registry.tables.table import Table


def open_table(path: Path, limits: Limits, encoding: str | None = None) -> Table:
    """Open a list as a table of text, whatever kind of file it is.

    Args:
        path: of the file.
        limits: of reading it.
        encoding: of a text, as its sender confirmed it; nothing to a workbook.

    Raises:
        UnreadableFile: when no row of it can be taken, with one line that says what to do.
    """
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            most = limits.file_bytes // MEGABYTE
            raise UnreadableFile(f"The file is larger than {most} MB: send it in parts.")
        kind = recognise(path)
        if kind is Kind.TEXT:
            return open_delimited(path, limits, encoding)
        return _open_book(kind, path, limits)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error


def _open_book(kind: Kind, path: Path, limits: Limits) -> Table:
    """Open a workbook of a known kind; what only one kind needs is imported for it alone."""
    match kind:
        case Kind.XLSX:
            from registry.tables.xlsx import XlsxBook  # noqa: PLC0415 - see above

            return XlsxBook(path, limits)
        case Kind.ODS:
            from registry.tables.ods import OdsBook  # noqa: PLC0415 - see above

            return OdsBook(path, limits)
        case _:
            from registry.tables.xls import XlsBook  # noqa: PLC0415 - see above

            return XlsBook(path, limits)
