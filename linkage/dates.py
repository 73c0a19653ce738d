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
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.agreement_codes import LEVELS, MISSING, Codes
from linkage.compiled import compiled

HEAPED_DAYS: Final = ((1, 1), (1, 7), (4, 13))
GROWN: Final = 15
NEAR_YEARS: Final = 2
TWO: Final = 2
YEARS_APART: Final = (0, 1, 2, 3, 5, 10)
_TEXT: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(~)?")
_CENTURY: Final = 100


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

DAYS, YEARS, AGE_AND_DATE, AGES, MONTHS = range(5)
"""The kinds: what two statements of a birth date can show."""

GROUPS: Final = 3
CHILD, GROWN_UP, ROUNDED = range(GROUPS)


class BirthDates(NamedTuple):
    """Birth dates as arrays, one place a record.

    `year` int16, `month`, `day` int8 (0 where not stated), `precision` int8; `low`, `high` float64:
    the years, with fractions, between which the birth lies; `rounded` bool: an age of full fives.
    """

    year: npt.NDArray[np.int16]
    month: npt.NDArray[np.int8]
    day: npt.NDArray[np.int8]
    precision: npt.NDArray[np.int8]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    rounded: npt.NDArray[np.bool_]


class _Stated(NamedTuple):
    year: int
    month: int
    day: int
    precision: int
    low: float
    high: float
    rounded: bool


_UNKNOWN: Final = _Stated(0, 0, 0, UNKNOWN, 0.0, 0.0, rounded=False)


def birth_dates(
    values: Sequence[str | None], stated_on: Sequence[str | None] | None = None
) -> BirthDates:
    """Read birth dates, with the ISO days on which they were stated where these are known.

    What is no date of the form above is unknown.
    """
    days = [None] * len(values) if stated_on is None else stated_on
    keys = [f"{value or ''}|{day or ''}" for value, day in zip(values, days, strict=True)]
    codes, distinct = pd.factorize(np.array(keys, dtype=object))
    read = [_read(*key.split("|")) for key in distinct]
    return _gathered(read, codes)


def _gathered(read: list[_Stated], codes: npt.NDArray[np.intp]) -> BirthDates:
    table = np.array(read, np.float64).reshape(len(read), len(_Stated._fields))[codes]
    year, month, day, precision, low, high, rounded = table.T
    return BirthDates(
        year.astype(np.int16),
        month.astype(np.int8),
        day.astype(np.int8),
        precision.astype(np.int8),
        low.copy(),
        high.copy(),
        rounded.astype(np.bool_),
    )


def _read(value: str, stated_on: str) -> _Stated:
    match = _TEXT.fullmatch(value)
    if match is None:
        return _UNKNOWN
    year, month, day = (int(part or 0) for part in match.group(1, 2, 3))
    if match[4]:
        return _age(year, stated_on)
    if not month:
        return _Stated(year, 0, 0, YEAR, year, year + 1.0, rounded=False)
    start = year + (month - 1) / 12
    if not day:
        return _Stated(year, month, 0, MONTH, start, start + 1 / 12, rounded=False)
    if (month, day) in HEAPED_DAYS:
        return _Stated(year, month, day, HEAPED, year, year + 1.0, rounded=False)
    exact = start + day / 372
    return _Stated(year, month, day, DAY, exact, exact, rounded=False)


def _age(year: int, stated_on: str) -> _Stated:
    """Whoever is of an age on a day was born in the year that ends on it."""
    if not stated_on:
        return _Stated(year, 0, 0, AGE, year - 0.5, year + 0.5, rounded=False)
    stated_year, month, day = (int(part) for part in stated_on[:10].split("-"))
    passed = (month - 1) / 12 + day / 372
    age = stated_year - year
    rounded = age >= GROWN and age % 5 == 0
    return _Stated(year, 0, 0, AGE, year - 1 + passed, year + passed, rounded)


def date_agreement(
    dates: BirthDates, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], *, grown: int
) -> Codes:
    """Code the agreement of pairs of records: int16[pairs].

    `grown` is the birth year after which people are children, whose age is known more exactly.
    """
    out = np.empty(left.size, np.int16)
    _agreement(dates, left, right, grown, out)
    return out


@compiled
def _agreement(
    dates: BirthDates,
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    grown: int,
    out: Codes,
) -> None:
    for k in range(left.size):
        a, b = left[k], right[k]
        first, second = dates.precision[a], dates.precision[b]
        if UNKNOWN in (first, second):
            out[k] = MISSING
            continue
        kind = _kind(first, second)
        group = GROWN_UP
        if min(dates.year[a], dates.year[b]) >= grown:
            group = CHILD
        elif dates.rounded[a] or dates.rounded[b]:
            group = ROUNDED
        level = _day_level(dates, a, b) if kind == DAYS else _years_apart(dates, a, b)
        out[k] = (kind * GROUPS + group) * LEVELS + level


@compiled
def _kind(first: int, second: int) -> int:
    if first == second == DAY:
        return DAYS
    if AGE in (first, second):
        return AGES if first == second else AGE_AND_DATE
    if MONTH in (first, second):
        return MONTHS
    return YEARS


@compiled
def _years_apart(dates: BirthDates, a: int, b: int) -> int:
    gap = max(dates.low[a] - dates.high[b], dates.low[b] - dates.high[a]) - 1e-9
    level = 0
    while level < len(YEARS_APART) and gap > YEARS_APART[level]:
        level += 1
    return level


@compiled
def _day_level(dates: BirthDates, a: int, b: int) -> int:
    years = abs(int(dates.year[a]) - int(dates.year[b]))
    months = dates.month[a] != dates.month[b]
    days = dates.day[a] != dates.day[b]
    differing = int(years > 0) + int(months) + int(days)
    swapped = dates.month[a] == dates.day[b] and dates.day[a] == dates.month[b]
    level = FAR
    if differing == 0:
        level = SAME
    elif swapped and years <= 1:
        level = SWAPPED if years == 0 else SWAPPED_NEXT_YEAR
    elif years == 0 and differing == 1:
        slip = days and _near_days(int(dates.day[a]), int(dates.day[b]))
        level = DAY_SLIP if slip else ONE_PART
    elif differing == 1 and years <= NEAR_YEARS:
        level = NEXT_YEAR
    elif differing == 1 and _year_slip(int(dates.year[a]), int(dates.year[b])):
        level = YEAR_SLIP
    elif years <= NEAR_YEARS:
        level = TWO_PARTS if differing == TWO else NEAR
    return level


@compiled
def _near_days(one: int, other: int) -> bool:
    """Whether two days of a month are neighbours, or one slip of a digit apart."""
    swapped = one % 10 == other // 10 and one // 10 == other % 10
    return abs(one - other) <= 1 or one % 10 == other % 10 or one // 10 == other // 10 or swapped


@compiled
def _year_slip(one: int, other: int) -> bool:
    """Whether two years are whole tens apart, up to three, or have their last digits swapped."""
    swapped = one // 10 % 10 == other % 10 and other // 10 % 10 == one % 10
    tens = abs(one - other) in (10, 20, 30)
    return tens or (swapped and one // _CENTURY == other // _CENTURY)
