"""Dates as clerks write them, to extended ISO 8601-2 text cut to what is known.

Day stands before month. A zero for the day or the month says that it is not known. Years past 2400
are of the Buddhist era.
"""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from registry.schemes.values.plain import fold, tidy
from registry.schemes.values.reading import NOTHING, Reading

UNREADABLE: Final = Reading(problem="date.unreadable")
IMPOSSIBLE: Final = Reading(problem="date.impossible")

SEPARATOR = r"[-/. ]"
YEAR_FIRST = re.compile(rf"(\d{{4}})(?:{SEPARATOR}(\d{{1,2}})(?:{SEPARATOR}(\d{{1,2}}))?)?")
DAY_FIRST = re.compile(rf"(?:(\d{{1,2}}){SEPARATOR})?(\d{{1,2}}){SEPARATOR}(\d{{4}})")
NAMED_MONTH = re.compile(r"(?:(\d{1,2})[-/., ]*)?(?:ខែ)?([^\W\d]\D*?)[-/., ]*(?:ឆ្នាំ)? *(\d{4})")
WORDS_OF_DATE = re.compile("ថ្ងៃទី|ថ្ងៃ|ខែ|ឆ្នាំ")
CLOCK_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*")
SPREADSHEET_DAY = re.compile(r"\d{5}(?:\.\d+)?")
SPREADSHEET_EPOCH = dt.date(1899, 12, 30)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")

BUDDHIST_ERA_AFTER = 2400
BUDDHIST_OFFSET = 544
VISAK = (5, 10)
"""About when the year of the Buddhist era changes in Cambodia: at Visak Bochea, a full moon from
late April to late May. 10 December 2025 is in 2569; 13 April 2024 was still in 2567."""
EARLIEST_YEAR = 1850
LATEST_YEAR = 2200
OLDEST = 125

MONTHS = {
    fold(name): number
    for number, names in enumerate(
        (
            "January Jan មករា",
            "February Feb កុម្ភៈ កុម្ភះ",
            "March Mar មីនា មិនា",
            "April Apr មេសា",
            "May ឧសភា",
            "June Jun មិថុនា",
            "July Jul កក្កដា",
            "August Aug សីហា",
            "September Sep Sept កញ្ញា",
            "October Oct តុលា",
            "November Nov វិច្ឆិកា វិច្ឆិការ",
            "December Dec ធ្នូ",
        ),
        start=1,
    )
    for name in names.split()
}


@lru_cache(maxsize=1 << 16)
def parse_date(text: str) -> Reading:
    """Read a date of day, month or year precision.

    >>> parse_date("០៤/០៨/២០០៦").value
    '2006-08-04'
    """
    plain = CLOCK_TIME.sub("", tidy(text))
    if not plain:
        return NOTHING
    if found := YEAR_FIRST.fullmatch(plain) or COMPACT.fullmatch(plain):
        return _of_parts(found[1], found[2], found[3])
    if found := DAY_FIRST.fullmatch(plain):
        return _of_parts(found[3], found[2], found[1])
    if SPREADSHEET_DAY.fullmatch(plain):
        day = SPREADSHEET_EPOCH + dt.timedelta(days=int(float(plain)))
        return Reading(day.isoformat())
    return _in_words(plain)


def _in_words(plain: str) -> Reading:
    """Read a date whose month has a name."""
    bare = WORDS_OF_DATE.sub(" ", plain).strip()
    found = NAMED_MONTH.fullmatch(bare)
    month = MONTHS.get(fold(found[2])) if found else None
    if found is None or month is None:
        again = " ".join(bare.split())
        return parse_date(again) if again not in {"", plain} else UNREADABLE
    return _of_parts(found[3], str(month), found[1])


def _of_parts(year: str, month: str | None, day: str | None) -> Reading:
    numbers = int(year), int(month or 0), int(day or 0)
    if not numbers[1] and numbers[2]:
        return IMPOSSIBLE
    western = _western_year(*numbers)
    try:
        known = dt.date(western, numbers[1] or 1, numbers[2] or 1)
    except ValueError:
        return IMPOSSIBLE
    if not EARLIEST_YEAR <= western <= LATEST_YEAR:
        return IMPOSSIBLE
    text = known.isoformat()
    return Reading(text if numbers[2] else text[:7] if numbers[1] else text[:4])


def _western_year(year: int, month: int, day: int) -> int:
    if year <= BUDDHIST_ERA_AFTER:
        return year
    is_before_visak = bool(month) and (month, day or VISAK[1]) < VISAK
    return year - BUDDHIST_OFFSET + is_before_visak


@lru_cache(maxsize=1 << 14)
def year_from_age(age: str, stated_on: str | None) -> Reading:
    """Reckon the birth year from an age in years and the date on which it was stated.

    The result is approximate (`1975~`): the birthday of that year may still have been to come.
    """
    plain = tidy(age)
    if not plain:
        return NOTHING
    if not plain.isdecimal() or int(plain) > OLDEST:
        return Reading(problem="age.impossible")
    if stated_on is None:
        return Reading(problem="age.undated")
    return Reading(f"{int(stated_on[:4]) - int(plain):04d}~")


@lru_cache(maxsize=1 << 14)
def first_day(text: str | None) -> dt.date | None:
    """The first day of a date cut to what is known."""
    if text is None:
        return None
    return dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])


@lru_cache(maxsize=1 << 14)
def last_day(text: str | None) -> dt.date | None:
    """The last day of a date cut to what is known."""
    day = first_day(text)
    if day is None or text is None or len(text) == len("2026-10-10"):
        return day
    months = day.year * 12 + (12 if len(text) == len("2026") else day.month)
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
