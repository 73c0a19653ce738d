"""Birth dates of day, month or year precision, and how far two of them agree.

A birth date is text of ISO 8601-2: `1976-10-10`, `1976-10`, `1976`, or `1975~` for a year that was
reckoned from an age on the day it was stated. People who do not know their birthday are given
1 January, 7 January or 13 April: such a date is worth its year.

What two dates can show depends on how each was stated, so agreement is coded as kind and level:
the levels of one kind are alternatives of each other. Kinds are told apart by the less precise of
the two statements, and by whether an age looks rounded to fives; levels of kinds below day
precision count the years that the two must be apart at least.
"""

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.compiled import compiled, inlined
from linkage.texts import Texts, combined

HEAPED_DAYS: Final = ((1, 1), (1, 7), (4, 13))
GROWN: Final = 15
NEAR_YEARS: Final = 2
TWO: Final = 2
YEARS_APART: Final = (0, 1, 2, 3, 5, 10)
_TEXT: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(~)?")
RECKONED: Final = "~"
_CENTURY: Final = 100
_MONTH: Final = 31
_YEAR: Final = 12 * _MONTH


UNKNOWN, YEAR, AGE, HEAPED, DAY, MONTH = range(6)
"""How a birth date was stated."""

(
    SAME,
    SWAPPED,
    DAY_SLIP,
    ONE_PART,
    NEXT_YEAR,
    YEAR_SLIP,
    SWAPPED_NEXT_YEAR,
    TWO_PARTS,
    NEAR,
    FAR,
) = range(10)
"""Agreement of two dates of day precision, the closest first."""

OTHER_GENERATION: Final = 10
"""The level, of any kind, of a child and of somebody born a generation before."""

GENERATION: Final = 20
"""So many years are no mistake in writing a child's birth date."""

DAYS, YEARS, AGE_AND_DATE, AGES, MONTHS = range(5)
"""The kinds: what two statements of a birth date can show."""

GROUPS: Final = 3
CHILD, GROWN_UP, ROUNDED = range(GROUPS)


AT_YEAR, AT_MONTH, AT_DAY, AT_PRECISION, AT_LOW, AT_HIGH, AT_ROUNDED = range(7)
"""The columns of a birth date as numbers."""

Rows = npt.NDArray[np.int32]


class BirthDates(NamedTuple):
    """Birth dates as numbers, one row a record.

    `rows` int32[records, 7]: year, month and day, 0 where not stated; how it was stated; the days
    between which the birth lies, in years of 12 months of 31 days; whether it is an age of full
    fives.
    """

    rows: Rows

    @property
    def year(self) -> Rows:
        """The year of each record: int32[records], 0 unknown."""
        return self.rows[:, AT_YEAR]

    @property
    def precision(self) -> Rows:
        """How each birth date was stated: int32[records]."""
        return self.rows[:, AT_PRECISION]


class _Stated(NamedTuple):
    year: int
    month: int
    day: int
    precision: int
    low: int
    high: int
    rounded: bool


_UNKNOWN: Final = _Stated(0, 0, 0, UNKNOWN, 0, 0, rounded=False)


def birth_dates(texts: Texts, stated_on: Texts) -> BirthDates:
    """Read birth dates, with the ISO days on which they were stated where these are known.

    What is no date of the form above is unknown.
    """
    reckoned = np.array([*(value.endswith(RECKONED) for value in texts.distinct), False])
    day = np.where(reckoned[texts.codes], stated_on.codes, np.int32(-1))
    codes, distinct = combined(texts.codes, day)
    values, days = [*texts.distinct, ""], [*stated_on.distinct, ""]
    read = [_read(values[value], days[day]) for value, day in distinct.tolist()]
    return BirthDates(np.array(read, np.int32).reshape(len(read), len(_Stated._fields))[codes])


def _read(value: str, stated_on: str) -> _Stated:
    match = _TEXT.fullmatch(value)
    if match is None:
        return _UNKNOWN
    year, month, day = (int(part or 0) for part in match.group(1, 2, 3))
    if match[4]:
        return _age(year, stated_on)
    first = year * _YEAR
    if not month:
        return _Stated(year, 0, 0, YEAR, first, first + _YEAR, rounded=False)
    start = first + (month - 1) * _MONTH
    if not day:
        return _Stated(year, month, 0, MONTH, start, start + _MONTH, rounded=False)
    if (month, day) in HEAPED_DAYS:
        return _Stated(year, month, day, HEAPED, first, first + _YEAR, rounded=False)
    return _Stated(year, month, day, DAY, start + day, start + day, rounded=False)


def _age(year: int, stated_on: str) -> _Stated:
    """Whoever is of an age on a day was born in the year that ends on it."""
    if not stated_on:
        middle = year * _YEAR
        return _Stated(year, 0, 0, AGE, middle - _YEAR // 2, middle + _YEAR // 2, rounded=False)
    stated_year, month, day = (int(part) for part in stated_on[:10].split("-"))
    last = year * _YEAR + (month - 1) * _MONTH + day
    age = stated_year - year
    rounded = age >= GROWN and age % 5 == 0
    return _Stated(year, 0, 0, AGE, last - _YEAR, last, rounded)


def date_agreement(dates: BirthDates, left: Rows, right: Rows, *, grown: int) -> Codes:
    """Code the agreement of pairs of records: int16[pairs].

    `grown` is the birth year after which people are children, whose age is known more exactly.
    """
    out = np.empty(left.size, np.int16)
    _agreement(dates.rows, left, right, grown, out)
    return out


@compiled
def _agreement(rows: Rows, left: Rows, right: Rows, grown: int, out: Codes) -> None:
    for k in range(left.size):
        out[k] = date_code(rows, left[k], right[k], grown)


@inlined
def date_code(rows: Rows, a: int, b: int, grown: int) -> int:
    """Code the agreement of two birth dates, rows of a matrix that begins with their columns."""
    first, second = rows[a, AT_PRECISION], rows[b, AT_PRECISION]
    if UNKNOWN in (first, second):
        return MISSING
    kind = _kind(first, second)
    group = GROWN_UP
    if min(rows[a, AT_YEAR], rows[b, AT_YEAR]) >= grown:
        group = CHILD
    elif rows[a, AT_ROUNDED] != 0 or rows[b, AT_ROUNDED] != 0:
        group = ROUNDED
    level = OTHER_GENERATION
    child = max(rows[a, AT_YEAR], rows[b, AT_YEAR]) >= grown
    if not child or _gap(rows, a, b) <= GENERATION * _YEAR:
        level = _day_level(rows, a, b) if kind == DAYS else _years_apart(rows, a, b)
    return (kind * GROUPS + group) * LEVELS + level


@inlined
def _kind(first: int, second: int) -> int:
    if first == second == DAY:
        return DAYS
    if AGE in (first, second):
        return AGES if first == second else AGE_AND_DATE
    if MONTH in (first, second):
        return MONTHS
    return YEARS


@inlined
def _gap(rows: Rows, a: int, b: int) -> int:
    """The days that two births lie apart at least."""
    return int(max(rows[a, AT_LOW] - rows[b, AT_HIGH], rows[b, AT_LOW] - rows[a, AT_HIGH]))


@inlined
def _years_apart(rows: Rows, a: int, b: int) -> int:
    gap = _gap(rows, a, b)
    level = 0
    while level < len(YEARS_APART) and gap > YEARS_APART[level] * _YEAR:
        level += 1
    return level


@inlined
def _day_level(rows: Rows, a: int, b: int) -> int:
    years = abs(int(rows[a, AT_YEAR]) - int(rows[b, AT_YEAR]))
    months = rows[a, AT_MONTH] != rows[b, AT_MONTH]
    days = rows[a, AT_DAY] != rows[b, AT_DAY]
    differing = int(years > 0) + int(months) + int(days)
    swapped = rows[a, AT_MONTH] == rows[b, AT_DAY] and rows[a, AT_DAY] == rows[b, AT_MONTH]
    level = FAR
    if differing == 0:
        level = SAME
    elif swapped and years <= 1:
        level = SWAPPED if years == 0 else SWAPPED_NEXT_YEAR
    elif years == 0 and differing == 1:
        slip = days and _near_days(int(rows[a, AT_DAY]), int(rows[b, AT_DAY]))
        level = DAY_SLIP if slip else ONE_PART
    elif differing == 1 and years <= NEAR_YEARS:
        level = NEXT_YEAR
    elif differing == 1 and _year_slip(int(rows[a, AT_YEAR]), int(rows[b, AT_YEAR])):
        level = YEAR_SLIP
    elif years <= NEAR_YEARS:
        level = TWO_PARTS if differing == TWO else NEAR
    return level


@inlined
def _near_days(one: int, other: int) -> bool:
    """Whether two days of a month are neighbours, or one slip of a digit apart."""
    swapped = one % 10 == other // 10 and one // 10 == other % 10
    return abs(one - other) <= 1 or one % 10 == other % 10 or one // 10 == other // 10 or swapped


@inlined
def _year_slip(one: int, other: int) -> bool:
    """Whether two years are whole tens apart, up to three, or have their last digits swapped."""
    swapped = one // 10 % 10 == other % 10 and other // 10 % 10 == one % 10
    tens = abs(one - other) in (10, 20, 30)
    return tens or (swapped and one // _CENTURY == other // _CENTURY)
