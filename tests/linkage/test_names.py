"""Names: one score over scripts, orders, joins and honorifics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.name_blocks import name_frequencies, name_keys
from linkage.name_keys import part_keys
from linkage.name_table import analyse, analyse_both, name_parts
from linkage.names import DIFFERENT, SAME, keys, similarity
from tests.linkage.name_cases import CASES, SAME_CASES, Case

SIBLINGS_APART = 0.25


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.first}, {c.second}") for c in CASES])
def test_verdict(case: Case) -> None:
    score = similarity(case.first, case.second)
    found = "same" if score >= SAME else "different" if score < DIFFERENT else "look"
    assert found == case.verdict, f"{case.reason}: {score:.3f}"


def test_the_table_of_cases_is_large_and_without_repetition() -> None:
    assert len(CASES) >= 200
    assert len({frozenset(case[:2]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.first}, {c.second}") for c in SAME_CASES])
def test_spellings_of_one_name_share_a_key(case: Case) -> None:
    assert set(keys(case.first)) & set(keys(case.second))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(c, id=c.first)
        for c in SAME_CASES
        if c.reason in {"one text in other code points", "invisible characters inside"}
    ],
)
def test_one_text_has_one_score_and_one_set_of_keys_however_it_is_coded(case: Case) -> None:
    assert similarity(case.first, case.second) == 1.0
    assert keys(case.first) == keys(case.second)


def test_siblings_score_clearly_below_a_spelling() -> None:
    spelling = similarity("ជា សុខា", "Chea Sokha")
    assert similarity("ជា សុខា", "Chea Sokhom") < spelling - SIBLINGS_APART


@settings(max_examples=50)
@given(st.text(max_size=12), st.text(max_size=12))
def test_any_two_texts_have_a_symmetric_score(one: str, other: str) -> None:
    score = similarity(one, other)
    assert 0.0 <= score <= 1.0
    assert score == similarity(other, one)


@settings(max_examples=50)
@given(st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17D2), max_size=8))
def test_a_text_with_a_name_is_like_itself(text: str) -> None:
    assert similarity(text, text) == (1.0 if name_parts(text) else 0.0)


def test_a_text_without_letters_is_like_nothing() -> None:
    assert similarity("--", "--") == 0.0
    assert keys("--") == ()


def test_an_honorific_alone_is_a_name() -> None:
    assert name_parts("តា") == ("តា",)
    assert name_parts("លោក") == ("លោក",)
    assert name_parts("តា សុខ") == ("តា", "សុខ")


def test_words_beyond_the_fourth_are_joined() -> None:
    assert name_parts("a b c d e") == ("a", "b", "c", "de")


def test_keys_of_both_forms_of_a_value_count() -> None:
    table = analyse_both(["ជា សុខា", None, None], ["Chea Sokha", "Chea Sokha", None])
    whole = name_keys(table).whole
    rows = [
        {whole.texts[code] for code in whole.codes[whole.at[n] : whole.at[n + 1]]} for n in range(3)
    ]
    assert rows[0] == set(keys("ជា សុខា")) | set(keys("Chea Sokha"))
    assert rows[1] == set(keys("Chea Sokha"))
    assert rows[2] == set()


def test_keys_of_the_given_name_leave_the_family_name_out() -> None:
    given = name_keys(analyse(["Chea Sokha"])).given
    assert set(given.texts) == set(part_keys("sokha"))


def test_a_half_name_shares_the_keys_of_its_part() -> None:
    parts = name_keys(analyse(["Chea Sokha", "សុខា"])).parts
    first = set(parts.codes[: parts.at[1]])
    assert first & set(parts.codes[parts.at[1] :])


def test_spellings_of_one_sound_are_counted_together() -> None:
    table = analyse(["Chea Sokha", "Sokha Chea", "ហេង វុទ្ធី", ""])
    shares = name_frequencies(table, np.array([3, 1, 4, 9]))
    assert shares.tolist() == [0.5, 0.5, 0.5, 1.0]
