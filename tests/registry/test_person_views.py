"""What is told of a person: history, best values, households, and a rebuilt partition."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.lookups import history
from registry.lookups.history import Happening
from registry.people import rebuild
from registry.people.decisions import Verdict
from registry.records import households, survivorship
from registry.records.survivorship import Stated, choose
from tests.registry.small_world import Said, World

DARA = Said("dara", "1990-05-04", national_id="111111111")
SOKHA = Said("sokha", "1971-02-03", national_id="222222222")


def person_of(world: World, key: tuple[str, str]) -> int:
    found = world.session.scalar(
        text("SELECT person_id FROM link WHERE record_id = :id AND superseded_at IS NULL"),
        {"id": world.numbers[key]},
    )
    assert found is not None
    return int(found)


def test_history_tells_merge_and_its_undoing_with_who_and_by_which_decision(
    session: Session,
) -> None:
    world = World(session)
    world.load([(("hef", "1"), DARA), (("nssf", "1"), SOKHA)])
    younger = person_of(world, ("nssf", "1"))
    left, right = world.numbers["hef", "1"], world.numbers["nssf", "1"]
    decision = world.judge(left, right, Verdict.SAME)
    world.undo(decision.id)
    events = history.of_person(session, younger)
    told = [(event.what, event.actor, event.decision) for event in events]
    assert told == [
        (Happening.REGISTERED, "engine", None),
        (Happening.LINKED, "engine", None),
        (Happening.UNLINKED, "Dara", decision.id),
        (Happening.MERGED, "Dara", decision.id),
        (Happening.LINKED, "Bopha", decision.id),
        (Happening.RESTORED, "Bopha", decision.id),
    ]


def test_trusted_then_complete_then_recent_value_is_chosen() -> None:
    year = Stated("1990", "idpoor", "1", "2026-01-01")
    day = Stated("1990-05-04", "hef", "1", "2020-01-01")
    newer = Stated("1990-05-05", "nssf", "1", "2025-01-01")
    assert choose([year, day, newer], ()).best == newer
    assert choose([year, day, newer], ("idpoor",)).best == year
    assert [each.value for each in choose([year, day, newer], ()).variants] == [
        "1990",
        "1990-05-04",
    ]


def test_reckoned_year_gives_way_to_a_stated_one() -> None:
    reckoned = Stated("1990~", "hef", "1", "2026-01-01")
    stated = Stated("1991", "nssf", "1", "2020-01-01")
    assert choose([reckoned, stated], ()).best == stated


def test_view_names_the_record_that_each_value_came_from(session: Session) -> None:
    world = World(session)
    world.load([(("hef", "1"), DARA), (("nssf", "1"), DARA)])
    found = survivorship.view(session, person_of(world, ("hef", "1")))
    assert (found["national_id"].best.value, found["national_id"].best.scheme) == (
        "111111111", "nssf",
    )  # fmt: skip


def test_move_ends_one_membership_and_begins_another(session: Session) -> None:
    world = World(session)
    for household, said in (("h1", DARA), ("h2", Said("dara", "1990-05-04", phone="p1"))):
        world.load([(("idpoor", "1"), said)])
        session.execute(
            text("UPDATE record_version SET household = :h WHERE superseded_at IS NULL"),
            {"h": household},
        )
    stays = households.of_person(session, person_of(world, ("idpoor", "1")))
    assert [(stay.household, stay.until is None) for stay in stays] == [("h1", False), ("h2", True)]
    assert households.members(session, "idpoor", "h1") == []
    assert len(households.members(session, "idpoor", "h2")) == 1


def test_rebuilt_partition_is_the_live_one_and_a_damaged_one_is_mended(session: Session) -> None:
    world = World(session)
    world.load([(("hef", "1"), DARA), (("nssf", "1"), DARA), (("nssf", "2"), SOKHA)])
    assert not rebuild.compare(session).differing
    whole = world.partition()
    stranger = person_of(world, ("nssf", "2"))
    session.execute(
        text("UPDATE link SET person_id = :person WHERE record_id = :record"),
        {"person": stranger, "record": world.numbers["nssf", "1"]},
    )
    assert len(rebuild.compare(session).differing) == 3
    rebuild.swap(session, world.now)
    assert world.partition() == whole
