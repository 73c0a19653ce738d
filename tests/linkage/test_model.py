"""Models as frozen, portable values."""

import pytest

from linkage.agreement import OwnComparer
from linkage.blocking import Key, Rule
from linkage.charts import convergence, levels, table
from linkage.comparison import Comparison, Measure, at_least, exact
from linkage.estimation import Sample, train
from linkage.model import Model, ModelMismatchError, TrainedModel
from linkage.records import Records
from tests.linkage.persons import MODEL, persons
from tests.linkage.test_agreement import LENGTH, measured


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    return train(persons(150, seed=1)[0], MODEL, Sample(seed=1))


def test_a_model_comes_back_from_json_as_it_went(trained: TrainedModel) -> None:
    again = TrainedModel.from_json(trained.to_json())
    assert again.version == trained.version
    assert again.model == trained.model
    assert (again.m, again.u, again.prior) == (trained.m, trained.u, trained.prior)


def test_the_version_changes_with_any_figure(trained: TrainedModel) -> None:
    other = TrainedModel.from_json(trained.to_json().replace('"link":5.0', '"link":5.5'))
    assert other.version != trained.version


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 99}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ModelMismatchError, match="not a trained model"):
        TrainedModel.from_json(text)


def test_a_model_without_comparisons_or_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        Model(MODEL.comparisons, ())


def test_records_without_a_column_are_refused() -> None:
    records = Records.of(["1"], {"given": ["a"], "family": ["b"]})
    with pytest.raises(ModelMismatchError, match="no column birth, village"):
        MODEL.check(records)


def own() -> tuple[Model, Records]:
    model = Model((Comparison("x", (exact(), at_least(LENGTH, 0.5))),), (Rule((Key("x"),)),))
    return model, Records.of(["1", "2"], {"x": measured(["a", "bb"])})


def test_a_measure_of_ones_own_is_handed_in_again_when_a_model_is_read() -> None:
    model, records = own()
    text = train(records, model, Sample(seed=1)).to_json()
    assert TrainedModel.from_json(text, measures=[LENGTH]).model == model
    with pytest.raises(ModelMismatchError, match="no measure 'length'"):
        TrainedModel.from_json(text)


def test_a_column_without_the_measures_table_is_refused() -> None:
    model, _ = own()
    with pytest.raises(ModelMismatchError, match="lacks the table of length"):
        model.check(Records.of(["1", "2"], {"x": ["a", "bb"]}))


def test_measures_are_known_by_name() -> None:
    assert Measure("exact") == exact().measure
    assert OwnComparer.expense > 1


def test_a_model_shows_what_it_learned(trained: TrainedModel) -> None:
    rows = table(trained)
    assert len(rows) == sum(len(comparison.labels) for comparison in MODEL.comparisons)
    given = [row for row in rows if row[0] == "given"]
    assert [row[1] for row in given] == ["same", "jaro_winkler ≥ 0.9", "differs"]
    assert sum(row[2] for row in given) == pytest.approx(1)
    assert given[0][4] > 0 > given[-1][4]
    assert levels(trained).count("<rect") == len(rows)
    assert convergence(trained).count("<rect") == len(trained.rounds)
