"""What a household says of its members.

Two households in which another person matches are likely one household, or one that moved: a pair
of their members gains. The support of a pair is the surest other pair between the two households,
of people whom clustering takes for others than the two.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import MISSING, Codes
from linkage.cambodia.people import Rows
from linkage.compiled import compiled

SURE, LIKELY, MAYBE, NONE = range(4)
SUPPORT: Final = np.array([0.9, 0.5, 0.05])
_WORTH_A_LOOK: Final = 1e-3


def household_agreement(
    household: Rows, pairs: tuple[Rows, Rows], match: npt.NDArray[np.float64], clusters: Rows
) -> Codes:
    """Code the support of pairs of records by the other members of their households: int16[pairs].

    `match` float64[pairs] is how probable each pair is a match, `clusters` int32[records] who is
    taken for whom. Missing where a household is not known, has one member, or is the same: then the
    number that says so is evidence already.
    """
    left, right = pairs
    one, other = household[left], household[right]
    size = np.bincount(household[household >= 0], minlength=1)
    known = (one >= 0) & (other >= 0) & (one != other)
    known &= (size[one] > 1) & (size[other] > 1)
    support = np.zeros(left.size)
    low, high = np.minimum(one, other), np.maximum(one, other)
    useful = np.flatnonzero(known & (match > _WORTH_A_LOOK))
    useful = useful[np.lexsort((useful, high[useful], low[useful]))]
    same = (low[useful][1:] == low[useful][:-1]) & (high[useful][1:] == high[useful][:-1])
    ends = np.append(np.flatnonzero(np.append(True, ~same)), useful.size).astype(np.int64)
    _support(useful, ends, (clusters[left], clusters[right]), match, support)
    level = np.searchsorted(-SUPPORT, -support, side="left").astype(np.int16)
    return np.where(known, level, np.int16(MISSING)).astype(np.int16)


@compiled
def _support(
    useful: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    persons: tuple[Rows, Rows],
    match: npt.NDArray[np.float64],
    support: npt.NDArray[np.float64],
) -> None:
    left, right = persons
    for block in range(ends.size - 1):
        for i in range(ends[block], ends[block + 1]):
            pair = useful[i]
            for j in range(ends[block], ends[block + 1]):
                rival = useful[j]
                if _others(left[pair], right[pair], left[rival], right[rival]):
                    support[pair] = max(support[pair], match[rival])


@compiled
def _others(a: int, b: int, c: int, d: int) -> bool:
    return c not in (a, b) and d not in (a, b)
