"""The explanation is the score."""

import numpy as np
import pytest

from linkage.charts import waterfall
from linkage.estimation import Sample, train
from linkage.explanation import explain
from linkage.linker import deduplicate
from linkage.model import TrainedModel
from linkage.records import Records
from tests.linkage.persons import MODEL, persons


@pytest.fixture(scope="module")
def people() -> tuple[Records, TrainedModel]:
    records, _ = persons(300, seed=8)
    return records, train(records, MODEL, Sample(seed=1))


def test_contributions_sum_exactly_to_the_weight_of_the_batch_run(
    people: tuple[Records, TrainedModel],
) -> None:
    records, trained = people
    linkage = deduplicate(records, trained)
    for a, b, weight in zip(linkage.left[:200], linkage.right, linkage.weight, strict=False):
        why = explain(records, trained, int(a), int(b))
        assert why.weight == float(weight)
        assert why.prior + sum(one.weight for one in why.contributions) == why.weight


def test_an_explanation_names_values_and_levels(people: tuple[Records, TrainedModel]) -> None:
    _, trained = people
    columns: dict[str, list[str | None]] = {
        "given": ["chan", "chann"],
        "family": ["sok", None],
        "birth": ["19800101", "19920202"],
        "village": ["123456", "123456"],
    }
    why = explain(Records.of(["a", "b"], columns), trained, 0, 1)
    told = [(one.left, one.right, one.level) for one in why.contributions]
    assert told == [
        ("chan", "chann", "jaro_winkler ≥ 0.9"),
        ("sok", None, "missing"),
        ("19800101", "19920202", "same first 2"),
        ("123456", "123456", "same"),
    ]
    assert why.contributions[1].weight == 0
    assert why.model_version == trained.version


def test_an_explanation_is_the_same_both_ways_round(people: tuple[Records, TrainedModel]) -> None:
    records, trained = people
    there, back = explain(records, trained, 3, 9), explain(records, trained, 9, 3)
    assert there.weight == back.weight
    assert [one.left for one in there.contributions] == [one.right for one in back.contributions]


def test_the_waterfall_ends_at_the_weight(people: tuple[Records, TrainedModel]) -> None:
    records, trained = people
    linkage = deduplicate(records, trained)
    why = explain(records, trained, int(linkage.left[0]), int(linkage.right[0]))
    picture = waterfall(why)
    assert picture.startswith("<svg")
    assert picture.count("<rect") == len(why.contributions) + 2
    assert f"{why.weight:+.1f}" in picture
    assert np.isfinite(why.weight)


def test_values_in_a_picture_are_escaped(people: tuple[Records, TrainedModel]) -> None:
    _, trained = people
    columns = {name: ["<b>&", "<b>&"] for name in ("given", "family", "birth", "village")}
    picture = waterfall(explain(Records.of(["a", "b"], columns), trained, 0, 1))
    assert "&lt;b&gt;&amp;" in picture
    assert "<b>" not in picture
