"""Match weights of pairs, and the contributions that sum to them.

Weights are in bits, rounded to 1/1024: any sum of them is exact in float32, so that the order
of adding, the number of threads and the explanation cannot differ by a rounding.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from linkage.agreement import Comparer, Levels, comparer
from linkage.compiled import compiled
from linkage.model import TrainedModel
from linkage.pairs import CHUNK, Candidates, Pairs, RulePairs
from linkage.records import Records

GRAIN = 1024.0
TASK = 1 << 22

Weights = npt.NDArray[np.float32]


class Evidence(NamedTuple):
    """What one comparison is worth.

    `weights` float32[levels + 2] by level, differing and missing last; `scales` float32[levels +
    2]: how much of the rarity of the values counts on each; `rarity` float32[distinct];
    `column` of the matrix.
    """

    weights: Weights
    scales: Weights
    rarity: Weights
    column: int


@dataclass(frozen=True, eq=False)
class Scored:
    """Pairs with their match weights: `left`, `right` int32[k], `weight` float32[k]."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    weight: Weights

    def __len__(self) -> int:
        return len(self.weight)


def rounded(bits: npt.ArrayLike) -> Weights:
    """Round weights to the grain in which they add up exactly."""
    return cast("Weights", (np.rint(np.asarray(bits) * GRAIN) / GRAIN).astype(np.float32))


class Scorer:
    """A trained model bound to records: it weighs pairs of positions."""

    def __init__(self, records: Records, trained: TrainedModel) -> None:
        trained.model.check(records)
        self.records = records
        self.trained = trained
        self.prior = float(rounded(trained.prior_weight))
        self.comparers: list[Comparer] = []
        self.evidence: list[Evidence] = []
        for column, comparison in enumerate(trained.model.comparisons):
            values = records.columns[comparison.field]
            self.comparers.append(comparer(comparison, values))
            self.evidence.append(self._evidence(column))

    def _evidence(self, column: int) -> Evidence:
        comparison = self.trained.model.comparisons[column]
        bits = np.log2(np.array(self.trained.m[column]) / np.array(self.trained.u[column]))
        known = self.trained.frequencies.get(comparison.field)
        rarity = np.zeros(1)
        if known is not None:
            rarity = known.rarity(self.records.columns[comparison.field])
        scales = [level.frequency if known is not None else 0.0 for level in comparison.levels]
        return Evidence(
            rounded(np.append(bits, 0.0)),
            np.array([*scales, 0.0, 0.0], np.float32),
            rounded(rarity),
            column,
        )

    @cached_property
    def sequence(self) -> list[int]:
        """The comparisons, cheap ones first, among those the ones that tell most."""
        spread = [float(np.ptp(one.weights)) for one in self.evidence]
        return sorted(
            range(len(self.evidence)), key=lambda c: (self.comparers[c].expense, -spread[c], c)
        )

    @cached_property
    def floors(self) -> dict[int, float]:
        """The weight below which a pair can no longer reach the review threshold.

        By comparison, for the sum up to and with it in the sequence.
        """
        floors = {}
        floor = self.trained.model.review
        for c in reversed(self.sequence):
            floors[c] = floor
            floor -= _most(self.evidence[c])
        return floors

    def keep(self, pairs: Pairs, buffers: "Buffers") -> tuple[Pairs, Weights]:
        """Weigh pairs and keep those at or above the review threshold."""
        weight = buffers.weight[: pairs.left.size]
        weight[:] = self.prior
        for c in self.sequence:
            levels = buffers.levels[: pairs.left.size]
            self.comparers[c].levels(pairs, c, levels)
            kept = _add(pairs, levels, weight, self.evidence[c], self.floors[c])
            pairs = Pairs(pairs.codes, pairs.left[:kept], pairs.right[:kept])
            weight = weight[:kept]
        return pairs, weight


class Buffers(NamedTuple):
    """Room for one chunk of pairs: a thread's own."""

    weight: Weights
    levels: Levels

    @classmethod
    def new(cls, size: int = CHUNK) -> "Buffers":
        """Make room for a chunk."""
        return cls(np.empty(size, np.float32), np.empty(size, np.uint8))


def _most(evidence: Evidence) -> float:
    """The most that a comparison can add."""
    rarest = float(evidence.rarity.max(initial=0.0))
    return float(np.max(evidence.weights + np.ceil(evidence.scales * rarest)))


@compiled
def rarity_bits(evidence: Evidence, level: int, a: int, b: int) -> np.float32:
    """What the rarity of the commoner of two values adds, rounded to the grain."""
    bits = min(evidence.rarity[a], evidence.rarity[b]) * evidence.scales[level]
    return np.float32(np.floor(bits * np.float32(GRAIN) + np.float32(0.5)) / np.float32(GRAIN))


@compiled
def _add(pairs: Pairs, levels: Levels, weight: Weights, evidence: Evidence, floor: float) -> int:
    """Add a comparison's weights, and move the pairs that stay at or above the floor together."""
    kept = 0
    for k in range(pairs.left.size):
        level = levels[k]
        total = weight[k] + evidence.weights[level]
        if evidence.scales[level] != 0:
            a = pairs.codes[pairs.left[k], evidence.column]
            b = pairs.codes[pairs.right[k], evidence.column]
            total += rarity_bits(evidence, level, a, b)
        if total >= floor:
            pairs.left[kept] = pairs.left[k]
            pairs.right[kept] = pairs.right[k]
            weight[kept] = total
            kept += 1
    return kept


def score(candidates: Candidates, scorer: Scorer, *, threads: int) -> Scored:
    """Weigh all candidate pairs; keep those at or above the review threshold, as positions."""
    kept: list[Scored] = []
    with ThreadPoolExecutor(threads) as pool:
        for number in range(candidates.blocks.shape[1]):
            pairs = candidates.of_rule(number)
            kept += pool.map(partial(_task, pairs, scorer), pairs.tasks(TASK))
    return joined(kept)


def _task(pairs: RulePairs, scorer: Scorer, task: range) -> Scored:
    buffers = Buffers.new()
    kept = []
    for chunk in pairs.chunks(task):
        found, weight = scorer.keep(chunk, buffers)
        left, right = pairs.blocks.members[found.left], pairs.blocks.members[found.right]
        kept.append(Scored(left, right, weight.copy()))
    return joined(kept)


def joined(parts: Sequence[Scored]) -> Scored:
    """Put scored pairs together."""
    if not parts:
        return Scored(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))
    return Scored(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )
