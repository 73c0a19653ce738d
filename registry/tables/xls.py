"""Excel workbooks of before 2007, which cannot hold more than a rectangle of 65,536 by 256."""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from registry.errors import UnreadableFile
from registry.tables.archive import DAMAGED, PASSWORD
from registry.tables.limits import Limits
from registry.tables.numbers import number_text
from registry.tables.table import HEAD, Row, Table, too_long_cell, too_many_columns

MIDNIGHT = dt.time()
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What the one entry of a newer workbook that is closed by a password is called."""


class XlsSheet:
    """One sheet of a workbook, read when its rows are first asked for."""

    def __init__(self, workbook: calamine.CalamineWorkbook, name: str, limits: Limits) -> None:
        self._workbook = workbook
        self._limits = limits
        self.name = name

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows."""
        return tuple(islice(self.rows(), HEAD))

    def rows(self) -> Iterator[Row]:
        """Every row from the first of the sheet; unused columns on the left are left out."""
        if self._sheet.start is None:
            return
        if self._sheet.width > self._limits.columns:
            raise too_many_columns(self._limits.columns, 1)
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            cells = tuple([text_of(value) for value in values])
            if max(map(len, cells)) > self._limits.cell_characters:
                raise too_long_cell(self._limits.cell_characters)
            yield Row(number, cells)

    @cached_property
    def _sheet(self) -> calamine.CalamineSheet:
        try:
            return self._workbook.get_sheet_by_name(self.name)
        except (calamine.CalamineError, OSError) as error:
            raise UnreadableFile(DAMAGED) from error


class XlsBook(Table):
    """An open workbook."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._workbook = _opened(path)
        worksheets = (
            sheet.name
            for sheet in self._workbook.sheets_metadata
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet
        )
        super().__init__(
            path.name, tuple(XlsSheet(self._workbook, name, limits) for name in worksheets)
        )

    def close(self) -> None:
        """Let go of the file."""
        self._workbook.close()


def _opened(path: Path) -> calamine.CalamineWorkbook:
    if ENCRYPTED in path.read_bytes():
        raise UnreadableFile(PASSWORD)
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError as error:
        raise UnreadableFile(PASSWORD) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableFile(DAMAGED) from error


def text_of(cell: object) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a decimal point."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")
    if isinstance(cell, dt.datetime) and cell.time() == MIDNIGHT:
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).upper()
    return number_text(str(cell))
