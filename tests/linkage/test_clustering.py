"""Clusters, as a table of cases and as properties."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.clustering import Constraints, Members, cluster, no_pairs
from linkage.scoring import Scored
from tests.linkage import naive

Pair = tuple[int, int, float]


def scored(pairs: list[Pair]) -> Scored:
    left, right, weight = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Scored(np.array(left, np.int32), np.array(right, np.int32), np.array(weight, np.float32))


def known(different: list[tuple[int, int]], same: list[tuple[int, int]]) -> Constraints:
    as_rows = [np.array(pairs, np.int32).reshape(-1, 2) for pairs in (same, different)]
    return Constraints(same=as_rows[0], different=as_rows[1])


CASES: list[tuple[str, int, list[Pair], Constraints, list[int]]] = [
    ("a link joins", 2, [(0, 1, 9)], Constraints.none(), [0, 0]),
    ("a possible link does not", 2, [(0, 1, 3)], Constraints.none(), [0, 1]),
    ("links and possible links make a triangle", 3,
     [(0, 1, 9), (1, 2, 8), (0, 2, 3)], Constraints.none(), [0, 0, 0]),
    ("half of the pairs across are enough", 3,
     [(0, 1, 9), (1, 2, 8)], Constraints.none(), [0, 0, 0]),
    ("a chain between two pairs is not", 4,
     [(0, 1, 9), (2, 3, 9), (1, 2, 8)], Constraints.none(), [0, 0, 2, 2]),
    ("the known same go together without a link", 3,
     [], known([], [(0, 2)]), [0, 1, 0]),
    ("the known different stay apart", 2, [(0, 1, 20)], known([(0, 1)], []), [0, 1]),
    ("also when a third record links both: it goes with the stronger", 3,
     [(0, 1, 9), (1, 2, 12)], known([(0, 2)], []), [0, 1, 1]),
    ("exclusive traits stay apart", 3, [(0, 1, 9), (1, 2, 8), (0, 2, 8)],
     Constraints(no_pairs(), no_pairs(), exclusive=np.array([[5, -1, 6]], np.int32)), [0, 0, 2]),
    ("one record of each list", 3, [(0, 2, 9), (1, 2, 8)],
     Constraints(no_pairs(), no_pairs(), one_to_one=True), [0, 1, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "size", "pairs", "constraints", "labels"), CASES)
def test_clusters(
    fact: str, size: int, pairs: list[Pair], constraints: Constraints, labels: list[int]
) -> None:
    members = Members(np.arange(size, dtype=np.int32), np.array([0, 0, 1, 1][:size], np.int8))
    found = cluster(scored(pairs), members, constraints, link=6.0)
    assert found.tolist() == labels, fact


GRAPH = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([3.0, 7.0, 8.0])),
    max_size=30,
)


def simple(pairs: list[Pair]) -> list[Pair]:
    """Distinct pairs of two different records."""
    return [
        (a, b, w)
        for (a, b), w in {(min(a, b), max(a, b)): w for a, b, w in pairs}.items()
        if a != b
    ]


@given(GRAPH)
@settings(max_examples=200)
def test_with_no_share_asked_clusters_are_connected_components(graph: list[Pair]) -> None:
    pairs = simple(graph)
    found = cluster(scored(pairs), Members.unranked(12), Constraints.none(), link=6.0, share=0.0)
    assert found.tolist() == naive.components(12, [(a, b) for a, b, w in pairs if w >= 6])


@given(GRAPH, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6), st.randoms())
@settings(max_examples=200)
def test_order_of_records_and_pairs_changes_nothing(
    graph: list[Pair], different: list[tuple[int, int]], rng: random.Random
) -> None:
    pairs = simple(graph)
    places = rng.sample(range(12), 12)
    moved = [(places[a], places[b], w) for a, b, w in rng.sample(pairs, len(pairs))]
    apart = [(places[a], places[b]) for a, b in different]
    ranks = np.empty(12, np.int32)
    ranks[places] = np.arange(12)
    plain = cluster(scored(pairs), Members.unranked(12), known(different, []), link=6.0)
    turned = cluster(
        scored(moved), Members(ranks, np.zeros(12, np.int8)), known(apart, []), link=6.0
    )
    for a, b in itertools.combinations(range(12), 2):
        assert (plain[a] == plain[b]) == (turned[places[a]] == turned[places[b]])
    for a, b in different:
        assert a == b or plain[a] != plain[b]
