"""Estimate what agreement is worth: u from random pairs, m and the prior by EM.

The model is that of Fellegi and Sunter (1969), the EM that of Winkler (1988), run over counts of
agreement patterns. u is the share of each level among random pairs, less the part of the matches
that are among them. One EM runs over the pairs of all blocking rules: each round judges a pair by
all its comparisons and by the prior of two records drawn at random, and a comparison learns only
from the rules that do not ask its field to agree, among whose pairs it is free to differ. The
prior is the one under which the pairs of all rules together hold as many matches as it says.

Where there are households, their members agree on much by other means than chance, and two
kinds of pair would not do: EM would take families for persons. A third kind, in the manner of
Larsen and Rubin (2001), takes up the pairs that are merely related; it serves estimation alone.

A missing value teaches nothing. A level never seen keeps a small u and a first guess of m: every
m starts with one match spread by the guesses, every u with half a pair on each level.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.model import Frequencies, Model, Round, Table, TrainedModel
from linkage.pairs import Candidates
from linkage.patterns import (
    DIFFERENT,
    SAME,
    Decisions,
    PatternCounter,
    Patterns,
    Words,
    random_pairs,
    rule_patterns,
)
from linkage.records import Records

Floats = npt.NDArray[np.float64]
Rows = list[Floats]

ROUNDS = 300
TOLERANCE = 1e-5
FIRST_M = 0.8
HALF_A_PAIR = 0.5
SURE = 1e-12
LIMIT = 300.0


@dataclass(frozen=True)
class Sample:
    """How many pairs estimation looks at: random ones, and those of each rule."""

    seed: int
    random: int = 1_000_000
    blocked: int = 500_000


@dataclass(frozen=True, eq=False)
class Observed:
    """What estimation sees: the levels of random pairs, and the patterns of each rule's."""

    random: Rows
    rules: list[Patterns]
    possible: int
    records: int


def train(
    records: Records, model: Model, sample: Sample, *, decisions: Decisions | None = None
) -> TrainedModel:
    """Estimate a declared model from the records, and from officers' decisions if there are any.

    The same records in any order, with the same seed, give the same model.

    Raises:
        ModelMismatchError: The records lack a column that the model compares or blocks on.
    """
    model.check(records)
    seen = observe(records, model, sample, decisions=decisions)
    return estimate(seen, model, frequencies_of(records, model))


def frequencies_of(records: Records, model: Model) -> dict[str, Frequencies]:
    """Count the values of the fields where rarity matters."""
    return {
        comparison.field: Frequencies.of(records.columns[comparison.field])
        for comparison in model.comparisons
        if any(level.frequency for level in comparison.levels)
    }


def observe(
    records: Records, model: Model, sample: Sample, *, decisions: Decisions | None = None
) -> Observed:
    """Compare random pairs and the pairs of each rule."""
    counter = PatternCounter(records, model)
    drawn = random_pairs(records, model.fields, pairs=sample.random, seed=sample.seed)
    candidates = Candidates.of(records, model.rules, model.fields, largest=model.largest_block)
    words = Words(records, decisions)
    rules = [
        rule_patterns(counter, candidates, words, number=number, most=sample.blocked)
        for number in range(len(model.rules))
    ]
    found = counter.count(drawn)
    sizes = [len(comparison.labels) for comparison in model.comparisons]
    return Observed(
        by_level(found, sizes, found.counts), rules, max(records.possible_pairs, 1), len(records)
    )


def by_level(patterns: Patterns, sizes: list[int], weights: Floats) -> Rows:
    """Sum the pairs on each level of each comparison, missing ones left out."""
    return [
        np.bincount(patterns.levels[:, c], weights, size + 1)[:-1].astype(np.float64)
        for c, size in enumerate(sizes)
    ]


def estimate(seen: Observed, model: Model, frequencies: dict[str, Frequencies]) -> TrainedModel:
    """Run EM until neither m nor the prior moves."""
    drawn = [shares(row, HALF_A_PAIR) for row in seen.random]
    guesses = first_m(model)
    first = clipped(seen.records / 2 / seen.possible)
    kin = [(m + u) / 2 for m, u in zip(guesses, drawn, strict=True)]
    relatives = Kind(kin, first) if model.households else None
    by = Weighing(Kind(guesses, first), relatives, drawn)
    rounds = [Round(first, table(guesses))]
    for _ in range(ROUNDS):
        same, related = expectation(seen, model, by)
        match = same.kind(seen, guesses)
        relatives = related.kind(seen, kin) if model.households else None
        if relatives is not None and relatives.agreement > match.agreement:
            match, relatives = relatives, match
        by = Weighing(match, relatives, freed(seen, match))
        rounds.append(Round(match.share, table(match.levels)))
        if rounds[-1].moved_from(rounds[-2]) < TOLERANCE:
            break
    return TrainedModel(
        model=model,
        m=table(by.match.levels),
        u=table(by.u),
        prior=by.match.share,
        seen_m=table(same.levels()),
        seen_u=table(seen.random),
        frequencies=frequencies,
        rounds=tuple(rounds),
    )


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of pair: how its levels are shared out, and its share of all pairs."""

    levels: Rows
    share: float

    @property
    def agreement(self) -> float:
        """How many comparisons are on their first level, on average."""
        return float(sum(row[0] for row in self.levels))


@dataclass(frozen=True, eq=False)
class Weighing:
    """The figures by which a round of EM judges pairs."""

    match: Kind
    kin: Kind | None
    u: Rows


class Expected:
    """The pairs of a kind that are expected on each level, and in all.

    A comparison learns from the pairs of the rules that do not ask its field to agree; from all
    pairs if there is no such rule.
    """

    def __init__(self, sizes: list[int]) -> None:
        self._apart = [np.zeros(size) for size in sizes]
        self._anyhow = [np.zeros(size) for size in sizes]
        self._pairs = 0.0

    def add(self, patterns: Patterns, chances: Floats, free: list[bool]) -> None:
        """Count the pairs of a rule, by how probably each is of the kind."""
        weights = patterns.counts * chances
        self._pairs += float(weights[patterns.new].sum())
        counted = by_level(patterns, [row.size for row in self._anyhow], weights)
        for c, row in enumerate(counted):
            self._anyhow[c] += row
            if free[c]:
                self._apart[c] += row

    def levels(self) -> Rows:
        """The pairs on each level of each comparison."""
        both = zip(self._apart, self._anyhow, strict=True)
        return [apart if apart.any() else anyhow for apart, anyhow in both]

    def kind(self, seen: Observed, guesses: Rows) -> Kind:
        """What this makes of the kind."""
        levels = [shares(row, guess) for row, guess in zip(self.levels(), guesses, strict=True)]
        return Kind(levels, clipped(self._pairs / seen.possible))


def expectation(seen: Observed, model: Model, by: Weighing) -> tuple[Expected, Expected]:
    """Expect the matches, and the pairs that are merely related."""
    sizes = [len(row) for row in by.u]
    same, related = Expected(sizes), Expected(sizes)
    for rule, patterns in zip(model.rules, seen.rules, strict=True):
        free = [name not in rule.fields for name in model.fields]
        match, kin = posterior(patterns, by)
        same.add(patterns, match, free)
        related.add(patterns, kin, free)
    return same, related


def posterior(patterns: Patterns, by: Weighing) -> tuple[Floats, Floats]:
    """How probably pairs of each pattern match, or are related; officers' words are certain."""
    match, kin = _odds(patterns, by.match, by.u), _odds(patterns, by.kin, by.u)
    rest = 1 - by.match.share - (0.0 if by.kin is None else by.kin.share)
    total = rest + match + kin
    said = patterns.word
    chance = np.where(said == SAME, 1.0, np.where(said == DIFFERENT, 0.0, match / total))
    return chance, np.where(said == SAME, 0.0, kin / np.where(said == DIFFERENT, rest + kin, total))


def _odds(patterns: Patterns, kind: Kind | None, u: Rows) -> Floats:
    """How much more probable each pattern is as a pair of this kind than as one drawn by chance."""
    if kind is None:
        return np.zeros(patterns.counts.size)
    odds = np.full(patterns.counts.size, np.log(kind.share))
    for c, (here, there) in enumerate(zip(kind.levels, u, strict=True)):
        odds += np.append(np.log(here / there), 0.0)[patterns.levels[:, c]]
    return np.asarray(np.exp(np.clip(odds, -LIMIT, LIMIT)))


def clipped(share: float) -> float:
    """Keep a probability clear of 0 and 1."""
    return min(max(share, SURE), 0.5)


def shares(counts: Floats, start: Floats | float) -> Floats:
    """The share of each level, with so much counted on each to start with."""
    raised = counts + start
    return np.asarray(raised / raised.sum())


def first_m(model: Model) -> Rows:
    """First guesses of m: each level half as common as the one above, where none is declared."""
    guesses = []
    for comparison in model.comparisons:
        halves = 0.5 ** np.arange(1, len(comparison.levels) + 2)
        given = [
            half if level.m is None else level.m
            for level, half in zip(comparison.levels, halves[1:] * 0.5, strict=False)
        ]
        if comparison.levels[0].m is None:
            given[0] = FIRST_M
        guesses.append(np.array([*given, halves[-1]]) / (sum(given) + halves[-1]))
    return guesses


def freed(seen: Observed, match: Kind) -> Rows:
    """Take the part of the matches out of what random pairs show: u."""
    u = []
    for row, m in zip(seen.random, match.levels, strict=True):
        least = HALF_A_PAIR / (float(row.sum()) + 1)
        rest = np.maximum(shares(row, HALF_A_PAIR) - match.share * m, least)
        u.append(np.asarray(rest / rest.sum()))
    return u


def table(rows: Rows) -> Table:
    """Freeze rows of figures."""
    return tuple(tuple(float(value) for value in row) for row in rows)
