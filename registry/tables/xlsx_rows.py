"""The rows of an Excel sheet, element by element."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry.errors import UnreadableFile
from registry.tables.archive import DAMAGED
from registry.tables.limits import Limits
from registry.tables.markup import Handlers, local
from registry.tables.numbers import date_text, number_text
from registry.tables.shared_texts import SharedTexts, unescape
from registry.tables.table import Row, TextRun, too_many_columns

DIGITS = "0123456789"
TEXTS = frozenset({"t", "v", "f"})


@dataclass(frozen=True)
class CellForms:
    """What the cells of a workbook refer to.

    Attributes:
        texts: the shared texts.
        date_styles: numbers of the styles that show dates.
        since_1904: whether days are counted from 1904.
    """

    texts: SharedTexts
    date_styles: frozenset[str]
    since_1904: bool

    def reader(self, kind: str, style: str) -> Callable[[str], str] | None:
        """How a spreadsheet shows values of a kind; None for those that are shown as they are."""
        match kind:
            case "s":
                return self._shared
            case "n":
                return self._date if style in self.date_styles else _number
            case "b":
                return _truth
        return None

    def _shared(self, value: str) -> str:
        return self.texts[int(value)] if value.isdigit() else ""

    def _date(self, value: str) -> str:
        return date_text(value, since_1904=self.since_1904) if value else ""


def _number(value: str) -> str:
    return number_text(value) if value else ""


def _truth(value: str) -> str:
    if not value:
        return ""
    return "TRUE" if value == "1" else "FALSE"


class RowHandlers:
    """Collects the rows of a sheet; `rows` is emptied by whoever reads them."""

    def __init__(self, forms: CellForms, limits: Limits) -> None:
        self.rows: list[Row] = []
        self._forms = forms
        self._limits = limits
        self._run = TextRun(limits.cell_characters)
        self.handlers = Handlers(self.start, self.end, self._run.add)
        self._columns: dict[str, int] = {}
        self._cells: list[str] = []
        self._width = 0
        self._row = 0
        self._column = -1
        self._is_in_data = self._is_in_row = False
        self._kind = self._style = self._formula = self._value = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open a row, a cell, or the text of a cell."""
        tag = local(name) if ":" in name else name
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = self._value = ""
            reference = attributes.get("r")
            self._column = self._index(reference) if reference else self._column + 1
        elif tag in TEXTS:
            self._run.open()
        elif tag == "row":
            self._row = self._row_number(attributes.get("r"))
            self._column = -1
            self._is_in_row = True
        elif tag == "sheetData":
            self._is_in_data = True

    def end(self, name: str) -> None:
        """Close the text of a cell, a cell or a row."""
        tag = local(name) if ":" in name else name
        if tag == "v":
            self._value = self._run.take()
        elif tag == "c":
            self._keep()
        elif tag == "row":
            self._close_row()
            self._is_in_row = False
        elif tag == "t":
            self._run.close()
        elif tag == "is":
            self._value = unescape(self._run.take())
        elif tag == "f":
            self._formula = self._run.take()
        elif tag == "sheetData":
            self._is_in_data = False

    @property
    def is_between_rows(self) -> bool:
        """Whether the next row of the sheet may begin here."""
        return self._is_in_data and not self._is_in_row

    def _keep(self) -> None:
        text = self._text()
        if not text:
            return
        if self._column >= self._limits.columns:
            raise too_many_columns(self._limits.columns, self._row)
        missing = self._column - len(self._cells)
        if missing >= 0:
            self._cells.extend([""] * missing)
            self._cells.append(text)
        else:
            self._cells[self._column] = text

    def _text(self) -> str:
        """What a spreadsheet would show in the cell; its formula when it shows nothing yet."""
        value = self._value
        if not value:
            return f"={self._formula}" if self._formula else ""
        reader = self._forms.reader(self._kind, self._style)
        return unescape(value) if reader is None else reader(value)

    def keep(self, written: str, cells: list[str]) -> None:
        """Keep a whole row that was read elsewhere, by its number as written."""
        self._row = self._row_number(written)
        self._cells = cells
        self._close_row()

    def _close_row(self) -> None:
        if not self._cells:
            return
        self._width = max(self._width, len(self._cells))
        self._cells.extend([""] * (self._width - len(self._cells)))
        self.rows.append(Row(self._row, tuple(self._cells)))
        self._cells = []

    def _row_number(self, written: str | None) -> int:
        if written is None:
            return self._row + 1
        number = int(written) if written.isdigit() and len(written) < len("10000000") else 0
        if not self._row < number <= self._limits.rows:
            raise UnreadableFile(DAMAGED)
        return number

    def _index(self, reference: str) -> int:
        letters = reference.rstrip(DIGITS)
        index = self._columns.get(letters)
        if index is None:
            index = self._columns[letters] = column_index(letters)
        return index


def column_index(letters: str) -> int:
    """The place of a column from 0, as 27 for AB."""
    index = 0
    for letter in letters[:4].upper():
        if not "A" <= letter <= "Z":
            raise UnreadableFile(DAMAGED)
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
