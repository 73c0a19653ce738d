import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.agreement_codes import LEVELS, MISSING
from linkage.dates import (
    CHILD,
    DAY_SLIP,
    DAYS,
    FAR,
    GROUPS,
    GROWN_UP,
    NEXT_YEAR,
    ONE_PART,
    OTHER_GENERATION,
    ROUNDED,
    SAME,
    SWAPPED,
    YEAR_SLIP,
    YEARS,
    birth_dates,
    date_agreement,
)
from linkage.texts import coded
from tests.linkage.naive_dates import agreement_of

GROWN = 2010


def code_of(one: str | None, other: str | None, *, stated: str | None = None) -> int:
    dates = birth_dates(coded([one, other]), coded([stated, stated]))
    pair = np.array([0], np.int32), np.array([1], np.int32)
    return int(date_agreement(dates, *pair, grown=GROWN)[0])


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1976-10-12", "1976-10-12", SAME),
        ("1976-10-12", "1976-12-10", SWAPPED),
        ("1976-10-12", "1976-10-22", DAY_SLIP),
        ("1976-10-12", "1976-03-12", ONE_PART),
        ("1976-10-12", "1977-10-12", NEXT_YEAR),
        ("1976-10-12", "1967-10-12", YEAR_SLIP),
        ("1976-10-12", "1946-10-12", YEAR_SLIP),
        ("1976-10-12", "1991-03-02", FAR),
    ],
)
def test_two_days_agree_on_the_closest_level(one: str, other: str, level: int) -> None:
    assert code_of(one, other) == (DAYS * GROUPS + GROWN_UP) * LEVELS + level
    assert code_of(other, one) == code_of(one, other)


def test_a_heaped_day_is_worth_its_year() -> None:
    assert code_of("1976-01-01", "1976-10-12") == (YEARS * GROUPS + GROWN_UP) * LEVELS


def test_an_age_spans_the_year_before_the_day_it_was_stated_on() -> None:
    assert code_of("1976~", "1975-07-01", stated="2019-06-15") % LEVELS == 0
    assert code_of("1976~", "1975-06-01", stated="2019-06-15") % LEVELS == 1


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("2025-04-29", "1981-06-01", True),
        ("2025~", "1981-06-01", True),
        ("2025-04-29", "2007-06-01", False),
        ("1999-04-29", "1961-06-01", False),
    ],
)
def test_a_child_and_its_elder_are_of_two_generations(one: str, other: str, *, apart: bool) -> None:
    code = code_of(one, other, stated="2025-06-15")
    assert (code % LEVELS == OTHER_GENERATION) is apart
    assert code_of(other, one, stated="2025-06-15") == code


def test_children_and_rounded_ages_are_groups_of_their_own() -> None:
    assert code_of("2014", "2015") // LEVELS % GROUPS == CHILD
    assert code_of("1979~", "1980", stated="2019-06-15") // LEVELS % GROUPS == ROUNDED


def test_an_unknown_date_says_nothing() -> None:
    assert code_of(None, "1976") == MISSING
    assert code_of("no date", "1976") == MISSING


PARTS = st.tuples(st.integers(1960, 2020), st.integers(1, 12), st.integers(1, 28))
DATES = st.one_of(
    st.none(),
    PARTS.map(lambda parts: f"{parts[0]}-{parts[1]:02}-{parts[2]:02}"),
    PARTS.map(lambda parts: f"{parts[0]}-{parts[1]:02}"),
    PARTS.map(lambda parts: f"{parts[0]}"),
    PARTS.map(lambda parts: f"{parts[0]}~"),
)
STATED = st.one_of(st.none(), PARTS.map(lambda parts: f"2022-{parts[1]:02}-{parts[2]:02}"))


@given(DATES, DATES, STATED)
def test_the_kernel_agrees_with_its_slow_twin(
    one: str | None, other: str | None, stated: str | None
) -> None:
    assert code_of(one, other, stated=stated) == agreement_of((one, stated), (other, stated), GROWN)
