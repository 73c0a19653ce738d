"""A list before it is sent: how its first rows would be read, for its sender to confirm."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from registry.errors import UnknownEncoding, WrongHeadings
from registry.lists import layouts
from registry.lists.opening_lists import Guide, find_list, open_file
from registry.lists.parsing import adapter_of
from registry.schemes.adapter import SchemeAdapter
from registry.schemes.fields import Field
from registry.schemes.headings import Headings, find_headings, widest
from registry.schemes.layout import Layout
from registry.schemes.problems import CellProblem
from registry.schemes.rows import RowReader, is_blank
from registry.schemes.statements import EnrolmentStatement, NormalisedPerson, Statement
from registry.schemes.suggestions import suggest
from registry.tables import Sheet, Table

MOST: Final = 100


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Attributes:
        heading: as the file has it, made different from the others.
        field: what it is read as; None when it is kept as sent and not read.
        is_confirmed: whether somebody said so, for this file or an earlier one of the scheme.
        suggested: what a column that is not read may be about, for the sender to confirm.
        confidence: of the suggestion, from 0.5 to 1; 0 without one.
    """

    heading: str
    field: Field | None
    is_confirmed: bool
    suggested: Field | None
    confidence: float


@dataclass(frozen=True)
class PreviewRow:
    """A row as sent and as it would be taken.

    Attributes:
        person, enrolment: None for a row that would be rejected, and for all while the headings
            are not complete.
    """

    number: int
    cells: tuple[str, ...]
    person: NormalisedPerson | None
    enrolment: EnrolmentStatement | None
    problems: tuple[CellProblem, ...]


@dataclass(frozen=True)
class Preview:
    """How a list would be read.

    Attributes:
        encoding_to_confirm: the encoding in which a text that is not in Unicode is shown; None
            where nothing is to be confirmed.
        sheets: names of all sheets.
        sheet: name of the one that is shown.
        heading_row: number of the row of headings.
        complaint: why the list would be refused, in one line; None when it would be taken.
    """

    encoding_to_confirm: str | None
    sheets: tuple[str, ...]
    sheet: str
    heading_row: int
    columns: tuple[Column, ...]
    rows: tuple[PreviewRow, ...]
    complaint: str | None


@dataclass(frozen=True)
class Draft:
    """A file that may be sent.

    Attributes:
        said: what its sender says of it by now.
        descriptions: folder of the descriptions of configured schemes.
    """

    scheme: str
    path: Path
    said: Layout
    descriptions: Path | None = None


def preview(session: Session, draft: Draft, today: dt.date) -> Preview:
    """How the first rows of a file would be read; nothing is kept.

    Raises:
        UnknownScheme: there is no such scheme.
        UnreadableFile: the file is no table, or has no such sheet.
    """
    adapter = adapter_of(draft.scheme, draft.descriptions)
    guide = Guide(draft.said, layouts.remembered(session, draft.scheme))
    to_confirm = None
    try:
        table, _ = open_file(draft.path, guide)
    except UnknownEncoding as error:
        to_confirm = error.suggestion
        guide = replace(guide, said=replace(draft.said, encoding=to_confirm))
        table, _ = open_file(draft.path, guide)
    with table:
        return _of_table(adapter, table, guide, today, to_confirm)


def _of_table(
    adapter: SchemeAdapter, table: Table, guide: Guide, today: dt.date, to_confirm: str | None
) -> Preview:
    complaint = None
    try:
        sheet, headings = find_list(adapter, table, guide)
    except WrongHeadings as error:
        complaint = str(error)
        sheet, headings = _likeliest(adapter, table, guide)
    return Preview(
        encoding_to_confirm=to_confirm,
        sheets=tuple(each.name for each in table.sheets),
        sheet=sheet.name,
        heading_row=headings.row,
        columns=_columns(adapter, sheet, headings, guide),
        rows=_rows(adapter, sheet, headings, today),
        complaint=complaint,
    )


def _likeliest(adapter: SchemeAdapter, table: Table, guide: Guide) -> tuple[Sheet, Headings]:
    """The sheet and the row that say most, where none says enough.

    Raises:
        WrongHeadings: there is no such sheet, or none at all.
    """
    said = guide.said.over(Layout(headings=guide.remembered.headings))
    sheets = [each for each in table.sheets if said.sheet in {None, each.name}]
    if not sheets:
        names = ", ".join(each.name for each in table.sheets)
        raise WrongHeadings(f"The file has no sheet {said.sheet}: its sheets are {names}.")
    found = []
    for sheet in sheets:
        rows = [row for row in sheet.head if said.heading_row in {None, row.number}]
        headings = find_headings(adapter.scheme, rows, said.headings)
        found.append((sheet, headings if headings.columns else widest(rows)))
    return max(found, key=lambda each: (len(each[1].columns), len(each[1].names)))


def _columns(
    adapter: SchemeAdapter, sheet: Sheet, headings: Headings, guide: Guide
) -> tuple[Column, ...]:
    read = {index: field for field, index in headings.columns.items()}
    confirmed = {**guide.remembered.headings, **guide.said.headings}
    suggestions = {
        each.heading: each
        for each in suggest(adapter.scheme, headings, sheet.head)
        if each.heading not in confirmed
    }
    columns = []
    for index, name in enumerate(headings.names):
        found = suggestions.get(name)
        columns.append(
            Column(
                name, read.get(index), name in confirmed,
                found.field if found else None, found.confidence if found else 0.0,
            )
        )  # fmt: skip
    return tuple(columns)


def _rows(
    adapter: SchemeAdapter, sheet: Sheet, headings: Headings, today: dt.date
) -> tuple[PreviewRow, ...]:
    reader = RowReader(adapter.scheme, headings, today) if headings.is_complete else None
    behind = (row for row in sheet.rows() if row.number > headings.row and not is_blank(row))
    rows = []
    for row in islice(behind, MOST):
        found = None if reader is None else reader.read(row)
        if isinstance(found, Statement):
            shown = PreviewRow(row.number, row.cells, found.person, found.enrolment, found.warnings)
        else:
            problems = () if found is None else found.problems
            shown = PreviewRow(row.number, row.cells, None, None, problems)
        rows.append(shown)
    return tuple(rows)
