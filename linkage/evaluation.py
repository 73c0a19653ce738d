"""How good a linkage is: pairwise, cluster and blocking measures against a known truth.

A partition is an int array [records] of labels: records with equal labels are one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkage.blocking import Rule, blocks_of
from linkage.pairs import Candidates
from linkage.records import Records

Labels = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Quality:
    """Precision and recall with what they rest on: pairs, or records for B-cubed."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two; 0 where both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def _ratio(part: float, whole: float) -> float:
    """A share; of nothing at all, everything."""
    return part / whole if whole else 1.0


def _pairs_of(sizes: npt.NDArray[np.integer]) -> int:
    return int(np.sum(sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2))


def _sizes(*labels: Labels) -> npt.NDArray[np.int64]:
    """The sizes of the parts that records with equal labels in all partitions make."""
    return np.unique(np.stack(labels), axis=1, return_counts=True)[1]


def pairwise(found: Labels, truth: Labels) -> Quality:
    """Count the pairs that the clusters put together against those of the truth."""
    right = _pairs_of(_sizes(found, truth))
    return Quality(_ratio(right, _pairs_of(_sizes(found))), _ratio(right, _pairs_of(_sizes(truth))))


def b_cubed(found: Labels, truth: Labels) -> Quality:
    """Average over records how much of one's cluster is one's person, and the other way round.

    Bagga and Baldwin, "Entity-based cross-document coreferencing" (1998).
    """
    parts, counts = np.unique(np.stack([found, truth]), axis=1, return_counts=True)
    squares = counts.astype(np.float64) ** 2
    in_cluster = pd.Series(counts).groupby(parts[0]).transform("sum").to_numpy()
    in_person = pd.Series(counts).groupby(parts[1]).transform("sum").to_numpy()
    size = max(len(found), 1)
    return Quality(
        float(np.sum(squares / in_cluster)) / size, float(np.sum(squares / in_person)) / size
    )


def of_pairs(left: Labels, right: Labels, truth: Labels) -> Quality:
    """Judge distinct pairs by whether their two records are one person."""
    right_ones = int(np.sum(truth[left] == truth[right]))
    return Quality(_ratio(right_ones, len(left)), _ratio(right_ones, _pairs_of(_sizes(truth))))


def by_threshold(
    linked: tuple[Labels, Labels, npt.NDArray[np.float32]],
    truth: Labels,
    thresholds: Sequence[float],
) -> list[tuple[float, int, Quality]]:
    """Judge the pairs `(left, right, weight)` at or above each threshold: with their number."""
    left, right, weight = linked
    rows = []
    for threshold in thresholds:
        kept = weight >= threshold
        rows.append((threshold, int(kept.sum()), of_pairs(left[kept], right[kept], truth)))
    return rows


@dataclass(frozen=True)
class RuleQuality:
    """What a blocking rule is good for.

    `completeness` is the share of true pairs that it finds, `new` the share that no earlier rule
    finds, `reduction` the share of all possible pairs that it spares.
    """

    rule: str
    pairs: int
    completeness: float
    new: float
    reduction: float


def of_blocking(
    records: Records, rules: tuple[Rule, ...], truth: Labels, *, largest: int
) -> list[RuleQuality]:
    """Judge the rules one by one, and together in a last row."""
    candidates = Candidates.of(records, rules, (), largest=largest)
    left, right = _true_pairs(truth[records.order], candidates.source)
    here, there = candidates.blocks[left], candidates.blocks[right]
    together = (here == there) & (here >= 0)
    earlier = np.cumsum(together, axis=1) - together > 0
    found = together.sum(axis=0)
    new = (together & ~earlier).sum(axis=0)
    of = (max(len(left), 1), max(records.possible_pairs, 1))
    rows = [
        _row(cost.rule, cost.pairs, (int(found[number]), int(new[number])), of)
        for number, cost in enumerate(candidates.costs)
    ]
    pairs = sum(candidates.of_rule(number).new for number in range(len(rules)))
    any_rule = int(together.any(axis=1).sum())
    return [*rows, _row("all rules", pairs, (any_rule, any_rule), of)]


def _row(rule: str, pairs: int, found: tuple[int, int], of: tuple[int, int]) -> RuleQuality:
    true_pairs, possible = of
    return RuleQuality(
        rule, pairs, found[0] / true_pairs, found[1] / true_pairs, 1 - pairs / possible
    )


def _true_pairs(truth: Labels, source: npt.NDArray[np.int8]) -> tuple[Labels, Labels]:
    """The pairs of positions that are one person."""
    blocks = blocks_of(pd.factorize(truth)[0].astype(np.int32), source)
    width = blocks.last - blocks.first
    places = np.repeat(np.arange(blocks.members.size), width)
    nth = np.arange(places.size) - np.repeat(np.cumsum(width) - width, width)
    return blocks.members[places], blocks.members[blocks.first[places] + nth]
