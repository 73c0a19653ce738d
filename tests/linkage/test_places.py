import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.agreement_codes import LEVELS, MISSING
from linkage.places import (
    ELSEWHERE,
    SAME_COMMUNE,
    SAME_DISTRICT,
    SAME_PROVINCE,
    SAME_VILLAGE,
    VILLAGES,
    WIDER,
    place_agreement,
    places,
)
from linkage.texts import coded


def code_of(one: str | None, other: str | None) -> int:
    known = places(coded([one, other]))
    return int(place_agreement(known, np.array([0], np.int32), np.array([1], np.int32))[0])


@pytest.mark.parametrize(
    ("one", "other", "kind", "level"),
    [
        ("05010203", "05010203", VILLAGES, SAME_VILLAGE),
        ("05010203", "05010204", VILLAGES, SAME_COMMUNE),
        ("05010203", "05010304", VILLAGES, SAME_DISTRICT),
        ("05010203", "05020304", VILLAGES, SAME_PROVINCE),
        ("05010203", "06010203", VILLAGES, ELSEWHERE),
        ("05010203", "050102", WIDER, SAME_COMMUNE),
        ("0501", "050102", WIDER, SAME_DISTRICT),
    ],
)
def test_places_agree_as_deep_as_both_are_known(
    one: str, other: str, kind: int, level: int
) -> None:
    assert code_of(one, other) == kind * LEVELS + level
    assert code_of(other, one) == code_of(one, other)


@pytest.mark.parametrize("unknown", [None, "", "village", "501"])
def test_an_unknown_place_says_nothing(unknown: str | None) -> None:
    assert code_of(unknown, "05010203") == MISSING


CODES = st.integers(0, 3).flatmap(
    lambda depth: st.lists(st.sampled_from(["01", "02"]), min_size=depth + 1, max_size=depth + 1)
)


@given(CODES, CODES)
def test_the_kernel_agrees_with_its_slow_twin(one: list[str], other: list[str]) -> None:
    shared = 0
    while one[shared : shared + 1] == other[shared : shared + 1] != []:
        shared += 1
    kind = VILLAGES if len(one) == len(other) == 4 else WIDER
    assert code_of("".join(one), "".join(other)) == kind * LEVELS + ELSEWHERE - shared
