"""Khmer sound units in their usual spelling, whatever stands beside them."""

import pytest

from linkage.usual_spellings import practice, spelled_by_unit


@pytest.mark.parametrize(
    ("unit", "latin"),
    [("ក", "k"), ("-ប", "p"), ("~ត", ""), ("?/1", ""), ("ា/1", "a"), ("ា/2", "ea"), ("ី/3", "y")],
)
def test_a_unit_has_one_usual_spelling(unit: str, latin: str) -> None:
    assert practice(unit) == latin


def test_unit_by_unit_no_neighbour_changes_a_spelling() -> None:
    assert spelled_by_unit("សុវណ្ណ គឹម រិទ្ធ") == "sovan kim rit"
    assert spelled_by_unit("Sok Dara") == "sok dara"
