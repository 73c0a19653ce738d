"""Columns of text as codes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.texts import Texts, coded, combined

CELLS = st.lists(st.sampled_from([None, "", "a", "b", "c"]), max_size=12)


def spelled(texts: Texts) -> list[str | None]:
    return [None if code < 0 else texts.distinct[code] for code in texts.codes]


@given(CELLS, st.randoms())
def test_codes_say_what_the_cells_say_in_any_order(
    cells: list[str | None], random: "np.random.Generator"
) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)
    expected = [cells[place] or None for place in order]
    for column in (cells, pd.Categorical(cells)):
        texts = coded(column, np.array(order, np.intp))
        assert spelled(texts) == expected
        assert list(texts.distinct) == list(dict.fromkeys(filter(None, expected)))


@given(CELLS, CELLS)
def test_the_other_column_fills_what_is_missing(
    one: list[str | None], other: list[str | None]
) -> None:
    size = min(len(one), len(other))
    found = coded(one[:size]).or_else(coded(other[:size]))
    assert spelled(found) == [a or b or None for a, b in zip(one[:size], other[:size], strict=True)]


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=12))
def test_combined_rows_are_numbered_by_first_appearance(rows: list[tuple[int, int]]) -> None:
    columns = np.array(rows, np.int32).reshape(len(rows), 2).T
    codes, distinct = combined(*columns)
    assert [tuple(distinct[code]) for code in codes] == rows
    assert [tuple(row) for row in distinct] == list(dict.fromkeys(rows))


@pytest.mark.parametrize("column", [[], pd.Categorical([])])
def test_no_records_are_no_codes(column: list[str | None] | pd.Categorical) -> None:
    texts = coded(column)
    assert len(texts.codes) == len(texts.distinct) == 0
