"""Estimates of m, u and the prior: u from random pairs, m and prior by EM.

Expectation maximisation over counts of agreement patterns (Winkler 1988; Fellegi and Sunter 1969
for the weights). Absent values say nothing: they enter neither m nor u.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.comparison import Patterns
from linkage.model import MISSING, Model

Levels = tuple[npt.NDArray[np.float64], ...]
SMOOTHING = 0.5
ROUNDS = 200
CONVERGED = 1e-7


@dataclass(frozen=True)
class Sample:
    """The agreement patterns of the pairs of one rule, int8[pairs, comparisons]."""

    patterns: Patterns
    settled: tuple[str, ...]


def frequencies(model: Model, patterns: Patterns, weights: npt.NDArray[np.float64]) -> Levels:
    """Share of each level among weighted patterns; smoothed by half a pair a level."""
    return _shares(
        [
            _counts(patterns[:, at], weights, comparison.levels)
            for at, comparison in enumerate(model.comparisons)
        ]
    )


def _counts(
    levels: npt.NDArray[np.int8], weights: npt.NDArray[np.float64], number: int
) -> npt.NDArray[np.float64]:
    known = levels != MISSING
    return np.bincount(levels[known], weights[known], number).astype(np.float64)


def _shares(counts: list[npt.NDArray[np.float64]]) -> Levels:
    return tuple((count + SMOOTHING) / (count + SMOOTHING).sum() for count in counts)


def estimate(model: Model, samples: Sequence[Sample], u: Levels) -> tuple[float, Levels]:
    """Expected pairs of one person, and m, from the pairs of each rule; u is held fixed.

    A rule's pairs say nothing of the comparisons that the rule settles, so these get their m from
    the other rules; what several rules say of a comparison is averaged by their expected matches.
    """
    counts = [np.zeros(comparison.levels) for comparison in model.comparisons]
    found = [_expect(model, sample, u) for sample in samples]
    for sample, (patterns, matched) in zip(samples, found, strict=True):
        for at, comparison in enumerate(model.comparisons):
            if comparison.name not in sample.settled:
                counts[at] += _counts(patterns[:, at], matched, comparison.levels)
    return max(float(matched.sum()) for _, matched in found), _shares(counts)


def _expect(model: Model, sample: Sample, u: Levels) -> tuple[Patterns, npt.NDArray[np.float64]]:
    """EM within the pairs of one rule: its distinct patterns, and their expected matches."""
    seen = sample.patterns.copy()
    for at, comparison in enumerate(model.comparisons):
        if comparison.name in sample.settled:
            seen[:, at] = MISSING
    patterns, counts = np.unique(seen, axis=0, return_counts=True)
    m = tuple(_likely(comparison.levels) for comparison in model.comparisons)
    prior, previous = 0.1, 0.0
    matched = counts.astype(np.float64)
    for _ in range(ROUNDS):
        odds = prior / (1 - prior) * np.exp2(weights(patterns, m, u))
        matched = counts * odds / (1 + odds)
        m = frequencies(model, patterns, matched)
        previous, prior = prior, float((matched.sum() + SMOOTHING) / (counts.sum() + 1))
        if abs(prior - previous) < CONVERGED:
            break
    return patterns, matched


def weights(patterns: Patterns, m: Levels, u: Levels) -> npt.NDArray[np.float64]:
    """Sum of log2 Bayes factors of each pattern, the prior left out."""
    total = np.zeros(len(patterns))
    for at in range(patterns.shape[1]):
        factors = np.append(np.log2(m[at] / u[at]), 0.0)
        total += factors[patterns[:, at]]
    return total


def _likely(levels: int) -> npt.NDArray[np.float64]:
    """Where EM starts: pairs of one person mostly agree, the better level the more often."""
    shares = 0.5 ** np.arange(levels)
    return np.asarray(shares / shares.sum())
