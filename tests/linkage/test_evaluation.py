"""Measures, against a table of cases and against recordlinkage's own."""

import numpy as np
import pandas as pd
import pytest
import recordlinkage
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.blocking import Key, Rule
from linkage.evaluation import b_cubed, by_threshold, of_blocking, of_pairs, pairwise
from tests.linkage.persons import persons

CASES = [
    ("all right", [0, 0, 2], [7, 7, 9], (1, 1), (1, 1)),
    ("one cluster of two persons", [0, 0, 0, 0], [1, 1, 2, 2], (1 / 3, 1), (1 / 2, 1)),
    ("nothing linked", [0, 1, 2, 3], [1, 1, 2, 2], (1, 0), (1, 1 / 2)),
    ("everybody alone, rightly", [0, 1], [5, 6], (1, 1), (1, 1)),
]


@pytest.mark.parametrize(("fact", "found", "truth", "pairs", "records"), CASES)
def test_measures(
    fact: str,
    found: list[int],
    truth: list[int],
    pairs: tuple[float, float],
    records: tuple[float, float],
) -> None:
    pairs_found, cubed = (
        measure(np.array(found), np.array(truth)) for measure in (pairwise, b_cubed)
    )
    assert (pairs_found.precision, pairs_found.recall) == pytest.approx(pairs), fact
    assert (cubed.precision, cubed.recall) == pytest.approx(records), fact


def pairs_of(labels: np.ndarray) -> pd.MultiIndex:
    left, right = np.triu_indices(labels.size, 1)
    same = labels[left] == labels[right]
    return pd.MultiIndex.from_arrays([left[same], right[same]])


LABELS = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(np.array)


@given(LABELS, LABELS)
@settings(max_examples=60)
def test_pairwise_measures_are_those_of_recordlinkage(found: np.ndarray, truth: np.ndarray) -> None:
    ours = pairwise(found, truth)
    true_pairs, found_pairs = pairs_of(truth), pairs_of(found)
    assert ours.precision == pytest.approx(recordlinkage.precision(true_pairs, found_pairs))
    assert ours.recall == pytest.approx(recordlinkage.recall(true_pairs, found_pairs))
    if len(true_pairs.intersection(found_pairs)):
        assert ours.f1 == pytest.approx(recordlinkage.fscore(true_pairs, found_pairs))


def test_pairs_are_judged_at_each_threshold() -> None:
    truth = np.array([0, 0, 1, 1])
    left, right = np.array([0, 2, 0]), np.array([1, 3, 2])
    rows = by_threshold((left, right, np.array([9, 5, 1], np.float32)), truth, [0.0, 5.0, 10.0])
    assert [(threshold, count) for threshold, count, _ in rows] == [(0, 3), (5, 2), (10, 0)]
    assert [quality.recall for _, _, quality in rows] == [1, 1, 0]
    assert [quality.precision for _, _, quality in rows] == [pytest.approx(2 / 3), 1, 1]
    assert of_pairs(left, right, truth) == rows[0][2]


def test_blocking_measures_are_those_of_recordlinkage() -> None:
    records, truth = persons(300, seed=1)
    people = np.array(truth)
    rule = Rule((Key("birth"),))
    one, together = of_blocking(records, (rule,), people, largest=1000)
    frame = pd.DataFrame({"birth": [records.columns["birth"].value(i) for i in range(len(people))]})
    candidates = recordlinkage.index.Block("birth").index(frame)
    true_pairs = pairs_of(people)
    found = {frozenset(pair) for pair in candidates} & {frozenset(pair) for pair in true_pairs}
    assert one.pairs == len(candidates)
    assert one.completeness == one.new == len(found) / len(true_pairs)
    assert one.reduction == pytest.approx(recordlinkage.reduction_ratio(candidates, frame))
    assert (together.pairs, together.completeness) == (one.pairs, one.completeness)


def test_rules_together_count_each_pair_once() -> None:
    records, truth = persons(300, seed=1)
    rules = (Rule((Key("birth"),)), Rule((Key("given"),)), Rule((Key("birth"),)))
    rows = of_blocking(records, rules, np.array(truth), largest=1000)
    assert rows[2].new == 0
    assert rows[3].pairs < rows[0].pairs + rows[1].pairs
    assert rows[3].completeness == pytest.approx(sum(row.new for row in rows[:3]))
