"""Estimates of m, u and the prior: u from random pairs, m and prior by EM.

Expectation maximisation over counts of agreement patterns (Winkler 1988; Fellegi and Sunter 1969 for
the weights). Absent values say nothing: they enter neither m nor u.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.comparison import Patterns
from linkage.model import MISSING, Model

Levels = tuple[npt.NDArray[np.float64], ...]
SMOOTHING = 0.5


@dataclass(frozen=True)
class Estimates:
    """Probabilities of levels among pairs of one person (m) and of two (u), and the prior."""

    prior: float
    m: Levels
    u: Levels


def frequencies(model: Model, patterns: Patterns, weights: npt.NDArray[np.float64]) -> Levels:
    """Share of each level among weighted patterns that know it; smoothed by half a pair a level."""
    shares = []
    for at, comparison in enumerate(model.comparisons):
        known = patterns[:, at] != MISSING
        counts = np.bincount(patterns[known, at], weights[known], comparison.levels) + SMOOTHING
        shares.append(counts / counts.sum())
    return tuple(shares)


def estimate(model: Model, patterns: Patterns, u: Levels, *, rounds: int = 200) -> Estimates:
    """m and prior by EM, u held fixed, from the patterns of the candidate pairs."""
    distinct, counts = np.unique(patterns, axis=0, return_counts=True)
    prior = 0.05
    m = tuple(_likely(comparison.levels) for comparison in model.comparisons)
    for _ in range(rounds):
        odds = prior / (1 - prior) * np.exp2(weights(distinct, m, u))
        matched = counts * odds / (1 + odds)
        m = frequencies(model, distinct, matched)
        previous, prior = prior, float(matched.sum() / counts.sum())
        if abs(prior - previous) < 1e-7:  # noqa: PLR2004 - far below what a pair weighs
            break
    return Estimates(prior, m, u)


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
