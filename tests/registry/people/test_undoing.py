"""An undone decision leaves no trace: persons, and their numbers, are as if it had never been made.

Persons always; their numbers as long as what lists named then is named by them still (decision 8).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.errors import Conflict
from registry.people.decisions import Verdict
from tests.registry.small_world import Said, World

NAMES = ("dara", "sokha")
BIRTHS = ("1990-05-04", "1991-06-05")
Key = tuple[str, str]
keys = st.tuples(st.sampled_from(["idpoor", "hef"]), st.sampled_from("12345"))
said = st.builds(
    Said, name=st.sampled_from(NAMES), birth=st.sampled_from(BIRTHS),
    card=st.sampled_from([None, "c1"]), phone=st.sampled_from([None, "p1", "p2"]),
)  # fmt: skip


@dataclass(frozen=True)
class Load:
    """A list names some records."""

    rows: tuple[tuple[Key, Said], ...]

    def happen(self, world: World) -> None:
        world.load(self.rows)


@dataclass(frozen=True)
class Depart:
    """A list names some records no more."""

    keys: tuple[Key, ...]

    def happen(self, world: World) -> None:
        world.depart(self.keys)


@dataclass(frozen=True)
class Judge:
    """An officer speaks on two records, where that contradicts nobody."""

    left: Key
    right: Key
    verdict: Verdict

    def is_possible(self, world: World) -> bool:
        return self.left != self.right and {self.left, self.right} <= world.numbers.keys()

    def happen(self, world: World) -> int:
        left, right = world.numbers[self.left], world.numbers[self.right]
        return world.judge(left, right, self.verdict).id


loads = st.lists(st.tuples(keys, said), min_size=1, max_size=4, unique_by=lambda row: row[0])
events = st.one_of(
    loads.map(lambda rows: Load(tuple(rows))),
    st.lists(keys, min_size=1, max_size=2, unique=True).map(lambda gone: Depart(tuple(gone))),
    st.builds(
        Judge, left=keys, right=keys, verdict=st.sampled_from([Verdict.SAME, Verdict.DIFFERENT])
    ),
)
Event = Load | Depart | Judge


@contextmanager
def tried(session: Session) -> Iterator[World]:
    """A world in which nothing that happens lasts."""
    savepoint = session.begin_nested()
    try:
        yield World(session)
    finally:
        savepoint.rollback()


def happened(world: World, asked: list[Event]) -> list[Event]:
    """Those of some events that could happen."""
    done = []
    for event in asked:
        if isinstance(event, Judge) and not event.is_possible(world):
            continue
        try:
            event.happen(world)
        except Conflict:
            continue
        done.append(event)
    return done


def held(world: World, before: dict[Key, str]) -> dict[Key, Key]:
    """Which of the numbers of before each record holds, by the first record that held it then."""
    places = {sp_id: key for key, sp_id in sorted(before.items(), reverse=True)}
    return {key: places[sp_id] for key, sp_id in world.holders().items() if sp_id in places}


def nothing_left(meanwhile: list[Event], known: set[Key]) -> bool:
    """Whether lists only named more people."""
    return all(
        isinstance(event, Judge)
        or (isinstance(event, Load) and not known & {key for key, _ in event.rows})
        for event in meanwhile
    )


@pytest.mark.core
@settings(max_examples=15, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(st.tuples(keys, said), min_size=4, max_size=8, unique_by=lambda row: row[0]),
    earlier=st.lists(events, max_size=3),
    decision=st.builds(
        Judge, left=keys, right=keys, verdict=st.sampled_from([Verdict.SAME, Verdict.DIFFERENT])
    ),
    later=st.lists(events, min_size=1, max_size=5),
)
def test_undone_decision_leaves_no_trace(
    session: Session, first: list[tuple[Key, Said]], earlier: list[Event], decision: Judge,
    later: list[Event],
) -> None:  # fmt: skip
    assume(decision.left != decision.right)
    assume({decision.left, decision.right} <= {key for key, _ in first})
    past: list[Event] = [Load(tuple(first)), *earlier]

    with tried(session) as world:
        past, before = happened(world, past), world.holders()
        known = set(world.numbers)
        try:
            number = decision.happen(world)
        except Conflict:
            return
        meanwhile = happened(world, later)
        world.undo(number)
        partition, numbers = world.partition(), held(world, before)

    with tried(session) as world:
        happened(world, past)
        before = world.holders()
        assert happened(world, meanwhile) == meanwhile
        assert world.partition() == partition
        if nothing_left(meanwhile, known):
            assert held(world, before) == numbers
