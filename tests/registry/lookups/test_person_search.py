"""Searches by what the lists say: comparisons, their joining, order, pages, limits."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from registry.errors import InvalidSearch, TooManyFound
from registry.lookups import person_search
from registry.lookups.conditions import All, AnyOf, Compare, Condition, Not, Operator, SameRecord
from registry.lookups.person_search import Order, Scope, Search
from registry.lookups.profiles import of_persons
from registry.lookups.search_attributes import ATTRIBUTES
from tests.registry.partner_world import CARD, DARA_ID, SOKHA_ID, PartnerWorld, settle

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def world(session: Session) -> PartnerWorld:
    return settle(session)


def found(session: Session, world: PartnerWorld, condition: Condition) -> set[str]:
    names = {person: name for name, person in world.persons.items()}
    page = person_search.find(session, Search(condition), NOW)
    assert page.total == len(page.persons)
    return {names[person] for person in page.persons}


def compare(attribute: str, operator: str, value: object) -> Compare:
    return Compare(attribute, Operator(operator), value)


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        (("national_id", "eq", SOKHA_ID), {"sokha"}),
        (("national_id", "eq", DARA_ID), {"dara", "namesake"}),
        (("national_id", "in", f"{SOKHA_ID},{DARA_ID}"), {"sokha", "dara", "namesake"}),
        (("sex", "eq", "FEMALE"), {"sokha"}),
        (("birth_date", "eq", "1990-05-04"), {"sokha"}),
        (("birth_date", "eq", "1990"), {"sokha"}),
        (("birth_date", "ge", "1990-01-01"), {"sokha", "child"}),
        (("birth_date", "lt", "1975-06"), {"dara", "namesake"}),
        (("birth_year", "eq", 2025), {"child"}),
        (("age", "lt", "25"), {"child"}),
        (("age", "eq", 36), {"sokha"}),
        (("age", "eq", 1), {"child"}),
        (("place", "eq", "05"), {"sokha", "child"}),
        (("place", "in", ["01020304", "99"]), {"dara"}),
        (("place", "eq", "central_region"), set()),
        (("scheme", "eq", "idpoor"), {"sokha", "child"}),
        (("scheme_number", "eq", "P3"), {"dara"}),
        (("category", "eq", "poor_1"), {"sokha", "child"}),
        (("poverty_level", "lt", 2.5), {"sokha", "child"}),
        (("poverty_level", "gt", 1), set()),
        (("household", "eq", CARD), {"sokha", "child"}),
        (("household_size", "le", 2), {"sokha", "child"}),
        (("household_size", "gt", 2), set()),
        (("name_latin", "eq", "chan dara"), {"dara", "namesake"}),
        (("name_khmer", "sw", "សុខ"), {"sokha", "child"}),
        (("equity_card", "eq", CARD), {"sokha", "child"}),
        (("registered_on", "ge", "2026-01-06"), set()),
        (("registered_on", "eq", "2026-01-05"), {"sokha", "child", "dara", "namesake"}),
        (("place", "eq", "%"), set()),
        (("national_id", "eq", "' OR 1=1 --"), set()),
    ],
)  # fmt: skip
def test_attributes(
    session: Session, world: PartnerWorld, asked: tuple[str, str, object], who: set[str]
) -> None:
    assert found(session, world, compare(*asked)) == who


def test_retired_sp_id_leads_to_its_survivor(session: Session, world: PartnerWorld) -> None:
    assert found(session, world, compare("sp_id", "eq", world.sp_ids["bopha"])) == {"sokha"}
    assert found(session, world, compare("sp_id", "ne", world.sp_ids["bopha"])) == {
        "child", "dara", "namesake",
    }  # fmt: skip


def test_conditions_are_joined(session: Session, world: PartnerWorld) -> None:
    men, hef = compare("sex", "eq", "male"), compare("scheme", "eq", "hef")
    assert found(session, world, All((men, hef))) == {"dara"}
    assert found(session, world, AnyOf((men, hef))) == {"sokha", "child", "dara", "namesake"}
    assert found(session, world, All((men, Not(hef)))) == {"child", "namesake"}
    assert found(session, world, All(())) == {"sokha", "child", "dara", "namesake"}
    assert found(session, world, AnyOf(())) == set()


def test_number_within_a_scheme_is_of_one_record(session: Session, world: PartnerWorld) -> None:
    mixed = (compare("scheme", "eq", "hef"), compare("category", "eq", "poor_1"))
    assert found(session, world, All(mixed)) == {"sokha"}
    assert found(session, world, SameRecord(mixed)) == set()


def test_pages_follow_a_stated_order(session: Session, world: PartnerWorld) -> None:
    names = {person: name for name, person in world.persons.items()}
    order = (Order("birth_date", is_descending=True),)
    pages = [
        person_search.find(session, Search(All(()), order, page=page, size=3), NOW)
        for page in (1, 2, 3)
    ]
    assert [[names[person] for person in page.persons] for page in pages] == [
        ["child", "sokha", "namesake"], ["dara"], [],
    ]  # fmt: skip
    assert {page.total for page in pages} == {4}


def test_scheme_narrows_whom_is_found_and_what_is_told(
    session: Session, world: PartnerWorld
) -> None:
    search = Search(All(()), scope=Scope("hef"))
    page = person_search.find(session, search, NOW)
    assert set(page.persons) == {world.persons["sokha"], world.persons["dara"]}
    [sokha] = of_persons(session, [world.persons["sokha"]], "hef")
    assert [enrolment.scheme for enrolment in sokha.enrolments] == ["hef"]
    assert (sokha.equity_card, sokha.households) == (None, ())


def test_provinces_narrow_whom_is_found(session: Session, world: PartnerWorld) -> None:
    search = Search(All(()), scope=Scope(provinces=frozenset({"01"})))
    assert person_search.find(session, search, NOW).persons == (world.persons["dara"],)


def test_households_are_found_by_their_members(session: Session, world: PartnerWorld) -> None:
    assert world.persons
    women = Search(compare("sex", "eq", "female"))
    found = person_search.find_households(session, women, NOW)
    assert (found.households, found.total) == ((("idpoor", CARD),), 1)
    elsewhere = Search(All(()), scope=Scope("hef"))
    assert person_search.find_households(session, elsewhere, NOW).households == ()


def test_profile_has_both_scripts_and_all_numbers(session: Session, world: PartnerWorld) -> None:
    [sokha] = of_persons(session, [world.persons["sokha"]])
    assert sokha.khmer is not None
    assert (sokha.khmer.whole, sokha.khmer.family, sokha.khmer.given) == ("សុខ ខា", "សុខ", "ខា")
    assert sokha.latin is not None
    assert sokha.latin.whole == "Sok Kha"
    assert [(each.scheme, each.number) for each in sokha.enrolments] == [
        ("hef", "P1"), ("idpoor", "05090203-8107-01"),
    ]  # fmt: skip
    assert sokha.sp_id == world.sp_ids["sokha"]


@pytest.mark.parametrize(
    "condition",
    [
        compare("shoe_size", "eq", 44),
        compare("national_id", "lt", "1"),
        compare("age", "lt", "young"),
        compare("age", "lt", "nan"),
        compare("age", "lt", 1e300),
        compare("age", "lt", True),
        compare("age", "lt", {"a": 1}),
        compare("place", "eq", "0\0"),
        compare("place", "in", []),
        compare("place", "in", ["1"] * 51),
        compare("place", "in", 5),
        All((compare("age", "lt", 1),) * 51),
        Not(Not(Not(Not(Not(Not(Not(Not(compare("age", "lt", 1))))))))),
    ],
)
def test_what_is_not_of_the_table_is_refused(session: Session, condition: Condition) -> None:
    with pytest.raises(InvalidSearch):
        person_search.find(session, Search(condition), NOW)


def test_more_than_may_be_found_is_refused(
    session: Session, world: PartnerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.persons
    monkeypatch.setattr(person_search, "MOST_FOUND", 3)
    with pytest.raises(TooManyFound):
        person_search.find(session, Search(All(())), NOW)


def test_every_attribute_compares_and_sorts(session: Session, world: PartnerWorld) -> None:
    assert world.persons
    for name, attribute in ATTRIBUTES.items():
        for operator in attribute.operators:
            order = (Order(name),) if attribute.is_sortable else ()
            person_search.find(session, Search(compare(name, operator, "1"), order), NOW)


def test_nobody_is_sorted_by_a_number_that_is_sealed() -> None:
    for name in ("national_id", "phone", "birth_certificate"):
        with pytest.raises(InvalidSearch):
            Order(name)
