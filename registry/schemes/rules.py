"""What the cells of a row say, part by part: the same for a row that is read alone and for many.

Each rule is a function of the texts of some cells alone, so that it need not be asked twice.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from registry.schemes.fields import Field
from registry.schemes.problems import RECORD_NUMBER_MISSING
from registry.schemes.scheme import Scheme
from registry.schemes.values.dates import OLDEST, first_day, last_day, parse_date, year_from_age
from registry.schemes.values.plain import tidy
from registry.schemes.values.reading import NOTHING, Reading


class Note(NamedTuple):
    """Something that is wrong with the cell of a field; `detail` is what it is at odds with."""

    field: Field
    code: str
    detail: str = ""


class Birth(NamedTuple):
    """A birth date as far as it is known, and what is wrong with the cells that say it."""

    value: str | None
    notes: tuple[Note, ...]


class Term(NamedTuple):
    """First and last day of an enrolment, and what is wrong with the cells that say them."""

    start: dt.date | None
    end: dt.date | None
    notes: tuple[Note, ...]


class BirthCells(NamedTuple):
    """The cells that may say when somebody was born, and the date of the statement, read."""

    birth_date: str
    birth_year: str
    age: str
    registered_on: str | None


class TermCells(NamedTuple):
    """The cells that say when an enrolment holds, and the date of the statement, read."""

    valid_from: str
    valid_until: str
    registered_on: str | None


class Rules:
    """The rules of one scheme's lists on one day; nobody is born after it."""

    def __init__(self, scheme: Scheme, today: dt.date) -> None:
        self._scheme = scheme
        self._today = today.isoformat()
        self._earliest = str(today.year - OLDEST)

    def record_number(self, text: str) -> Reading:
        """The record number; also one out of form is taken."""
        number = self._scheme.number.tidy(text)
        if not number:
            return Reading(number, RECORD_NUMBER_MISSING)
        return Reading(
            number, None if self._scheme.number.fits(number) else "record_number.pattern"
        )

    def in_doubt(self, texts: Sequence[str]) -> list[int]:
        """Places of the texts that may not be record numbers in order, to the letter: few are."""
        return self._scheme.number.in_doubt(texts)

    def registered_on(self, text: str) -> Reading:
        """The date on which the row was written down."""
        value, problem = date_of(text, Field.REGISTERED_ON)
        if value is not None and self._has_not_come(value):
            return Reading(problem="registered_on.future")
        return Reading(value, problem)

    def category(self, text: str) -> Reading:
        """One of the scheme's categories; as written where it has none of its own."""
        if self._scheme.categories is None:
            return Reading(tidy(text) or None)
        return self._scheme.categories.read(text)

    def mother(self, text: str) -> Reading:
        """The record number of the mother."""
        return Reading(self._scheme.number.tidy(text) or None)

    def plain_birth(self, text: str) -> Reading:
        """A birth date that no other cell but the date of the statement can put in doubt."""
        value = parse_date(text).value if text else None
        if value is None or self._has_not_come(value) or value < self._earliest:
            return NOTHING
        return Reading(value)

    def birth(self, cells: BirthCells) -> Birth:
        """The birth date, else the year of birth, else what the age says."""
        notes: list[Note] = []
        text, field = _noted(cells.birth_date, Field.BIRTH_DATE, notes), Field.BIRTH_DATE
        year = _noted(cells.birth_year, Field.BIRTH_YEAR, notes)
        if text is None:
            text, field = year, Field.BIRTH_YEAR
        elif year is not None and text[:4] != year[:4]:
            notes.append(Note(Field.BIRTH_YEAR, "birth_date.conflict"))
        if text is None:
            text, problem = year_from_age(cells.age, cells.registered_on)
            if problem is not None:
                notes.append(Note(Field.AGE, problem))
        elif self._has_not_come(text) or text < self._earliest:
            reason = "future" if self._has_not_come(text) else "impossible"
            notes.append(Note(field, f"birth_date.{reason}"))
            text = None
        elif cells.registered_on is not None and text > cells.registered_on[: len(text)]:
            notes.append(Note(field, "birth_date.after_statement", cells.registered_on))
        return Birth(text, tuple(notes))

    def _has_not_come(self, date: str) -> bool:
        return date > self._today[: len(date)]


def date_of(text: str, field: Field) -> Reading:
    """A date; its problems are called after the field."""
    if not text:
        return NOTHING
    value, problem = parse_date(text)
    if problem is None:
        return Reading(value)
    called = Field.BIRTH_DATE if field is Field.BIRTH_YEAR else field
    return Reading(value, problem.replace("date", called.value, 1))


def term(cells: TermCells) -> Term:
    """When an enrolment holds; from the date of the statement where no other start is said."""
    notes: list[Note] = []
    start = first_day(_noted(cells.valid_from, Field.VALID_FROM, notes) or cells.registered_on)
    end = last_day(_noted(cells.valid_until, Field.VALID_UNTIL, notes))
    if start is not None and end is not None and end < start:
        notes.append(Note(Field.VALID_UNTIL, "valid_until.before_start", start.isoformat()))
    return Term(start, end, tuple(notes))


def written(text: str) -> Reading:
    """What stands there, tidied."""
    return Reading(tidy(text) or None)


def out_of_form(pattern: re.Pattern[str]) -> Callable[[str], Reading]:
    """A reader that only says which numbers are not of a form."""

    def read(text: str) -> Reading:
        number = tidy(text)
        is_in_form = not number or pattern.fullmatch(number) is not None
        return NOTHING if is_in_form else Reading(problem="number.pattern")

    return read


def _noted(text: str, field: Field, notes: list[Note]) -> str | None:
    value, problem = date_of(text, field)
    if problem is not None:
        notes.append(Note(field, problem))
    return value
