"""Many rows of a list at once, read column by column.

The same rules as for a row that is read alone (`registry.schemes.rows`), asked once for each
different text. Rows that cannot be taken, and those whose record number comes twice among them, are
only pointed out: whoever asks reads them one by one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.schemes.distinct import Known, Readings
from registry.schemes.fields import NAME_FIELDS, Field
from registry.schemes.headings import Headings
from registry.schemes.problems import NAME_MISSING, TOO_FEW_CELLS, CellProblem
from registry.schemes.rows import FULL, plain_fields
from registry.schemes.rules import (
    Birth,
    BirthCells,
    Note,
    Rules,
    TermCells,
    out_of_form,
    term,
    written,
)
from registry.schemes.scheme import Scheme
from registry.schemes.values.names import COLUMNS, normalised_name, read_name

STRAYS: Final = 1 << 16
Texts = Sequence[str]
Values = Sequence[str | None]
Cells = Sequence[Texts]
"""The texts of some rows, column by column."""
_BirthKey = tuple[str, str, str, str | None]
_TermKey = tuple[str, str, str | None]
_TermText = tuple[str | None, str | None, tuple[Note, ...]]


@dataclass
class ReadRows:
    """What some rows say; every column has a value for each of them.

    Attributes:
        numbers: their record numbers.
        person: columns of `NormalisedPerson`; one that is left out is None for all.
        enrolment: columns of `EnrolmentStatement`, as text; the same.
        problems: what is wrong with a row, by its place.
        unlike: places of the rows that are to be read one by one.
    """

    numbers: list[str] = field(default_factory=list)
    person: dict[str, list[str | None]] = field(default_factory=dict)
    enrolment: dict[str, Values] = field(default_factory=dict)
    problems: dict[int, list[CellProblem]] = field(default_factory=dict)
    unlike: set[int] = field(default_factory=set)


class ColumnReader:
    """Reads many rows under one heading row; what texts are read as is remembered."""

    def __init__(self, scheme: Scheme, headings: Headings, today: dt.date) -> None:
        columns, rules = headings.columns, Rules(scheme, today)
        self.scheme, self.headings, self.rules = scheme, headings, rules
        self.names = {each: _NamePart(each) for each in NAME_FIELDS if each in columns}
        self.plain = {
            each: Readings(parse) for each, parse in plain_fields(scheme).items() if each in columns
        }
        self.patterns = {
            each: Readings(out_of_form(pattern))
            for each, pattern in scheme.patterns.items()
            if each in columns
        }
        self.registered_on = Readings(rules.registered_on)
        self.category = Readings(rules.category)
        self.mother = Readings(rules.mother)
        self.written = Readings(written)
        self.plain_births = Readings(rules.plain_birth)
        self.births: Known[_BirthKey, Birth] = Known(lambda key: rules.birth(BirthCells(*key)))
        self.terms = Known(_term_text)

    def read(self, cells: Cells, short: Iterable[int] = ()) -> ReadRows:
        """Read some rows that are not blank.

        Args:
            cells: as many columns as there are headings.
            short: places of the rows that had fewer cells.
        """
        return _Reading(self, cells, short).result()


class _NamePart:
    """A column of names: what its cells say in its own script, and which say more or other."""

    def __init__(self, column: Field) -> None:
        _, self._script = COLUMNS[column.value]
        self.strays: set[str] = set()
        self._own = Known(self._read)

    def own(self, texts: Texts) -> list[str | None]:
        """What the cells say in the script of the column."""
        if len(self.strays) > STRAYS:
            self.strays.clear()
            self._own.clear()
        return self._own.of_all(texts)

    def _read(self, text: str) -> str | None:
        values = dict(normalised_name(text)) if text else {}
        if values.keys() - {self._script}:
            self.strays.add(text)
        return values.get(self._script)


class _Reading:
    """Some rows being read; problems are noted in the order in which a single row's are."""

    def __init__(self, reader: ColumnReader, cells: Cells, short: Iterable[int]) -> None:
        self.reader = reader
        self.cells = cells
        self.columns = reader.headings.columns
        self.count = len(cells[0])
        self.found = ReadRows()
        for place in short:
            self.found.problems[place] = [CellProblem("", "", TOO_FEW_CELLS)]

    def result(self) -> ReadRows:
        found, reader = self.found, self.reader
        found.numbers = self._numbers()
        self._names()
        registered = self._read(Field.REGISTERED_ON, reader.registered_on)
        category = self._read(Field.CATEGORY, reader.category)
        for meaning, readings in reader.plain.items():
            found.person[meaning.value] = self._read(meaning, readings)
        for meaning, readings in reader.patterns.items():
            self._read(meaning, readings)
        self._relate(category)
        found.person["birth_date"] = self._births(registered)
        if Field.MOTHER in self.columns:
            found.person["mother"] = self._read(Field.MOTHER, reader.mother)
        stated = [day if day and len(day) == FULL else None for day in registered]
        found.person["stated_on"] = stated
        household = found.person["household"] = self._households()
        status = self._read(Field.STATUS, reader.written)
        found.enrolment = {"number": found.numbers, "household": household,
                           "category": category, "status": status}  # fmt: skip
        self._terms(registered)
        return found

    def _numbers(self) -> list[str]:
        rules, texts = self.reader.rules, self._texts(Field.RECORD_NUMBER)
        numbers = list(texts)
        for place in rules.in_doubt(texts):
            value, problem = rules.record_number(texts[place])
            numbers[place] = value or ""
            if problem:
                self._note(place, Note(Field.RECORD_NUMBER, problem))
        if len(set(numbers)) < self.count:
            times = Counter(numbers)
            self.found.unlike.update(
                place for place, number in enumerate(numbers) if number and times[number] > 1
            )
        return numbers

    def _names(self) -> None:
        person, strays = self.found.person, set[int]()
        for meaning, part in self.reader.names.items():
            texts = self._texts(meaning)
            person[meaning.value] = part.own(texts)
            if not part.strays.isdisjoint(texts):
                strays.update(place for place, text in enumerate(texts) if text in part.strays)
        first = next(iter(self.reader.names))
        wholes = zip(*[person[meaning.value] for meaning in self.reader.names], strict=True)
        for place in [place for place, whole in enumerate(wholes) if not any(whole)]:
            if place not in strays:
                self._note(place, Note(first, NAME_MISSING))
        for place in sorted(strays):
            self._sort_name(place)

    def _sort_name(self, place: int) -> None:
        """Put a name that stands in columns of another script where it belongs."""
        person = self.found.person
        name = read_name(
            {meaning.value: self._texts(meaning)[place] for meaning in self.reader.names}
        )
        for column, value in name.columns.items():
            if column not in person:
                person[column] = [None] * self.count
            person[column][place] = value
        for column, code in name.problems.items():
            self._note(place, Note(Field(column), code))

    def _relate(self, category: Values) -> None:
        known = self.reader.scheme.relationships
        if known:
            said = self.found.person.get("relationship") or [None] * self.count
            self.found.person["relationship"] = [
                one or (None if word is None else known.get(word))
                for one, word in zip(said, category, strict=True)
            ]

    def _births(self, registered: Values) -> list[str | None]:
        texts = self._texts(Field.BIRTH_DATE)
        values = self.reader.plain_births.values(texts)
        years, ages = self._texts(Field.BIRTH_YEAR), self._texts(Field.AGE)
        doubtful = range(self.count) if Field.BIRTH_YEAR in self.columns else [
            place for place, (birth, day) in enumerate(zip(values, registered, strict=True))
            if birth is None or (day is not None and birth > day[: len(birth)])
        ]  # fmt: skip
        keys = [(texts[at], years[at], ages[at], registered[at]) for at in doubtful]
        for place, birth in zip(doubtful, self.reader.births.of_all(keys), strict=True):
            values[place] = birth.value
            for note in birth.notes:
                self._note(place, note)
        return values

    def _households(self) -> list[str | None]:
        """The first value of the scheme's household fields; as written when it is out of form."""
        found: list[str | None] = [None] * self.count
        person = self.found.person
        for meaning in (*self.reader.scheme.household, Field.HOUSEHOLD):
            if meaning is Field.RECORD_NUMBER:
                return _filled(found, self.found.numbers)
            found = _filled(found, person.get(meaning.value, ()))
            if meaning in self.columns and None in found:
                found = _filled(found, self.reader.written.values(self._texts(meaning)))
        return found

    def _terms(self, registered: Values) -> None:
        starts, ends = self._texts(Field.VALID_FROM), self._texts(Field.VALID_UNTIL)
        terms = self.reader.terms.of_all(zip(starts, ends, registered, strict=True))
        self.found.enrolment["valid_from"] = [one[0] for one in terms]
        self.found.enrolment["valid_until"] = [one[1] for one in terms]
        for place in [place for place, one in enumerate(terms) if one[2]]:
            for note in terms[place][2]:
                self._note(place, note)

    def _texts(self, meaning: Field) -> Texts:
        index = self.columns.get(meaning)
        return ("",) * self.count if index is None else self.cells[index]

    def _read(self, meaning: Field, readings: Readings) -> list[str | None]:
        if meaning not in self.columns:
            return [None] * self.count
        texts = self._texts(meaning)
        values = readings.values(texts)
        for place, problem in readings.problems(texts):
            self._note(place, Note(meaning, problem))
        return values

    def _note(self, place: int, note: Note) -> None:
        index = self.columns[note.field]
        heading, value = self.reader.headings.names[index], self.cells[index][place]
        problem = CellProblem(heading, value, note.code, note.detail)
        self.found.problems.setdefault(place, []).append(problem)
        if problem.is_error:
            self.found.unlike.add(place)


def _filled(found: list[str | None], others: Values) -> list[str | None]:
    """The values, and others where there are none."""
    if not others:
        return found
    return [value or other or None for value, other in zip(found, others, strict=True)]


def _term_text(key: _TermKey) -> _TermText:
    said = term(TermCells(*key))
    start, end = (None if day is None else day.isoformat() for day in (said.start, said.end))
    return start, end, said.notes
