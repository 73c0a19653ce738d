"""Learn from the lists themselves what agreement is worth; no truth is used.

u is counted on random pairs. What members of one household look like is counted on the households
that a list names, whose members are listed once each. The rest is EM: see `linkage.mixture`.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import LEVELS, SIZE, shares
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
    agreement,
)
from linkage.cambodia.index import Index
from linkage.cambodia.pairs import Evidence, possible_pairs
from linkage.cambodia.people import People
from linkage.cambodia.streaming import sift
from linkage.cambodia.trained import Model, of_records
from linkage.dates import OTHER_GENERATION
from linkage.free_memory import give_back
from linkage.mixture import Guess, Mixture, Tally, level_counts, matching, maximise, tally

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.float64]

RANDOM_PAIRS: Final = 1_000_000
HOPELESS: Final = -14.0
HOPELESS_AT_FIRST: Final = -20.0
WORTH_FOLLOWING: Final = -4.0
FIRST_ROUNDS: Final = 4
ROUNDS: Final = 12
CLUSTERINGS: Final = 3
ROUNDS_PER_CLUSTERING: Final = 3
_FROM_LISTED: Final = (FAMILY, GIVEN, BIRTH_DATE, SEX, PHONE)
_TINY: Final = 1e-9


def train(records: People, *, seed: int, index: Index | None = None) -> Model:
    """Learn a model from unlabelled records.

    `index` is that of the records, where it is at hand. Of many candidates only those of a sample
    of households are looked at; pairs that the first mixture calls hopeless are left out of what
    follows.
    """
    blocked = Index.of(records) if index is None else index
    rng = np.random.default_rng(seed)
    mixture, guess = _start(records, rng)
    wanted = _sample(blocked, rng)
    guess = replace(guess, possible=possible_pairs(records, wanted))
    evidence = sift(blocked, mixture, floor=HOPELESS_AT_FIRST, wanted=wanted)
    mixture = _rounds(mixture, evidence, guess, FIRST_ROUNDS)
    weight = matching(mixture, evidence.seen).weight
    evidence = evidence.take((weight > HOPELESS) | evidence.seen.different)
    give_back()
    mixture = _rounds(mixture, evidence, guess, ROUNDS)
    del weight
    if wanted is not None:
        near = _around(blocked, mixture, evidence, wanted)
        del evidence
        evidence = sift(blocked, mixture, floor=HOPELESS, wanted=near)
        give_back()
    learner = _Learner(records, guess, wanted)
    return of_records(learner.with_clusters(mixture, evidence), records)


def _sample(index: Index, rng: np.random.Generator) -> Flags | None:
    """Choose households whose candidates are about as many as training looks at; None for all.

    A record of no household is chosen for itself.
    """
    share = index.options.training_pairs / max(sum(cost.pairs for cost in index.costs), 1)
    if share >= 1:
        return None
    household = index.records.household
    drawn = rng.random(int(household.max(initial=-1)) + 1 + len(household))
    alone = drawn.size - len(household) + np.arange(len(household))
    return np.asarray(drawn[np.where(household >= 0, household, alone)] < 1 - np.sqrt(1 - share))


def _around(index: Index, mixture: Mixture, evidence: Evidence, wanted: Flags) -> Flags:
    """The wanted records, all who may match them, and their households: bool[records].

    With the pairs of these, clusters of wanted records are whole, and so is what their households
    say.
    """
    weight = matching(mixture, evidence.seen).weight
    near = wanted.copy()
    follow = weight > WORTH_FOLLOWING
    near[evidence.left[follow]] = near[evidence.right[follow]] = True
    household = index.records.household
    home = np.zeros(int(household.max(initial=-1)) + 2, np.bool_)
    home[household[near]] = True
    home[-1] = False
    return np.asarray(near | home[household])


@dataclass(frozen=True, eq=False)
class _Learner:
    """Learns from the pairs of `wanted` bool[records], or of all where it is None."""

    records: People
    guess: Guess
    wanted: Flags | None

    def with_clusters(self, mixture: Mixture, evidence: Evidence) -> Mixture:
        """Go on learning from pairs that clustering puts together, then from households too."""
        counted = self._counted(evidence)
        for turn in range(2 * CLUSTERINGS):
            found = matching(mixture, evidence.seen)
            clusters = evidence.clusters(found.weight, len(self.records))
            if turn >= CLUSTERINGS:
                evidence = evidence.with_household(self.records, found)
            del found
            together = clusters[evidence.left] == clusters[evidence.right]
            for _ in range(ROUNDS_PER_CLUSTERING):
                among = tally(mixture, evidence.seen, kept=counted, together=together)
                mixture = _learn(mixture, among, self.guess)
        return mixture

    def _counted(self, evidence: Evidence) -> Flags | None:
        """Which pairs are learned from: others only tell who belongs together. None for all."""
        if self.wanted is None:
            return None
        return np.asarray(self.wanted[evidence.left] | self.wanted[evidence.right])


def _rounds(mixture: Mixture, evidence: Evidence, guess: Guess, rounds: int) -> Mixture:
    for _ in range(rounds):
        mixture = _maximised(mixture, tally(mixture, evidence.seen), guess)
    return mixture


def _learn(mixture: Mixture, counted: Tally, guess: Guess) -> Mixture:
    """One step of EM, in which u of the household's support is learned too.

    Random pairs have no household in which anyone else matches, so it is counted on candidates.
    """
    stranger = mixture.stranger.copy()
    among = counted.stranger[HOUSEHOLD]
    stranger[HOUSEHOLD] = shares(among + _support_guess((0.001, 0.001, 0.001, 0.997)))
    return replace(_maximised(mixture, counted, guess), stranger=stranger)


def _maximised(mixture: Mixture, counted: Tally, guess: Guess) -> Mixture:
    """One step of EM, in which no match has people of two generations."""
    learned = maximise(mixture, counted, guess)
    match = learned.match.copy()
    match[BIRTH_DATE, OTHER_GENERATION::LEVELS] = _TINY
    return replace(learned, match=match)


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
    guess[BIRTH_DATE, OTHER_GENERATION::LEVELS] = _TINY
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
