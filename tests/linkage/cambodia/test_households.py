import numpy as np

from linkage.agreement_codes import MISSING
from linkage.cambodia.households import LIKELY, NONE, SURE, household_agreement

# A household of 0, 1, 2 on one list and of 3, 4, 5 on another.
HOUSEHOLD = np.array([0, 0, 0, 1, 1, 1, -1], np.int32)


def codes_of(
    pairs: list[tuple[int, int]], match: list[float], weight: list[float] | None = None
) -> list[int]:
    left, right = np.array(pairs, np.int32).T
    weights = np.array(weight or [-1.0] * len(pairs))
    codes = household_agreement(HOUSEHOLD, (left, right), np.array(match), weights)
    return [int(code) for code in codes]


def test_another_member_who_matches_supports_a_pair() -> None:
    codes = codes_of([(0, 3), (1, 4)], [0.6, 0.95])
    assert codes == [SURE, LIKELY]


def test_a_pair_does_not_support_itself_nor_its_rivals() -> None:
    assert codes_of([(0, 3), (0, 4)], [0.95, 0.95]) == [NONE, NONE]


def test_another_record_of_the_same_person_is_no_other_member() -> None:
    pairs = [(0, 1), (0, 3), (1, 4), (3, 4)]
    assert codes_of(pairs, [0.9] * 4, [2.0, -1.0, -1.0, 2.0]) == [MISSING, NONE, NONE, MISSING]


def test_nothing_is_known_within_one_household_or_without_any() -> None:
    assert codes_of([(0, 1), (0, 6)], [0.5, 0.5]) == [MISSING, MISSING]
