"""Blocking rules and the pairs they make."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.blocking import Key, Rule, block_codes
from linkage.pairs import Candidates
from linkage.records import Records
from tests.linkage import naive
from tests.linkage.persons import persons

VALUES = st.sampled_from(["a", "b", "c", None])
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=30)


def records_of(rows: Sequence[tuple[str | None, ...]], lists: int = 1) -> Records:
    columns = dict(zip("xyz", zip(*rows, strict=True), strict=True))
    source = (np.arange(len(rows)) % lists).astype(np.int8)
    return Records.of([str(n) for n in range(len(rows))], columns, source=source)


def found(records: Records, candidates: Candidates) -> list[tuple[int, int]]:
    made = []
    for number in range(candidates.blocks.shape[1]):
        pairs = candidates.of_rule(number)
        for task in pairs.tasks(7):
            for chunk in pairs.chunks(task):
                left = records.order[pairs.blocks.members[chunk.left]]
                right = records.order[pairs.blocks.members[chunk.right]]
                made += [
                    tuple(sorted(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True)
                ]
    return made


@given(ROWS, st.integers(1, 3))
@settings(max_examples=150)
def test_each_pair_is_made_once_by_the_rules_together(
    rows: list[tuple[str | None, ...]], lists: int
) -> None:
    records = records_of(rows, lists)
    fields = (("x", "y"), ("z",), ("y", "z"))
    rules = tuple(Rule(tuple(Key(field) for field in keys)) for keys in fields)
    candidates = Candidates.of(records, rules, ("x",), largest=1000)
    expected = set().union(*(naive.rule_pairs(records, keys) for keys in fields))
    made = found(records, candidates)
    assert len(made) == len(set(made))
    assert set(made) == expected
    costs = [len(naive.rule_pairs(records, keys)) for keys in fields]
    assert [cost.pairs for cost in candidates.costs] == costs


def test_an_oversized_block_is_split_by_the_further_key() -> None:
    rows = [("a", "bcd"[n % 3], None) for n in range(30)]
    rule = Rule((Key("x"),), split=(Key("y"),))
    codes, cost = block_codes(records_of(rows), rule, largest=10)
    assert cost.oversized == 1
    assert (cost.blocks, cost.largest, cost.left_out) == (3, 10, 0)
    assert np.bincount(codes).tolist() == [10, 10, 10]


def test_a_block_within_bounds_is_not_split() -> None:
    rows = [("a", str(n), None) for n in range(5)]
    rule = Rule((Key("x"),), split=(Key("y"),))
    assert block_codes(records_of(rows), rule, largest=5)[1].pairs == 10


def test_what_stays_oversized_is_cut_and_the_loss_is_counted() -> None:
    rows = [("a", "b" if n < 25 else None, None) for n in range(30)]
    rule = Rule((Key("x"),), split=(Key("y"),))
    cost = block_codes(records_of(rows), rule, largest=10)[1]
    assert cost.pairs == 2 * 45 + 2 * 10
    assert cost.pairs + cost.left_out == 25 * 24 // 2 + 5 * 4 // 2


def test_a_sample_pairs_some_positions_with_all_of_their_block() -> None:
    records, _ = persons(300, seed=3)
    candidates = Candidates.of(records, (Rule((Key("family"),)),), ("family",), largest=1000)
    pairs = candidates.of_rule(0)
    whole = range(pairs.blocks.members.size)
    sampled = sum(chunk.left.size for chunk in pairs.chunks(whole, every=4))
    assert sampled == pytest.approx(candidates.costs[0].pairs / 4, rel=0.25)


def test_pairs_do_not_depend_on_the_order_of_records() -> None:
    records, _ = persons(60, seed=5)
    shuffled = random.Random(1).sample(range(len(records)), len(records))
    turned = records.take(np.array(shuffled))
    rules = (Rule((Key("family"), Key("given"))), Rule((Key("birth", "first 4"),)))

    def pairs_of(these: Records) -> set[frozenset[str]]:
        made = found(these, Candidates.of(these, rules, ("given",), largest=4))
        return {frozenset((these.ids[a], these.ids[b])) for a, b in made}

    assert pairs_of(records) == pairs_of(turned)
