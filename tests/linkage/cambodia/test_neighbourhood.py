"""What a pair weighs is the same whichever other records are at hand."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from benchmarks.population import main as populate
from benchmarks.quality import COLUMNS, statements
from linkage.cambodia import Model, People, compare, may_matter, pairs_among, people, train, weigh
from linkage.cambodia.block_keys import rules
from linkage.cambodia.blocking import LARGEST_BLOCK, candidates, common_among
from linkage.cambodia.sketches import Lexicon, Sketched, sketched
from linkage.partition import UNCOMPARED

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
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


def weights(frame: pd.DataFrame, model: Model, common: Hashes | None, size: int) -> Weights:
    records = read(frame, model)
    if common is None:
        compared = compare(records, candidates(records, largest=SMALL_BLOCK))
    else:
        compared = pairs_among(records, model.fitted(records.sources, size), common)
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


@pytest.mark.parametrize("count", [8, 40])
def test_weights_of_some_records_need_only_whom_their_sketches_leave(
    frame: pd.DataFrame, model: Model, count: int
) -> None:
    records = read(frame, model)
    kept = [(keys, common_among(keys, SMALL_BLOCK).keys) for keys in rules(records)]
    common = np.sort(np.concatenate([keys for _, keys in kept]))
    assert common.size

    some = np.zeros(len(frame), np.bool_)
    some[np.random.default_rng(count).choice(len(frame), count, replace=False)] = True
    met = candidates(records, largest=SMALL_BLOCK)
    ours = some[met.left] | some[met.right]
    left, right = met.left[ours], met.right[ours]
    told = briefly(records)
    mixture = model.fitted(records.sources, len(frame))
    left_over = may_matter(told, (left, right), mixture)
    assert 0 < left_over.sum() < left_over.size
    near = some.copy()
    near[left[left_over]] = near[right[left_over]] = True
    near = grown(records.homes, near)

    whole = weights(frame, model, None, len(frame))
    part = weights(frame[near], model, common, len(frame))
    inside = set((frame["source"] + " " + frame["number"])[near])
    names = set((frame["source"] + " " + frame["number"])[some])
    kept_of_whole = {
        pair: bits for pair, bits in whole.items() if bits > UNCOMPARED and set(pair) <= inside
    }
    assert kept_of_whole == {pair: bits for pair, bits in part.items() if bits > UNCOMPARED}
    reached = {pair for pair, bits in whole.items() if bits > UNCOMPARED and names & set(pair)}
    assert reached
    assert reached <= kept_of_whole.keys()


def briefly(records: People) -> Sketched:
    """What is left of records when they are put in brief."""
    words = zip(records.names.written.tolist(), records.words, strict=True)
    lexicon = Lexicon.of(dict(words))
    return Sketched.of(sketched(records), lexicon, records.sources, records.background)


def test_records_in_brief_have_the_same_keys(frame: pd.DataFrame, model: Model) -> None:
    records = read(frame, model)
    for whole, brief in zip(rules(records), rules(briefly(records)), strict=True):
        assert np.array_equal(whole.owners, brief.owners)
        assert all(map(np.array_equal, whole.levels, brief.levels))


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
