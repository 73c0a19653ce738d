"""Which column is about what, by its heading."""

import pytest

from linkage.text import has_khmer
from registry.schemes import SCHEMES
from registry.schemes.fields import VOCABULARY, Field
from registry.schemes.headings import find_headings
from registry.schemes.values.plain import fold
from registry.tables import Row

IDPOOR = SCHEMES["idpoor"]
USUAL = ("លេខសមាជិក", "ឈ្មោះ")


def known(*more: str) -> dict[Field, int]:
    return dict(find_headings(IDPOOR, [Row(1, (*USUAL, *more))]).columns)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("ភូមិ", Field.VILLAGE),
        ("កូដ ភូមិ", Field.VILLAGE),
        ("ថ្ងៃ-ខែ-ឆ្នាំកំណើត", Field.BIRTH_DATE),
        ("ភេទ (ប/ស)", Field.SEX),
        ("លេខសៀវភៅគ្រួសារ", Field.HOUSEHOLD),
        ("ត្រូវជាអ្វីជាមួយមេគ្រួសារ", Field.RELATIONSHIP),
        ("សុពលភាពដល់ថ្ងៃ", Field.VALID_UNTIL),
        ("កាលបរិច្ឆេទចុះបញ្ជី", Field.REGISTERED_ON),
        ("លេខទំនាក់ទំនង", Field.PHONE),
    ],
)
def test_heading_of_a_ministry_is_known(heading: str, field: Field) -> None:
    assert known(heading)[field] == len(USUAL)


@pytest.mark.parametrize("heading", ["ល.រ", "ភូមិកំណើត", "ឃុំ", "លេខផ្ទះ"])
def test_heading_that_says_something_else_is_not_taken(heading: str) -> None:
    assert set(known(heading).values()) == {0, 1}


def test_surer_of_two_headings_is_read() -> None:
    assert known("កូដឃុំ", "ភូមិ", "កូដភូមិ")[Field.VILLAGE] == 4
    assert known("ភូមិ", "village name", "កូដឃុំ")[Field.VILLAGE] == 2


def test_first_of_two_columns_of_one_heading_is_read() -> None:
    assert known("ភេទ", "ភេទ")[Field.SEX] == 2


def test_no_heading_says_two_things_and_every_field_is_known_in_khmer() -> None:
    folded = [fold(heading) for row in VOCABULARY.values() for heading in dict.fromkeys(
        fold(each) for each in row.split("|"))]  # fmt: skip
    assert len(folded) == len(set(folded))
    assert all(has_khmer(row) for row in VOCABULARY.values())
    of_schemes = [row for scheme in SCHEMES.values() for row in scheme.headings.values()]
    assert all(has_khmer(row) for row in of_schemes)
