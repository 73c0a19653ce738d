"""The administrator's own rows back as a workbook, with what is wrong beside each of them.

The headings are those of the list, so that the workbook can be corrected and sent again: the
columns that were added mean nothing to any scheme. Every cell is text, whatever it begins with: a
spreadsheet calculates none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from registry.schemes.headings import ADDED
from registry.schemes.statements import RejectedRow, Statement

TAKEN: Final = {True: "taken · បានទទួល", False: "rejected · បដិសេធ"}
LONGEST: Final = 32_767
TEXT: Final = "@"
WIDTH: Final = 18
REASON_WIDTH: Final = 60
WRONG: Final = PatternFill("solid", fgColor="FFF2B3")
HEADING: Final = Font(bold=True)
WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


class Remark(Protocol):
    """What is said of one cell; a `CellProblem`, or one read back from where it is stored."""

    @property
    def column(self) -> str:
        """Heading of the cell; "" when the whole row is meant."""

    @property
    def message(self) -> str:
        """English sentence."""

    @property
    def message_km(self) -> str:
        """Khmer sentence."""


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row as it was sent, and what is said of it."""

    number: int
    cells: Mapping[str, str]
    remarks: tuple[Remark, ...]
    is_taken: bool

    @classmethod
    def of(cls, row: Statement | RejectedRow, more: tuple[Remark, ...] = ()) -> Self:
        """A row as it was read, with the remarks that other rows gave rise to."""
        if isinstance(row, Statement):
            return cls(row.row, row.as_sent, (*row.warnings, *more), is_taken=True)
        return cls(row.row, row.as_sent, (*row.problems, *more), is_taken=False)


def write_corrections(
    path: Path, headings: Iterable[str], rows: Iterable[MarkedRow], *, only_rejected: bool
) -> int:
    """Write rows and what is wrong with them as a workbook.

    Args:
        path: of the workbook, which is replaced.
        headings: of the list, in its order.
        rows: in the order of the list; each is written as it comes.
        only_rejected: leave out the rows that were taken.

    Returns:
        The number of rows written, headings apart.
    """
    workbook = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = workbook.create_sheet("Rows")
    names = tuple(headings)
    _lay_out(sheet, len(names))
    sheet.append([_cell(sheet, name, font=HEADING) for name in (*names, *ADDED)])
    count = 0
    for row in rows:
        if not (only_rejected and row.is_taken):
            sheet.append(_line(sheet, names, row))
            count += 1
    workbook.save(path)
    return count


def _lay_out(sheet: WriteOnlyWorksheet, columns: int) -> None:
    sheet.freeze_panes = "A2"
    for place in range(1, columns + len(ADDED) + 1):
        is_reason = place > columns + len(ADDED) - 2
        width = REASON_WIDTH if is_reason else WIDTH
        sheet.column_dimensions[get_column_letter(place)].width = width  # type: ignore[attr-defined] # missing from the stubs


def _line(sheet: WriteOnlyWorksheet, names: tuple[str, ...], row: MarkedRow) -> list[Cell | None]:
    wrong = {remark.column for remark in row.remarks}
    sent = [
        _cell(sheet, row.cells.get(name, ""), fill=WRONG if name in wrong else None)
        for name in names
    ]
    english = _joined((remark.column, remark.message) for remark in row.remarks)
    khmer = _joined((remark.column, remark.message_km) for remark in row.remarks)
    return [
        *sent,
        _cell(sheet, str(row.number)),
        _cell(sheet, TAKEN[row.is_taken]),
        _cell(sheet, english, alignment=WRAPPED),
        _cell(sheet, khmer, alignment=WRAPPED),
    ]


def _joined(said: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{column}: {message}" if column else message for column, message in said)


def _cell(
    sheet: WriteOnlyWorksheet,
    text: str,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
) -> Cell | None:
    """A cell that is text and stays text when somebody edits it; none for an empty one."""
    if not text and fill is None:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type = "s"
    cell.number_format = TEXT
    cell.quotePrefix = True
    if font is not None:
        cell.font = font
    if fill is not None:
        cell.fill = fill
    if alignment is not None:
        cell.alignment = alignment
    return cell
