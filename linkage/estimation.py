"""Estimate what agreement is worth: u from random pairs, m and the prior by EM.

The model is that of Fellegi and Sunter (1969), the EM that of Winkler (1988), run over counts of
agreement patterns. u is the share of each level among random pairs. Each blocking rule gives one
pass of EM over its pairs, in which u is fixed and the fields that the rule asks to agree stand
aside; the passes are averaged by the matches they expect. The prior is the one under which the
pairs of all rules together hold as many matches as it says. Random pairs hold some matches too:
once m and the prior are known their part is taken out of u, and the passes run again.

A missing value teaches nothing. A level never seen keeps a small u and a first guess of m: every
m starts with one match spread by the guesses, every u with half a pair on each level.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.blocking import Rule
from linkage.model import Frequencies, Model, Pass, Table, TrainedModel
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
    united,
)
from linkage.records import Records

Floats = npt.NDArray[np.float64]
Rows = list[Floats]

ROUNDS = 300
TOLERANCE = 1e-5
REPEATS = 3
FIRST_MATCHES = 0.05
FIRST_M = 0.8
HALF_A_PAIR = 0.5
SURE = 1e-12
LIMIT = 700.0


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


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a run of EM ended: m, the matches expected on each level, in all, and the rounds."""

    m: Rows
    seen: Rows
    matches: float
    rounds: tuple[Table, ...]


@dataclass(frozen=True)
class Scope:
    """What a run of EM is about.

    The `counted` comparisons speak for or against a pair, m is learned for the `free` ones, and
    the share of matches is that among so many `pairs`: those without a pattern are no matches.
    """

    counted: frozenset[int]
    free: frozenset[int]
    pairs: float

    @classmethod
    def of_pass(cls, model: Model, rule: Rule, patterns: Patterns) -> "Scope":
        """A pass over a rule's pairs: the fields that it asks to agree stand aside."""
        rest = frozenset(c for c, name in enumerate(model.fields) if name not in rule.fields)
        return cls(rest, rest, max(float(patterns.counts.sum()), 1.0))


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
    return Observed(by_level(found, sizes, found.counts), rules, max(records.possible_pairs, 1))


def by_level(patterns: Patterns, sizes: list[int], weights: Floats) -> Rows:
    """Sum the pairs on each level of each comparison, missing ones left out."""
    return [
        np.bincount(patterns.levels[:, c], weights, size + 1)[:-1].astype(np.float64)
        for c, size in enumerate(sizes)
    ]


def estimate(seen: Observed, model: Model, frequencies: dict[str, Frequencies]) -> TrainedModel:
    """Run the passes, and again with u freed of the matches among random pairs."""
    u = first_u = [shares(row, HALF_A_PAIR) for row in seen.random]
    every = frozenset(range(len(model.comparisons)))
    union = united([patterns.of_new_pairs() for patterns in seen.rules])
    for _ in range(REPEATS):
        fits = [
            run_em(patterns, first_m(model), u, Scope.of_pass(model, rule, patterns))
            for rule, patterns in zip(model.rules, seen.rules, strict=True)
        ]
        m, expected = averaged(fits, model)
        untaught = frozenset(c for c in every if not expected[c].any())
        last = run_em(union, m, u, Scope(every, untaught, seen.possible))
        prior = min(max(last.matches / seen.possible, SURE), 0.5)
        u = [
            freed(first_u[c], last.m[c], prior, HALF_A_PAIR / (seen.random[c].sum() + 1))
            for c in sorted(every)
        ]
    expected = [last.seen[c] if c in untaught else row for c, row in enumerate(expected)]
    passes = zip(model.rules, fits, strict=True)
    return TrainedModel(
        model=model,
        m=table(last.m),
        u=table(u),
        prior=prior,
        seen_m=table(expected),
        seen_u=table(seen.random),
        frequencies=frequencies,
        passes=tuple(Pass(rule.label, fit.matches, fit.rounds) for rule, fit in passes),
    )


def run_em(patterns: Patterns, m: Rows, u: Rows, scope: Scope) -> Fit:
    """Find the m that is free in this scope, starting from the one given, and the matches."""
    learned, guess = scope.free, m
    rounds = [table(m)]
    share = max(FIRST_MATCHES * min(float(patterns.counts.sum()) / scope.pairs, 1.0), SURE)
    for _ in range(ROUNDS):
        chances = posterior(patterns, m, u, share=share, counted=scope.counted)
        weights = patterns.counts * chances
        seen = by_level(patterns, [len(row) for row in m], weights)
        before, m_before = share, m
        m = [shares(seen[c], guess[c]) if c in learned else row for c, row in enumerate(m)]
        share = min(max(float(weights.sum()) / scope.pairs, SURE), 1 - SURE)
        rounds.append(table(m))
        moved = max(float(np.abs(a - b).max()) for a, b in zip(m, m_before, strict=True))
        if moved < TOLERANCE and abs(share - before) < TOLERANCE * share:
            break
    seen = [row if c in learned else np.zeros_like(row) for c, row in enumerate(seen)]
    return Fit(m, seen, float(weights.sum()), tuple(rounds))


def posterior(
    patterns: Patterns, m: Rows, u: Rows, *, share: float, counted: frozenset[int]
) -> Floats:
    """How probably pairs of each pattern match; where an officer spoke, it is certain."""
    odds = np.full(patterns.counts.size, np.log(share / (1 - share)))
    for c in sorted(counted):
        odds += np.append(np.log(m[c] / u[c]), 0.0)[patterns.levels[:, c]]
    odds[patterns.word == SAME] = np.inf
    odds[patterns.word == DIFFERENT] = -np.inf
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -LIMIT, LIMIT))))


def averaged(fits: list[Fit], model: Model) -> tuple[Rows, Rows]:
    """Average m over the passes by the matches that each expects; sum what they saw."""
    guesses = first_m(model)
    expected = [np.sum([fit.seen[c] for fit in fits], axis=0) for c in range(len(guesses))]
    return [shares(row, guesses[c]) for c, row in enumerate(expected)], expected


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


def freed(observed: Floats, m: Floats, prior: float, least: float) -> Floats:
    """Take the part of the matches out of what random pairs show."""
    rest = np.maximum((observed - prior * m) / (1 - prior), least)
    return np.asarray(rest / rest.sum())


def table(rows: Rows) -> Table:
    """Freeze rows of figures."""
    return tuple(tuple(float(value) for value in row) for row in rows)
