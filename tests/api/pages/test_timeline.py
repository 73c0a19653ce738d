"""Enrolments on one line of time."""

from datetime import date

import pytest

from api.pages.timeline import drawn
from registry.lookups.lookup import Enrolment

TODAY = date(2026, 6, 1)


def enrolment(begin: date | None, end: date | None) -> Enrolment:
    return Enrolment("hef", "P1", None, None, begin, end, None)


def test_line_holds_all_days_and_today() -> None:
    line = drawn([enrolment(date(2020, 1, 1), date(2022, 1, 1)), enrolment(None, None)], TODAY)
    past, open_ended = line.bars
    assert (line.first, past.start) == (date(2020, 1, 1), 0)
    assert 0 < line.today < 100
    assert not past.is_active
    assert open_ended.is_active
    assert open_ended.has_no_end
    assert open_ended.width == pytest.approx(100)


def test_last_day_still_counts() -> None:
    [bar] = drawn([enrolment(TODAY, TODAY)], TODAY).bars
    assert bar.is_active
    assert bar.width > 0
