"""Who is certain at the point of care, and who is not."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.auditing import audit_chain
from registry.entitlements import coverage_rules, eligibility
from registry.entitlements.coverage import Coverage
from registry.entitlements.eligibility import Answer, Asking, Question, Resolver
from registry.lookups.identification import EquityCardQuestion, Who
from registry.lookups.lookup import NationalIdQuestion, Reader, SchemeNumberQuestion, SpIdQuestion
from registry.sp_id import SpId, printed
from tests.registry.small_world import Said, World

DAY = date(2026, 6, 1)
ASKING = Asking(
    Reader("clinic", "treatment", datetime(2026, 6, 1, tzinfo=UTC)), coverage_rules.load()
)
CARD = "05090203-8107"
DARA = Said("chan dara", "1990-05-04", "096371764", card=CARD)
SOPHEA = Said("chan sophea", "1992-01-02", card=CARD)
TWIN = Said("chan sophal", "1992-01-02", card=CARD)


@pytest.fixture
def world(session: Session) -> World:
    """A household of three members of the idpoor list, taken a month ago."""
    world = World(session)
    world.load([(("idpoor", "1"), DARA), (("idpoor", "2"), SOPHEA), (("idpoor", "3"), TWIN)])
    session.execute(text("UPDATE record_version SET enrolment_category = 'poor_1'"))
    session.execute(text("DELETE FROM review"))
    session.execute(text("UPDATE batch SET scheme = 'idpoor', finished_at = '2026-05-01'"))
    return world


def ask(world: World, who: Who) -> Answer:
    return eligibility.ask(world.session, Question(who, DAY), ASKING)


def year(answer: Answer) -> int | None:
    return None if answer.person is None else answer.person.birth_year


def test_sp_id_is_read_in_groups_and_in_khmer_digits(world: World) -> None:
    sp_id = SpId(world.holders()["idpoor", "1"])
    khmer = printed(sp_id).translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    answer = ask(world, SpIdQuestion(khmer))
    assert answer.coverage == Coverage.COVERED
    assert year(answer) == 1990


def test_retired_sp_id_leads_to_its_survivor(world: World) -> None:
    held = world.holders()
    old, new = held["idpoor", "1"], held["idpoor", "2"]
    world.session.execute(
        text("UPDATE person SET retired_at = now(), merged_into ="
             " (SELECT id FROM person WHERE sp_id = :new) WHERE sp_id = :old"),
        {"old": old, "new": new},
    )  # fmt: skip
    assert year(ask(world, SpIdQuestion(old))) == 1992


@pytest.mark.parametrize("number", ["096371764", "96371764", "096 371 764(01)"])
def test_national_id_is_read_as_lists_read_it(world: World, number: str) -> None:
    assert year(ask(world, NationalIdQuestion(number))) == 1990


CARDS = [
    (EquityCardQuestion(CARD), None, "a card alone names a household"),
    (EquityCardQuestion(CARD, name="Chan Dara"), 1990, "one member has the name"),
    (EquityCardQuestion("5090203-8107", name="Dara Chan"), 1990, "in another order"),
    (EquityCardQuestion(CARD, birth_date="1990"), 1990, "one was born in the year"),
    (EquityCardQuestion(CARD, birth_date="1992-01-02"), None, "twins share it"),
    (EquityCardQuestion(CARD, name="chan sophal", birth_date="1992"), 1992, "twin by name"),
    (EquityCardQuestion(CARD, name="chan sophal", birth_date="1990"), None, "name denies date"),
    (EquityCardQuestion(CARD, name="ចាន់ ដារា"), None, "no list has the name in this script"),
    (EquityCardQuestion("05090203-8108", name="chan dara"), None, "another card"),
]


@pytest.mark.parametrize(("who", "born", "why"), CARDS, ids=[why for *_, why in CARDS])
def test_card_makes_certain_only_who_agrees_in_all_that_is_said(
    world: World, who: EquityCardQuestion, born: int | None, why: str
) -> None:
    assert year(ask(world, who)) == born, why


def test_nobody_and_several_are_answered_alike(world: World) -> None:
    several = ask(world, EquityCardQuestion(CARD))
    nobody = ask(world, EquityCardQuestion("05090203-8108"))
    assert several == nobody
    assert Resolver.BIRTH_DATE in nobody.resolved_by


def test_waiting_review_makes_the_answer_unknown(world: World) -> None:
    world.session.execute(
        text("INSERT INTO review (left_record_id, right_record_id, weight, model, status)"
             " VALUES (:left, :right, 1, 'small', 'second')"),
        {"left": world.numbers["idpoor", "1"], "right": world.numbers["idpoor", "2"]},
    )  # fmt: skip
    for number in ("1", "2"):
        answer = ask(world, SchemeNumberQuestion("idpoor", number))
        assert answer.coverage == Coverage.UNKNOWN


def test_question_is_audited_with_the_persons_it_led_to(world: World) -> None:
    ask(world, EquityCardQuestion(CARD))
    entry = world.session.execute(
        text("SELECT action, cardinality(persons), outcome FROM audit_entry")
    ).one()
    assert entry == ("ask eligibility", 3, "1 unknown")
    assert audit_chain.verify(world.session).is_whole
