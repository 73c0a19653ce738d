"""Names: one score over scripts, orders, joins and honorifics."""

import pytest

from linkage.names import DIFFERENT, SAME, keys, similarity


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ជា សុខា", "Chea Sokha"),
        ("Chea Sokha", "Sokha Chea"),
        ("លោកតា ជា សុខា", "ជា សុខា"),
        ("Nguyen Van Hoa", "Nguyen Vanhoa"),
    ],
)
def test_one_name_scores_as_same(first: str, second: str) -> None:
    assert similarity(first, second) >= SAME


@pytest.mark.parametrize(
    ("first", "second"), [("ជា សុខា", "ជា សុខុម"), ("Sok Sreypov", "Sok Sreypich")]
)
def test_siblings_score_as_different(first: str, second: str) -> None:
    assert similarity(first, second) < DIFFERENT


def test_spellings_of_one_name_share_a_key() -> None:
    assert set(keys("ជា សុខា")) & set(keys("Chea Sokha"))
    assert set(keys("Chea Sokha")) & set(keys("Sokha Chea"))
