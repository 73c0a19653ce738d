"""Records to clusters: what the engine alone makes of a component, and what decisions make of it.

Everything here is a function of the component, its guards and its decisions. Positions follow the
order of schemes and their numbers, so that nothing depends on the order of arrival.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.clustering import Constraints, Members, cluster, no_pairs
from linkage.partition import Known as Certainties
from linkage.partition import WeightedPairs, no_weights, partition
from linkage.scoring import Scored
from registry.people.pairs import Component

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Guarded:
    """What guards say of a component.

    `is_guarded` bool[pairs]: a guard forbids to be certain of the pair. `apart` int32[k, 2] are
    records that nothing but an officer joins; `exclusive` int32[records] is a trait of which a
    person has one value, -1 where unknown.
    """

    is_guarded: npt.NDArray[np.bool_]
    apart: Rows
    exclusive: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Bounds:
    """The weights that decide.

    Above `link` a pair brings clusters together, where all pairs between them sum above it too.
    Such a link is certain where a pair is above `certain_pair` and the sum above `certain_sum`.
    """

    link: float
    certain_pair: float
    certain_sum: float


@dataclass(frozen=True, eq=False)
class Known:
    """Decisions: `ends` int32[decisions, 2] are positions, in the order in which they were made."""

    number: npt.NDArray[np.int64]
    ends: Rows
    is_same: npt.NDArray[np.bool_]

    @classmethod
    def none(cls) -> "Known":
        """Nobody decided anything."""
        return cls(np.empty(0, np.int64), no_pairs(), np.empty(0, np.bool_))

    def until(self, count: int) -> "Known":
        """The first decisions."""
        return Known(self.number[:count], self.ends[:count], self.is_same[:count])


@dataclass(frozen=True, eq=False)
class Group:
    """Records with what binds them: a component, its guards, its decisions, the bounds."""

    component: Component
    guarded: Guarded
    known: Known
    bounds: Bounds

    def cluster(self, known: Known) -> Labels:
        """The likeliest clusters under some of the decisions: int32[records], the first of each."""
        apart = np.concatenate([known.ends[~known.is_same], self.guarded.apart])
        pairs = self._weighed(self.component.weight.astype(np.float64), apart)
        least = float(np.nextafter(self.bounds.link, -np.inf))
        return partition(
            pairs, self.component.ids.size, least=least, support=least, known=self._said(known)
        )

    def certain(self, labels: Labels) -> Labels:
        """Within clusters, the parts that need no officer: int32[records], the first of each."""
        component = self.component
        ends = np.column_stack([component.left, component.right])
        weight = np.where(self.guarded.is_guarded, 0.0, component.weight.astype(np.float64))
        different = self.known.ends[~self.known.is_same]
        across = ends[labels[component.left] != labels[component.right]]
        pairs = self._weighed(weight, np.concatenate([different, self.guarded.apart, across]))
        return partition(
            pairs, component.ids.size, least=self.bounds.certain_pair,
            support=self.bounds.certain_sum, known=self._said(self.known),
        )  # fmt: skip

    def _said(self, known: Known) -> Certainties:
        return Certainties(_ordered(known.ends[known.is_same]), self.guarded.exclusive)

    def _weighed(self, weight: npt.NDArray[np.float64], apart: Rows) -> WeightedPairs:
        """The pairs of the component, and those that are known to be apart, each once in order."""
        size, component = max(self.component.ids.size, 1), self.component
        low, high = np.sort(apart, axis=1).astype(np.int64).reshape(-1, 2).T
        keys = np.concatenate([component.left.astype(np.int64) * size + component.right,
                               low * size + high])  # fmt: skip
        distinct, first = np.unique(keys, return_index=True)
        weights = np.concatenate([weight, np.zeros(low.size)])[first]
        different = np.isin(distinct, keys[component.left.size :])
        left, right = np.divmod(distinct, size)
        return WeightedPairs(left.astype(np.int32), right.astype(np.int32), weights, different)

    def islands(self) -> Labels:
        """Label the connected components, through pairs and decisions: int32[records]."""
        component = self.component
        pairs = Scored(component.left, component.right, np.ones(component.left.size, np.float32))
        constraints = Constraints(_ordered(self.known.ends), no_pairs())
        return cluster(pairs, _members(component), constraints, link=0.0, share=0.0)

    def take(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> "Group":
        """Keep an island: all of its pairs, guards and decisions come with it."""
        kept = np.sort(np.asarray(rows, np.int64))
        part, place = self.component.take(kept), self.component.places_of(kept)
        inside = place[self.component.left] >= 0
        apart = place[self.guarded.apart]
        guarded = Guarded(
            self.guarded.is_guarded[inside],
            apart[(apart >= 0).all(axis=1)],
            self.guarded.exclusive[kept],
        )
        ends = place[self.known.ends]
        ours = (ends >= 0).all(axis=1)
        known = Known(self.known.number[ours], ends[ours], self.known.is_same[ours])
        return Group(part, guarded, known, self.bounds)


def whole_components(found: Component, size: int) -> Iterator[Rows]:
    """Positions, those that pairs connect together, about so many at a time; each in order.

    They go by the ids of records.
    """
    order = np.argsort(found.ids)
    rank = np.empty(order.size, np.int32)
    rank[order] = np.arange(order.size, dtype=np.int32)
    bound = rank[np.column_stack([found.left, found.right])]
    for part in parts_of(bound, order.size, size):
        yield np.sort(order[part]).astype(np.int32)


def parts_of(bound: Rows, size: int, at_once: int) -> list[npt.NDArray[np.int64]]:
    """Cut positions into parts of about so many, those that pairs of them bind in one."""
    component = _connected(bound, size)
    order = np.argsort(component, kind="stable")
    ends = np.flatnonzero(np.diff(component[order], append=size)) + 1
    cuts = ends[np.flatnonzero(np.diff(ends // at_once, append=-1))]
    return np.split(order, cuts[:-1])


def _connected(ends: Rows, size: int) -> Labels:
    """Label what pairs of positions connect: int32[size], the first of each."""
    bound = Certainties(np.sort(ends, axis=1), np.full(size, -1, np.int32))
    return partition(no_weights(), size, known=bound)


def _members(component: Component) -> Members:
    size = component.ids.size
    return Members(np.arange(size, dtype=np.int32), np.zeros(size, np.int8))


def _ordered(pairs: Rows) -> Rows:
    """In the order of positions, so that who decided first is nothing."""
    if not pairs.size:
        return no_pairs()
    placed = np.sort(pairs, axis=1)
    return np.ascontiguousarray(placed[np.lexsort((placed[:, 1], placed[:, 0]))], np.int32)
