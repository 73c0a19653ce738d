"""Pairs as a mixture of one person, two of one household, and strangers.

Fellegi and Sunter (1969) weigh agreement among matches against agreement by chance. Members of one
household agree on place, card, phone and family name without being one person, and a pair model of
two classes takes them for matches. Here those who do not match are of two classes, each with its
own probabilities of agreement; comparisons are independent within a class. The match weight is the
log2 odds of the first class against the two others; the weight against strangers alone is the sum
of the usual contributions, and what the third class takes away is one contribution more.

The estimate is EM. Pairs that clustering has set apart count as not matching, which is
classification EM (Celeux and Govaert 1992): it keeps the first class from drifting into the third.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from linkage.agreement_codes import SIZE, Codes, shares
from linkage.compiled import compiled

Bits = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER: Final = -300.0
STEPS_OF_A_BIT: Final = 1024
_LEAST: Final = 1e-300
_ROWS: Final = 4
_WEIGHT: Final = 3
_AT_ONCE: Final = 1 << 15
"""Pairs that are classified at a time, by a thread, so that memory does not grow with them."""
_COUNTED_AT_ONCE: Final = 1 << 19


@dataclass(frozen=True, eq=False)
class Mixture:
    """Probabilities of agreement by class: float64[comparisons, SIZE], summing to 1 in each kind.

    `prior_match`, `prior_household` float64[cells]: how probable the two classes are for a pair
    drawn at random from a cell, a pair of lists.
    """

    match: Bits
    household: Bits
    stranger: Bits
    prior_match: Bits
    prior_household: Bits


@dataclass(frozen=True, eq=False)
class Observed:
    """Pairs as estimation sees them.

    `codes` int16[pairs, comparisons]; `cell` int32[pairs] is the pair of lists; `rare_stranger`,
    `rare_household` float64[pairs] are the bits by which rare values make agreement by chance less
    probable in the two classes; `different` bool[pairs] are known to be two persons.
    """

    codes: Codes
    cell: npt.NDArray[np.int32]
    rare_stranger: Bits
    rare_household: Bits
    different: Flags

    def take(self, kept: Flags | npt.NDArray[np.intp]) -> "Observed":
        """Keep some of the pairs."""
        return Observed(
            self.codes[kept],
            self.cell[kept],
            self.rare_stranger[kept],
            self.rare_household[kept],
            self.different[kept],
        )

    def part(self, some: slice) -> "Observed":
        """A stretch of the pairs, without copying."""
        return Observed(
            self.codes[some],
            self.cell[some],
            self.rare_stranger[some],
            self.rare_household[some],
            self.different[some],
        )


@dataclass(frozen=True, eq=False)
class Classes:
    """The class of each pair: probabilities float64[pairs], and the match weight in bits."""

    match: Bits
    household: Bits
    stranger: Bits
    weight: Bits

    def apart(self, together: Flags) -> "Classes":
        """Count pairs that are not together as not matching."""
        others = np.maximum(self.household + self.stranger, _LEAST)
        moved = np.where(together, 0.0, self.match)
        return replace(
            self,
            match=self.match - moved,
            household=self.household + moved * self.household / others,
            stranger=self.stranger + moved * self.stranger / others,
        )


@dataclass(frozen=True, eq=False)
class Matching:
    """How probably each pair matches, float64[pairs], and the match weight in bits."""

    match: Bits
    weight: Bits


@dataclass(frozen=True, eq=False)
class Guess:
    """What is held of the probabilities before any pair is seen, as counts of pairs.

    float64[comparisons, SIZE] each; `household` includes pairs that are known to be of one
    household. `possible` float64[cells] counts all pairs of each pair of lists.
    """

    match: Bits
    household: Bits
    possible: Bits


def contributions(table: Bits, codes: Codes) -> Bits:
    """The log2 probability of each agreement in one class, 0 where missing: like `codes`."""
    padded = np.concatenate([np.log2(table), np.zeros((len(table), 1))], axis=1)
    places = np.where(codes < 0, SIZE, codes)
    return np.take_along_axis(padded.T, places.astype(np.intp), axis=0)


def classify(mixture: Mixture, seen: Observed) -> Classes:
    """Find how probable each class is for each pair."""
    return Classes(*_by_parts(mixture, seen, slice(None)))


def matching(mixture: Mixture, seen: Observed) -> Matching:
    """Find how probably each pair matches: half of what classes are, where pairs are many."""
    return Matching(*_by_parts(mixture, seen, slice(None, None, _WEIGHT)))


def _by_parts(mixture: Mixture, seen: Observed, rows: slice) -> Bits:
    """Some of the rows of `_classified`, of all pairs."""
    size = len(seen.codes)
    found = np.empty((len(range(_ROWS)[rows]), size))

    def part(start: int) -> None:
        some = slice(start, start + _AT_ONCE)
        found[:, some] = _classified(mixture, seen.part(some))[rows]

    starts = range(0, size, _AT_ONCE)
    if len(starts) > 1:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(part, starts))
    else:
        found[:] = _classified(mixture, seen)[rows]
    return found


def _classified(mixture: Mixture, seen: Observed) -> Bits:
    """The fields of `Classes`: float64[4, pairs]."""
    match = _log_sum(mixture.match, seen.codes) + np.log2(mixture.prior_match)[seen.cell]
    match = np.where(seen.different, NEVER, match)
    stranger = _log_sum(mixture.stranger, seen.codes) - seen.rare_stranger
    household = _log_sum(mixture.household, seen.codes) - seen.rare_household
    household += np.log2(mixture.prior_household)[seen.cell]
    logs = np.stack([match, household, stranger])
    scaled = np.exp2(logs - logs.max(axis=0))
    shared = scaled / scaled.sum(axis=0)
    weight = np.log2(np.maximum(scaled[0], _LEAST)) - np.log2(scaled[1] + scaled[2] + _LEAST)
    return np.stack([*shared, weight])


def in_steps(weight: Bits) -> Bits:
    """Weights as multiples of 1/1024 bit, which sum the same in any order."""
    return np.asarray(np.round(weight * STEPS_OF_A_BIT) / STEPS_OF_A_BIT)


def _log_sum(table: Bits, codes: Codes) -> Bits:
    total = np.zeros(len(codes))
    _add_logs(np.log2(table), codes, total)
    return total


@compiled
def _add_logs(logs: Bits, codes: Codes, total: Bits) -> None:
    for pair in range(len(codes)):
        for column in range(len(logs)):
            code = codes[pair, column]
            total[pair] += logs[column, code] if code >= 0 else 0.0


@dataclass(frozen=True, eq=False)
class Tally:
    """How many pairs are of each class, by what agrees and by their cells.

    `match`, `household`, `stranger` float64[comparisons, SIZE]; `matching`, `mates` float64[cells]
    are those of the first two classes.
    """

    match: Bits
    household: Bits
    stranger: Bits
    matching: Bits
    mates: Bits

    @classmethod
    def nothing(cls, comparisons: int, cells: int) -> "Tally":
        """Before any pair is counted."""
        tables = np.zeros((3, comparisons, SIZE))
        return cls(*tables, *np.zeros((2, cells)))

    def add(self, seen: Observed, classes: Classes) -> None:
        """Count pairs."""
        _count(seen.codes, classes.match, self.match)
        _count(seen.codes, classes.household, self.household)
        _count(seen.codes, classes.stranger, self.stranger)
        _count_cells(seen.cell, classes.match, self.matching)
        _count_cells(seen.cell, classes.household, self.mates)


def tally(
    mixture: Mixture, seen: Observed, *, kept: Flags | None = None, together: Flags | None = None
) -> Tally:
    """Find the classes of pairs, some pairs at a time, and count them.

    Args:
        mixture: what the classes look like.
        seen: the pairs.
        kept: bool[pairs], those that are counted; all where it is None.
        together: bool[pairs], those that may match; all where it is None.
    """
    counted = Tally.nothing(seen.codes.shape[1], len(mixture.prior_match))
    for start in range(0, len(seen.codes), _COUNTED_AT_ONCE):
        some = slice(start, start + _COUNTED_AT_ONCE)
        part = seen.part(some) if kept is None else seen.part(some).take(kept[some])
        classes = classify(mixture, part)
        if together is not None:
            said = together[some] if kept is None else together[some][kept[some]]
            classes = classes.apart(said)
        counted.add(part, classes)
    return counted


def maximise(mixture: Mixture, counted: Tally, guess: Guess) -> Mixture:
    """Estimate the probabilities anew from what pairs of each class look like; u stays."""
    possible = np.maximum(guess.possible, 1.0)
    return replace(
        mixture,
        match=shares(counted.match + guess.match),
        household=shares(counted.household + guess.household),
        prior_match=np.maximum(counted.matching, 0.5) / possible,
        prior_household=np.maximum(counted.mates, 0.5) / possible,
    )


@compiled
def _count(codes: Codes, weights: Bits, counts: Bits) -> None:
    for pair in range(len(codes)):
        for column in range(len(counts)):
            code = codes[pair, column]
            if code >= 0:
                counts[column, code] += weights[pair]


@compiled
def _count_cells(cells: npt.NDArray[np.int32], weights: Bits, counts: Bits) -> None:
    for pair in range(cells.size):
        counts[cells[pair]] += weights[pair]


def level_counts(codes: Codes) -> Bits:
    """Count the codes of one comparison, those that are missing apart: float64[SIZE]."""
    return np.bincount(codes[codes >= 0], minlength=SIZE).astype(np.float64)
