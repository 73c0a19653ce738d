"""Persons and what SP IDs lead to."""

from datetime import UTC, datetime
from itertools import islice

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.people import persons
from registry.people.persons import Person
from registry.sp_id import SpId, is_valid

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.core
def test_registered_persons_hold_valid_distinct_numbers(session: Session) -> None:
    ids = persons.register(session, 50)
    numbers = session.scalars(select(Person.sp_id).where(Person.id.in_(ids))).all()
    assert len(set(numbers)) == 50
    assert all(map(is_valid, numbers))


@pytest.mark.core
def test_number_drawn_twice_is_issued_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([*["100000000018"] * 3, "100000000026", "100000000018", "100000000034"])
    monkeypatch.setattr(persons, "drawn", lambda count: list(islice(numbers, count)))
    assert len(persons.register(session, 2)) == 2
    assert len(persons.register(session, 1)) == 1
    assert len(set(session.scalars(select(Person.sp_id)))) == 3


@pytest.mark.core
def test_database_refuses_a_number_issued_before(session: Session) -> None:
    session.add_all([Person(sp_id="100000000018"), Person(sp_id="100000000018")])
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.core
def test_retired_number_leads_through_merges_to_the_survivor(session: Session) -> None:
    first, second, third = persons.register(session, 3)
    persons.retire(session, {first: second}, NOW)
    persons.retire(session, {second: third}, NOW)
    number = SpId(session.get_one(Person, first).sp_id)
    assert persons.find(session, number).id == third


def test_number_never_issued_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        persons.find(session, SpId("100000000018"))
