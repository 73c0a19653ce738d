"""From a table to statements: the headings of a list found, its rows read one by one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import WrongHeadings
from registry.schemes.fields import NAME_FIELDS, Field
from registry.schemes.headings import Headings, find_headings, widest
from registry.schemes.layout import PLAIN, Layout
from registry.schemes.reading import ListReading
from registry.schemes.rows import RowReader
from registry.schemes.scheme import Scheme
from registry.schemes.suggestions import Suggestion, suggest
from registry.tables import Row, Sheet, Table

EXAMPLE_NAMES = "គោត្តនាម និងនាម"


@dataclass(frozen=True)
class Recognition:
    """What is known of the columns of a list.

    Attributes:
        known: heading → what it is about.
        suggestions: what other headings may be about, the surest first.
        unknown: headings that nothing is known of.
    """

    known: Mapping[str, Field]
    suggestions: tuple[Suggestion, ...]
    unknown: tuple[str, ...]


class SchemeAdapter:
    """Reads the lists of one scheme.

    Args:
        scheme: whose lists.
        others: the schemes that a wrong list may be of.
    """

    def __init__(self, scheme: Scheme, others: tuple[Scheme, ...] = ()) -> None:
        self.scheme = scheme
        self._others = tuple(other for other in others if other.code != scheme.code)

    @property
    def code(self) -> str:
        """Stable name of the scheme, as `idpoor`."""
        return self.scheme.code

    @property
    def name(self) -> str:
        """English name of the scheme."""
        return self.scheme.name

    @property
    def name_km(self) -> str:
        """Khmer name of the scheme."""
        return self.scheme.name_km

    def parse(self, table: Table, *, today: dt.date | None = None) -> ListReading:
        """Read every row below the headings, in file order; blank rows say nothing.

        Args:
            table: an open file; of several sheets the one with most known headings is read.
            today: the day after which no one was born yet; the clock's when left out.

        Raises:
            WrongHeadings: at once, when no sheet has the headings of this scheme's lists.
        """
        sheet, headings = self.choose(table)
        day = today or dt.datetime.now(tz=dt.UTC).date()
        return ListReading(sheet, RowReader(self.scheme, headings, day))

    def recognise(self, table: Table) -> Recognition:
        """What the columns of a list are about, and may be about, for an officer to confirm.

        Of several sheets and rows, the one with most known headings is meant; where none is
        known, the widest of the first rows.
        """
        found = [(find_headings(self.scheme, sheet.head), sheet) for sheet in table.sheets]
        headings, sheet = max(found, key=lambda choice: _known(choice[0]), default=(None, None))
        if headings is None or sheet is None:
            return Recognition({}, (), ())
        if not headings.columns:
            headings = widest(sheet.head)
        known = {headings.names[index]: field for field, index in headings.columns.items()}
        suggestions = suggest(self.scheme, headings, sheet.head)
        told = known.keys() | {suggestion.heading for suggestion in suggestions}
        rest = tuple(name for name in headings.names if name not in told)
        return Recognition(known, suggestions, rest)

    def choose(self, table: Table, layout: Layout = PLAIN) -> tuple[Sheet, Headings]:
        """The sheet that is read, the one with most known headings, and its headings.

        Args:
            table: an open file.
            layout: what is said of its sheet, its heading row and its headings.

        Raises:
            WrongHeadings: no sheet has the headings of this scheme's lists.
        """
        heads = [
            (sheet, tuple(row for row in sheet.head if layout.heading_row in {None, row.number}))
            for sheet in table.sheets
            if layout.sheet in {None, sheet.name}
        ]
        if not heads and layout.sheet is not None:
            names = ", ".join(sheet.name for sheet in table.sheets)
            raise WrongHeadings(f"The file has no sheet {layout.sheet}: its sheets are {names}.")
        found = [
            (sheet, find_headings(self.scheme, rows, layout.headings)) for sheet, rows in heads
        ]
        complete = [choice for choice in found if choice[1].is_complete]
        if not complete:
            best = max((headings for _, headings in found), key=_known, default=None)
            raise WrongHeadings(self._complaint(best, [rows for _, rows in heads]))
        return max(complete, key=lambda choice: _known(choice[1]))

    def _complaint(self, best: Headings | None, heads: list[tuple[Row, ...]]) -> str:
        missing = []
        if best is None or Field.RECORD_NUMBER not in best.columns:
            usual = self.scheme.usual_heading(Field.RECORD_NUMBER)
            missing.append(f"the record number (as {usual})")
        if best is None or not any(field in best.columns for field in NAME_FIELDS):
            missing.append(f"a name (as {EXAMPLE_NAMES})")
        message = f"No column of the file is headed as {' or '.join(missing)} of {self.code}."
        likely = self._likely_scheme(heads)
        if likely is None:
            return f"{message} Check the first row of headings and send the list again."
        return f"{message} It looks like a list of {likely}: send it for that scheme."

    def _likely_scheme(self, heads: list[tuple[Row, ...]]) -> str | None:
        found = [
            (find_headings(other, rows), other.code) for other in self._others for rows in heads
        ]
        complete = [(_known(headings), code) for headings, code in found if headings.is_complete]
        return max(complete)[1] if complete else None


def _known(headings: Headings) -> int:
    return len(headings.columns)
