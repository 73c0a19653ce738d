"""Differences as people see them."""

import pytest

from registry.reviewing.differences import Run, Runs, compared, parts


def marked(runs: Runs) -> str:
    return "".join(f"[{run.text}]" if run.differs else run.text for run in runs)


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("សុខា", "សុខា", ("សុខា", "សុខា")),
        ("ស្រីមុំ", "ស្រីម៉ុម", ("ស្រី[មុំ]", "ស្រី[ម៉ុម]")),
        ("ចាន់ ដារ៉ា", "ចាន់ ដារា", ("ចាន់ ដា[រ៉ា]", "ចាន់ ដា[រា]")),
        ("Sok Kha", "Sokha", ("Sok[ K]ha", "Sokha")),
        (None, "Sokha", ("", "Sokha")),
    ],
)
def test_signs_that_differ_are_marked_whole(
    left: str | None, right: str, shown: tuple[str, str]
) -> None:
    assert tuple(map(marked, compared(left, right))) == shown


def test_parts_of_a_date_differ_only_where_both_state_them() -> None:
    assert parts("1990-05-04", "1990-04-05")[0] == (
        Run("1990", differs=False), Run("05", differs=True), Run("04", differs=True),
    )  # fmt: skip
    assert tuple(map(marked, parts("1990-05-04", "1990"))) == ("19900504", "1990")
    assert marked(parts("1990~", "1991-01-01")[0]) == "[1990]"
