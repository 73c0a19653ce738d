"""What is never linked automatically: a table of cases, each with its reason."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.people.facts import Names
from registry.people.guards import Reason
from tests.registry.small_world import Said, World

TWINS = [
    (("", "សុភាព", None), ("", "សុភា", None), True),
    ((None, "កញ្ញា", None), (None, None, "មាស កញ្ញា"), False),
    ((None, "កញ្ញា", None), (None, None, "មាសកញ្ញា"), False),
    ((None, "ចន្ធូ", None), (None, None, "ចន្ធូ សុខ"), False),
]
A_WEAK_DATE = "1990"


@pytest.mark.parametrize(("one", "other", "differ"), TWINS)
def test_given_names_in_khmer_differ_or_not(
    *, one: tuple[str | None, ...], other: tuple[str | None, ...], differ: bool
) -> None:
    nothing = (None, None, None)
    assert Names.of(one, nothing).differ(Names.of(other, nothing)) == differ


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("sok vanna", "sok vana", False),
        ("sok kha", "kha sok", False),
        ("sea vanna", "sea vanak", True),
    ],
)
def test_given_names_in_latin_differ_by_their_consonants(
    *, one: str, other: str, differ: bool
) -> None:
    spelt = [Names.of((None, None, None), (None, None, name)) for name in (one, other)]
    assert spelt[0].differ(spelt[1]) == differ


GUARDED = [
    (Said("dara", "1990-05-04", "111111111", "c1", "p1"),
     Said("dara", "1990-05-04", "222222222", "c1", "p1"), Reason.NATIONAL_ID),
    (Said("dara", "1990-05-04", None, "c1", "p1"),
     Said("vibol", "1990-05-04", None, "c1", "p1"), Reason.TWINS),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "reason"), GUARDED)
def test_guarded_pair_is_a_review_with_its_reason_and_never_a_link(
    session: Session, monkeypatch: pytest.MonkeyPatch, one: Said, other: Said, reason: Reason
) -> None:
    monkeypatch.setattr(Said, "weight", lambda *_: 20.0)
    world = World(session)
    world.load([(("hef", "1"), one), (("nssf", "1"), other)])
    assert len(world.partition()) == 2
    assert session.scalars(text("SELECT reason FROM review")).all() == [reason.value]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Said("dara", "1984-05-04", None, "c1", "p1"),
            Said("dara", "1994-05-04", None, "c1", "p1"),
        ),
        (Said("dara", "1961-05-04", "111111111"), Said("dara", "1990-05-04", "111111111")),
    ],
)
def test_slip_of_the_year_or_a_wrong_date_beside_one_paper_is_no_guard(
    session: Session, monkeypatch: pytest.MonkeyPatch, one: Said, other: Said
) -> None:
    monkeypatch.setattr(Said, "weight", lambda *_: 20.0)
    world = World(session)
    world.load([(("hef", "1"), one), (("nssf", "1"), other)])
    assert len(world.partition()) == 1
    assert not session.scalars(text("SELECT reason FROM review")).all()


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (Said("dara", A_WEAK_DATE), Said("dara", A_WEAK_DATE), Reason.WEAK_BIRTH_DATE),
        (Said("dara", "1990-04-13"), Said("dara", "1990-04-13"), Reason.WEAK_BIRTH_DATE),
        (Said("dara", "1961-05-04", None, "c1", "p1"), Said("dara", "1990-05", None, "c1", "p1"),
         Reason.YEARS_APART),
    ],
)  # fmt: skip
def test_pair_that_may_be_likely_is_never_certain(
    session: Session, monkeypatch: pytest.MonkeyPatch, one: Said, other: Said, reason: Reason
) -> None:
    monkeypatch.setattr(Said, "weight", lambda *_: 20.0)
    world = World(session)
    world.load([(("hef", "1"), one), (("nssf", "1"), other)])
    kinds = session.scalars(text("SELECT kind FROM link WHERE superseded_at IS NULL ORDER BY 1"))
    assert kinds.all() == ["likely", "new"]
    reasons = session.scalars(text("SELECT reason FROM review")).all()
    assert reasons == [reason.value]


def test_twins_are_not_joined_through_a_third_record(session: Session) -> None:
    world = World(session)
    world.load([
        (("idpoor", "1"), Said("dara", "1990-05-04", card="c1", phone="p1")),
        (("idpoor", "2"), Said("vibol", "1990-05-04", card="c1", phone="p1")),
        (("hef", "1"), Said("dara", "1990-05-04", card=None, phone="p1")),
    ])  # fmt: skip
    holders = world.holders()
    assert holders["idpoor", "1"] == holders["hef", "1"] != holders["idpoor", "2"]


def test_pair_with_a_weak_date_and_a_number_in_common_may_be_linked(session: Session) -> None:
    world = World(session)
    said = Said("dara", A_WEAK_DATE, phone="p1")
    world.load([(("hef", "1"), said), (("nssf", "1"), said)])
    assert len(world.partition()) == 1
