"""Forms of values."""

import pytest

from linkage.forms import formed
from linkage.records import Column

CASES = [
    ("first 3", ["sokha", "sokhom", "dara"], [0, 0, 1]),
    ("last 2", ["19900101", "20010201", "01"], [0, 0, 0]),
    ("first 4", ["199", "1990-01"], [-1, 0]),
    ("soundex", ["chan", "chann", "dara"], [0, 0, 1]),
    ("sorted", ["chea sok", "sok chea"], [0, 0]),
    ("whole", ["b", "a"], [0, 1]),
]


@pytest.mark.parametrize(("form", "values", "codes"), CASES)
def test_values_of_one_form_share_a_number(form: str, values: list[str], codes: list[int]) -> None:
    assert formed(Column.of(values), form).tolist() == codes


@pytest.mark.parametrize("form", ["first", "first 0", "first x", "middle 3", ""])
def test_an_unknown_form_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="no form"):
        formed(Column.of(["a"]), form)
