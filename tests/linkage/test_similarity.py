"""The string kernels against their slow twins and against jellyfish."""

from collections.abc import Callable

import jellyfish
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.similarity import (
    Spans,
    damerau,
    damerau_within,
    jaro,
    jaro_winkler,
    levenshtein,
    levenshtein_within,
    ones,
)
from tests.linkage import naive

Kernel = Callable[[np.ndarray, Spans], float]

ALPHABETS = ("ab", "abcdef", "0123456789", "កខគឃងចឆជ", "a𝄞é")
SHORT = st.sampled_from(ALPHABETS).flatmap(lambda letters: st.text(letters, max_size=9))
LONG = st.text("abc", min_size=60, max_size=80)
EXACT = settings(max_examples=300)


def measure(kernel: Kernel, a: str, b: str) -> float:
    chars = np.frombuffer(("#" + a + b).encode("utf-32-le"), np.uint32)
    return kernel(chars, Spans(1, 1 + len(a), 1 + len(a), 1 + len(a) + len(b)))


@given(SHORT, SHORT)
@EXACT
def test_kernels_agree_with_their_slow_twins(a: str, b: str) -> None:
    assert measure(jaro, a, b) == pytest.approx(naive.jaro(a, b), abs=1e-12)
    assert measure(jaro_winkler, a, b) == pytest.approx(naive.jaro_winkler(a, b), abs=1e-12)
    assert measure(damerau, a, b) == naive.damerau(a, b)


@given(st.text("ab", max_size=5), st.text("ab", max_size=5))
@EXACT
def test_levenshtein_agrees_with_its_slow_twin(a: str, b: str) -> None:
    assert measure(levenshtein, a, b) == naive.levenshtein(a, b)


@given(st.one_of(SHORT, LONG), st.one_of(SHORT, LONG))
@EXACT
def test_kernels_agree_with_jellyfish(a: str, b: str) -> None:
    assert measure(jaro, a, b) == pytest.approx(jellyfish.jaro_similarity(a, b), abs=1e-12)
    assert measure(jaro_winkler, a, b) == pytest.approx(
        jellyfish.jaro_winkler_similarity(a, b), abs=1e-12
    )
    assert measure(levenshtein, a, b) == jellyfish.levenshtein_distance(a, b)


@given(st.one_of(SHORT, LONG), st.one_of(SHORT, LONG))
@EXACT
def test_optimal_alignment_is_never_below_the_unrestricted_distance(a: str, b: str) -> None:
    aligned = measure(damerau, a, b)
    unrestricted = jellyfish.damerau_levenshtein_distance(a, b)
    assert unrestricted <= aligned <= jellyfish.levenshtein_distance(a, b)
    assert (aligned <= 1) == (unrestricted <= 1)


@given(LONG, LONG)
@settings(max_examples=30)
def test_long_strings_agree_with_the_slow_twin(a: str, b: str) -> None:
    assert measure(damerau, a, b) == naive.damerau(a, b)
    assert measure(jaro, a, b) == pytest.approx(naive.jaro(a, b), abs=1e-12)


@given(st.integers(0, 2**64 - 1))
@EXACT
def test_ones_counts_bits(word: int) -> None:
    assert ones(np.uint64(word)) == word.bit_count()


@given(SHORT, SHORT, st.integers(0, 3))
@EXACT
def test_distances_within_a_bound_are_exact_and_beyond_it_only_large(
    a: str, b: str, most: int
) -> None:
    chars = np.frombuffer(("#" + a + b).encode("utf-32-le"), np.uint32)
    at = Spans(1, 1 + len(a), 1 + len(a), 1 + len(a) + len(b))
    for kernel, true in (
        (levenshtein_within, jellyfish.levenshtein_distance(a, b)),
        (damerau_within, naive.damerau(a, b)),
    ):
        found = kernel(chars, at, float(most))
        assert found == true if true <= most else found > most
