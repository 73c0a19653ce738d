"""No count that is hidden can be reckoned from what is shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.indicators.suppression import SMALLEST_SHOWN, hidden


@pytest.mark.parametrize(
    ("counts", "expected", "reason"),
    [
        ([[5], [9], [0]], [[0], [0], [0]], "none is small, and nobody is nobody"),
        ([[3], [9], [7]], [[1], [0], [1]], "one alone would be the total less the others"),
        ([[1], [1], [7], [9]], [[1], [1], [1], [0]], "two that are together still few"),
        ([[3], [4], [9]], [[1], [1], [0]], "two that are together no longer few"),
        ([[3, 9], [9, 9]], [[1, 1], [1, 1]], "both ways, in a table of two totals"),
        ([[4]], [[1]], "a line of one has nothing beside it"),
    ],
)
def test_small_counts_are_hidden(
    counts: list[list[int]], expected: list[list[int]], reason: str
) -> None:
    assert hidden(np.array(counts)).astype(int).tolist() == expected, reason


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=6))
def test_what_a_line_hides_is_never_few_while_others_could_hide_it(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    mask = hidden(counts)
    assert mask[(counts > 0) & (counts < SMALLEST_SHOWN)].all()
    for line, concealed in [*zip(counts, mask, strict=True), *zip(counts.T, mask.T, strict=True)]:
        if concealed.any() and (line[~concealed] > 0).any():
            assert concealed.sum() > 1
            assert line[concealed].sum() >= SMALLEST_SHOWN
