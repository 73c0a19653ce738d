"""Pairs of records with what is seen of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.cambodia.blocking import Candidates, candidates
from linkage.cambodia.evidence import HOUSEHOLD, Rarity, agreement, rarity_bits
from linkage.cambodia.households import household_agreement
from linkage.cambodia.name_agreement import Work
from linkage.cambodia.people import People
from linkage.cambodia.told import Told
from linkage.mixture import Matching, Observed
from linkage.partition import WeightedPairs, partition
from linkage.texts import Rows

Bits = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pairs `left` < `right` int32[pairs], each once, in order, with what is seen of them."""

    left: Rows
    right: Rows
    seen: Observed

    def __len__(self) -> int:
        return len(self.left)

    def take(self, kept: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Evidence":
        """Keep some of the pairs."""
        return Evidence(self.left[kept], self.right[kept], self.seen.take(kept))

    def with_household(self, records: People, found: Matching) -> "Evidence":
        """Compare the households anew."""
        codes = self.seen.codes.copy()
        codes[:, HOUSEHOLD] = household_agreement(
            records.household, (self.left, self.right), found.match, found.weight
        )
        return replace(self, seen=replace(self.seen, codes=codes))

    def clusters(self, weight: Bits, size: int) -> Rows:
        """Cluster the records by weights of the pairs."""
        return partition(WeightedPairs(self.left, self.right, weight, self.seen.different), size)


def joined(parts: list[Evidence]) -> Evidence:
    """Put pairs together, in order of their records.

    The parts are taken out of their list, column by column, so that little is held twice.
    """
    columns = [list(column) for column in zip(*map(_columns, parts), strict=True)]
    parts.clear()
    order = np.lexsort((np.concatenate(columns[1]), np.concatenate(columns[0])))
    place = np.empty(order.size, np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    del order
    left, right, *seen = (_together(column, place) for column in columns)
    return Evidence(left, right, Observed(*seen))


def _columns(part: Evidence) -> tuple[npt.NDArray[Any], ...]:
    seen = part.seen
    return (
        part.left, part.right,
        seen.codes, seen.cell, seen.rare_stranger, seen.rare_household, seen.different,
    )  # fmt: skip


def _together(column: list[npt.NDArray[Any]], place: Rows) -> npt.NDArray[Any]:
    """The parts of a column, each value in its place; each part is let go when it is there."""
    whole = np.empty((place.size, *column[0].shape[1:]), column[0].dtype)
    start = 0
    column.reverse()
    while column:
        part = column.pop()
        whole[place[start : start + len(part)]] = part
        start += len(part)
    return whole


def compare(records: People, pairs: Candidates | None = None) -> Evidence:
    """Find what is seen of pairs: of all candidates, held at once, unless some are given."""
    chosen = candidates(records) if pairs is None else pairs
    return observe(records, chosen.left, chosen.right, rarity=Rarity.of(records))


def observe(
    records: People, left: Rows, right: Rows, *, rarity: Rarity, work: Work | None = None
) -> Evidence:
    """Find what is seen of pairs, `left` before `right`; `work` is a thread's own room."""
    codes = agreement(records, left, right, work)
    family, given = rarity_bits(rarity, codes, left, right)
    together = are_listed_together(records, left, right)
    seen = Observed(codes, cells(records, left, right), family + given, given, together)
    return Evidence(left, right, seen)


def are_listed_together(records: People, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    """Of which pairs a list names both under one household, so that it knows them as two."""
    listed = records.listed
    return np.asarray((listed[left] >= 0) & (listed[left] == listed[right]))


def cells(records: Told, left: Rows, right: Rows) -> Rows:
    """Number the pair of lists that each pair of records comes from, whichever way round."""
    one, other = records.source[left].astype(np.int32), records.source[right].astype(np.int32)
    return np.minimum(one, other) * len(records.sources) + np.maximum(one, other)


def possible_pairs(records: People, wanted: npt.NDArray[np.bool_] | None = None) -> Bits:
    """Count the pairs of each pair of lists: float64[sources * sources].

    Of `wanted` bool[records], where given, either record of a pair is one.
    """
    every = _all_pairs(records.source, len(records.sources))
    if wanted is None:
        return every
    return every - _all_pairs(records.source[~wanted], len(records.sources))


def _all_pairs(source: npt.NDArray[np.int16], lists: int) -> Bits:
    size = np.bincount(source, minlength=lists).astype(np.float64)
    return np.asarray(np.outer(size, size) - np.diag(size * (size + 1) / 2)).ravel()
