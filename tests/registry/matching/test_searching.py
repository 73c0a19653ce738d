"""Whom a description leads to is the same however much is read of them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import load_registry
from benchmarks.load_registry import Asked
from registry.access import sight
from registry.lookups.lookup import described
from registry.matching import current_people, searching
from registry.matching.known_words import Met
from registry.matching.searching import search
from registry.schemes.statements import NormalisedPerson

PEOPLE = 800
ANOTHER_SCRIPT = "sok dara"


@pytest.fixture
def world(session: Session) -> Session:
    load_registry.fill(session, PEOPLE)
    return session


def ways(people: list[Asked]) -> Iterator[NormalisedPerson]:
    """Different ways to describe somebody, each with less or other than what lists say."""
    for one, other in zip(people[::27], people[1::27], strict=False):
        born, sex, village = one.birth_date, one.sex, one.village
        yield described(one.name, birth_date=born, sex=sex, village=village)
        yield described(one.name, birth_date=born[:4], sex=None, village=village)
        yield described(one.name, birth_date=born, sex=sex, village=village[:2])
        yield described(other.name, birth_date=born, sex=sex, village=village)
        yield described(ANOTHER_SCRIPT, birth_date=born, sex=sex, village=village)
        yield NormalisedPerson(
            name_khmer=one.name, name_latin=ANOTHER_SCRIPT, birth_date=f"{one.birth_date[:4]}~"
        )


def test_reading_in_brief_finds_whom_reading_whole_finds(
    world: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list(ways(load_registry.sample(world)))
    with monkeypatch.context() as patched:
        patched.setattr(current_people, "_FEW", None)
        brief = [search(world, one) for one in asked]
    monkeypatch.setattr(sight, "sees_everybody", lambda _: False)
    whole = [search(world, one) for one in asked]
    assert brief == whole
    assert sum(map(bool, brief)) > len(asked) / 2


def test_who_changed_since_being_linked_is_weighed_as_the_lists_say_now(world: Session) -> None:
    one = load_registry.sample(world)[0]
    asked = described(one.name, birth_date=one.birth_date, sex=one.sex, village=one.village)
    before = search(world, asked)
    world.execute(
        text("UPDATE record_version SET id = id + :more, sex = CASE sex WHEN 'male' THEN 'female'"
             " ELSE 'male' END WHERE village = :village"),
        {"more": 10 * PEOPLE, "village": one.village},
    )  # fmt: skip
    after = search(world, asked)
    assert before[0].person == after[0].person
    assert before[0].weight > after[0].weight


def test_words_that_are_not_kept_let_records_be_read_whole(
    world: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list(ways(load_registry.sample(world)))
    before = [search(world, one) for one in asked]
    world.execute(text("DELETE FROM name_word WHERE number % 2 = 0"))
    monkeypatch.setattr(searching, "_met", Met())
    assert [search(world, one) for one in asked] == before


def test_words_are_forgotten_when_there_are_too_many(
    world: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list(ways(load_registry.sample(world)))[:60]
    before = [search(world, one) for one in asked]
    monkeypatch.setattr("registry.matching.known_words.MOST_MET", 40)
    monkeypatch.setattr(searching, "_met", Met())
    assert [search(world, one) for one in asked] == before


def test_who_is_served_first_waits_for_nothing_that_can_be_done_before(
    world: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []

    def heard(session: Session, asked: NormalisedPerson) -> list[searching.Candidate]:
        candidates = search(session, asked)
        found.append(bool(candidates))
        return candidates

    monkeypatch.setattr(searching, "search", heard)
    searching.get_ready(world)
    assert found == [True]
    world.execute(text("DELETE FROM record_version"))
    searching.get_ready(world)
    assert found == [True]
