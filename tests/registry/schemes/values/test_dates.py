import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.schemes.values.dates import (
    first_day,
    last_day,
    parse_date,
    year_from_age,
)

CASES = [
    ("1976-10-10", "1976-10-10", "ISO"),
    ("1976/10/1", "1976-10-01", "year first with slashes"),
    ("10/03/1976", "1976-03-10", "day before month"),
    ("3-4-1976", "1976-04-03", "without zeros"),
    ("10.03.1976", "1976-03-10", "points"),
    ("03/1960", "1960-03", "month precision"),
    ("1960-03", "1960-03", "month precision, year first"),
    ("1932", "1932", "year precision"),
    ("០១/០២/១៩៦៥", "1965-02-01", "Khmer digits"),
    ("១៩៥៦", "1956", "a year in Khmer digits"),
    (" 01/02/1965\u200b", "1965-02-01", "stray blanks and invisible characters"),
    ("00/05/1976", "1976-05", "day not known"),
    ("00/00/1976", "1976", "day and month not known"),
    ("33000", "1990-05-07", "day number of a spreadsheet"),
    ("19760510", "1976-05-10", "compact ISO"),
    ("1973-08-07T00:00:00", "1973-08-07", "with a time"),
    ("1973-08-07 00:00:00", "1973-08-07", "with a time after a blank"),
    ("07-Aug-1973", "1973-08-07", "English month"),
    ("7 August 1973", "1973-08-07", "English month in full"),
    ("ថ្ងៃទី៧ ខែសីហា ឆ្នាំ១៩៧៣", "1973-08-07", "Khmer words"),
    ("ឆ្នាំ១៩៧៣", "1973", "Khmer word for the year"),
    ("2520", "1976", "Buddhist era, year only: most of 2520 lies in 1976"),
    ("10/12/2569", "2025-12-10", "Buddhist era after Visak Bochea"),
    ("13/04/2567", "2024-04-13", "Buddhist era before Visak Bochea, at New Year"),
    ("៣០/០៦/២៥២០", "1976-06-30", "Buddhist era in Khmer digits"),
    ("29/02/2519", "1976-02-29", "a leap day of the Buddhist era"),
    ("01/2401", "1858-01", "the first year that is of the Buddhist era"),
    ("29/02/2024", "2024-02-29", "leap day"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES)
def test_dates_are_read_in_every_form(text: str, expected: str, reason: str) -> None:
    assert parse_date(text) == (expected, None), reason


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/02/1990", "date.impossible"),
        ("05/23/1999", "date.impossible"),
        ("15/00/1999", "date.impossible"),
        ("29/02/2023", "date.impossible"),
        ("9999", "date.impossible"),
        ("0000", "date.impossible"),
        ("23/04/99", "date.unreadable"),
        ("about 40", "date.unreadable"),
        ("1/2/3/1990", "date.unreadable"),
    ],
)
def test_other_dates_are_named_wrong(text: str, problem: str) -> None:
    assert parse_date(text) == (None, problem)


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "គ្មាន", "?"])
def test_words_of_absence_say_nothing(text: str) -> None:
    assert parse_date(text) == (None, None)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_day_written_in_any_form_is_the_same_day(day: dt.date) -> None:
    forms = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y"]
    assert {parse_date(day.strftime(form)).value for form in forms} == {day.isoformat()}


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    assert None in parse_date(text)


def test_an_age_gives_an_approximate_year() -> None:
    assert year_from_age("50", "2025-06-14").value == "1975~"
    assert year_from_age("៥០", "2025").value == "1975~"
    assert year_from_age("", "2025-06-14") == (None, None)
    assert year_from_age("50", None).problem == "age.undated"
    assert year_from_age("500", "2025-06-14").problem == "age.impossible"
    assert year_from_age("old", "2025-06-14").problem == "age.impossible"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
    ],
)
def test_a_coarse_date_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    assert first_day(text) == dt.date.fromisoformat(first)
    assert last_day(text) == dt.date.fromisoformat(last)
