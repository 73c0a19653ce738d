"""Match weights against the slow twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.blocking import Key
from linkage.estimation import Sample, train
from linkage.linker import deduplicate
from linkage.scoring import rounded
from tests.linkage import naive
from tests.linkage.persons import MODEL, persons


@given(st.integers(0, 10_000), st.sampled_from([-8.0, 0.0, 3.0, 8.0]))
@settings(max_examples=15)
def test_kept_pairs_and_weights_agree_with_the_slow_twin(seed: int, review: float) -> None:
    records, _ = persons(40, seed)
    model = type(MODEL)(MODEL.comparisons, MODEL.rules, review=review)
    trained = train(records, model, Sample(seed=1))
    found = deduplicate(records, trained, threads=1)
    kept = dict(
        zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.weight, strict=True)
    )
    proposed = naive.rule_pairs(records, ["birth"]) | naive.rule_pairs(records, ["given", "family"])
    proposed |= {
        pair
        for pair in naive.rule_pairs(records, ["village"])
        if len({naive.first_two(records.columns["family"].value(r) or "") for r in pair} | {""})
        == 2
        and all(records.columns["family"].value(r) for r in pair)
    }
    for pair in proposed:
        weight = naive.weight(records, trained, *pair)
        assert pair in kept or weight < review + 0.01
        assert pair not in kept or kept[pair] == pytest.approx(weight, abs=0.01)
    assert kept.keys() <= proposed
    assert MODEL.rules[2].keys[1] == Key("family", "first 2")


def test_weights_are_rounded_so_that_sums_are_exact() -> None:
    rng = np.random.default_rng(1)
    weights = rounded(rng.normal(0, 8, 1000))
    assert float(np.sum(weights, dtype=np.float64)) == float(np.sum(weights[::-1]))
