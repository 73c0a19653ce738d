"""Search finds what the batch run finds."""

import numpy as np
import pytest

from linkage.estimation import Sample, train
from linkage.linker import deduplicate
from linkage.model import ModelMismatchError, TrainedModel
from linkage.records import Records
from linkage.search import Index
from tests.linkage.persons import MODEL, persons


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    return train(persons(600, seed=8)[0], MODEL, Sample(seed=1))


def test_the_candidates_and_weights_are_those_of_a_batch_run(trained: TrainedModel) -> None:
    records, _ = persons(600, seed=8)
    batch = deduplicate(records, trained)
    known, asked = np.arange(0, len(records), 2), np.arange(1, len(records), 2)
    index = Index(records.take(known), trained)
    pairs = {}
    for row, found in zip(asked, index.search(records.take(asked)), strict=True):
        for place, weight in zip(found.records, found.weight, strict=True):
            pairs[min(row, known[place]), max(row, known[place])] = float(weight)
    expected = {
        (a, b): float(weight)
        for a, b, weight in zip(batch.left, batch.right, batch.weight, strict=True)
        if a % 2 != b % 2
    }
    assert len(expected) > 100
    assert pairs == expected


def test_the_best_candidate_comes_first_and_of_equals_the_earlier(trained: TrainedModel) -> None:
    row = {"given": ["dara"] * 3, "family": ["sok"] * 3, "birth": ["19800101"] * 3}
    known = Records.of(["a", "b", "c"], row | {"village": ["123456", None, "123456"]})
    asked = Records.of(
        ["q"], {name: column.take(np.array([0])) for name, column in known.columns.items()}
    )
    (found,) = Index(known, trained).search(asked)
    assert found.records.tolist() == [0, 2, 1]
    assert found.weight[0] == found.weight[1] > found.weight[2]


def test_a_stranger_and_a_record_that_says_nothing_find_nobody(trained: TrainedModel) -> None:
    index = Index(persons(100, seed=8)[0], trained)
    fields = ("given", "family", "birth", "village")
    asked = Records.of(["q", "r"], {name: ["zzz", None] for name in fields})
    assert [found.records.size for found in index.search(asked)] == [0, 0]


def test_records_that_do_not_fit_are_refused(trained: TrainedModel) -> None:
    index = Index(persons(100, seed=8)[0], trained)
    with pytest.raises(ModelMismatchError, match="no column"):
        index.search(Records.of(["q"], {"given": ["dara"]}))
