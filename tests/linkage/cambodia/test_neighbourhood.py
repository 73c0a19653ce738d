"""What a pair weighs is the same whichever other records are at hand."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from benchmarks.population import main as populate
from benchmarks.quality import COLUMNS, statements
from linkage.cambodia import Model, People, compare, pairs_around, people, train, weigh
from linkage.cambodia.block_keys import rules
from linkage.cambodia.blocking import LARGEST_BLOCK, Scope, candidates, common_among, stored

Flags = npt.NDArray[np.bool_]
Weights = dict[tuple[str, str], float]
SMALL_BLOCK = 12
"""Small enough for some keys of a small population to be common."""


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("lists")
    populate([str(path), "--people", "2500", "--seed", "4"])
    rows = [
        {"source": scheme, "number": row.scheme_record_id,
         **{name: getattr(row.person, name) for name in COLUMNS}}
        for scheme, row in statements(path)
    ]  # fmt: skip
    return pd.DataFrame(rows, dtype=object).sort_values(["source", "number"], ignore_index=True)


def read(frame: pd.DataFrame, model: Model | None = None) -> People:
    columns = {name: frame[name].tolist() for name in COLUMNS}
    background = None if model is None else model.background
    return people(
        frame["source"].tolist(), frame["number"].tolist(), columns, background=background
    )


@pytest.fixture(scope="module")
def model(frame: pd.DataFrame) -> Model:
    return train(read(frame), seed=1)


def weights(frame: pd.DataFrame, model: Model, scope: Scope | None, size: int) -> Weights:
    records = read(frame, model)
    if scope is None:
        compared = compare(records, candidates(records, largest=SMALL_BLOCK))
    else:
        compared = pairs_around(records, model.fitted(records.sources, size), scope)
    evidence, weight = weigh(records, model, compared, size=size)
    names = (frame["source"] + " " + frame["number"]).to_numpy()[records.order]
    pairs = zip(names[evidence.left], names[evidence.right], weight.tolist(), strict=True)
    return {(left, right): bits for left, right, bits in pairs}


def grown(homes: npt.NDArray[np.uint64], some: Flags) -> Flags:
    """These records, and all who are of their households."""
    while True:
        ours = np.unique(homes[some])
        more = some | (np.isin(homes, ours[ours != 0])).any(axis=1)
        if more.sum() == some.sum():
            return some
        some = more


@pytest.mark.parametrize("count", [1, 40])
def test_weights_of_touched_records_need_only_their_neighbours(
    frame: pd.DataFrame, model: Model, count: int
) -> None:
    records = read(frame, model)
    kept = [(keys, common_among(keys, SMALL_BLOCK).keys) for keys in rules(records)]
    common = np.sort(np.concatenate([keys for _, keys in kept]))
    assert common.size
    entries = [stored(keys, common) for keys, _ in kept]
    owners, keys = (np.concatenate(column) for column in zip(*entries, strict=True))

    touched = np.zeros(len(frame), np.bool_)
    touched[np.random.default_rng(count).choice(len(frame), count, replace=False)] = True
    touched = grown(records.homes, touched)
    useful = np.setdiff1d(keys[touched[owners]], common)
    near = touched.copy()
    near[owners[np.isin(keys, useful)]] = True
    near = grown(records.homes, near)
    assert near.sum() < len(frame)

    whole = weights(frame, model, None, len(frame))
    part = weights(frame[near], model, Scope(common, touched[near]), len(frame))
    names = set((frame["source"] + " " + frame["number"])[touched])
    ours = {pair for pair in whole if names & set(pair)}
    assert ours
    assert {pair: whole[pair] for pair in ours} == {
        pair: bits for pair, bits in part.items() if names & set(pair)
    }


def test_common_keys_are_told_apart_by_narrower_ones(frame: pd.DataFrame, model: Model) -> None:
    records = read(frame, model)
    few = candidates(records, largest=2)
    many = candidates(records, largest=LARGEST_BLOCK)
    assert few.left_out > 0
    assert many.left_out == 0
    size = np.int64(len(records))
    assert np.isin(few.left * size + few.right, many.left * size + many.right).all()


def test_priors_go_down_by_a_bit_with_every_doubling(model: Model) -> None:
    small, large = (model.fitted(model.sources, size) for size in (10_000, 41_000))
    assert np.allclose(small.prior_match, large.prior_match * 4)
    assert model.step(1) == model.step(10_000) == 0


def test_a_list_that_the_model_never_saw_has_the_mean_of_the_priors(model: Model) -> None:
    known = len(model.sources)
    priors = model.mixture.prior_match.reshape(known, known)[np.triu_indices(known)]
    fitted = model.fitted(("another", "hef"), 10_000)
    assert fitted.prior_match[0] == pytest.approx(priors.mean())
    at = model.sources.index("hef")
    assert fitted.prior_match[3] == model.mixture.prior_match[at * known + at]
