"""Records to persons: clusters that the evidence between all their members supports.

Pairs are taken from the strongest down, and two clusters become one when the weights of all pairs
between them sum above zero; a pair that was never a candidate speaks mildly against it, and one
pair may not speak louder than `LOUDEST`. Pairs known to be two persons stay apart, and so do
clusters that hold different values of an exclusive trait. Ties go by the order of the records, so
that records in a fixed order give the same clusters whatever order they came in.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from linkage.compiled import compiled

UNCOMPARED: Final = -4.0
LOUDEST: Final = 12.0
LEAST: Final = -12.0

Rows = npt.NDArray[np.int32]


class WeightedPairs(NamedTuple):
    """Pairs `left` < `right` int32[pairs], each once, in order; `weight` float64[pairs].

    `different` bool[pairs]: known to be two persons.
    """

    left: Rows
    right: Rows
    weight: npt.NDArray[np.float64]
    different: npt.NDArray[np.bool_]


class _Clusters(NamedTuple):
    """Clusters while they grow: int32[records] each; see `_unite`."""

    label: Rows
    following: Rows
    last: Rows


class _Lookup(NamedTuple):
    """Weights of pairs by record: those of `i` with later ones are at `starts[i]:starts[i + 1]`.

    `trait` int32[records] is that of `Known.exclusive`.
    """

    starts: npt.NDArray[np.int64]
    right: Rows
    weight: npt.NDArray[np.float64]
    different: npt.NDArray[np.bool_]
    trait: Rows


class Known(NamedTuple):
    """What is known of records beside the weights of their pairs.

    `same` int32[k, 2]: pairs of one person, who go together whatever else is said. `exclusive`
    int32[records]: a trait of which a person has one value, -1 where unknown.
    """

    same: Rows
    exclusive: Rows

    @classmethod
    def nothing(cls, size: int) -> "Known":
        """Nothing is known."""
        return cls(np.empty((0, 2), np.int32), np.full(size, -1, np.int32))


def no_weights() -> WeightedPairs:
    """No pairs."""
    nobody = np.empty(0, np.int32)
    return WeightedPairs(nobody, nobody, np.empty(0, np.float64), np.empty(0, np.bool_))


def partition(
    pairs: WeightedPairs,
    size: int,
    *,
    least: float = 0.0,
    support: float = 0.0,
    known: Known | None = None,
) -> Rows:
    """Cluster `size` records: int32[records], the label being the cluster's first record.

    Only pairs whose weight is above `least` bring clusters together, and only where the weights of
    all pairs between the two sum above `support`.
    """
    said = Known.nothing(size) if known is None else known
    kept = (pairs.weight > LEAST) | pairs.different
    left, right = pairs.left[kept], pairs.right[kept]
    weight, different = pairs.weight[kept], pairs.different[kept]
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(left, minlength=size), out=starts[1:])
    lookup = _Lookup(starts, right, np.minimum(weight, LOUDEST), different, said.exclusive)
    strong = np.flatnonzero((weight > least) & ~different)
    order = strong[np.lexsort((right[strong], left[strong], -weight[strong]))]
    labels = np.arange(size, dtype=np.int32)
    clusters = _Clusters(labels, np.full(size, -1, np.int32), labels.copy())
    _join(clusters, said.same)
    _grow(clusters, lookup, (left[order], right[order]), support)
    return clusters.label


@compiled
def _join(clusters: _Clusters, same: Rows) -> None:
    for k in range(len(same)):
        a, b = clusters.label[same[k, 0]], clusters.label[same[k, 1]]
        if a != b:
            _unite(clusters, min(a, b), max(a, b))


@compiled
def _grow(clusters: _Clusters, lookup: _Lookup, pairs: tuple[Rows, Rows], least: float) -> None:
    left, right = pairs
    for k in range(left.size):
        a, b = clusters.label[left[k]], clusters.label[right[k]]
        if a != b and _support(clusters, lookup, a, b) > least:
            _unite(clusters, min(a, b), max(a, b))


@compiled
def _support(clusters: _Clusters, lookup: _Lookup, a: int, b: int) -> float:
    """Sum the weights of the pairs between two clusters; minus infinity where one is barred."""
    total = 0.0
    one = a
    while one >= 0:
        other = b
        while other >= 0:
            held, others = lookup.trait[one], lookup.trait[other]
            if held >= 0 and others >= 0 and held != others:
                return -np.inf
            at = _find(lookup, min(one, other), max(one, other))
            if at < 0:
                total += UNCOMPARED
            elif lookup.different[at]:
                return -np.inf
            else:
                total += lookup.weight[at]
            other = clusters.following[other]
        one = clusters.following[one]
    return total


@compiled
def _find(lookup: _Lookup, one: int, other: int) -> int:
    low, high = lookup.starts[one], lookup.starts[one + 1]
    while low < high:
        middle = (low + high) // 2
        if lookup.right[middle] < other:
            low = middle + 1
        else:
            high = middle
    if low < lookup.starts[one + 1] and lookup.right[low] == other:
        return int(low)
    return -1


@compiled
def _unite(clusters: _Clusters, into: int, gone: int) -> None:
    """Hang one cluster's chain of members behind the other's."""
    member = gone
    while member >= 0:
        clusters.label[member] = into
        member = clusters.following[member]
    clusters.following[clusters.last[into]] = gone
    clusters.last[into] = clusters.last[gone]
