"""Birth dates as people type them."""

import pytest

from api.pages.birth_dates import BirthDate


@pytest.mark.parametrize(
    ("year", "month", "day", "iso"),
    [
        ("1990", "5", "4", "1990-05-04"),
        ("១៩៩០", "៥", "", "1990-05"),
        (" 1990 ", "", "", "1990"),
        ("", "", "", None),
    ],
)
def test_date_is_as_exact_as_what_is_known(
    year: str, month: str, day: str, iso: str | None
) -> None:
    born = BirthDate(year, month, day)
    assert born.is_date
    assert born.iso == iso


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [("1990", "2", "30"), ("", "5", "4"), ("1990", "", "4"), ("90", "", ""), ("x", "", "")],
)
def test_what_is_no_date_is_told(year: str, month: str, day: str) -> None:
    born = BirthDate(year, month, day)
    assert not born.is_date
    assert born.iso is None
