"""Records as coded columns."""

import numpy as np
import pytest

from linkage.records import Column, Records


def test_equal_values_share_a_code_and_absent_ones_have_none() -> None:
    column = Column.of(["sok", None, "chan", "sok", ""])
    assert column.codes[0] == column.codes[3] != column.codes[2]
    assert column.codes[1] == column.codes[4] == -1
    assert [column.value(i) for i in range(5)] == ["sok", None, "chan", "sok", None]


def test_counts_are_of_records() -> None:
    column = Column.of(["b", "a", "b", None])
    assert dict(zip(column.distinct, column.counts, strict=True)) == {"b": 2, "a": 1}


def test_taking_records_keeps_what_they_say_and_nothing_else() -> None:
    column = Column.of(["a", None, "b", "c", "b"]).take(np.array([4, 1, 3]))
    assert [column.value(i) for i in range(3)] == ["b", None, "c"]
    assert sorted(column.distinct) == ["b", "c"]


def test_joining_gives_equal_values_one_code() -> None:
    column = Column.of(["a", "b", None]).join(Column.of(["c", "b", None]))
    assert [column.value(i) for i in range(6)] == ["a", "b", None, "c", "b", None]
    assert column.codes[1] == column.codes[4]


def test_order_is_decided_by_the_ids_alone() -> None:
    ids = [f"person-{n}" for n in range(50)]
    records = Records.of(ids, {"name": ids})
    turned = Records.of(ids[::-1], {"name": ids[::-1]})
    assert records.ids[records.order].tolist() == turned.ids[turned.order].tolist()
    assert records.ids[records.order].tolist() != ids


def test_joined_lists_come_one_after_the_other_in_order() -> None:
    records = Records.of(["1", "2"], {"x": ["a", "b"]}).join(Records.of(["1"], {"x": ["a"]}))
    assert records.source.tolist() == [0, 0, 1]
    assert records.order[-1] == 2
    assert records.possible_pairs == 2


def test_an_id_that_appears_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Records.of(["1", "1"], {})


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="column x has 1 values, not 2"):
        Records.of(["1", "2"], {"x": ["a"]})


def test_lists_with_different_columns_are_not_joined() -> None:
    with pytest.raises(ValueError, match="same columns"):
        Records.of(["1"], {"x": ["a"]}).join(Records.of(["1"], {"y": ["a"]}))
