"""What is settled together: records that hang together, and the plan of who they are to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from registry.people import decisions, facts, guards, pairs, persons, standing
from registry.people.decisions import Verdict
from registry.people.engines import Engine
from registry.people.facts import Facts
from registry.people.grouping import Group, Known
from registry.people.plans import Plan, plan
from registry.people.standing import Memory


@dataclass(frozen=True)
class Scope:
    """What is looked at together: records, what guards ask of them, and what is remembered.

    `unsure` are the pairs of records of which an officer said that it cannot be told.
    """

    group: Group
    facts: Facts
    memory: Memory
    unsure: frozenset[tuple[int, int]]


def planned(session: Session, records: Sequence[int] | None, engine: Engine) -> tuple[Scope, Plan]:
    """Plan for these records, and for all that hold a person whom the plan needs."""
    while True:
        asked = None if records is None else standing.mates(session, records)
        scope = scope_of(session, asked, engine)
        made = plan(scope.group, scope.memory)
        stray = _strays(session, scope, made) if asked is not None else []
        if not stray:
            return scope, made
        records = [*(asked or ()), *stray]


def scope_of(session: Session, records: Sequence[int] | None, engine: Engine) -> Scope:
    """What is to be looked at together with these records, or with None all there is."""
    component = pairs.component(session, records)
    ids = component.ids.tolist()
    spoken = decisions.standing(session, None if records is None else ids)
    said = [decision for decision in spoken if decision.verdict != Verdict.UNSURE]
    ends = [(decision.left_record_id, decision.right_record_id) for decision in said]
    known = Known(
        np.array([decision.id for decision in said], np.int64),
        component.positions(np.array(ends, np.int64).reshape(-1, 2)),
        np.array([decision.verdict == Verdict.SAME for decision in said], np.bool_),
    )
    known_facts = facts.of_some(session, component)
    guarded = guards.apply(known_facts, component)
    memory = standing.recall(session, ids, known.number.tolist())
    unsure = frozenset(
        (decision.left_record_id, decision.right_record_id)
        for decision in spoken if decision.verdict == Verdict.UNSURE
    )  # fmt: skip
    return Scope(Group(component, guarded, known, engine.bounds), known_facts, memory, unsure)


def _strays(session: Session, scope: Scope, planned: Plan) -> list[int]:
    """Records outside of the scope that are linked to a person whom the plan gives records."""
    living = sorted({person for person in planned.after.values() if person > 0})
    ids = scope.group.component.ids.tolist()
    return standing.linked_outside(session, living, ids)


def registered(session: Session, planned: Plan, now: datetime) -> Plan:
    """The plan with its new persons registered."""
    if not planned.new:
        return planned
    ids = persons.register(session, planned.new, now)

    def real(held: Mapping[int, int]) -> dict[int, int]:
        return {
            record: person if person > 0 else ids[-person - 1] for record, person in held.items()
        }

    parts = {number: real(part) for number, part in planned.parts.items()}
    return Plan(
        real(planned.engine), real(planned.after), parts, planned.labels, planned.new
    )  # fmt: skip
