"""A list being read: its rows one by one, and at the end what they show together."""

from collections.abc import Iterator
from typing import Self

from registry.schemes.cross_rows import CrossRows, Relative, RowRemark
from registry.schemes.headings import Headings
from registry.schemes.rows import RowReader, is_blank
from registry.schemes.statements import RejectedRow, Statement
from registry.tables import Sheet


class ListReading(Iterator[Statement | RejectedRow]):
    """One statement or rejected row for each row of a list that is not blank, in file order."""

    def __init__(self, sheet: Sheet, reader: RowReader) -> None:
        self._reader = reader
        self._cross_rows = CrossRows(reader.headings)
        self._rows = self._read(sheet)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Statement | RejectedRow:
        return next(self._rows)

    @property
    def headings(self) -> Headings:
        """The headings of the list and what they are about."""
        return self._reader.headings

    def remarks(self) -> tuple[RowRemark, ...]:
        """What the rows read so far show together; complete after the last."""
        return self._cross_rows.remarks()

    def _read(self, sheet: Sheet) -> Iterator[Statement | RejectedRow]:
        for row in sheet.rows():
            if row.number > self.headings.row and not is_blank(row):
                found = self._reader.read(row)
                if isinstance(found, Statement):
                    self._cross_rows.add(Relative.of(found, self._reader.headings))
                yield found
