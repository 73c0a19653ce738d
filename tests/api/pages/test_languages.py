"""Dates, digits and counts in both languages."""

from datetime import UTC, date, datetime

import pytest

from api.pages.languages import ENGLISH, KHMER, Language


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        (ENGLISH, "1990-05-04", "4 May 1990"),
        (ENGLISH, "1990-05", "May 1990"),
        (ENGLISH, "1990~", "≈ 1990"),
        (ENGLISH, None, "–"),
        (KHMER, "1990-05-04", "៤ ឧសភា ១៩៩០"),
        (KHMER, "1990", "១៩៩០"),
        (KHMER, date(2026, 1, 31), "៣១ មករា ២០២៦"),
    ],
)
def test_day_is_written_as_far_as_it_is_known(
    language: Language, value: date | str | None, shown: str
) -> None:
    assert language.day(value) == shown


def test_moment_is_that_of_clocks_in_cambodia() -> None:
    late = datetime(2026, 1, 31, 18, 5, tzinfo=UTC)
    assert ENGLISH.moment(late) == "1 February 2026, 01:05"
    assert KHMER.moment(late) == "១ កុម្ភៈ ២០២៦, ០១:០៥"


def test_counts_have_the_digits_of_the_language() -> None:
    assert ENGLISH.number(1234567) == "1,234,567"
    assert KHMER.number(12) == "១២"
    assert ENGLISH.number(-2.25, 1) == "-2.2"
    assert KHMER.share(0.875) == "៨៨%"
