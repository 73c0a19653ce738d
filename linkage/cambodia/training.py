"""Learn from the lists themselves what agreement is worth; no truth is used.

u is counted on random pairs. What members of one household look like is counted on the households
that a list names, whose members are listed once each. The rest is EM: see `linkage.mixture`.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, SIZE, shares
from linkage.cambodia.blocking import Candidates, candidates
from linkage.cambodia.evidence import (
    BIRTH_DATE,
    CARD,
    COMPARISONS,
    FAMILY,
    GIVEN,
    HOUSEHOLD,
    NATIONAL_ID,
    ORDER,
    PHONE,
    PLACE,
    SEX,
    Rarity,
    agreement,
    rarity_bits,
)
from linkage.cambodia.households import household_agreement
from linkage.cambodia.people import People, Rows
from linkage.cambodia.trained import Model, of_records
from linkage.mixture import (
    Classes,
    Guess,
    Mixture,
    Observed,
    classify,
    level_counts,
    maximise,
)
from linkage.partition import WeightedPairs, partition

Bits = npt.NDArray[np.float64]

RANDOM_PAIRS: Final = 1_000_000
HOPELESS: Final = -14.0
HOPELESS_AT_FIRST: Final = -20.0
FIRST_ROUNDS: Final = 4
ROUNDS: Final = 12
CLUSTERINGS: Final = 3
ROUNDS_PER_CLUSTERING: Final = 3
_FROM_LISTED: Final = (FAMILY, GIVEN, BIRTH_DATE, SEX, PHONE)
_TINY: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Evidence:
    """Candidate pairs with what is seen of them."""

    left: Rows
    right: Rows
    seen: Observed

    def take(self, kept: npt.NDArray[np.bool_]) -> "Evidence":
        """Keep some of the pairs."""
        return Evidence(self.left[kept], self.right[kept], self.seen.take(kept))

    def with_household(self, records: People, classes: Classes) -> "Evidence":
        """Compare the households anew."""
        codes = self.seen.codes.copy()
        codes[:, HOUSEHOLD] = household_agreement(
            records.household, (self.left, self.right), classes.match, classes.weight
        )
        return replace(self, seen=replace(self.seen, codes=codes))

    def clusters(self, weight: Bits, size: int) -> Rows:
        """Cluster the records by weights of the pairs."""
        return partition(WeightedPairs(self.left, self.right, weight, self.seen.different), size)


def compare(records: People, pairs: Candidates | None = None) -> Evidence:
    """Find what is seen of pairs: of all candidates, unless some are given."""
    chosen = candidates(records) if pairs is None else pairs
    left, right = chosen.left, chosen.right
    codes = agreement(records, left, right)
    family, given = rarity_bits(Rarity.of(records), codes, left, right)
    listed = records.listed
    together = (listed[left] >= 0) & (listed[left] == listed[right])
    seen = Observed(codes, cells(records, left, right), family + given, given, together)
    return Evidence(left, right, seen)


def cells(records: People, left: Rows, right: Rows) -> Rows:
    """Number the pair of lists that each pair of records comes from, whichever way round."""
    one, other = records.source[left].astype(np.int32), records.source[right].astype(np.int32)
    return np.minimum(one, other) * len(records.sources) + np.maximum(one, other)


def possible_pairs(records: People) -> Bits:
    """Count all pairs of each pair of lists: float64[sources * sources]."""
    size = np.bincount(records.source, minlength=len(records.sources)).astype(np.float64)
    return np.asarray(np.outer(size, size) - np.diag(size * (size + 1) / 2)).ravel()


def train(records: People, *, seed: int, compared: Evidence | None = None) -> Model:
    """Learn a model from unlabelled records.

    `compared` is what `compare` gives, where it is at hand already.
    """
    mixture, guess = _start(records, np.random.default_rng(seed))
    evidence = compare(records) if compared is None else compared
    classes = classify(mixture, evidence.seen)
    evidence = evidence.take((classes.weight > HOPELESS_AT_FIRST) | evidence.seen.different)
    classes, mixture = _rounds(mixture, evidence, guess, FIRST_ROUNDS)
    evidence = evidence.take((classes.weight > HOPELESS) | evidence.seen.different)
    classes, mixture = _rounds(mixture, evidence, guess, ROUNDS)
    for turn in range(2 * CLUSTERINGS):
        clusters = evidence.clusters(classes.weight, len(records))
        if turn >= CLUSTERINGS:
            evidence = evidence.with_household(records, classes)
        together = clusters[evidence.left] == clusters[evidence.right]
        for _ in range(ROUNDS_PER_CLUSTERING):
            classes = classify(mixture, evidence.seen).apart(together)
            mixture = _learn(mixture, evidence, classes, guess)
        classes = classify(mixture, evidence.seen)
    return of_records(mixture, records)


def _rounds(
    mixture: Mixture, evidence: Evidence, guess: Guess, rounds: int
) -> tuple[Classes, Mixture]:
    classes = classify(mixture, evidence.seen)
    for _ in range(rounds):
        mixture = maximise(mixture, evidence.seen, classes, guess)
        classes = classify(mixture, evidence.seen)
    return classes, mixture


def _learn(mixture: Mixture, evidence: Evidence, classes: Classes, guess: Guess) -> Mixture:
    """One step of EM, in which u of the household's support is learned too.

    Random pairs have no household in which anyone else matches, so it is counted on candidates.
    """
    stranger = mixture.stranger.copy()
    counts = level_counts(evidence.seen.codes[:, HOUSEHOLD], classes.stranger)
    stranger[HOUSEHOLD] = shares(counts + _support_guess((0.001, 0.001, 0.001, 0.997)))
    learned = maximise(mixture, evidence.seen, classes, guess)
    return replace(learned, stranger=stranger)


def _start(records: People, rng: np.random.Generator) -> tuple[Mixture, Guess]:
    size = len(records)
    one, other = rng.integers(0, max(size, 1), (2, RANDOM_PAIRS if size else 0))
    drawn = one < other
    left, right = one[drawn].astype(np.int32), other[drawn].astype(np.int32)
    codes = agreement(records, left, right)
    strangers = (codes[:, CARD] != 0) & (codes[:, NATIONAL_ID] != 0)
    stranger = shares(np.stack([level_counts(column) + 0.05 for column in codes[strangers].T]))
    stranger[CARD] = _spread((1e-7, 1e-7, 1.0))
    stranger[NATIONAL_ID] = _spread((1e-7, 1e-6, 1.0))
    stranger[HOUSEHOLD] = shares(_support_guess((0.001, 0.001, 0.001, 0.997)))
    match = _match_guess()
    listed = _listed_counts(records)
    household = match.copy() * 0.2
    for comparison in _FROM_LISTED:
        household[comparison] = listed[comparison] + 5 * stranger[comparison]
    household[ORDER] = 5 * stranger[ORDER]
    household[NATIONAL_ID] = 10 * _spread((0.03, 1e-6, 0.97))
    possible = possible_pairs(records)
    cell = np.full(len(possible), 1.0)
    mixture = Mixture(
        shares(match),
        shares(household),
        stranger,
        cell * 0.5 / max(size, 1),
        cell * 2 / max(size, 1),
    )
    return mixture, Guess(match, household, possible)


def _spread(levels: tuple[float, ...]) -> Bits:
    """The same few levels in every kind: float64[SIZE]."""
    row = np.full(LEVELS, _TINY)
    row[: len(levels)] = levels
    return np.asarray(np.tile(row, SIZE // LEVELS))


def _support_guess(levels: tuple[float, float, float, float]) -> Bits:
    return 5 * _spread(levels)


def _match_guess() -> Bits:
    """What matches are taken to look like before any are seen, as counts of pairs.

    Each level is half as probable as the one before, unless something better is known.
    """
    halves = np.tile(0.5 ** np.arange(LEVELS) * 0.5, SIZE // LEVELS) + _TINY
    guess = np.tile(halves, (len(COMPARISONS), 1))
    guess[ORDER] = 20 * _spread((0.85, 0.05, 0.08, 0.02))
    guess[CARD] = _spread((0.95, 0.01, 0.04))
    guess[SEX] = _spread((0.99, 0.01))
    guess[NATIONAL_ID] = 50 * _spread((0.96, 0.02, 0.02))
    guess[HOUSEHOLD] = 5 * _spread((0.3, 0.05, 0.05, 0.6))
    guess[PLACE] = _spread((0.5, 0.25, 0.1, 0.05, 0.1))
    return guess


def _listed_counts(records: People) -> Bits:
    """Count the agreement of members whom a list names under one household."""
    order = np.argsort(records.listed, kind="stable").astype(np.int32)
    order = order[records.listed[order] >= 0]
    lefts, rights = [order[:0]], [order[:0]]
    for step in range(1, LEVELS):
        same = records.listed[order[step:]] == records.listed[order[:-step]]
        lefts.append(order[:-step][same])
        rights.append(order[step:][same])
    codes = agreement(records, np.concatenate(lefts), np.concatenate(rights))
    return np.stack([level_counts(column) for column in codes.T])
