"""Who is covered on a day, and when the registry must not say."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.entitlements import coverage_rules, eligibility
from registry.entitlements.coverage import Coverage, Covered, Reason, SchemeAnswer, _of_age
from registry.reviewing import findings
from tests.registry.small_world import Said, World

DAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
RULES = coverage_rules.load()
PARENT = Said("parent", "1990-05-04", card="c1")


@pytest.fixture
def world(session: Session) -> World:
    """A world in which every scheme's list was taken a month ago."""
    world = World(session)
    for scheme in RULES.schemes:
        session.execute(
            text("INSERT INTO batch (scheme, file_name, sha256, size, status, finished_at)"
                 " VALUES (:scheme, 'list', :scheme, 1, 'linked', '2026-05-01')"),
            {"scheme": scheme},
        )  # fmt: skip
    return world


def enrol(world: World, key: tuple[str, str], said: Said, **enrolment: object) -> int:
    """Load one record with an enrolment; the person it is of."""
    world.load([(key, said)])
    record = world.numbers[key]
    for column, value in enrolment.items():
        world.session.execute(
            text(f"UPDATE record_version SET enrolment_{column} = :value"
                 " WHERE record_id = :id AND superseded_at IS NULL"),
            {"value": value, "id": record},
        )  # fmt: skip
    person = world.session.scalar(
        text("SELECT person_id FROM link WHERE record_id = :id AND superseded_at IS NULL"),
        {"id": record},
    )
    assert person is not None
    return int(person)


def of(answer: Covered, scheme: str) -> SchemeAnswer:
    return next(each for each in answer.schemes if each.scheme == scheme)


CASES = [
    ("idpoor", {"category": "poor_1", "valid_until": "2027-01-01"}, Coverage.COVERED, "active"),
    ("idpoor", {"category": "poor_1", "valid_until": "2026-06-01"}, Coverage.COVERED, "active"),
    ("idpoor", {"category": "poor_1", "valid_until": "2026-05-31"}, Coverage.NOT_COVERED, "ended"),
    ("idpoor", {"category": "rich"}, Coverage.NOT_COVERED, "other_category"),
    ("nssf", {"valid_from": "2026-06-02"}, Coverage.NOT_COVERED, "not_started"),
    ("nssf", {"valid_from": "2026-06-01"}, Coverage.COVERED, "active"),
    ("cash_transfer", {"category": "child"}, Coverage.NOT_COVERED, "too_old"),
    ("cash_transfer", {"category": "pregnant"}, Coverage.COVERED, "active"),
    ("disability", {}, Coverage.COVERED, "active"),
]


@pytest.mark.parametrize(("scheme", "enrolment", "coverage", "reason"), CASES)
def test_scheme_covers_by_its_rule(
    world: World, scheme: str, enrolment: dict[str, str], coverage: Coverage, reason: str
) -> None:
    person = enrol(world, (scheme, "1"), PARENT, **enrolment)
    answer = of(eligibility.check(world.session, person, DAY, RULES), scheme)
    assert (answer.coverage, answer.reason) == (coverage, reason)


def test_valid_equity_card_covers_under_the_health_fund(world: World) -> None:
    person = enrol(world, ("idpoor", "1"), PARENT, category="poor_2", valid_until="2027-01-01")
    assert (
        of(eligibility.check(world.session, person, DAY, RULES), "hef").coverage == Coverage.COVERED
    )


def test_person_not_found_with_certainty_is_unknown(world: World) -> None:
    person = enrol(world, ("nssf", "1"), PARENT)
    answer = eligibility.check(world.session, person, DAY, RULES, is_certain=False)
    assert answer.coverage == Coverage.UNKNOWN
    assert {each.reason for each in answer.schemes} == {Reason.PERSON_UNCERTAIN}


def test_waiting_review_makes_the_answer_unknown(world: World) -> None:
    person = enrol(world, ("nssf", "1"), PARENT)
    world.load([(("hef", "2"), Said("other", "1990-05-04", card="c1", phone=None))])
    answer = eligibility.check(world.session, person, DAY, RULES)
    assert {each.reason for each in answer.schemes} == {Reason.REVIEW_WAITS}


def test_silence_of_an_outdated_list_is_unknown(world: World) -> None:
    world.session.execute(text("UPDATE batch SET finished_at = '2024-01-01'"))
    person = enrol(world, ("nssf", "1"), PARENT)
    answer = of(eligibility.check(world.session, person, DAY, RULES), "nssf")
    assert (answer.coverage, answer.reason) == (Coverage.UNKNOWN, Reason.LIST_OUTDATED)


@pytest.mark.parametrize(
    ("born", "reason"),
    [("2024-06-02", Reason.ACTIVE), ("2024-06-01", Reason.TOO_OLD), ("2024", Reason.AGE_UNKNOWN),
     ("2024-06", Reason.AGE_UNKNOWN), ("2025", Reason.ACTIVE), ("2023~", Reason.AGE_UNKNOWN),
     (None, Reason.AGE_UNKNOWN)],
)  # fmt: skip
def test_age_is_judged_as_far_as_the_birth_date_is_known(born: str | None, reason: Reason) -> None:
    assert _of_age(born, 2, DAY) == reason


def test_finding_closes_by_itself_and_returns_with_its_cause(world: World) -> None:
    enrol(world, ("nssf", "1"), PARENT)
    enrol(world, ("nssf", "2"), PARENT)
    assert findings.settle(world.session, NOW)["two_memberships"] == 1
    world.depart([("nssf", "2")])
    assert findings.settle(world.session, NOW)["two_memberships"] == 0
    statement = text("SELECT closed_at IS NOT NULL FROM finding ORDER BY id")
    assert world.session.scalars(statement).all() == [True]
    world.load([(("nssf", "2"), PARENT)])
    findings.settle(world.session, NOW)
    assert world.session.scalars(statement).all() == [True, False]


def test_finding_closed_by_an_officer_stays_closed_while_its_cause_lasts(world: World) -> None:
    enrol(world, ("nssf", "1"), PARENT)
    enrol(world, ("nssf", "2"), PARENT)
    findings.settle(world.session, NOW)
    [number] = world.session.scalars(text("SELECT id FROM finding")).all()
    findings.close(world.session, number, "Dara", "two employers", NOW)
    findings.settle(world.session, NOW)
    assert world.session.scalars(text("SELECT closed_by FROM finding")).all() == ["Dara"]


def test_finding_of_a_paper_of_two_goes_when_the_other_person_goes(world: World) -> None:
    enrol(world, ("nssf", "1"), Said("one", "1990-05-04", national_id="111111111"))
    enrol(world, ("hef", "2"), Said("other", "1971-02-03", national_id="111111111"))
    assert findings.settle(world.session, NOW)["national_id_of_two"] == 2
    still_open = text("SELECT count(*) FROM finding WHERE closed_at IS NULL")
    assert findings.settle(world.session, NOW)["national_id_of_two"] == 0
    assert world.session.scalar(still_open) == 2
    world.depart([("hef", "2")])
    findings.settle(world.session, NOW)
    assert world.session.scalar(still_open) == 0


def test_days_that_pass_bring_findings_although_no_list_came(world: World) -> None:
    child = Said("child", "2024-06-02")
    enrol(world, ("cash_transfer", "1"), child, category="child")
    enrol(world, ("idpoor", "2"), PARENT, household="c1", valid_until="2026-06-02")
    enrol(world, ("hef", "3"), PARENT)
    kinds = ("child_past_two", "expired_card_in_use")
    for day, found in ((1, (0, 0)), (2, (1, 0)), (3, (0, 1))):
        counts = findings.settle(world.session, NOW, date(2026, 6, day))
        assert tuple(counts[kind] for kind in kinds) == found


FOUND = [
    ("poor_and_at_risk", [("idpoor", {"category": "poor_1"}), ("idpoor", {"category": "at_risk"})]),
    ("two_households", [("idpoor", {"household": "c1"}), ("idpoor", {"household": "c2"})]),
    ("child_past_two", [("cash_transfer", {"category": "child"})]),
    ("birth_claimed_twice", [("cash_transfer", {"category": "child"})] * 2),
    ("expired_card_in_use", [("idpoor", {"household": "c1", "valid_until": "2026-01-01"}),
                             ("cash_transfer", {})]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "records"), FOUND)
def test_finding_is_found(
    world: World, kind: str, records: list[tuple[str, dict[str, str]]]
) -> None:
    for number, (scheme, enrolment) in enumerate(records):
        enrol(world, (scheme, str(number)), PARENT, **enrolment)
    assert findings.settle(world.session, NOW)[kind] == 1


@pytest.mark.parametrize(
    ("born", "kind"), [("2025-01-01", "refer_under_two"), ("1960-02-03", "refer_sixty")]
)
def test_member_who_may_miss_a_benefit_is_referred(world: World, born: str, kind: str) -> None:
    enrol(world, ("idpoor", "1"), Said("somebody", born), household="c1", category="poor_1")
    assert findings.settle(world.session, NOW)[kind] == 1


def test_member_whose_disability_id_ended_or_left_its_list_is_referred(world: World) -> None:
    enrol(world, ("idpoor", "1"), PARENT, household="c1", category="poor_1")
    enrol(world, ("disability", "2"), PARENT)
    assert findings.settle(world.session, NOW)["refer_disabled"] == 0
    world.depart([("disability", "2")])
    assert findings.settle(world.session, NOW)["refer_disabled"] == 1
    enrol(world, ("disability", "2"), PARENT, valid_until="2026-01-01")
    assert findings.settle(world.session, NOW)["refer_disabled"] == 1
    enrol(world, ("disability", "2"), PARENT, valid_until=None)
    assert findings.settle(world.session, NOW)["refer_disabled"] == 0
