"""What a pair weighs is the same whichever other records are at hand."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from benchmarks.population import main as populate
from benchmarks.quality import COLUMNS, statements
from linkage.cambodia import (
    Model,
    People,
    are_backed,
    around,
    compare,
    may_matter,
    pairs_among,
    people,
    train,
    weigh,
)
from linkage.cambodia.block_keys import rules
from linkage.cambodia.blocking import LARGEST_BLOCK, candidates, common_among
from linkage.cambodia.index import Index
from linkage.cambodia.lexicon import Lexicon
from linkage.cambodia.sketches import SKETCH, Sketched, may_weigh_less, sketched
from linkage.identifiers import Numbers, numbers
from linkage.partition import UNCOMPARED
from linkage.texts import coded

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
    near = near_to(records, some, common, model, spelled(frame))
    assert near.sum() < near.size / 2

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


def spelled(frame: pd.DataFrame) -> Numbers:
    """The numbers that are spelled out to be compared: half of them."""
    texts = sorted({*frame["equity_card"].dropna(), *frame["national_id"].dropna()})
    return numbers(coded(texts[::2]))


def near_to(records: People, some: Flags, common: Hashes, model: Model, spelled: Numbers) -> Flags:
    """Whom these records may meet, and who may speak for them, with the households of all."""
    size = len(records)
    index = Index.of(records, common=common)
    pairs = np.triu_indices(size, 1)
    ours = some[pairs[0]] | some[pairs[1]]
    left, right = (ends[ours].astype(np.int32) for ends in pairs)
    met = index.first_common(left, right) >= 0
    left, right = left[met], right[met]
    turned = np.random.default_rng(size).random(left.size) < 1 / 2
    left, right = np.where(turned, right, left), np.where(turned, left, right)
    told, mixture = briefly(records), model.fitted(records.sources, 10_000)
    still = np.unique(records.household[~some])
    mates = records.has_mates() & (~some | np.isin(records.household, still))
    sifted = may_matter(told, (left, right), mixture, mates)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(around, "_WORTH_A_THREAD", 1)
        patched.setattr("os.cpu_count", lambda: 3)
        by_threads = may_matter(told, (left, right), mixture, mates)
    assert all((one == other).all() for one, other in zip(sifted, by_threads, strict=True))
    assert not (sifted.alone & sifted.backed).any()
    kept = sifted.alone.copy()
    backed = sifted.backed.copy()
    again = may_matter(told, (left[kept], right[kept]), mixture, mates, spelled)
    assert again.alone.sum() < kept.sum()
    backed[kept], kept[kept] = again.backed, again.alone
    kept[backed] = are_backed(told, (left[backed], right[backed]), mixture)
    near = some.copy()
    near[left[kept]] = near[right[kept]] = True
    return grown(records.homes, near)


def test_whoever_weighs_other_than_before_is_near_to_who_moved(
    frame: pd.DataFrame, model: Model
) -> None:
    """Some leave; weights change among those who are near, and only there."""
    before = read(frame, model)
    common = np.sort(
        np.concatenate([common_among(keys, SMALL_BLOCK).keys for keys in rules(before)])
    )
    names = (frame["source"] + " " + frame["number"]).to_numpy()
    whole = kept(weights(frame, model, common, 10_000))
    others = 0
    for seed in range(3):
        gone = np.zeros(len(frame), np.bool_)
        gone[np.random.default_rng(seed).choice(len(frame), 150, replace=False)] = True
        after = read(frame[~gone], model)
        moved = gone.copy()
        moved[~gone] = sketched(before)[~gone] != sketched(after)
        near = near_to(before, moved, common, model, spelled(frame))
        near[~gone] |= near_to(after, moved[~gone], common, model, spelled(frame[~gone]))
        inside = set(names[grown(before.homes, near)])
        assert len(inside) < len(names) * 0.8
        rest = kept(weights(frame[~gone], model, common, 10_000))
        changed = {pair for pair, _ in whole.items() ^ rest.items()}
        assert all(set(pair) <= inside for pair in changed)
        others += sum(not set(pair) & set(names[moved]) for pair in changed)
    assert others > 0


def kept(found: Weights) -> Weights:
    """Those that are kept."""
    return {pair: bits for pair, bits in found.items() if bits > UNCOMPARED}


def test_a_pair_is_backed_by_another_of_the_two_households_that_shares_no_end_with_it(
    frame: pd.DataFrame, model: Model
) -> None:
    """Held against every pair there is between the two households."""
    records = read(frame, model)
    told, mixture = briefly(records), model.fitted(records.sources, 10_000)
    generator = np.random.default_rng(5)
    homes = records.household
    have = np.flatnonzero(records.has_mates())
    one, other = (generator.choice(have, 3000).astype(np.int32) for _ in range(2))
    same = compare(records, candidates(records, largest=SMALL_BLOCK))
    some = records.has_mates()[same.left] & records.has_mates()[same.right]
    one, other = np.append(one, same.left[some]), np.append(other, same.right[some])
    apart = homes[one] != homes[other]
    one, other = one[apart], other[apart]
    found = are_backed(told, (one, other), mixture)
    assert 0 < found.sum() < found.size
    for a, b, is_backed in list(zip(one.tolist(), other.tolist(), found.tolist(), strict=True))[
        ::7
    ]:
        mates = [np.flatnonzero(homes == homes[end]) for end in (a, b)]
        rivals = np.array(
            [(i, j) for i in mates[0] for j in mates[1] if i != a and j != b], np.int32
        )
        spoken = may_matter(told, (rivals[:, 0], rivals[:, 1]), mixture).alone
        assert is_backed == spoken.any()


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


def test_of_no_records_none_may_weigh_less() -> None:
    nobody = np.zeros(0, SKETCH)
    assert not may_weigh_less(nobody, nobody).size


def test_only_what_a_record_says_may_make_its_pairs_weigh_less() -> None:
    before = np.zeros(6, SKETCH)
    before["marks"] = 0b01
    now = before.copy()
    now["marks"][0], now["has_mates"][1], now["pool"][1] = 0b11, 1, 7
    now["marks"][2], now["words"][3, 2], now["numbers"][4, 0], now["dates"][5, 1] = 0b10, 1, 1, 1
    assert may_weigh_less(before, now).tolist() == [False, False, True, True, True, True]
    before["marks"][0] = 0
    assert may_weigh_less(before, now)[0]
