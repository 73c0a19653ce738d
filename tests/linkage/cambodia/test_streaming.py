"""Streaming keeps exactly the pairs that comparing all of them would keep."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.population import main as populate
from benchmarks.quality import load
from linkage.agreement_codes import LEVELS
from linkage.cambodia import Evidence, Index, Options, People, link, train
from linkage.cambodia.blocking import Blocks, blocks
from linkage.cambodia.evidence import BIRTH_DATE
from linkage.cambodia.pairs import observe, possible_pairs
from linkage.cambodia.streaming import sift
from linkage.cambodia.trained import of_records
from linkage.dates import OTHER_GENERATION
from linkage.evaluation import pairwise
from linkage.mixture import Mixture, classify

FLOOR = -14.0


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> People:
    folder = tmp_path_factory.mktemp("lists")
    populate([str(folder), "--people", "900", "--seed", "4", "--noise", "1.5"])
    return load(folder)[0]


@pytest.fixture(scope="module")
def index(records: People) -> Index:
    return Index.of(records, Options(threads=1))


@pytest.fixture(scope="module")
def mixture(index: Index) -> Mixture:
    return train(index.records, seed=1, index=index).mixture


def pairs_of(found: Evidence) -> list[tuple[int, int]]:
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def naive_pairs(rules: tuple[Blocks, ...]) -> list[tuple[int, int]]:
    pairs = set()
    for rule in rules:
        for block in range(len(rule.ends) - 1):
            members = rule.members[rule.ends[block] : rule.ends[block + 1]].tolist()
            pairs |= set(combinations(members, 2))
    return sorted(pairs)


def naively(index: Index, mixture: Mixture) -> Evidence:
    left, right = np.array(naive_pairs(index.rules), np.int32).T
    found = observe(index.records, left, right, rarity=index.rarity)
    return found.take((classify(mixture, found.seen).weight > FLOOR) | found.seen.different)


@pytest.mark.parametrize("floor", [FLOOR, -4.0])
def test_the_pairs_are_those_of_comparing_every_candidate(
    index: Index, mixture: Mixture, floor: float
) -> None:
    every = naively(index, mixture)
    kept = (classify(mixture, every.seen).weight > floor) | every.seen.different
    found, expected = sift(index, mixture, floor=floor), every.take(kept)
    assert pairs_of(found) == pairs_of(expected)
    assert (found.seen.codes == expected.seen.codes).all()
    assert len(pairs_of(found)) == len(set(pairs_of(found)))


@pytest.mark.parametrize(("threads", "memory_mb"), [(2, 256), (1, 1), (2, 1)])
def test_threads_and_memory_change_nothing(
    index: Index, mixture: Mixture, threads: int, memory_mb: int
) -> None:
    options = Options(threads=threads, memory_mb=memory_mb)
    other = Index.of(index.records, options)
    expected, found = sift(index, mixture, floor=FLOOR), sift(other, mixture, floor=FLOOR)
    assert pairs_of(found) == pairs_of(expected)
    assert (found.seen.codes == expected.seen.codes).all()


def test_only_pairs_of_wanted_records_are_found(index: Index, mixture: Mixture) -> None:
    wanted = np.zeros(len(index.records), np.bool_)
    wanted[::7] = True
    every = pairs_of(sift(index, mixture, floor=FLOOR))
    found = pairs_of(sift(index, mixture, floor=FLOOR, wanted=wanted))
    assert found == [(a, b) for a, b in every if wanted[a] or wanted[b]]
    assert possible_pairs(index.records, wanted).sum() < possible_pairs(index.records).sum()


def test_pairs_whom_a_list_names_together_may_be_left_out(index: Index, mixture: Mixture) -> None:
    every = sift(index, mixture, floor=FLOOR)
    found = sift(index, mixture, floor=FLOOR, listed=False)
    assert every.seen.different.any()
    assert pairs_of(found) == pairs_of(every.take(~every.seen.different))


def test_a_sample_of_pairs_trains_nearly_the_same(index: Index, mixture: Mixture) -> None:
    pairs = sum(cost.pairs for cost in index.costs)
    sampled = Index.of(index.records, Options(threads=1, training_pairs=pairs * 3 // 4))
    other = train(sampled.records, seed=1, index=sampled)
    assert (other.mixture.match != mixture.match).any()
    whole = link(index.records, of_records(mixture, index.records), index=index)
    assert pairwise(link(index.records, other, index=index).clusters, whole.clusters).f1 > 0.98


def test_no_match_has_people_of_two_generations(mixture: Mixture) -> None:
    level = slice(OTHER_GENERATION, None, LEVELS)
    assert (mixture.match[BIRTH_DATE, level] < 1e-6).all()
    assert mixture.household[BIRTH_DATE, level].max() > 0.01


def test_a_large_block_is_divided_and_the_rest_counted(records: People) -> None:
    small = list(blocks(records, largest=2))
    assert all(np.diff(rule.ends).max(initial=0) <= 2 for rule in small)
    whole = {rule.cost.rule: rule.cost for rule in blocks(records)}
    for rule in small:
        assert rule.cost.pairs + rule.cost.left_out <= whole[rule.cost.rule].pairs
    assert sum(rule.cost.left_out for rule in small) > 0


def test_rules_find_what_they_block(index: Index) -> None:
    left, right = np.array(naive_pairs(index.rules), np.int32).T
    assert (index.first_common(left, right) >= 0).all()
    found = index.found_by(left, right)
    assert np.logical_or.reduce(list(found.values())).all()
    assert index.first_common(np.array([0], np.int32), np.array([0], np.int32)).tolist() != [-1]


@pytest.mark.parametrize("wrong", [{"threads": 0}, {"memory_mb": 0}, {"training_pairs": 0}])
def test_impossible_options_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        Options(**wrong)
