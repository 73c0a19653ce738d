"""The steps composed."""

import random

import numpy as np
import pytest

from linkage.clustering import Constraints
from linkage.estimation import Sample, train
from linkage.evaluation import pairwise
from linkage.linker import Linkage, deduplicate, link
from linkage.model import TrainedModel
from linkage.records import Records
from tests.linkage.persons import MODEL, persons


@pytest.fixture(scope="module")
def people() -> tuple[Records, list[int], TrainedModel]:
    records, truth = persons(1500, seed=8)
    return records, truth, train(records, MODEL, Sample(seed=1))


def by_id(
    records: Records, linkage: Linkage
) -> tuple[dict[frozenset[str], float], set[frozenset[str]]]:
    """Weights by pair of ids, and clusters as sets of ids."""
    ids = records.ids
    pairs = zip(linkage.left, linkage.right, linkage.weight, strict=True)
    groups: dict[int, set[str]] = {}
    for record, label in enumerate(linkage.clusters.tolist()):
        groups.setdefault(label, set()).add(ids[record])
    return (
        {frozenset((ids[a], ids[b])): float(weight) for a, b, weight in pairs},
        {frozenset(group) for group in groups.values()},
    )


def test_clusters_find_the_persons(people: tuple[Records, list[int], TrainedModel]) -> None:
    records, truth, trained = people
    quality = pairwise(deduplicate(records, trained).clusters, np.array(truth))
    assert quality.precision > 0.95
    assert quality.recall > 0.85


def test_one_thread_or_two_give_the_same(people: tuple[Records, list[int], TrainedModel]) -> None:
    records, _, trained = people
    one, two = (deduplicate(records, trained, threads=threads) for threads in (1, 2))
    for name in ("left", "right", "weight", "clusters"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_the_order_of_input_changes_nothing(
    people: tuple[Records, list[int], TrainedModel],
) -> None:
    records, _, trained = people
    shuffled = random.Random(1).sample(range(len(records)), len(records))
    turned = records.take(np.array(shuffled))
    assert by_id(records, deduplicate(records, trained)) == by_id(
        turned, deduplicate(turned, trained)
    )


def test_pairs_come_in_order_and_once(people: tuple[Records, list[int], TrainedModel]) -> None:
    records, _, trained = people
    linkage = deduplicate(records, trained)
    pairs = list(zip(linkage.left.tolist(), linkage.right.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert (linkage.left < linkage.right).all()
    assert (linkage.weight >= MODEL.review).all()


def test_a_label_is_the_smallest_record_of_its_cluster(
    people: tuple[Records, list[int], TrainedModel],
) -> None:
    records, _, trained = people
    labels = deduplicate(records, trained).clusters
    for label in np.unique(labels):
        assert np.flatnonzero(labels == label)[0] == label


def test_two_records_known_to_differ_are_kept_apart(
    people: tuple[Records, list[int], TrainedModel],
) -> None:
    records, _, trained = people
    before = deduplicate(records, trained)
    best = int(np.argmax(before.weight))
    pair = np.array([[before.left[best], before.right[best]]], np.int32)
    known = Constraints(same=pair[:0], different=pair)
    after = deduplicate(records, trained, constraints=known)
    assert before.clusters[pair[0, 0]] == before.clusters[pair[0, 1]]
    assert after.clusters[pair[0, 0]] != after.clusters[pair[0, 1]]
    assert after.weight.tobytes() == before.weight.tobytes()


def test_linking_two_lists_pairs_only_across_them() -> None:
    records, truth = persons(800, seed=9)
    first = np.array([i for i in range(len(truth)) if i == 0 or truth[i] != truth[i - 1]])
    second = np.setdiff1d(np.arange(len(truth)), first)
    here, there = records.take(first), records.take(second)
    trained = train(here.join(there), MODEL, Sample(seed=1))
    linkage = link(here, there, trained)
    assert (linkage.left < len(here)).all()
    assert (linkage.right >= len(here)).all()
    persons_of = np.concatenate([np.array(truth)[first], np.array(truth)[second]])
    assert pairwise(linkage.clusters, persons_of).f1 > 0.9
    assert np.bincount(linkage.clusters).max() <= 2


def test_a_list_of_one_record_is_its_own_cluster(
    people: tuple[Records, list[int], TrainedModel],
) -> None:
    records, _, trained = people
    linkage = deduplicate(records.take(np.array([5])), trained)
    assert linkage.clusters.tolist() == [0]
    assert linkage.weight.size == 0
