"""Records to clusters: what the engine alone makes of a component, and what decisions make of it.

Everything here is a function of the component, its guards and its decisions. Positions follow the
order of schemes and their numbers, so that nothing depends on the order of arrival.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.clustering import Constraints, Members, cluster, no_pairs
from linkage.scoring import Scored
from registry.pairs import Component

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Guarded:
    """What guards say of a component.

    `weight` float32[pairs] are the weights that count: below the threshold where a guard forbids
    an automatic link. `apart` int32[k, 2] are records that nothing but an officer joins;
    `exclusive` int32[traits, records] as in `linkage.clustering`.
    """

    weight: npt.NDArray[np.float32]
    apart: Rows
    exclusive: npt.NDArray[np.int32]


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
    """Records with what binds them: a component, its guards, its decisions, the link threshold."""

    component: Component
    guarded: Guarded
    known: Known
    link: float

    def cluster(self, known: Known) -> Labels:
        """Cluster under some of the decisions: int32[records], the first position of each."""
        same, different = known.ends[known.is_same], known.ends[~known.is_same]
        constraints = Constraints(
            _ordered(same),
            np.concatenate([different, self.guarded.apart]).astype(np.int32),
            self.guarded.exclusive,
        )
        pairs = Scored(self.component.left, self.component.right, self.guarded.weight)
        return cluster(pairs, _members(self.component), constraints, link=self.link)

    def islands(self) -> Labels:
        """Label the connected components, through pairs and decisions: int32[records]."""
        component = self.component
        pairs = Scored(component.left, component.right, np.ones(component.left.size, np.float32))
        constraints = Constraints(_ordered(self.known.ends), no_pairs())
        return cluster(pairs, _members(component), constraints, link=0.0, share=0.0)

    def take(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> "Group":
        """Keep an island: all of its pairs, guards and decisions come with it."""
        kept = np.sort(np.asarray(rows, np.int64))
        place = np.full(self.component.ids.size, -1, np.int32)
        place[kept] = np.arange(kept.size, dtype=np.int32)
        inside = place[self.component.left] >= 0
        left, right = place[self.component.left[inside]], place[self.component.right[inside]]
        part = Component(
            self.component.ids[kept], self.component.is_current[kept], left, right,
            self.component.weight[inside],
        )  # fmt: skip
        apart = place[self.guarded.apart]
        guarded = Guarded(
            self.guarded.weight[inside],
            apart[(apart >= 0).all(axis=1)],
            self.guarded.exclusive[:, kept],
        )
        ends = place[self.known.ends]
        ours = (ends >= 0).all(axis=1)
        known = Known(self.known.number[ours], ends[ours], self.known.is_same[ours])
        return Group(part, guarded, known, self.link)


def _members(component: Component) -> Members:
    size = component.ids.size
    return Members(np.arange(size, dtype=np.int32), np.zeros(size, np.int8))


def _ordered(pairs: Rows) -> Rows:
    """In the order of positions, so that who decided first is nothing."""
    if not pairs.size:
        return no_pairs()
    placed = np.sort(pairs, axis=1)
    return np.ascontiguousarray(placed[np.lexsort((placed[:, 1], placed[:, 0]))], np.int32)
