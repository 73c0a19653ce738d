"""The pairs between two households."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled
from linkage.texts import Rows

MOST: Final = 10_000
"""Two households with more pairs between them are taken to have whatever is looked for."""

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Between(NamedTuple):
    """All pairs between the households of some pairs of records.

    `pairs` int32[k] twice, those of the two households `t` at `starts[t]:starts[t + 1]`,
    int64[t + 1]; `of` int64[pairs asked] are the two households of each. `large` bool[t] tells
    those whose pairs are too many, and left out.
    """

    pairs: tuple[Rows, Rows]
    starts: Numbers
    of: Numbers
    large: Flags

    @classmethod
    def of_pairs(cls, household: Rows, asked: tuple[Rows, Rows]) -> "Between":
        """Find them; `household` int32[records], -1 unknown, is known of who is asked for."""
        size = int(household.max(initial=-1)) + 1
        members = np.argsort(household, kind="stable").astype(np.int32)
        ends = np.searchsorted(household[members], np.arange(size + 1)).astype(np.int64)
        one, other = (household[records].astype(np.int64) for records in asked)
        both, of = np.unique(
            np.minimum(one, other) * size + np.maximum(one, other), return_inverse=True
        )
        homes = np.divmod(both, max(size, 1))
        lengths = np.diff(ends)
        counts = lengths[homes[0]] * lengths[homes[1]]
        large = counts > MOST
        starts = np.append(0, np.cumsum(np.where(large, 0, counts))).astype(np.int64)
        pairs = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        _cross(members, ends, homes, starts, pairs)
        return cls(pairs, starts, of, large)

    def backed(self, asked: tuple[Rows, Rows], speaks: Flags) -> Flags:
        """Which pairs have another between their households that speaks, of two others: bool[k]."""
        out = self.large[self.of].copy()
        _backed(self, asked, speaks, out)
        return out


@compiled
def _cross(
    members: Rows,
    ends: Numbers,
    homes: tuple[Numbers, Numbers],
    starts: Numbers,
    pairs: tuple[Rows, Rows],
) -> None:
    """Write all pairs of members of two households."""
    (first, second), (left, right) = homes, pairs
    for both in range(first.size):
        at = starts[both]
        if starts[both + 1] > at:
            for i in range(ends[first[both]], ends[first[both] + 1]):
                for j in range(ends[second[both]], ends[second[both] + 1]):
                    left[at], right[at] = members[i], members[j]
                    at += 1


@compiled
def _backed(between: Between, asked: tuple[Rows, Rows], speaks: Flags, out: Flags) -> None:
    (left, right), (one, other) = between.pairs, asked
    for k in range(one.size):
        both = between.of[k]
        for at in range(between.starts[both], between.starts[both + 1]):
            apart = left[at] != one[k] and left[at] != other[k]
            if speaks[at] and apart and right[at] != one[k] and right[at] != other[k]:
                out[k] = True
                break
