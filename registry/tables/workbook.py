"""Excel and OpenDocument workbooks: their sheets and rows."""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import python_calamine as calamine

from registry.errors import UnreadableFile
from registry.tables.kinds import ADVICE
from registry.tables.table import Row, Table

MIDNIGHT = dt.time()


class WorkbookSheet:
    """One sheet of a workbook, read when its rows are first asked for."""

    def __init__(self, workbook: calamine.CalamineWorkbook, name: str) -> None:
        self._workbook = workbook
        self.name = name

    @cached_property
    def _sheet(self) -> calamine.CalamineSheet:
        try:
            return self._workbook.get_sheet_by_name(self.name)
        except (calamine.CalamineError, OSError) as error:
            raise UnreadableFile(f"Sheet {self.name} is damaged. {ADVICE}") from error

    def rows(self) -> Iterator[Row]:
        """Every row from the first of the sheet; unused columns on the left are left out."""
        if self._sheet.start is None:
            return
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            yield Row(
                number, tuple([cell if type(cell) is str else text_of(cell) for cell in cells])
            )


class Workbook(Table):
    """An open workbook."""

    def __init__(self, name: str, workbook: calamine.CalamineWorkbook) -> None:
        visible = (
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ is calamine.SheetTypeEnum.WorkSheet
        )
        super().__init__(name, tuple(WorkbookSheet(workbook, sheet) for sheet in visible))
        self._workbook = workbook

    def close(self) -> None:
        """Let go of the file."""
        self._workbook.close()


def open_workbook(path: Path) -> Table:
    """Open a workbook of any of the known kinds.

    Raises:
        UnreadableFile: when it is damaged, or closed by a password.
    """
    try:
        return Workbook(path.name, calamine.CalamineWorkbook.from_path(path))
    except calamine.PasswordError as error:
        message = "The workbook is closed by a password. Save it without one and send it again."
        raise UnreadableFile(message) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableFile(f"The workbook is damaged or cut short. {ADVICE}") from error


def text_of(cell: object) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a decimal point."""
    if isinstance(cell, dt.datetime) and cell.time() == MIDNIGHT:
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
