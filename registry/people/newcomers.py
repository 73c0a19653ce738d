"""Settling all records where nobody is a person yet, column by column.

What comes of it is what `settling` makes of records one by one when nothing is remembered of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from registry.people import (
    decisions,
    facts,
    guards,
    links,
    pairs,
    persons,
    reviews,
    settling,
    standing,
)
from registry.people.engines import Engine
from registry.people.facts import Facts
from registry.people.grouping import Bounds, Group, Known, Labels, whole_components
from registry.people.links import Cause, FirstLinks, LinkKind
from registry.people.outcomes import Outcome
from registry.people.pairs import Component
from registry.people.possible_links import possible_links
from registry.people.scopes import Scope
from registry.people.standing import Memory


@dataclass(frozen=True, eq=False)
class Planned:
    """Some whole components, and the clusters in them."""

    scope: Scope
    labels: Labels


@dataclass(frozen=True, eq=False)
class Newcomers:
    """All records, where nobody is a person yet and nobody decided anything."""

    component: Component
    facts: Facts
    bounds: Bounds

    @classmethod
    def read(cls, session: Session, engine: Engine) -> "Newcomers":
        """Read all there is, column by column."""
        component = pairs.component(session, None)
        return cls(component, facts.of_all(session, component), engine.bounds)

    def in_parts(self, size: int) -> Iterator[Planned]:
        """Plan for whole components, about so many records at a time.

        The parts go by the ids of records, so that who was listed first is registered first.
        """
        component = self.component
        for part in whole_components(component, size):
            some, known = component.take(part), self.facts.take(part)
            group = Group(some, guards.apply(known, some), Known.none(), self.bounds)
            scope = Scope(group, known, Memory.none(), frozenset())
            yield Planned(scope, group.cluster(Known.none()))


def settle(session: Session, planned: Planned, cause: Cause) -> Outcome:
    """Let each cluster be a new person, its records be linked to them, and officers be asked."""
    group, labels = planned.scope.group, planned.labels
    component = group.component
    current = np.flatnonzero(component.is_current)
    clusters, place = np.unique(labels[current], return_inverse=True)
    registered = persons.register(session, clusters.size, cause.now)
    person, record = np.array(registered, np.int64)[place], component.ids[current]
    standing.write_first(session, record, person, decisions.last_number(session), cause.now)
    is_founder = labels == np.arange(labels.size)
    kind = np.where(is_founder, LinkKind.NEW, LinkKind.AUTOMATIC)
    kind[settling.outside_of_cores(group, labels)] = LinkKind.LIKELY
    weight = np.where(is_founder, np.nan, settling.best_weights(component, labels))
    first = FirstLinks(record, person, kind[current], weight[current])
    links.write_first(session, first, cause)
    waiting = possible_links(planned.scope, labels)
    reviews.open_first(session, cause.model, waiting, cause.now)
    return Outcome(current.size, clusters.size, clusters.size, 0, len(waiting))
