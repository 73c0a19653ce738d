"""From scored pairs and decisions to persons, links and reviews.

What touches a record touches its component: it is clustered anew with everything that is known of
it, and persons, links and reviews follow. The partition that comes out depends on the records,
their pairs and the standing decisions alone, whether a component or everything is clustered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Identity, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.access import sight
from registry.database import Row
from registry.errors import Conflict, NotFound
from registry.people import decisions, guards, links, pairs, persons, standing
from registry.people.decisions import Decision, Verdict
from registry.people.grouping import Bounds, Group, Known
from registry.people.guards import Facts, Reason
from registry.people.identities import destinations
from registry.people.links import Cause, LinkKind, NewLink
from registry.people.persons import Change, ChangeKind
from registry.people.plans import Plan, plan
from registry.people.standing import Memory
from registry.reviewing import reviews
from registry.reviewing.reviews import PossibleLink

REVIEW_WEIGHT = 0.0
_ONE_LINKER = 7_202_611_220_002


class EngineRow(Row):
    """An engine that the partition was made with: the model of its weights and its threshold.

    `step` says for how many doublings of the population the model was fitted, `keys` the version of
    the stored keys.
    """

    __tablename__ = "engine"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    model: Mapped[str]
    link: Mapped[float]
    certain_pair: Mapped[float]
    certain_sum: Mapped[float]
    step: Mapped[int] = mapped_column(server_default="0")
    keys: Mapped[int] = mapped_column(server_default="0")
    used_from: Mapped[datetime]


@dataclass(frozen=True)
class Engine:
    """The model that weighs pairs, and the weights that decide.

    `step` and `keys` are those of `EngineRow`.
    """

    model: str
    bounds: Bounds
    step: int = 0
    keys: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a clustering came to, among the records it looked at."""

    records: int
    persons: int
    new_persons: int
    retired_persons: int
    reviews: int


@dataclass(frozen=True)
class _Scope:
    """What is looked at together: records, what guards ask of them, and what is remembered."""

    group: Group
    facts: Facts
    memory: Memory


def lock(session: Session) -> None:
    """Wait until nobody else changes the partition; held until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_LINKER})


def use(session: Session, engine: Engine, now: datetime) -> None:
    """Let the partition be made with this engine from now on."""
    if last_engine(session) != engine:
        used = {"model": engine.model, "step": engine.step, "keys": engine.keys}
        session.add(EngineRow(**used, used_from=now, **asdict(engine.bounds)))
        session.flush()


def last_engine(session: Session) -> Engine | None:
    """The engine that the partition is made with; None when nothing was ever linked."""
    row = session.scalar(select(EngineRow).order_by(EngineRow.id.desc()).limit(1))
    if row is None:
        return None
    bounds = Bounds(row.link, row.certain_pair, row.certain_sum)
    return Engine(row.model, bounds, row.step, row.keys)


def engine_in_use(session: Session) -> Engine:
    """The engine that the partition is made with.

    Raises:
        Conflict: nothing was ever linked.
    """
    found = last_engine(session)
    if found is None:
        raise Conflict("Nothing was linked yet: import a list first.")
    return found


def recluster(
    session: Session,
    records: Sequence[int] | None,
    now: datetime,
    *,
    actor: str = "engine",
    decision: int | None = None,
) -> Outcome:
    """Cluster what is connected with these records, or with None everything, and settle it.

    Args:
        session: its transaction holds the lock until it ends.
        records: those that are new, changed, gone, or decided upon.
        now: the time of what changes.
        actor: who lets it change.
        decision: by which decision, if by one.
    """
    lock(session)
    engine = engine_in_use(session)
    scope, planned = _planned(session, records, engine)
    cause = Cause(now, engine.model, actor, decision)
    return _settle(session, scope, _registered(session, planned, now), cause)


def from_nothing(session: Session) -> dict[int, int]:
    """Record → group, made of records, pairs and standing decisions alone; nothing is changed."""
    group = _scope(session, None, engine_in_use(session)).group
    planned = plan(group, Memory.none())
    return {record: planned.after[record] for record in planned.engine}


def judge(session: Session, word: decisions.Word, now: datetime) -> Decision:
    """Write down an officer's decision and let persons follow.

    Raises:
        Conflict: it contradicts a standing decision.
        NotFound: there is no such record.
    """
    lock(session)
    with sight.widened(session):
        known = decisions.on_pair(session, *word.pair)
        decision = decisions.record(session, word, now)
        if known is None or known.id != decision.id:
            recluster(session, word.pair, now, actor=word.officer, decision=decision.id)
    return decision


def undo(session: Session, number: int, officer: str, note: str, now: datetime) -> Decision:
    """Undo a decision: persons are again who they would be without it.

    Raises:
        NotFound: there is no such decision.
    """
    lock(session)
    if session.get(Decision, number) is None:
        raise NotFound(f"There is no decision {number}.")
    with sight.widened(session):
        return _undo(session, session.get_one(Decision, number), (officer, note), now)


def _undo(session: Session, was_standing: Decision, by: tuple[str, str], now: datetime) -> Decision:
    touched = was_standing.is_standing
    connected: list[int] = []
    if touched:
        around = pairs.component(session, [was_standing.left_record_id])
        connected = [other.id for other in decisions.standing(session, around.ids.tolist())]
    decision = decisions.end(session, was_standing.id, *by, now)
    if touched:
        standing.forget_parts(session, decision.id, connected)
        ends = (decision.left_record_id, decision.right_record_id)
        recluster(session, ends, now, actor=by[0], decision=decision.id)
    return decision


def _planned(
    session: Session, records: Sequence[int] | None, engine: Engine
) -> tuple[_Scope, Plan]:
    """Plan for these records, and for all that hold a person whom the plan needs."""
    while True:
        asked = None if records is None else standing.mates(session, records)
        scope = _scope(session, asked, engine)
        planned = plan(scope.group, scope.memory)
        stray = _strays(session, scope, planned) if asked is not None else []
        if not stray:
            return scope, planned
        records = [*(asked or ()), *stray]


def _scope(session: Session, records: Sequence[int] | None, engine: Engine) -> _Scope:
    component = pairs.component(session, records)
    ids = component.ids.tolist()
    said = [
        decision for decision in decisions.standing(session, None if records is None else ids)
        if decision.verdict != Verdict.UNSURE
    ]  # fmt: skip
    ends = [(decision.left_record_id, decision.right_record_id) for decision in said]
    known = Known(
        np.array([decision.id for decision in said], np.int64),
        component.positions(np.array(ends, np.int64).reshape(-1, 2)),
        np.array([decision.verdict == Verdict.SAME for decision in said], np.bool_),
    )
    facts = guards.facts(session, component)
    guarded = guards.apply(facts, component)
    memory = standing.recall(session, ids, known.number.tolist())
    return _Scope(Group(component, guarded, known, engine.bounds), facts, memory)


def _strays(session: Session, scope: _Scope, planned: Plan) -> list[int]:
    """Records outside of the scope that are linked to a person whom the plan gives records."""
    living = sorted({person for person in planned.after.values() if person > 0})
    ids = scope.group.component.ids.tolist()
    return standing.linked_outside(session, living, ids)


def _registered(session: Session, planned: Plan, now: datetime) -> Plan:
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


def _settle(session: Session, scope: _Scope, planned: Plan, cause: Cause) -> Outcome:
    memory, component = scope.memory, scope.group.component
    moved = {
        record: person for record, person in planned.engine.items()
        if memory.engine.get(record) != person
    }  # fmt: skip
    after = decisions.last_number(session)
    if moved:
        standing.write_engine(session, moved, after, cause.now)
    changed = {
        number: part for number, part in planned.parts.items()
        if memory.parts.get(number) != part
    }  # fmt: skip
    if changed:
        standing.write_parts(session, changed)
    _settle_links(session, scope, planned, cause)
    retired = _settle_persons(session, memory, planned, cause)
    waiting = _possible(session, scope, planned)
    reviews.settle(session, cause.model, component.ids.tolist(), waiting, cause.now)
    living = {planned.after[record] for record in planned.engine}
    return Outcome(len(planned.engine), len(living), planned.new, retired, len(waiting))


def _settle_persons(session: Session, memory: Memory, planned: Plan, cause: Cause) -> int:
    """Retire who holds nothing any more, restore who holds something again, and write it down."""
    living = {planned.after[record] for record in planned.engine}
    retired = set(memory.linked.values()) - living
    led = _leads(session, memory, planned, living)
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
        elif origin is not None and origin != person and person not in memory.linked.values():
            changes.append(Change(person, ChangeKind.SPLIT, origin))
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
    return led | standing.led_by_engine(session, led)


def _settle_links(session: Session, scope: _Scope, planned: Plan, cause: Cause) -> None:
    """Write the links of records that are new, moved, or certain or likely now; end the others."""
    memory, component = scope.memory, scope.group.component
    best = _best_weights(scope, planned)
    positions = dict(zip(component.ids.tolist(), range(component.ids.size), strict=True))
    known = {record for record, _ in memory.held} | memory.linked.keys()
    before = links.kinds(session, list(memory.linked))
    likely = _likely(scope, planned)
    new: list[NewLink] = []
    for record in planned.engine:
        person, at = planned.after[record], positions[record]
        is_likely = record in likely
        if memory.linked.get(record) == person and is_likely == (
            before.get(record) == LinkKind.LIKELY
        ):
            continue
        founder = planned.labels[at] == at and record not in known
        kind = LinkKind.OFFICER if cause.decision is not None else LinkKind.AUTOMATIC
        kind = LinkKind.NEW if founder else kind
        kind = LinkKind.LIKELY if is_likely else kind
        new.append(NewLink(record, person, kind, None if founder else best.get(at)))
    gone = memory.linked.keys() - planned.engine.keys()
    links.supersede(session, [*gone, *(link.record for link in new)], cause)
    links.write(session, new, cause)


def _likely(scope: _Scope, planned: Plan) -> set[int]:
    """Records outside of the core of their cluster: its largest certain part, or the first."""
    ids, labels = scope.group.component.ids.tolist(), planned.labels.tolist()
    certain = scope.group.certain(planned.labels).tolist()
    sizes = Counter(certain)
    cores: dict[int, int] = {}
    for cluster, part in zip(labels, certain, strict=True):
        if cluster not in cores or sizes[part] > sizes[cores[cluster]]:
            cores[cluster] = part
    parts = zip(ids, labels, certain, strict=True)
    return {record for record, cluster, part in parts if part != cores[cluster]}


def _best_weights(scope: _Scope, planned: Plan) -> dict[int, float]:
    """Position → the highest weight of its pairs inside its cluster."""
    component, labels = scope.group.component, planned.labels
    inside = np.flatnonzero(labels[component.left] == labels[component.right])
    best = np.full(component.ids.size, -np.inf, np.float32)
    np.maximum.at(best, component.left[inside], component.weight[inside])
    np.maximum.at(best, component.right[inside], component.weight[inside])
    return {at: float(best[at]) for at in np.flatnonzero(np.isfinite(best)).tolist()}


def _possible(session: Session, scope: _Scope, planned: Plan) -> list[PossibleLink]:
    """The heaviest pair between each two certain parts, unless officers have spoken on these."""
    component, known = scope.group.component, scope.group.known
    labels = scope.group.certain(planned.labels)
    ends = np.sort(labels[np.column_stack([component.left, component.right])], axis=1)
    said = known.ends[~known.is_same]
    seen = {tuple(pair) for pair in np.sort(labels[said], axis=1).tolist()}
    order = np.lexsort((component.right, component.left, -component.weight))
    order = order[(ends[order, 0] != ends[order, 1]) & (component.weight[order] >= REVIEW_WEIGHT)]
    first: list[int] = []
    for at in order.tolist():
        pair = (int(ends[at, 0]), int(ends[at, 1]))
        if pair not in seen:
            seen.add(pair)
            first.append(at)
    left, right = component.left[first], component.right[first]
    reasons = guards.reason(scope.facts, left, right)
    sizes = np.bincount(labels, minlength=labels.size)
    rivals = np.bincount(labels[np.concatenate([left, right])], minlength=labels.size)
    unsure = {
        (decision.left_record_id, decision.right_record_id)
        for decision in decisions.standing(session, component.ids[left].tolist()
                                           + component.ids[right].tolist())
        if decision.verdict == Verdict.UNSURE
    }  # fmt: skip
    waiting = []
    for number, at in enumerate(first):
        a, b = component.left[at], component.right[at]
        low, high = sorted((int(component.ids[a]), int(component.ids[b])))
        if (low, high) in unsure:
            continue
        weight = float(component.weight[at])
        would = weight >= scope.group.bounds.link
        guard = reasons[number] if would else None
        reason = guard or (Reason.HELD_APART if would else Reason.POSSIBLE)
        candidates = int(max(rivals[labels[a]], rivals[labels[b]]))
        size = int(sizes[labels[a]] + sizes[labels[b]])
        waiting.append(PossibleLink(low, high, weight, reason, candidates, size))
    return waiting
