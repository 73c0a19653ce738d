import numpy as np
import pytest

from linkage.agreement_codes import LEVELS, MISSING
from linkage.cambodia.background import counted
from linkage.cambodia.name_agreement import (
    ACROSS,
    ALIKE,
    BOTH_KHMER,
    CLOSE,
    CUT_ELSEWHERE,
    PART_OF,
    SAME_TEXT,
    STRAIGHT,
    SWAPPED,
    name_agreement,
)
from linkage.cambodia.name_parts import analysed, in_words, names_sent, with_cuts
from linkage.dates import birth_dates
from linkage.texts import coded

Name = dict[str, str]
FIELDS = (
    "family_khmer",
    "given_khmer",
    "name_khmer",
    "family_latin",
    "given_latin",
    "name_latin",
)


def codes_of(one: Name, other: Name, *others: Name) -> tuple[int, int, int]:
    listed = (one, other, *others)
    sent = names_sent({field: coded([name.get(field) for name in listed]) for field in FIELDS})
    nothing = coded([None] * len(listed))
    known = counted(sent, birth_dates(nothing, nothing))
    names = analysed(*in_words(with_cuts(sent, known.families, known.givens)))
    codes = name_agreement(names, np.array([0], np.int32), np.array([1], np.int32))
    return int(codes.family[0]), int(codes.given[0]), int(codes.order[0])


def khmer(family: str, given: str) -> Name:
    return {"family_khmer": family, "given_khmer": given}


def latin(family: str, given: str) -> Name:
    return {"family_latin": family, "given_latin": given}


def test_the_same_text_agrees_wholly() -> None:
    sokha = khmer("សុខ", "ដារា")
    assert codes_of(sokha, dict(sokha)) == (SAME_TEXT, SAME_TEXT, STRAIGHT)


def test_a_turned_name_is_swapped() -> None:
    family, given, order = codes_of(khmer("ចាន់", "ដារា"), khmer("ដារា", "ចាន់"))
    assert (family, given, order) == (SAME_TEXT, SAME_TEXT, SWAPPED)


@pytest.mark.parametrize(
    ("family", "given", "spelled"),
    [
        ("កែវ", "សុភាព", ("keo", "sopheap")),
        ("ហេង", "វិសាល", ("heng", "visal")),
        ("លី", "ដារា", ("ly", "dara")),
        ("ឈឹម", "សំណាង", ("chhim", "samnang")),
    ],
)
def test_a_latin_spelling_is_alike_across_scripts(
    family: str, given: str, spelled: tuple[str, str]
) -> None:
    one, other, order = codes_of(khmer(family, given), latin(*spelled))
    assert one // LEVELS == other // LEVELS == ACROSS
    assert max(one % LEVELS, other % LEVELS) <= ALIKE
    assert order == STRAIGHT


def test_other_names_differ() -> None:
    family, given, order = codes_of(khmer("កែវ", "សុភាព"), latin("ly", "dara"))
    assert min(family % LEVELS, given % LEVELS) > CLOSE
    assert order == MISSING


def test_half_a_given_name_is_part_of_it() -> None:
    family, given, order = codes_of(latin("heng", "sophearun"), latin("heng", "run"))
    assert (given % LEVELS, order) == (PART_OF, STRAIGHT)
    assert family % LEVELS == SAME_TEXT


def test_a_joined_name_is_cut_by_the_family_names_of_the_lists() -> None:
    listed = khmer("ចាន់", "ដារា")
    codes = codes_of({"name_khmer": "ចាន់ដារា"}, listed, dict(listed))
    assert codes == (BOTH_KHMER + SAME_TEXT, SAME_TEXT, STRAIGHT)


def test_a_name_that_cannot_be_cut_is_compared_whole() -> None:
    family, given, order = codes_of({"name_khmer": "ចាន់ដារា"}, khmer("ចាន់", "ដារា"))
    assert order == CUT_ELSEWHERE
    assert family % LEVELS <= ALIKE
    assert given == family


def test_honorifics_are_no_part_of_the_name() -> None:
    codes = codes_of({"name_khmer": "លោកយាយ ចាន់ ដារា"}, khmer("ចាន់", "ដារា"))
    assert codes == (SAME_TEXT, SAME_TEXT, STRAIGHT)


def test_no_name_says_nothing() -> None:
    assert codes_of({}, khmer("ចាន់", "ដារា")) == (MISSING, MISSING, MISSING)
