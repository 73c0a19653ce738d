"""Links to clusters, honouring what is known, without chaining strangers through weak links.

Links are taken from the strongest to the weakest. Two clusters become one when enough of the
pairs between them are links or possible links themselves, nobody in one is known to be another
than somebody in the other, and no exclusive trait (a valid national ID number, say) has two
values. Ties are taken in the order of the records' ranks, so that the order of input is nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled
from linkage.scoring import Scored

PairRows = npt.NDArray[np.int32]


def no_pairs() -> PairRows:
    """An empty list of pairs: int32[0, 2]."""
    return np.empty((0, 2), np.int32)


@dataclass(frozen=True, eq=False)
class Constraints:
    """What clusters must honour.

    `same`, `different` int32[k, 2]: pairs of records known to be one person, or two; the known
    same go together whatever else is said, known differences included. `exclusive` int32[traits,
    records]: codes of traits of which a person has one value, -1 where unknown. With `one_to_one`
    a cluster holds at most one record of each list.
    """

    same: PairRows
    different: PairRows
    exclusive: npt.NDArray[np.int32] | None = None
    one_to_one: bool = False

    @classmethod
    def none(cls) -> "Constraints":
        """Nothing is known."""
        return cls(no_pairs(), no_pairs())


@dataclass(frozen=True, eq=False)
class Members:
    """The records to be clustered: `rank` int32[records] orders them, `source` int8[records]."""

    rank: npt.NDArray[np.int32]
    source: npt.NDArray[np.int8]

    @classmethod
    def unranked(cls, size: int) -> "Members":
        """Records of one list, ranked as they came."""
        return cls(np.arange(size, dtype=np.int32), np.zeros(size, np.int8))


class Edges(NamedTuple):
    """Neighbours of each record: those of `i` are `to[starts[i]:starts[i + 1]]`."""

    starts: npt.NDArray[np.int64]
    to: npt.NDArray[np.int32]


class Forest(NamedTuple):
    """Clusters while they grow.

    int32[records] each: `root` leads to the cluster's root, `following` to its next member (-1 at
    the end), `last` from the root to its last member, `size` at the root counts members.
    `traits` int32[traits, records] at the root: the value of each trait, -1 unknown.
    """

    root: npt.NDArray[np.int32]
    following: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    size: npt.NDArray[np.int32]
    traits: npt.NDArray[np.int32]


class Limits(NamedTuple):
    """What stands against a union.

    `known` are pairs at or above the review threshold, of which at least `share` of the pairs
    between two clusters must be; `different` those known to be two persons. `lists` int8[records]
    are the lists of which a cluster holds one record each, -1 where it may hold more.
    """

    known: Edges
    different: Edges
    lists: npt.NDArray[np.int8]
    share: float


def cluster(
    pairs: Scored,
    members: Members,
    constraints: Constraints,
    *,
    link: float,
    share: float = 0.5,
) -> npt.NDArray[np.int32]:
    """Cluster records by pairs at or above the review threshold: int32[records] labels.

    Pairs of weight `link` and above are links. `share` of the pairs between two clusters must be
    in `pairs` for them to become one: 0 takes any link, as connected components do. A label is
    the smallest index in the cluster.
    """
    size = members.rank.size
    forest = _forest(size, constraints.exclusive)
    lists = members.source if constraints.one_to_one else np.full(size, -1, np.int8)
    limits = Limits(
        edges(pairs.left, pairs.right, size),
        edges(constraints.different[:, 0], constraints.different[:, 1], size),
        lists,
        share,
    )
    for a, b in constraints.same:
        _unite(forest, _root(forest, a), _root(forest, b))
    strong = np.flatnonzero(pairs.weight >= link)
    first = np.minimum(members.rank[pairs.left[strong]], members.rank[pairs.right[strong]])
    second = np.maximum(members.rank[pairs.left[strong]], members.rank[pairs.right[strong]])
    order = strong[np.lexsort((second, first, -pairs.weight[strong]))]
    _grow(forest, limits, pairs.left[order], pairs.right[order])
    return _labels(forest)


def edges(left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], size: int) -> Edges:
    """List the neighbours of each record."""
    ends = np.concatenate([left, right])
    order = np.argsort(ends, kind="stable")
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=starts[1:])
    return Edges(starts, np.concatenate([right, left])[order].astype(np.int32))


def _forest(size: int, exclusive: npt.NDArray[np.int32] | None) -> Forest:
    each = np.arange(size, dtype=np.int32)
    traits = np.empty((0, size), np.int32) if exclusive is None else exclusive.astype(np.int32)
    return Forest(
        each, np.full(size, -1, np.int32), each.copy(), np.ones(size, np.int32), traits.copy()
    )


@compiled
def _root(forest: Forest, record: int) -> int:
    while forest.root[record] != record:
        forest.root[record] = forest.root[forest.root[record]]
        record = forest.root[record]
    return record


@compiled
def _unite(forest: Forest, a: int, b: int) -> None:
    """Make two clusters one, under the smaller root."""
    if a == b:
        return
    into, gone = min(a, b), max(a, b)
    forest.root[gone] = into
    forest.following[forest.last[into]] = gone
    forest.last[into] = forest.last[gone]
    forest.size[into] += forest.size[gone]
    for trait in range(forest.traits.shape[0]):
        if forest.traits[trait, into] < 0:
            forest.traits[trait, into] = forest.traits[trait, gone]


@compiled
def _between(forest: Forest, links: Edges, small: int, large: int) -> int:
    """Count the listed pairs between two clusters."""
    found = 0
    member = small
    while member >= 0:
        for at in range(links.starts[member], links.starts[member + 1]):
            found += _root(forest, links.to[at]) == large
        member = forest.following[member]
    return found


@compiled
def _lists_clash(forest: Forest, lists: npt.NDArray[np.int8], a: int, b: int) -> bool:
    """Tell whether both clusters hold a record of a list that a cluster may hold once."""
    mine = a
    while mine >= 0:
        theirs = b
        while theirs >= 0:
            if lists[mine] >= 0 and lists[mine] == lists[theirs]:
                return True
            theirs = forest.following[theirs]
        mine = forest.following[mine]
    return False


@compiled
def _allowed(forest: Forest, limits: Limits, a: int, b: int) -> bool:
    for trait in range(forest.traits.shape[0]):
        here, there = forest.traits[trait, a], forest.traits[trait, b]
        if here >= 0 and there >= 0 and here != there:
            return False
    small, large = (a, b) if forest.size[a] <= forest.size[b] else (b, a)
    if _between(forest, limits.different, small, large) or _lists_clash(
        forest, limits.lists, small, large
    ):
        return False
    needed = limits.share * forest.size[a] * forest.size[b]
    return bool(needed <= 1 or _between(forest, limits.known, small, large) >= needed)


@compiled
def _grow(
    forest: Forest, limits: Limits, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> None:
    for k in range(left.size):
        a, b = _root(forest, left[k]), _root(forest, right[k])
        if a != b and _allowed(forest, limits, a, b):
            _unite(forest, a, b)


@compiled
def _labels(forest: Forest) -> npt.NDArray[np.int32]:
    labels = np.empty(forest.root.size, np.int32)
    for record in range(labels.size):
        labels[record] = _root(forest, record)
    return labels
