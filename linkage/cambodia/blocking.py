"""Which pairs of records are worth comparing: those that share a key of any rule.

A key that more than `LARGEST_BLOCK` records share is common: its records are told apart by the next
narrower one. Where the narrowest is common too its pairs are left to the other rules, and counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.cambodia.block_keys import RULES, Hashes, Keys, Owners, rules
from linkage.cambodia.told import Told
from linkage.compiled import compiled

LARGEST_BLOCK: Final = 100

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs to compare: `left`, `right` int32[pairs], `left` before `right`, in order.

    `left_out` counts the pairs of keys that are common.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    left_out: int


@dataclass(frozen=True)
class Cost:
    """What a rule costs: its blocks, the pairs they make, and the pairs left out.

    A pair that two keys find is counted twice.
    """

    rule: str
    blocks: int
    pairs: int
    left_out: int


class Common(NamedTuple):
    """Keys that more records share than a block may have, and by how many: each [keys]."""

    keys: Hashes
    counts: npt.NDArray[np.int64]

    @classmethod
    def joined(cls, parts: "Sequence[Common]") -> "Common":
        """The common keys of several rules, in order."""
        keys = np.concatenate([np.empty(0, np.uint64), *(part.keys for part in parts)])
        counts = np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)])
        order = np.argsort(keys)
        return cls(keys[order], counts[order])


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of one rule, those of one record left out.

    `members` int32[entries] lists the records block by block, in order within each; block `b` is
    `members[ends[b]:ends[b + 1]]`, `ends` int64[blocks + 1]. `common` are the common keys of the
    rule, where these are all records.
    """

    members: Owners
    ends: npt.NDArray[np.int64]
    common: Common
    cost: Cost

    def by_record(self, size: int) -> tuple[Owners, npt.NDArray[np.int64]]:
        """The blocks of each of so many records.

        Those of record `r`, in order, are `held[starts[r]:starts[r + 1]]`, int32[entries] and
        int64[records + 1].
        """
        starts = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(self.members, minlength=size), out=starts[1:])
        held = np.empty(self.members.size, np.int32)
        _by_record(self.members, self.ends, starts[:-1].copy(), held)
        return held, starts


def candidates(records: Told, *, largest: int = LARGEST_BLOCK) -> Candidates:
    """Find the pairs that share a key."""
    size = len(records)
    found, left_out = [np.empty(0, np.int64)], 0
    for keys in rules(records):
        owners, used, lost = _blocks(keys, common_among(keys, largest).keys)
        found.append(_distinct(_pairs(owners, used, size)))
        left_out += lost
    pairs = _distinct(np.concatenate(found))
    left, right = np.divmod(pairs, max(size, 1))
    return Candidates(left.astype(np.int32), right.astype(np.int32), left_out)


def blocks(
    records: Told, *, largest: int = LARGEST_BLOCK, common: Hashes | None = None
) -> Iterator[Blocks]:
    """Block the records by each rule in turn.

    `common` uint64[keys], in order, are the keys that are common, where these are not all records.
    """
    for name, keys in zip(RULES, rules(records), strict=True):
        found = common_among(keys, largest) if common is None else Common.joined([])
        yield _numbered(keys, name, found, found.keys if common is None else common)


def _numbered(keys: Keys, rule: str, found: Common, common: Hashes) -> Blocks:
    owners, used, left_out = _blocks(keys, common)
    first = np.append(True, used[1:] != used[:-1])[: used.size]
    lengths = np.diff(np.append(np.flatnonzero(first), used.size))
    several = lengths > 1
    members, lengths = owners[np.repeat(several, lengths)], lengths[several]
    pairs = int(np.sum(lengths * (lengths - 1) // 2))
    ends = np.append(0, np.cumsum(lengths)).astype(np.int64)
    return Blocks(members, ends, found, Cost(rule, lengths.size, pairs, left_out))


@compiled
def _by_record(
    members: Owners, ends: npt.NDArray[np.int64], at: npt.NDArray[np.int64], held: Owners
) -> None:
    """List the blocks of each record, in order; `at` is where its next one goes."""
    for block in range(ends.size - 1):
        for entry in range(ends[block], ends[block + 1]):
            record = members[entry]
            held[at[record]] = block
            at[record] += 1


def common_among(keys: Keys, largest: int = LARGEST_BLOCK) -> Common:
    """Find the common keys of a rule, in order, where these are all the records."""
    members = np.arange(keys.owners.size)
    found, counts = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for depth, level in enumerate(keys.levels):
        several = level[members]
        distinct, sizes = _runs(several if depth == 0 else np.sort(several))
        found.append(distinct[sizes > largest])
        counts.append(sizes[sizes > largest])
        members = members[_among(several, found[-1])]
    both = np.concatenate(found)
    order = np.argsort(both)
    return Common(both[order], np.concatenate(counts)[order])


def stored(keys: Keys, common: Hashes) -> tuple[Owners, Hashes]:
    """The keys to store of a rule, (record, key): the widest, and those next to a common one."""
    owners, chosen = [keys.owners], [keys.levels[0]]
    members = np.arange(keys.owners.size)
    for level, narrower in pairwise(keys.levels):
        members = members[_among(level[members], common)]
        owners.append(keys.owners[members])
        chosen.append(narrower[members])
    return np.concatenate(owners), np.concatenate(chosen)


def _distinct(pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sort, each once; several times faster here than by hashing."""
    pairs.sort()
    return pairs[np.append(True, pairs[1:] != pairs[:-1])] if pairs.size else pairs


def _among(keys: Hashes, some: Hashes) -> Flags:
    """Which keys are among some that are in order."""
    if not some.size:
        return np.zeros(keys.size, np.bool_)
    return np.asarray(some[np.minimum(np.searchsorted(some, keys), some.size - 1)] == keys)


def _runs(ordered: Hashes) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The distinct numbers of some that are in order, and how often each comes."""
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: ordered.size])
    return ordered[first], np.diff(np.append(first, ordered.size))


def _blocks(keys: Keys, common: Hashes) -> tuple[Owners, Hashes, int]:
    """List (record, key) by key, without the common ones, and count the pairs that these had."""
    used = keys.levels[0].copy()
    lost = _among(used, common)
    for level in keys.levels[1:]:
        used[lost] = level[lost]
        lost &= _among(used, common)
    counts = _runs(np.sort(used[lost]))[1]
    owners, used = keys.owners[~lost], used[~lost]
    order = np.argsort(used, kind="stable")
    return owners[order], used[order], int(np.sum(counts * (counts - 1) // 2))


def _pairs(owners: Owners, keys: Hashes, size: int) -> npt.NDArray[np.int64]:
    """Pair the members of each block: numbers `left * records + right`."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if keys.size else keys[:0]
    ends = np.append(starts, keys.size).astype(np.int64)
    lengths = np.diff(ends)
    out = np.empty(int(np.sum(lengths * (lengths - 1) // 2)), np.int64)
    _fill(owners, ends, size, out)
    return out


@compiled
def _fill(
    owners: Owners, ends: npt.NDArray[np.int64], size: int, out: npt.NDArray[np.int64]
) -> None:
    """Write the pairs of each block."""
    made = 0
    for block in range(ends.size - 1):
        for i in range(ends[block], ends[block + 1]):
            for j in range(i + 1, ends[block + 1]):
                out[made] = np.int64(owners[i]) * size + owners[j]
                made += 1
