import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.text import canonical
from registry.schemes.values.names import LEGACY, OTHER_SCRIPT, _canonical_words, read_name
from registry.schemes.values.plain import tidy

CASES = [
    ({"name_khmer": "សុខ ដារា"}, {"name_khmer": "សុខ ដារា"}, "joined"),
    (
        {"family_khmer": "សុខ", "given_khmer": "ដា\u200bរា"},
        {"family_khmer": "សុខ", "given_khmer": "ដារា"},
        "apart, with an invisible space",
    ),
    ({"family_latin": "SOK", "given_latin": ""}, {"family_latin": "sok"}, "half a name"),
    (
        {"name_khmer": "សុខ ដារា (Sok Dara)"},
        {"name_khmer": "សុខ ដារា", "name_latin": "sok dara"},
        "both scripts in one cell",
    ),
    ({"name_khmer": "-", "name_latin": "N/A"}, {}, "words of absence"),
    ({"name_khmer": "?!"}, {}, "nothing but punctuation"),
    ({"name_latin": "1234"}, {}, "a number is no name"),
]


@pytest.mark.parametrize(("cells", "columns", "reason"), CASES)
def test_names_go_to_the_column_of_their_script(
    cells: dict[str, str], columns: dict[str, str], reason: str
) -> None:
    name = read_name(cells)
    assert (name.columns, name.problems) == (columns, {}), reason


def test_a_name_in_the_other_script_is_taken_with_a_warning() -> None:
    name = read_name({"name_khmer": "Sok Dara"})
    assert name.columns == {"name_latin": "sok dara"}
    assert name.problems == {"name_khmer": OTHER_SCRIPT}


def test_a_name_in_its_own_column_comes_first() -> None:
    name = read_name({"name_khmer": "Sok Dara", "name_latin": "Sok Darra"})
    assert name.columns == {"name_latin": "sok darra"}


def test_legacy_encoded_text_is_named() -> None:
    name = read_name({"family_khmer": "suxPab", "given_khmer": "cnÞ½"})
    assert name.problems == {"family_khmer": LEGACY, "given_khmer": LEGACY}


@given(st.text(st.sampled_from("កខ្ញាំី់៊ុ៌ \u200babC'’.-:1១ \u00a0é")))
def test_a_name_is_canonical_word_by_word(text: str) -> None:
    plain = tidy(text)
    assert _canonical_words(plain).split() == canonical(plain).split()
