"""What a list says of a person, row by row."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from registry.schemes.problems import CellProblem


class NormalisedPerson(NamedTuple):
    """The columns that the engine compares; each is text in its stated form, or None.

    The forms are those of decision 1 (`docs/decisions/0001-normalised-record.md`).
    """

    family_khmer: str | None = None
    given_khmer: str | None = None
    name_khmer: str | None = None
    family_latin: str | None = None
    given_latin: str | None = None
    name_latin: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    village: str | None = None
    national_id: str | None = None
    birth_certificate: str | None = None
    equity_card: str | None = None
    phone: str | None = None
    household: str | None = None
    relationship: str | None = None
    mother: str | None = None
    stated_on: str | None = None


class EnrolmentStatement(NamedTuple):
    """A person's place in the scheme, as the row says it.

    Attributes:
        number: the record number.
        household: the scheme's number of the household or case.
        category: one of the scheme's categories, as `poor_1`; None when unknown.
        valid_from: first day; None when not stated.
        valid_until: last day; None while no end is stated.
        status: the status column as sent.
    """

    number: str
    household: str | None
    category: str | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    status: str | None


class Statement(NamedTuple):
    """A row that was taken.

    Attributes:
        row: number of the row as a spreadsheet shows it, from 1.
        scheme_record_id: record number, without spaces.
        as_sent: heading → text of the cell, untouched; headings that repeat are numbered.
        warnings: cells that were taken as sent but could not be normalised, or look wrong.
    """

    row: int
    scheme_record_id: str
    as_sent: dict[str, str]
    person: NormalisedPerson
    enrolment: EnrolmentStatement
    warnings: tuple[CellProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that could not be taken, with all that is wrong in it; the errors come first."""

    row: int
    as_sent: dict[str, str]
    problems: tuple[CellProblem, ...]
