import numpy as np

from linkage.agreement_codes import LEVELS, MISSING
from linkage.cambodia.phones import DIFFERENT, OF_HOUSEHOLD, POOLED, SAME, phone_agreement, pool

# Records 0 and 1 are one household, 2 and 3 another, 4 stands alone.
HOUSEHOLD = np.array([0, 0, 1, 1, -1], np.int32)


def code_of(own: list[int], one: int, other: int) -> int:
    phones = pool(np.array(own, np.int32), HOUSEHOLD)
    pair = np.array([one], np.int32), np.array([other], np.int32)
    return int(phone_agreement(phones, *pair)[0])


def test_equal_phones_are_the_same() -> None:
    assert code_of([7, -1, 7, -1, -1], 0, 2) == SAME


def test_a_phone_of_the_household_speaks_for_a_member_without_one() -> None:
    assert code_of([7, -1, -1, -1, 7], 1, 4) == POOLED * LEVELS + OF_HOUSEHOLD


def test_another_phone_of_the_household_may_be_the_shared_one() -> None:
    assert code_of([7, 8, -1, -1, 7], 1, 4) == OF_HOUSEHOLD


def test_households_without_a_shared_phone_differ() -> None:
    assert code_of([7, -1, 8, -1, -1], 1, 3) == POOLED * LEVELS + DIFFERENT


def test_within_one_household_only_own_phones_count() -> None:
    assert code_of([7, -1, -1, -1, -1], 0, 1) == MISSING
    assert code_of([7, 8, -1, -1, -1], 0, 1) == DIFFERENT


def test_no_phone_says_nothing() -> None:
    assert code_of([-1, -1, 7, -1, -1], 0, 2) == MISSING
