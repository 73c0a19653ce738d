import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkage.agreement_codes import MISSING
from linkage.identifiers import DIFFERENT, SAME, SLIP, number_agreement, numbers
from linkage.texts import coded


def code_of(one: str | None, other: str | None) -> int:
    known = numbers(coded([one, other]))
    return int(number_agreement(known, np.array([0], np.int32), np.array([1], np.int32))[0])


def naive(one: str, other: str) -> int:
    if one == other:
        return SAME
    swaps = {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(max(len(one) - 1, 0))}
    wrong = sum(mine != theirs for mine, theirs in zip(one, other, strict=False))
    slip = len(one) == len(other) and (wrong == 1 or other in swaps)
    return SLIP if slip else DIFFERENT


NUMBERS = st.text("0123", min_size=1, max_size=9)


@given(NUMBERS, NUMBERS)
def test_the_kernel_agrees_with_its_slow_twin(one: str, other: str) -> None:
    assert code_of(one, other) == naive(one, other)


def test_a_missing_number_says_nothing() -> None:
    assert code_of(None, "123456789") == MISSING
    assert code_of("", "") == MISSING
