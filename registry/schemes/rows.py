"""From a row to a statement, or to what is wrong with it."""

import datetime as dt
from collections.abc import Callable, Mapping

from registry.schemes.fields import NAME_FIELDS, Field
from registry.schemes.headings import ADDED, Headings
from registry.schemes.problems import (
    NAME_MISSING,
    RECORD_NUMBER_REPEATED,
    TOO_FEW_CELLS,
    TOO_MANY_CELLS,
    CellProblem,
)
from registry.schemes.rules import BirthCells, Note, Rules, TermCells, out_of_form, term, written
from registry.schemes.scheme import Scheme
from registry.schemes.statements import (
    EnrolmentStatement,
    NormalisedPerson,
    RejectedRow,
    Statement,
)
from registry.schemes.values.identifiers import (
    parse_birth_certificate,
    parse_equity_card,
    parse_national_id,
)
from registry.schemes.values.names import read_name
from registry.schemes.values.phones import parse_phone
from registry.schemes.values.places import parse_village
from registry.schemes.values.plain import tidy
from registry.schemes.values.reading import Reading
from registry.tables import Row

FULL = len("2026-10-10")


def plain_fields(scheme: Scheme) -> dict[Field, Callable[[str], Reading]]:
    """The fields of a person that one cell says by itself, each with how it is read."""
    return {
        Field.SEX: scheme.sexes.read,
        Field.VILLAGE: parse_village,
        Field.NATIONAL_ID: parse_national_id,
        Field.BIRTH_CERTIFICATE: parse_birth_certificate,
        Field.EQUITY_CARD: parse_equity_card,
        Field.PHONE: parse_phone,
        Field.RELATIONSHIP: scheme.relations.read,
    }


def is_blank(row: Row) -> bool:
    """Whether a row says nothing at all."""
    return not any(cell and not cell.isspace() for cell in row.cells)


class RowReader:
    """Reads the rows under one heading row, and remembers the record numbers it has seen."""

    def __init__(self, scheme: Scheme, headings: Headings, today: dt.date) -> None:
        columns = headings.columns
        self.scheme = scheme
        self.headings = headings
        self.rules = Rules(scheme, today)
        self.seen: dict[str, int] = {}
        self.names = [(field.value, columns[field]) for field in NAME_FIELDS if field in columns]
        self.plain = [
            (field.value, field, columns[field], parse)
            for field, parse in plain_fields(scheme).items()
            if field in columns
        ]
        self.added = [name for name in ADDED if name in headings.names]
        self.patterns = [
            (field, out_of_form(pattern))
            for field, pattern in scheme.patterns.items()
            if field in columns
        ]

    def read(self, row: Row) -> Statement | RejectedRow:
        """Read one row that is not blank."""
        return _Reading(self, row).result()


class _Reading:
    """One row being read: its cells, and what has been found wrong with them."""

    __slots__ = ("as_sent", "cells", "columns", "problems", "reader", "row", "scheme")

    def __init__(self, reader: RowReader, row: Row) -> None:
        self.reader = reader
        self.scheme = reader.scheme
        self.columns = reader.headings.columns
        self.row = row.number
        self.problems: list[CellProblem] = []
        self.cells = self._fit(row.cells)
        self.as_sent = dict(zip(reader.headings.names, self.cells, strict=False))
        for name in reader.added:
            del self.as_sent[name]

    def result(self) -> Statement | RejectedRow:
        number = self._record_number()
        name = self._name()
        rules = self.reader.rules
        registered_on = rules.registered_on(self._cell(Field.REGISTERED_ON))
        registered = self._take(Field.REGISTERED_ON, registered_on)
        category = self._take(Field.CATEGORY, rules.category(self._cell(Field.CATEGORY)))
        values = self._plain_values()
        if category is not None and not values.get("relationship"):
            values["relationship"] = self.scheme.relationships.get(category)
        values["birth_date"] = self._birth_date(registered)
        if mother := self._cell(Field.MOTHER):
            values["mother"] = rules.mother(mother).value
        values["stated_on"] = registered if registered and len(registered) == FULL else None
        values["household"] = household = self._household(number, values)
        enrolment = self._enrolment(number, household, category, registered)
        if self.problems and any(problem.is_error for problem in self.problems):
            self.problems.sort(key=lambda problem: not problem.is_error)
            return RejectedRow(row=self.row, as_sent=self.as_sent, problems=tuple(self.problems))
        self.reader.seen[number] = self.row
        person = NormalisedPerson(**name, **values)
        return Statement(self.row, number, self.as_sent, person, enrolment, tuple(self.problems))

    def _plain_values(self) -> dict[str, str | None]:
        values: dict[str, str | None] = {}
        for column, field, index, parse in self.reader.plain:
            text = self.cells[index]
            if text:
                values[column], problem = parse(text)
                if problem is not None:
                    self._note(field, problem)
        for field, read in self.reader.patterns:
            self._take(field, read(self._cell(field)))
        return values

    def _fit(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """The cells made as many as the headings."""
        spare = len(cells) - len(self.reader.headings.names)
        if spare < 0:
            self.problems.append(CellProblem("", "", TOO_FEW_CELLS))
            return cells + ("",) * -spare
        if spare > 0 and any(cell.strip() for cell in cells[-spare:]):
            extra = " ".join(cells[-spare:]).strip()
            self.problems.append(CellProblem("", extra, TOO_MANY_CELLS))
        return cells

    def _cell(self, field: Field) -> str:
        index = self.columns.get(field)
        return "" if index is None else self.cells[index]

    def _note(self, field: Field, code: str, detail: str = "") -> None:
        index = self.columns.get(field)
        heading = "" if index is None else self.reader.headings.names[index]
        self.problems.append(CellProblem(heading, self._cell(field), code, detail))

    def _note_all(self, notes: tuple[Note, ...]) -> None:
        for note in notes:
            self._note(*note)

    def _take(self, field: Field, reading: Reading) -> str | None:
        if reading.problem is not None:
            self._note(field, reading.problem)
        return reading.value

    def _record_number(self) -> str:
        reading = self.reader.rules.record_number(self._cell(Field.RECORD_NUMBER))
        number = reading.value or ""
        if number in self.reader.seen:
            self._note(Field.RECORD_NUMBER, RECORD_NUMBER_REPEATED, str(self.reader.seen[number]))
        else:
            self._take(Field.RECORD_NUMBER, reading)
        return number

    def _name(self) -> Mapping[str, str]:
        cells = {column: self.cells[index] for column, index in self.reader.names}
        name = read_name(cells)
        for column, code in name.problems.items():
            self._note(Field(column), code)
        if not name.columns:
            self._note(Field(next(iter(cells))), NAME_MISSING)
        return name.columns

    def _birth_date(self, registered: str | None) -> str | None:
        cells = (self._cell(Field.BIRTH_DATE), self._cell(Field.BIRTH_YEAR), self._cell(Field.AGE))
        birth = self.reader.rules.birth(BirthCells(*cells, registered))
        self._note_all(birth.notes)
        return birth.value

    def _household(self, number: str, values: Mapping[str, str | None]) -> str | None:
        """The first value of the scheme's household fields; as written when it is out of form."""
        for field in self.scheme.household:
            if field is Field.RECORD_NUMBER:
                return number
            value = values.get(field.value) or tidy(self._cell(field))
            if value:
                return value
        return written(self._cell(Field.HOUSEHOLD)).value

    def _enrolment(
        self, number: str, household: str | None, category: str | None, registered: str | None
    ) -> EnrolmentStatement:
        cells = self._cell(Field.VALID_FROM), self._cell(Field.VALID_UNTIL), registered
        said = term(TermCells(*cells))
        self._note_all(said.notes)
        return EnrolmentStatement(
            number=number,
            household=household,
            category=category,
            valid_from=said.start,
            valid_until=said.end,
            status=written(self._cell(Field.STATUS)).value,
        )
