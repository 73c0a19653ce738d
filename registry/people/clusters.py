"""From scored pairs and decisions to persons, links and reviews.

What touches a record touches its component: it is clustered anew with everything that is known of
it, and persons, links and reviews follow. The partition that comes out depends on the records,
their pairs and the standing decisions alone, whether a component or everything is clustered.
"""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.access import sight
from registry.beside import one_behind
from registry.errors import NotFound
from registry.people import (
    decisions,
    newcomers,
    news,
    pairs,
    reviews,
    scopes,
    settling,
    standing,
)
from registry.people.decisions import Decision
from registry.people.engines import engine_in_use
from registry.people.grouping import parts_of
from registry.people.links import Cause
from registry.people.newcomers import Newcomers, Planned
from registry.people.outcomes import Outcome
from registry.people.plans import Plan, plan
from registry.people.possible_links import possible_links
from registry.people.scopes import Scope
from registry.people.standing import Memory

_ONE_LINKER = 7_202_611_220_002
AT_ONCE = 100_000
"""More records than these are clustered and settled in parts, so that memory does not grow."""


def lock(session: Session) -> None:
    """Wait until nobody else changes the partition; held until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_LINKER})


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
    scope, planned = scopes.planned(session, records, engine)
    made = scopes.registered(session, planned, now)
    whose = {*scope.memory.linked.values(), *made.after.values()}
    news.note(session, {news.EVERYBODY} if records is None else whose)
    return _settle(session, scope, made, Cause(now, engine.model, actor, decision))


def recluster_all(session: Session, now: datetime, *, actor: str = "engine") -> Outcome:
    """Cluster everything and settle it: of many records some whole components at a time."""
    lock(session)
    ids, bound = pairs.bonds(session)
    if ids.size <= AT_ONCE:
        return recluster(session, None, now, actor=actor)
    news.note(session, {news.EVERYBODY})
    if standing.is_blank(session):
        done = _all_settled(session, Cause(now, engine_in_use(session).model, actor))
    else:
        parts = parts_of(bound, ids.size, AT_ONCE)
        done = [recluster(session, ids[part].tolist(), now, actor=actor) for part in parts]
    return Outcome(*np.array([astuple(one) for one in done]).sum(axis=0).tolist())


def _all_settled(session: Session, cause: Cause) -> list[Outcome]:
    """Settle everything where nobody is a person yet: the next part is planned meanwhile."""
    parts = Newcomers.read(session, engine_in_use(session)).in_parts(AT_ONCE)
    done: list[Outcome] = []

    def settle(planned: Planned) -> None:
        done.append(newcomers.settle(session, planned, cause))

    one_behind(settle, parts)
    return done


def from_nothing(session: Session) -> dict[int, int]:
    """Record → group, made of records, pairs and standing decisions alone; nothing is changed."""
    group = scopes.scope_of(session, None, engine_in_use(session)).group
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
        decision, is_new = decisions.record(session, word, now)
        if is_new:
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


def _settle(session: Session, scope: Scope, planned: Plan, cause: Cause) -> Outcome:
    settling.settle_memory(session, scope.memory, planned, cause)
    settling.settle_links(session, scope, planned, cause)
    retired = settling.settle_persons(session, scope.memory, planned, cause)
    waiting = possible_links(scope, planned.labels)
    records = scope.group.component.ids.tolist()
    reviews.settle(session, cause.model, records, waiting, cause.now)
    living = {planned.after[record] for record in planned.engine}
    return Outcome(len(planned.engine), len(living), planned.new, retired, len(waiting))
