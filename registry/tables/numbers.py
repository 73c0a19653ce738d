"""Numbers of a spreadsheet as text: whole ones, dates, times."""

import datetime as dt
import re

DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the built-in formats that show a date or time (ECMA-376, 18.8.30)."""
NOT_A_PATTERN = re.compile(
    r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.|General', re.IGNORECASE
)
SHOWS_DATE = re.compile("[dmyhs]", re.IGNORECASE)
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zone
EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - as above
FALSE_LEAP_DAY = 60
"""Spreadsheets believe in 29 February 1900: earlier days are one off."""
LAST_DAY = 2_958_466


def shows_date(format_code: str) -> bool:
    """Whether a number format shows a date or a time."""
    return SHOWS_DATE.search(NOT_A_PATTERN.sub("", format_code)) is not None


def number_text(number: str) -> str:
    """A number as text, without a decimal point when it is whole."""
    if number.isdigit():
        return number
    try:
        value = float(number)
    except ValueError:
        return number
    return str(int(value)) if value.is_integer() else repr(value)


def date_text(number: str, *, since_1904: bool = False) -> str:
    """A date number in ISO form: day, time or both; unchanged when there is no such day."""
    try:
        value = float(number)
    except ValueError:
        return number
    if not 0 <= value < LAST_DAY:
        return number
    if value < 1 and not since_1904:
        return _moment(EPOCH, value).time().isoformat()
    if value < FALSE_LEAP_DAY and not since_1904:
        value += 1
    moment = _moment(EPOCH_1904 if since_1904 else EPOCH, value)
    is_day = moment.time() == dt.time()
    return moment.date().isoformat() if is_day else moment.isoformat()


def _moment(epoch: dt.datetime, days: float) -> dt.datetime:
    return epoch + dt.timedelta(days=int(days), seconds=round(days % 1 * 86_400))
