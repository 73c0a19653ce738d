"""What a household says of its members.

Two households in which another person matches are likely one household, or one that moved: a pair
of their members gains. The support of a pair is the surest other pair between the two households,
of people who do not match either of the two. It is a matter of the records of two households, and
of no others.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import MISSING, Codes
from linkage.compiled import compiled
from linkage.texts import Rows

SURE, LIKELY, MAYBE, NONE = range(4)
SUPPORT: Final = np.array([0.9, 0.5, 0.05])
_WORTH_A_LOOK: Final = 1e-3


class _Matching(NamedTuple):
    """Pairs that match rather than not: those of `i` with later ones at `starts[i]:starts[i + 1]`.

    int64[records + 1], and int32[pairs] in order.
    """

    starts: npt.NDArray[np.int64]
    right: Rows


def household_agreement(
    household: Rows,
    pairs: tuple[Rows, Rows],
    match: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
) -> Codes:
    """Code the support of pairs of records by the other members of their households: int16[pairs].

    `pairs` are in order; `match` float64[pairs] is how probable each is a match, `weight` the match
    weight. Missing where a household is not known, has one member, or is the same: then the number
    that says so is evidence already. Pairs that are hardly a match neither give support nor get it.
    """
    left, right = pairs
    is_several = np.append(np.bincount(household[household >= 0], minlength=1) > 1, False)
    known = is_several[household[left]] & is_several[household[right]]
    known &= household[left] != household[right]
    codes = np.where(known, np.int16(NONE), np.int16(MISSING))
    useful = np.flatnonzero(known & (match > _WORTH_A_LOOK))
    one, other = household[left[useful]], household[right[useful]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((useful, high, low))
    useful, low, high = useful[order], low[order], high[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1])
    ends = np.append(np.flatnonzero(np.append(True, ~same)), useful.size).astype(np.int64)
    support = np.zeros(left.size)
    _support((useful, ends), pairs, _matching(pairs, weight, household.size), match, support)
    codes[useful] = np.searchsorted(-SUPPORT, -support[useful], side="left")
    return codes


def _matching(pairs: tuple[Rows, Rows], weight: npt.NDArray[np.float64], size: int) -> _Matching:
    left, right = pairs
    matching = weight > 0
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(left[matching], minlength=size), out=starts[1:])
    return _Matching(starts, right[matching])


@compiled
def _support(
    blocks: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    pairs: tuple[Rows, Rows],
    matching: _Matching,
    match: npt.NDArray[np.float64],
    support: npt.NDArray[np.float64],
) -> None:
    (useful, ends), (left, right) = blocks, pairs
    for block in range(ends.size - 1):
        for i in range(ends[block], ends[block + 1]):
            pair = useful[i]
            for j in range(ends[block], ends[block + 1]):
                rival = useful[j]
                if match[rival] > support[pair] and _others(
                    matching, (left[pair], right[pair]), (left[rival], right[rival])
                ):
                    support[pair] = match[rival]


@compiled
def _others(matching: _Matching, pair: tuple[int, int], rival: tuple[int, int]) -> bool:
    for one in pair:
        for other in rival:
            if one == other or _match(matching, min(one, other), max(one, other)):
                return False
    return True


@compiled
def _match(matching: _Matching, one: int, other: int) -> bool:
    for at in range(matching.starts[one], matching.starts[one + 1]):
        if matching.right[at] == other:
            return True
    return False
