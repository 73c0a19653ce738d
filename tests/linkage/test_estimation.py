"""Estimation on data whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from linkage.blocking import Key, Rule
from linkage.comparison import Comparison, exact, levenshtein
from linkage.estimation import Sample, train
from linkage.model import Model, TrainedModel
from linkage.patterns import Decisions
from linkage.records import Records
from tests.linkage.persons import MODEL, persons

FIELDS = {"a": (50, 0.1), "b": (200, 0.2), "c": (9, 0.05), "d": (365, 0.15), "e": (1000, 0.1)}


def plain(seed: int, size: int = 4000) -> Records:
    """Two records of each of `size` persons, with fields that slip independently of each other."""
    rng = np.random.default_rng(seed)
    columns = {}
    for field, (kinds, slips) in FIELDS.items():
        values = rng.integers(0, kinds, size)
        other = np.where(rng.random(size) < slips, rng.integers(0, kinds, size), values)
        columns[field] = [f"v{value}" for value in np.concatenate([values, other])]
    return Records.of([str(n) for n in range(2 * size)], columns)


PLAIN = Model(
    comparisons=tuple(Comparison(field, (exact(),)) for field in FIELDS),
    rules=(Rule((Key("b"),)), Rule((Key("d"),))),
    households=False,
)


def test_em_recovers_what_the_data_were_made_with() -> None:
    trained = train(plain(1), PLAIN, Sample(seed=1))
    made_with = [1 - slips * (1 - 1 / kinds) for kinds, slips in FIELDS.values()]
    assert [row[0] for row in trained.m] == pytest.approx(made_with, abs=0.02)
    by_chance = [1 / kinds for kinds, _ in FIELDS.values()]
    assert [row[0] for row in trained.u] == pytest.approx(by_chance, rel=0.1, abs=3e-4)
    found_by_rules = 1 - 0.2 * 0.15
    assert trained.prior == pytest.approx(found_by_rules / 7999, rel=0.05)


def test_the_order_of_records_changes_nothing() -> None:
    records, _ = persons(200, seed=2)
    turned = records.take(np.arange(len(records))[::-1])
    first, second = train(records, MODEL, Sample(seed=4)), train(turned, MODEL, Sample(seed=4))
    assert first.version == second.version


def test_seed_decides_the_random_pairs() -> None:
    records, _ = persons(200, seed=2)
    versions = {train(records, MODEL, Sample(seed, random=500)).version for seed in (1, 1, 2)}
    assert len(versions) == 2


def test_a_level_that_never_occurs_says_so_and_stays_finite() -> None:
    records = Records.of([str(n) for n in range(40)], {"a": ["x", "y"] * 20, "b": ["pq"] * 40})
    comparisons = (Comparison("a", (exact(),)), Comparison("b", (exact(), levenshtein(1))))
    trained = train(records, Model(comparisons, (Rule((Key("a"),)),)), Sample(seed=1))
    assert trained.seen_u[1][1:] == (0.0, 0.0)
    assert trained.seen_m[1][1:] == (0.0, 0.0)
    assert all(0 < share < 1 for share in (*trained.m[1], *trained.u[1]))


def bits(trained: TrainedModel, comparison: int, level: int) -> float:
    return float(np.log2(trained.m[comparison][level] / trained.u[comparison][level]))


def test_officers_words_change_the_estimates() -> None:
    records, truth = persons(300, seed=6)
    alone = train(records, MODEL, Sample(seed=1))
    same_birth = [
        (i, j)
        for i in range(len(records))
        for j in range(i + 1, len(records))
        if records.columns["birth"].value(i) == records.columns["birth"].value(j) is not None
    ]
    pairs = np.array(same_birth, np.int32)
    words = Decisions(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs), np.bool_))
    told = train(records, MODEL, Sample(seed=1), decisions=words)
    assert sum(truth[i] == truth[j] for i, j in same_birth) > 50
    assert told.prior < alone.prior
    assert bits(told, 0, 0) != bits(alone, 0, 0)


def test_the_rounds_are_kept_and_settle() -> None:
    records, _ = persons(200, seed=2)
    trained = train(records, MODEL, Sample(seed=4))
    assert trained.rounds[-1].m == trained.m
    assert trained.rounds[-1].moved_from(trained.rounds[-2]) < 1e-5
    assert trained.rounds[1].moved_from(trained.rounds[0]) > 1e-3


def families(seed: int, homes: int = 1500) -> Records:
    """Households of four who share `b` and `e`; one in four persons is recorded twice."""
    rng = np.random.default_rng(seed)
    people = np.arange(4 * homes)
    who = np.concatenate([people, people[rng.random(people.size) < 0.25]])
    columns = {}
    for field, (kinds, slips) in FIELDS.items():
        values = rng.integers(0, kinds, people.size)
        if field in "be":
            values = values[people // 4 * 4]
        slipped = rng.random(who.size) < slips / 2
        said = np.where(slipped, rng.integers(0, kinds, who.size), values[who])
        columns[field] = [f"v{value}" for value in said]
    return Records.of([str(n) for n in range(who.size)], columns)


def test_families_do_not_pass_for_persons() -> None:
    records = families(3)
    aware = train(records, replace(PLAIN, households=True), Sample(seed=1))
    unaware = train(records, PLAIN, Sample(seed=1))
    assert aware.m[0][0] > 0.8
    assert unaware.m[0][0] < 0.5
