"""The pairs of some records, without all others at hand."""

import numpy as np
import numpy.typing as npt

from linkage.cambodia.blocking import Blocks, Scope
from linkage.cambodia.index import Index
from linkage.cambodia.pairs import Evidence, joined, observe
from linkage.cambodia.people import People
from linkage.cambodia.streaming import sift
from linkage.cambodia.training import HOPELESS
from linkage.compiled import compiled
from linkage.mixture import Mixture
from linkage.texts import Rows

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


def pairs_around(records: People, mixture: Mixture, scope: Scope) -> Evidence:
    """Find the pairs worth weighing of the touched records, and what weighing them takes.

    `records` are the touched ones, those that share a key with them, and the households of all.
    Pairs within the households of a pair are there whether touched or not: they tell whom a
    household may support.
    """
    index = Index.of(records, common=scope.common)
    found = sift(index, mixture, floor=HOPELESS, wanted=scope.touched)
    left, right = _mates(index, found)
    others = ~(scope.touched[left] | scope.touched[right])
    mates = observe(
        records, left[others], right[others], rarity=index.rarity, work=index.work
    )  # fmt: skip
    return joined([found, mates])


def _mates(index: Index, found: Evidence) -> tuple[Rows, Rows]:
    """The pairs within the households of these pairs that share a key: `left` before `right`."""
    household = index.records.household
    wanted = np.zeros(household.max(initial=-1) + 2, np.bool_)
    wanted[household[found.left]] = wanted[household[found.right]] = True
    wanted[-1] = False
    pairs = [np.empty(0, np.int64)]
    for rule in index.rules:
        members, ends = _among(rule, wanted[household])
        room = np.empty(_fill(members, ends, household, pairs[0]), np.int64)
        _fill(members, ends, household, room)
        pairs.append(np.unique(room))
    left, right = np.divmod(np.unique(np.concatenate(pairs)), max(household.size, 1))
    return left.astype(np.int32), right.astype(np.int32)


def _among(rule: Blocks, wanted: Flags) -> tuple[Rows, Numbers]:
    """The blocks of a rule with the wanted records alone: their members, and where each ends."""
    kept = wanted[rule.members]
    before = np.append(0, np.cumsum(kept))
    return rule.members[kept], before[rule.ends].astype(np.int64)


@compiled
def _fill(members: Rows, ends: Numbers, household: Rows, out: Numbers) -> int:
    """Write the pairs of one block and one household while there is room; how many there are."""
    made = 0
    size = np.int64(household.size)
    for block in range(ends.size - 1):
        for i in range(ends[block], ends[block + 1]):
            one = members[i]
            for j in range(i + 1, ends[block + 1]):
                other = members[j]
                if household[one] == household[other]:
                    if made < out.size:
                        out[made] = one * size + other
                    made += 1
    return made
