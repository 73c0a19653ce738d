import pytest

from registry.schemes.values.coded import RELATIONSHIPS, SEXES
from registry.schemes.values.plain import fold, tidy


@pytest.mark.parametrize("text", ["ប្រុស", "ប", "M", "m", "Male", " MALE ", "1", "១", "ប្រុស\u200b"])
def test_men_are_male(text: str) -> None:
    assert SEXES.read(text) == ("male", None)


@pytest.mark.parametrize("text", ["ស្រី", "ស", "F", "female", "2", "២", "ស្ត្រី"])
def test_women_are_female(text: str) -> None:
    assert SEXES.read(text) == ("female", None)


@pytest.mark.parametrize("text", ["3", "X?", "ប្រុសស្រី", "MF"])
def test_any_other_sex_stays_unknown(text: str) -> None:
    assert SEXES.read(text) == (None, "sex.unknown")


def test_an_empty_sex_says_nothing() -> None:
    assert SEXES.read("") == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("មេគ្រួសារ", "head"),
        ("ប្តី/ប្រពន្ធ", "spouse"),
        ("ប្ដី/ប្រពន្ធ", "spouse"),
        ("កូន", "child"),
        ("ឪពុក/ម្តាយ", "parent"),
        ("ចៅ", "grandchild"),
        ("ក្មួយ", "other"),
    ],
)
def test_relationships_are_read(text: str, expected: str) -> None:
    assert RELATIONSHIPS.read(text) == (expected, None)


def test_headings_are_the_same_whatever_their_case_spaces_and_spelling() -> None:
    assert fold("ID_Card No.") == fold("id card no") == fold("IDCardNo")
    assert fold("ថ្ងៃខែឆ្នាំកំណើត") == fold("ថ្ងៃ ខែ ឆ្នាំ កំណើត")


def test_tidy_text_has_ascii_digits_and_single_blanks() -> None:
    assert tidy(" ០១២\u00a0 \u200b៣៤ ") == "012 34"
