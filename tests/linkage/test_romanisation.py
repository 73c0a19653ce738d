"""Khmer names in the Latin spelling that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.romanisation import romanise
from linkage.text import canonical


@pytest.mark.parametrize(
    ("khmer", "latin"),
    [
        ("សុខ", "sok"),
        ("ជា", "chea"),
        ("ហេង", "heng"),
        ("សុវណ្ណ", "sovann"),
        ("ស្រី", "srey"),
        ("សុភារី", "sopheary"),
        ("សារុន", "sarun"),
        ("ពៅ", "pov"),
        ("ប៉ែន", "pen"),
        ("ម៉ៅ", "mao"),
        ("ចន្ទ", "chan"),
        ("វ៉ាន់", "van"),
        ("ធីតា", "thita"),
        ("ជា សុខ", "chea sok"),
        ("ប៊ុនហ៊័រ", "bunhor"),
        ("ស្អាត", "sat"),
        ("Sok", "sok"),
    ],
)
def test_names_are_spelled_as_in_practice(khmer: str, latin: str) -> None:
    assert romanise(khmer) == latin


@pytest.mark.parametrize(
    ("khmer", "latin", "reason"),
    [
        ("គឹម", "kim", "a vowel inside a word is short"),
        ("ធីដា", "thida", "also where another syllable follows"),
        ("លី", "ly", "but y where it ends the word"),
        ("ស្រីមុំ", "sreymom", "and ey after the first series"),
        ("អៀ", "ea", "ie becomes ea where it ends the word"),
        ("កណា", "kana", "an inherent vowel is a before another syllable"),
        ("រតនា", "ratana", "and is heard again after itself"),
        ("សុខណា", "sokna", "but not after a written vowel"),
        ("ពក", "pok", "an inherent vowel before a final velar is o"),
        ("មករា", "meakara", "but ea before another syllable"),
        ("សម្បត្តិ", "sambath", "t over t with a silent i is th"),
        ("រិទ្ធ", "rith", "t over its aspirate is th"),
        ("ជាតិ", "cheat", "one t is t"),
        ("វិចិត្រ", "vichet", "r below is not heard"),
        ("សុវណ្ណ", "sovann", "n over n closes a name doubled"),
        ("វណ្ណា", "vanna", "and shortens the vowel before it"),
        ("មេត្តា", "metta", "t over t is no d"),
        ("ស្តៅ", "sdao", "t below another letter is"),
        ("បុប្ផា", "bopha", "two letters for one sound are not doubled"),
        ("សុភ័ក្ត្រ", "sopheak", "a short vowel before a velar is ea"),
        ("ស្លេះ", "sles", "a breath that closes a name of a person is s"),
        ("ធំ", "thom", "nikahit closes with m, once"),
        ("ការ", "kar", "r after a vowel sign is r"),
        ("ម៉ូហាម៉ាត់ យូសុះ", "mohamat yousos", "word by word"),
    ],
)
def test_what_stands_beside_a_unit_changes_its_spelling(
    khmer: str, latin: str, reason: str
) -> None:
    assert romanise(khmer) == latin, reason


@given(st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17D3), max_size=8))
def test_any_khmer_text_is_spelled_and_only_in_latin_where_it_has_a_letter(text: str) -> None:
    assert bool(romanise(text)) == bool(canonical(text))
