"""Candidate pairs, made chunk by chunk and never all held at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.blocking import Blocks, Cost, Rule, block_codes, blocks_of
from linkage.compiled import compiled
from linkage.records import Codes, Records

CHUNK = 1 << 15


class Pairs(NamedTuple):
    """Pairs of rows of one matrix: `codes` int32[rows, columns], `left`, `right` int32[k]."""

    codes: npt.NDArray[np.int32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Candidates:
    """The pairs that a list of rules proposes, each by the first rule that finds it.

    `blocks` int32[positions, rules] numbers the block of each position under each rule,
    `fields` int32[positions, columns] is what the pairs are compared by.
    """

    fields: npt.NDArray[np.int32]
    blocks: npt.NDArray[np.int32]
    source: npt.NDArray[np.int8]
    costs: tuple[Cost, ...]

    @classmethod
    def of(
        cls, records: Records, rules: tuple[Rule, ...], names: tuple[str, ...], *, largest: int
    ) -> "Candidates":
        """Block the records; `names` are the columns that the pairs will be compared by."""
        blocks = np.empty((len(records), len(rules)), np.int32)
        costs = []
        for number, rule in enumerate(rules):
            blocks[:, number], cost = block_codes(records, rule, largest=largest)
            costs.append(cost)
        fields = matrix(records, names)
        return cls(fields, blocks, records.source[records.order], tuple(costs))

    def of_rule(self, number: int) -> "RulePairs":
        """Gather what the pairs of one rule need."""
        blocks = blocks_of(np.ascontiguousarray(self.blocks[:, number]), self.source)
        earlier = gathered(self.blocks, blocks.members, number)
        return RulePairs(blocks, gathered(self.fields, blocks.members, self.width), earlier)

    @property
    def width(self) -> int:
        """How many columns the pairs are compared by."""
        return int(self.fields.shape[1])


def matrix(records: Records, names: tuple[str, ...]) -> npt.NDArray[np.int32]:
    """Lay the columns' codes side by side: int32[positions, columns]."""
    fields = np.empty((len(records), len(names)), np.int32)
    for column, name in enumerate(names):
        fields[:, column] = records.columns[name].codes[records.order]
    return fields


@dataclass(frozen=True, eq=False)
class RulePairs:
    """The pairs of one rule, its members' codes lying in the order of its blocks.

    `codes` int32[members, columns]; `earlier` int32[members, earlier rules] numbers their blocks.
    """

    blocks: Blocks
    codes: npt.NDArray[np.int32]
    earlier: npt.NDArray[np.int32]

    def tasks(self, pairs: int) -> list[range]:
        """Divide the members into stretches of about so many pairs each."""
        made = np.cumsum(self.blocks.last - self.blocks.first, dtype=np.int64)
        if not made.size:
            return []
        steps = np.arange(pairs, int(made[-1]) + pairs, pairs)
        ends = np.minimum(np.searchsorted(made, steps) + 1, made.size)
        bounds = np.unique(np.concatenate([[0], ends])).tolist()
        return [range(a, b) for a, b in pairwise(bounds)]

    @property
    def new(self) -> int:
        """How many of the pairs no earlier rule finds."""
        whole = range(self.blocks.members.size)
        return sum(chunk.left.size for chunk in self.chunks(whole))

    def chunks(self, task: range, *, every: int = 1, again: bool = False) -> Iterator[Pairs]:
        """Make the pairs of a stretch, into the same buffers again and again.

        With `every` above 1 only each so-many-th position is paired with its block: a sample.
        Pairs that an earlier rule finds are left to it, unless asked for `again`.
        """
        earlier = self.earlier[:, :0] if again else self.earlier
        left = np.empty(CHUNK, np.int32)
        right = np.empty(CHUNK, np.int32)
        at = Cursor(task.start, -1, task.stop, every)
        while at.place < task.stop:
            made, at = _fill(self.blocks, earlier, at, left, right)
            yield Pairs(self.codes, left[:made], right[:made])


class Cursor(NamedTuple):
    """Where the making of pairs stands: the next place and partner (-1: from the first)."""

    place: int
    partner: int
    stop: int
    every: int


@compiled
def _known(earlier: npt.NDArray[np.int32], p: int, q: int) -> bool:
    """Tell whether an earlier rule has both in one block."""
    for rule in range(earlier.shape[1]):
        if earlier[p, rule] == earlier[q, rule] and earlier[p, rule] >= 0:
            return True
    return False


@compiled
def _fill(
    blocks: Blocks, earlier: npt.NDArray[np.int32], at: Cursor, left: Codes, right: Codes
) -> tuple[int, Cursor]:
    """Fill the buffers with the next pairs; return how many, and where to go on."""
    made = 0
    place, partner = at.place, at.partner
    while place < at.stop:
        if at.every == 1 or blocks.members[place] % at.every == 0:
            partner = max(partner, blocks.first[place])
            last = blocks.last[place]
            while partner < last:
                if made == left.size:
                    return made, Cursor(place, partner, at.stop, at.every)
                if not _known(earlier, place, partner):
                    left[made] = place
                    right[made] = partner
                    made += 1
                partner += 1
        partner = -1
        place += 1
    return made, Cursor(place, -1, at.stop, at.every)


@compiled
def new_pairs(earlier: npt.NDArray[np.int32], pairs: Pairs) -> npt.NDArray[np.int64]:
    """Tell which pairs no earlier rule finds: int64[k], 1 or 0."""
    new = np.empty(pairs.left.size, np.int64)
    for k in range(pairs.left.size):
        new[k] = not _known(earlier, pairs.left[k], pairs.right[k])
    return new


@compiled
def gathered(
    rows: npt.NDArray[np.int32], which: npt.NDArray[np.int32], width: int
) -> npt.NDArray[np.int32]:
    """Copy some rows, their first columns: int32[which, width]."""
    copy = np.empty((which.size, width), np.int32)
    for k in range(which.size):
        for column in range(width):
            copy[k, column] = rows[which[k], column]
    return copy
