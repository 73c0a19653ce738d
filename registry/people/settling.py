"""Letting persons and links follow a plan: who retires, who comes back, which links are written."""

from math import isnan

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from registry.people import decisions, links, persons, standing
from registry.people.grouping import Group, Labels
from registry.people.identities import destinations
from registry.people.links import Cause, LinkKind, NewLink
from registry.people.pairs import Component
from registry.people.persons import Change, ChangeKind
from registry.people.plans import Plan
from registry.people.scopes import Scope
from registry.people.standing import Memory


def settle_memory(session: Session, memory: Memory, planned: Plan, cause: Cause) -> None:
    """Remember what the engine alone says now, and who records were after each decision."""
    moved = {
        record: person for record, person in planned.engine.items()
        if memory.engine.get(record) != person
    }  # fmt: skip
    if moved:
        standing.write_engine(session, moved, decisions.last_number(session), cause.now)
    changed = {
        number: part for number, part in planned.parts.items()
        if memory.parts.get(number) != part
    }  # fmt: skip
    if changed:
        standing.write_parts(session, changed)


def settle_persons(session: Session, memory: Memory, planned: Plan, cause: Cause) -> int:
    """Retire who holds nothing any more, restore who holds something again, and write it down."""
    living = {planned.after[record] for record in planned.engine}
    before = set(memory.linked.values())
    retired = before - living
    led = _leads(session, memory, planned, living)
    if led:
        persons.retire(session, led, cause.now)
    restored = persons.restore(session, living)
    changes = [
        Change(
            person, ChangeKind.MERGED if led.get(person) else ChangeKind.WITHDRAWN, led.get(person)
        )
        for person in sorted(retired)
    ]
    came = destinations(
        ((record, planned.after[record]) for record in planned.engine), memory.linked
    )
    for person in sorted(living):
        origin = came.get(person)
        if person in restored:
            changes.append(Change(person, ChangeKind.RESTORED, origin))
        elif origin is not None and origin != person and person not in before:
            changes.append(Change(person, ChangeKind.SPLIT, origin))
    if changes:
        persons.write_changes(
            session, changes, at=cause.now, actor=cause.actor, decision=cause.decision
        )
    return len(retired)


def _leads(
    session: Session, memory: Memory, planned: Plan, living: set[int]
) -> dict[int, int | None]:
    """Where the SP IDs lead of those who hold no record now.

    To who most of the records are that the engine ever gave them, so that undoing a decision undoes
    this too; a part that a decision made leads to who its records are. A record that only a
    decision holds speaks when no other does.
    """
    parts = [row for part in (*memory.parts.values(), *planned.parts.values())
             for row in part.items()]  # fmt: skip
    engine = [*memory.engine.items(), *planned.engine.items()]
    officers = [row for row in memory.linked.items() if row[1] not in memory.engine_known]
    led: dict[int, int | None] = dict.fromkeys(memory.linked.values())
    led |= destinations([*engine, *parts], planned.after)
    led |= destinations(officers, planned.after)
    led = {
        person: target for person, target in led.items()
        if person not in living and person not in memory.elsewhere
    }  # fmt: skip
    if led:
        led.update(standing.led_by_engine(session, led))
    return led


def settle_links(session: Session, scope: Scope, planned: Plan, cause: Cause) -> None:
    """Write the links of records that are new, moved, or certain or likely now; end the others."""
    memory, component = scope.memory, scope.group.component
    best = best_weights(component, planned.labels).tolist()
    positions = dict(zip(component.ids.tolist(), range(component.ids.size), strict=True))
    known = {record for record, _ in memory.held} | memory.linked.keys()
    likely = outside_of_cores(scope.group, planned.labels).tolist()
    new: list[NewLink] = []
    for record in planned.engine:
        person, at = planned.after[record], positions[record]
        is_likely = likely[at]
        if memory.linked.get(record) == person and is_likely == (record in memory.likely):
            continue
        founder = planned.labels[at] == at and record not in known
        kind = LinkKind.OFFICER if cause.decision is not None else LinkKind.AUTOMATIC
        kind = LinkKind.NEW if founder else kind
        kind = LinkKind.LIKELY if is_likely else kind
        new.append(NewLink(record, person, kind, None if founder else _known(best[at])))
    gone = memory.linked.keys() - planned.engine.keys()
    if gone or new:
        links.supersede(
            session, [*gone, *(memory.linked.keys() & {link.record for link in new})], cause
        )
        links.write(session, new, cause)


def outside_of_cores(group: Group, labels: Labels) -> npt.NDArray[np.bool_]:
    """Records outside of the core of their cluster: its largest certain part, or the first."""
    certain = group.certain(labels)
    sizes = np.bincount(certain, minlength=certain.size)
    order = np.lexsort((-sizes[certain], labels))
    clusters, first = np.unique(labels[order], return_index=True)
    cores = certain[order[first]]
    return np.asarray(certain != cores[np.searchsorted(clusters, labels)])


def best_weights(component: Component, labels: Labels) -> npt.NDArray[np.float64]:
    """The highest weight of each record's pairs inside its cluster; NaN where it has none."""
    inside = np.flatnonzero(labels[component.left] == labels[component.right])
    best = np.full(component.ids.size, -np.inf)
    np.maximum.at(best, component.left[inside], component.weight[inside])
    np.maximum.at(best, component.right[inside], component.weight[inside])
    return np.where(np.isfinite(best), best, np.nan)


def _known(weight: float) -> float | None:
    return None if isnan(weight) else weight
