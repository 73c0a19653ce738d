"""The compiled name comparison does what its slow twin says."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkage.name_kernels import name_distance, name_similarity
from linkage.name_table import analyse, analyse_both
from linkage.sound_table import shipped
from tests.linkage import naive_names

WORDS = "s kh sok kha sokha chea heng sreymom ly vuthy xyz 2 សុខ ខា សុខា ជា ហេង ស្រីមុំ លី វុទ្ធី ចន្ទ"
PARTS = st.sampled_from(WORDS.split())
NAMES = st.lists(PARTS, min_size=1, max_size=3)


@settings(max_examples=60)
@given(NAMES, NAMES)
@example(["sokha", "chea"], ["cheasokha"])
@example(["cheasokha"], ["sokha", "chea"])
@example(["sok", "kha", "ly"], ["ly", "sokha"])
@example(["s", "kha"], ["sok", "kha"])
@example(["sok", "kh"], ["ខា", "សុខ"])
@example(["vuthy"], ["sok", "2", "វុទ្ធី"])
def test_distance_is_the_best_alignment_of_parts(one: list[str], other: list[str]) -> None:
    table = analyse([" ".join(one), " ".join(other)])
    arrays = table.arrays
    codes = [int(max(forms)) for forms in arrays.forms]
    expected = naive_names.name_distance(table.parts[codes[0]], table.parts[codes[1]], shipped())
    found = name_distance(arrays, *codes)
    assert math.isclose(found, expected, rel_tol=1e-4, abs_tol=1e-3)
    if codes[0] != codes[1]:
        assert math.isclose(
            name_similarity(arrays, 0, 1), naive_names.score(expected), rel_tol=1e-3, abs_tol=1e-3
        )


@settings(max_examples=40)
@given(NAMES, NAMES)
def test_similarity_is_symmetric(one: list[str], other: list[str]) -> None:
    arrays = analyse([" ".join(one), " ".join(other)]).arrays
    assert name_similarity(arrays, 0, 1) == pytest.approx(name_similarity(arrays, 1, 0), abs=1e-5)


def test_forms_in_one_script_speak_before_forms_across_scripts() -> None:
    both = analyse_both(["ជា សុខា", "ជា សុខុម"], ["Chea Sokha", None]).arrays
    khmer = analyse(["ជា សុខា", "ជា សុខុម"]).arrays
    assert name_similarity(both, 0, 1) == name_similarity(khmer, 0, 1)


def test_scripts_are_crossed_when_none_is_shared() -> None:
    arrays = analyse_both(["ជា សុខា", None], [None, "Chea Sokha"]).arrays
    assert name_similarity(arrays, 0, 1) > 0.9


def test_the_better_of_two_shared_scripts_counts() -> None:
    arrays = analyse_both(["ជា សុខា", "សុខា"], ["Chea Sokha", "Chea Sokha"]).arrays
    assert name_similarity(arrays, 0, 1) == 1.0


def test_an_absent_name_is_unknown() -> None:
    arrays = analyse_both(["ជា សុខា", None], [None, None]).arrays
    assert name_similarity(arrays, 0, 1) == -1.0


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        analyse_both(["ជា សុខា"], [])
