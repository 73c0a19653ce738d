"""The kernels that compare two records, beside their slow twins."""

from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.agreement_codes import LEVELS, MISSING
from linkage.cambodia.between import Between
from linkage.cambodia.households import SUPPORT, household_agreement
from linkage.cambodia.name_agreement import name_agreement
from linkage.cambodia.name_parts import analysed
from linkage.cambodia.phones import (
    DIFFERENT,
    OF_HOUSEHOLD,
    OWN,
    POOLED,
    SAME,
    phone_agreement,
    pool,
)
from tests.linkage.cambodia.naive_agreement import NaiveNames, supported

KHMER = ["សុខ", "សុខា", "សុខារ៉ា", "ជា", "ចាន់", "ចាន់ធី", "ស្រី", "ស្រីពៅ", "ពៅ", "ធារ៉ា", "រតនា", "វណ្ណា"]
LATIN = [
    "sok",
    "sokha",
    "sokhara",
    "chea",
    "chan",
    "chanthy",
    "srey",
    "sreypov",
    "pov",
    "tha",
    "rithya",
    "vanna",
]
WORDS = [*KHMER, *LATIN]
NOBODY = -1


def row(numbers: list[int]) -> npt.NDArray[np.int32]:
    return np.array(numbers, np.int32)


@st.composite
def records(draw: st.DrawFn) -> list[int]:
    """Four words: family and given name, in Khmer script and in Latin; none without a given one."""
    words = []
    for first in (0, len(KHMER)):
        given_name = draw(st.integers(first - 1, first + len(KHMER) - 1))
        given_name = NOBODY if given_name < first else given_name
        family = draw(st.integers(first - 1, first + len(KHMER) - 1))
        words += [NOBODY if family < first or given_name == NOBODY else family, given_name]
    return words


@settings(deadline=None)
@given(st.lists(records(), min_size=2, max_size=6))
def test_names_agree_with_their_slow_twin(parts: list[list[int]]) -> None:
    names = analysed(np.array(parts, np.int32), WORDS)
    left, right = (
        row(list(ends)) for ends in zip(*product(range(len(parts)), repeat=2), strict=True)
    )
    found = np.array(name_agreement(names, left, right))
    twin = NaiveNames(names)
    expected = [twin.codes(parts[a], parts[b]) for a, b in product(range(len(parts)), repeat=2)]
    assert found.T.tolist() == [list(codes) for codes in expected]


@given(st.data(), st.integers(2, 8))
def test_phones_agree_with_their_slow_twin(data: st.DataObject, size: int) -> None:
    own = data.draw(st.lists(st.integers(-1, 3), min_size=size, max_size=size))
    household = data.draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))

    def known(record: int) -> set[int]:
        home = household[record]
        mates = [at for at in range(size) if household[at] == home] if home >= 0 else [record]
        return {own[at] for at in mates} - {-1}

    def code(one: int, other: int) -> int:
        both = own[one] >= 0 and own[other] >= 0
        if both and own[one] == own[other]:
            return SAME
        is_one = household[one] >= 0 and household[one] == household[other]
        mine, theirs = (set[int](), set[int]()) if is_one else (known(one), known(other))
        if not both and not (mine and theirs):
            return MISSING
        kind = OWN if both else POOLED
        return kind * LEVELS + (OF_HOUSEHOLD if mine & theirs else DIFFERENT)

    pairs = list(product(range(size), repeat=2))
    left, right = (row(list(ends)) for ends in zip(*pairs, strict=True))
    found = phone_agreement(pool(row(own), row(household)), left, right)
    assert found.tolist() == [code(one, other) for one, other in pairs]


@given(st.data(), st.integers(2, 9))
def test_support_of_households_agrees_with_its_slow_twin(data: st.DataObject, size: int) -> None:
    household = data.draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))
    whole = [(one, other) for one in range(size) for other in range(one + 1, size)]
    pairs = sorted(data.draw(st.sets(st.sampled_from(whole), min_size=1)))
    chances = st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.3, 0.5, 0.9, 1.0])
    match = data.draw(st.lists(chances, min_size=len(pairs), max_size=len(pairs)))
    bits = st.sampled_from([-5.0, 0.0, 4.0])
    weight = data.draw(st.lists(bits, min_size=len(pairs), max_size=len(pairs)))
    left, right = (row(list(ends)) for ends in zip(*pairs, strict=True))
    found = household_agreement(row(household), (left, right), np.array(match), np.array(weight))
    assert found.tolist() == supported(household, pairs, match, weight, SUPPORT.tolist())


@given(st.data(), st.integers(2, 9))
def test_pairs_between_households_agree_with_their_slow_twin(
    data: st.DataObject, size: int
) -> None:
    household = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    apart = [pair for pair in product(range(size), repeat=2)
             if household[pair[0]] != household[pair[1]]]  # fmt: skip
    asked = data.draw(st.lists(st.sampled_from(apart), unique=True)) if apart else []
    speaking = data.draw(st.sets(st.sampled_from(apart))) if apart else set()
    one, other = row([pair[0] for pair in asked]), row([pair[1] for pair in asked])
    between = Between.of_pairs(row(household), (one, other))
    listed = list(zip(*(ends.tolist() for ends in between.pairs), strict=True))
    homes = {frozenset((household[a], household[b])) for a, b in asked}
    assert sorted(map(sorted, listed)) == sorted(
        [a, b] for a, b in apart if a < b and frozenset((household[a], household[b])) in homes
    )
    says = np.array([(a, b) in speaking or (b, a) in speaking for a, b in listed], np.bool_)
    expected = [
        any(
            {household[a], household[b]} == {household[c], household[d]} and not {a, b} & {c, d}
            for c, d in speaking
        )
        for a, b in asked
    ]
    assert between.backed((one, other), says).tolist() == expected
