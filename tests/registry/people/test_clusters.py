"""Persons under arrivals, departures, decisions and undoing, in any order."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from registry.errors import Conflict
from registry.people import clusters
from registry.people.decisions import Verdict
from tests.registry.small_world import Said, World

keys = st.tuples(st.sampled_from(["hef", "nssf"]), st.sampled_from("123456"))
statements = st.builds(
    Said,
    name=st.sampled_from(["dara", "sokha"]),
    birth=st.sampled_from(["1990-05-04", "1990-05-04", "1971", None]),
    national_id=st.sampled_from([None, None, "111111111", "222222222"]),
    card=st.sampled_from([None, "c1"]),
    phone=st.sampled_from([None, "p1", "p2"]),
)
batches = st.lists(
    st.tuples(keys, statements), min_size=1, max_size=4, unique_by=lambda row: row[0]
)


class Registry(RuleBasedStateMachine):
    """Random acts on a small registry; what must hold holds after each."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, expire_on_commit=False)
        self.world = World(self.session)
        self.standing: dict[int, tuple[int, int, Verdict]] = {}
        self.issued: dict[int, str] = {}

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    @rule(batch=batches)
    def load(self, batch: list[tuple[tuple[str, str], Said]]) -> None:
        self.world.load(batch)

    @rule(gone=st.lists(keys, min_size=1, max_size=3, unique=True))
    def depart(self, gone: list[tuple[str, str]]) -> None:
        self.world.depart(gone)

    @precondition(lambda self: len(self.world.keys) > 1)
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.SAME, Verdict.DIFFERENT]))
    def decide(self, data: st.DataObject, verdict: Verdict) -> None:
        known = sorted(self.world.keys)
        left, right = data.draw(
            st.lists(st.sampled_from(known), min_size=2, max_size=2, unique=True)
        )
        before = self.world.holders()
        try:
            decision = self.world.judge(left, right, verdict)
        except Conflict:
            assert self.world.holders() == before
            return
        self.standing[decision.id] = (left, right, verdict)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.standing)))
        del self.standing[number]
        self.world.undo(number)

    @precondition(lambda self: len(self.world.keys) > 1)
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.SAME, Verdict.DIFFERENT]))
    def decide_and_undo(self, data: st.DataObject, verdict: Verdict) -> None:
        known = sorted(self.world.keys)
        left, right = data.draw(
            st.lists(st.sampled_from(known), min_size=2, max_size=2, unique=True)
        )
        before = self.everything()
        try:
            decision = self.world.judge(left, right, verdict)
        except Conflict:
            return
        if decision.id not in self.standing:
            self.world.undo(decision.id)
        assert self.everything() == before

    @rule()
    def link_everything_again(self) -> None:
        before = self.everything()
        clusters.recluster(self.session, None, self.world.now)
        assert self.everything() == before

    def everything(self) -> tuple[object, ...]:
        """Who holds what, and where every SP ID that ever lived leads."""
        ever = self.session.scalars(
            text("SELECT DISTINCT person_id FROM link WHERE person_id = ANY(:known)"),
            {"known": list(self.issued)},
        )
        return self.world.holders(), {person: leads_to(self.session, person) for person in ever}

    @invariant()
    def partition_is_that_of_a_rebuild(self) -> None:
        assert self.world.partition() == self.world.rebuilt()

    @invariant()
    def current_records_have_one_link_and_others_none(self) -> None:
        current = {self.world.keys[record] for record in self.world.said}
        assert set(self.world.holders()) == current

    @invariant()
    def sp_ids_are_never_reused(self) -> None:
        rows = self.session.execute(text("SELECT id, sp_id FROM person")).all()
        now: dict[int, str] = {row[0]: row[1] for row in rows}
        assert len(set(now.values())) == len(now)
        assert all(now[person] == sp_id for person, sp_id in self.issued.items())
        self.issued = now

    @invariant()
    def retired_ids_lead_to_one_living_person_or_say_why_not(self) -> None:
        living = set(
            self.session.scalars(text("SELECT person_id FROM link WHERE superseded_at IS NULL"))
        )
        rows = self.session.execute(text("SELECT id, merged_into, retired_at FROM person")).all()
        for person, _, retired_at in rows:
            assert (retired_at is None) == (person in living)
            end = leads_to(self.session, person)
            assert end is None or end in living

    @invariant()
    def no_decision_is_contradicted(self) -> None:
        holders = self.world.holders()
        for left, right, verdict in self.standing.values():
            ends = [holders.get(self.world.keys[record]) for record in (left, right)]
            if None not in ends:
                assert (ends[0] == ends[1]) == (verdict == Verdict.SAME)

    @invariant()
    def without_decisions_persons_are_the_engines(self) -> None:
        if self.standing:
            return
        rows = self.session.execute(
            text("SELECT record_id, person_id FROM link WHERE superseded_at IS NULL")
        )
        engine = self.world.engine_persons()
        for record, person in rows:
            assert engine[self.world.keys[record]] == person


def leads_to(session: Session, person: int) -> int | None:
    """The living person at the end of merges; None when no list names them."""
    seen = set()
    while True:
        assert person not in seen, "SP IDs lead in a circle"
        seen.add(person)
        merged, retired = session.execute(
            text("SELECT merged_into, retired_at FROM person WHERE id = :id"), {"id": person}
        ).one()
        if merged is None:
            return None if retired is not None else person
        person = merged


@pytest.mark.core
def test_persons_hold_under_everything_in_any_order(shared_engine: Engine) -> None:
    machine = type("Bound", (Registry,), {"engine": shared_engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=12, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
