"""Levels of agreement against the slow twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.agreement import comparer
from linkage.comparison import (
    Comparison,
    Level,
    Measure,
    at_least,
    damerau,
    exact,
    jaro,
    jaro_winkler,
    levenshtein,
    same_form,
)
from linkage.pairs import Pairs
from linkage.records import Column
from tests.linkage import naive

LEVEL = st.one_of(
    st.just(exact()),
    st.just(same_form("first 2")),
    st.sampled_from([0.5, 0.7, 0.8, 0.88, 0.95]).map(jaro_winkler),
    st.sampled_from([0.5, 0.7, 0.8, 0.88]).map(jaro),
    st.integers(0, 3).map(levenshtein),
    st.integers(0, 3).map(damerau),
)
VALUES = st.lists(
    st.one_of(st.none(), st.text("abAB1", min_size=1, max_size=6)), min_size=2, max_size=12
)


def levels_of(comparison: Comparison, column: Column) -> list[int]:
    """The levels of all pairs of records, each both ways round."""
    size = column.codes.size
    left, right = (each.ravel().astype(np.int32) for each in np.indices((size, size)))
    out = np.empty(left.size, np.uint8)
    comparer(comparison, column).levels(Pairs(column.codes.reshape(-1, 1), left, right), 0, out)
    return out.tolist()


@given(st.lists(LEVEL, min_size=1, max_size=4), VALUES)
@settings(max_examples=300)
def test_levels_agree_with_the_slow_twin(steps: list[Level], values: list[str | None]) -> None:
    comparison = Comparison("x", tuple(steps))
    expected = [naive.level(comparison, a, b) for a in values for b in values]
    assert levels_of(comparison, Column.of(values)) == expected


class Lengths:
    """A table of one's own: how long each distinct value is."""

    def __init__(self, lengths: np.ndarray) -> None:
        self.lengths = lengths

    def take(self, rows: np.ndarray) -> "Lengths":
        return Lengths(self.lengths[rows])

    def join(self, other: "Lengths") -> "Lengths":
        return Lengths(np.concatenate([self.lengths, other.lengths]))


def closeness(table: Lengths, left: np.ndarray, right: np.ndarray, out: np.ndarray) -> None:
    out[:] = 1 / (1 + np.abs(table.lengths[left] - table.lengths[right]))


LENGTH = Measure("length", closeness)


def measured(values: list[str | None]) -> Column:
    column = Column.of(values)
    return Column(column.codes, column.distinct, Lengths(np.array([*map(len, column.distinct)])))


def test_a_measure_of_ones_own_is_asked_for_different_values_only() -> None:
    comparison = Comparison("x", (exact(), at_least(LENGTH, 1.0), at_least(LENGTH, 0.5)))
    column = measured(["ab", "cd", "abc", "abcdef", None])
    assert levels_of(comparison, column)[:5] == [0, 1, 2, 3, 4]


def test_a_table_follows_its_column_through_taking_and_joining() -> None:
    column = measured(["a", "bbb"]).take(np.array([1])).join(measured(["a", "bbb", "cc"]))
    assert isinstance(column.table, Lengths)
    assert column.table.lengths.tolist() == [len(value) for value in column.distinct]


def test_own_and_built_in_measures_do_not_mix() -> None:
    with pytest.raises(ValueError, match="x: levels need one measure"):
        Comparison("x", (at_least(LENGTH, 1.0), jaro(0.5)))
