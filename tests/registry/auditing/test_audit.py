"""The audit: nothing of it is changed, lost or moved unseen, and nobody waits for anybody."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from registry.auditing import audit, audit_chain, audit_reports
from registry.auditing.audit import Access, Origin
from registry.auditing.audit_reports import Reading, Wanted
from registry.database import transaction
from registry.errors import Misconfigured

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
READ = Access("clinic", "read person", "treatment", (1, 2), "2 found")
AUDITOR = Reading("auditor", "yearly check", NOW)


@pytest.fixture
def chain(session: Session) -> Session:
    """A session with four entries, all in one lane."""
    for hour in range(4):
        audit.record(session, READ, NOW + timedelta(hours=hour))
    return session


def ids(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))


def tamper(session: Session, *statements: str) -> None:
    """Do what the database refuses to everybody but its owner in earnest."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        session.execute(text(statement), {"ids": ids(session)})
    session.execute(text("SET LOCAL session_replication_role = origin"))


def broken(session: Session) -> list[str]:
    return [each.what for each in audit_chain.verify(session).breaks]


@pytest.mark.core
def test_untouched_audit_is_whole(chain: Session) -> None:
    found = audit_chain.verify(chain)
    assert found.is_whole
    assert found.entries == 4
    assert [position for position, _ in found.heads.values()] == [4]


@pytest.mark.core
def test_whatever_an_entry_says_is_packed_alike_by_both_sides(session: Session) -> None:
    for access in (
        Access("ឈ្មោះ", "3:abc", "", (), "", which=("", "ថ្ងៃ, 'កំណើត'", "a\\b\n")),
        Access("a" * 200, "read", "\U0001f600", tuple(range(-1, 12)), "1:2", address="::1"),
    ):
        audit.record(session, access, NOW.replace(microsecond=0, year=999))
    assert audit_chain.verify(session).is_whole


@pytest.mark.core
@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor = actor || ' '",
        "for_whom = 'somebody'",
        "action = 'look up'",
        "which = array['name']",
        "purpose = 'curiosity'",
        "persons = '{1}'",
        "persons = '{2,1}'",
        "outcome = '1 found'",
        "door = 'pages'",
        "address = '10.0.0.1'",
        "hash = repeat('a', 64)",
        "lane = (lane + 1) % 32",
        "position = 99",
    ],
)
def test_one_change_anywhere_is_found(chain: Session, change: str) -> None:
    for place in range(1, 5):
        saved = chain.begin_nested()
        tamper(
            chain, f"UPDATE audit_entry SET {change} WHERE id = (CAST(:ids AS bigint[]))[{place}]"
        )
        assert broken(chain)
        saved.rollback()


@pytest.mark.core
@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_missing_entry_is_found_the_last_one_too(chain: Session, place: int) -> None:
    tamper(chain, f"DELETE FROM audit_entry WHERE id = (CAST(:ids AS bigint[]))[{place}]")
    assert broken(chain) == ["an entry is missing"]


@pytest.mark.core
def test_everything_missing_is_found(chain: Session) -> None:
    tamper(chain, "DELETE FROM audit_entry")
    assert broken(chain)


@pytest.mark.core
def test_entry_put_in_between_is_found(chain: Session) -> None:
    copied = (
        "INSERT INTO audit_entry (lane, position, at, actor, for_whom, action, which, purpose, "
        "persons, outcome, door, address, hash) SELECT lane, 5, at, actor, for_whom, action, "
        "which, purpose, persons, outcome, door, address, hash FROM audit_entry WHERE position = 4"
    )
    tamper(chain, copied)
    assert broken(chain)


@pytest.mark.core
def test_swapped_entries_are_found(chain: Session) -> None:
    tamper(
        chain,
        "UPDATE audit_entry SET position = 99 WHERE position = 2",
        "UPDATE audit_entry SET position = 2 WHERE position = 3",
        "UPDATE audit_entry SET position = 3 WHERE position = 99",
    )
    assert broken(chain)


@pytest.mark.core
def test_entries_taken_away_with_their_witnesses_are_found_by_the_receipt(
    chain: Session, tmp_path: Path
) -> None:
    audit_chain.write_receipt(tmp_path, audit_chain.verify(chain), NOW)
    receipt = audit_chain.read_receipt(tmp_path)
    tamper(
        chain,
        "DELETE FROM audit_entry WHERE position = 4",
        "DELETE FROM audit_witness WHERE position = 4",
    )
    assert audit_chain.verify(chain).is_whole
    assert not audit_chain.verify(chain, receipt).is_whole
    audit.record(chain, READ, NOW)
    [found] = audit_chain.verify(chain, receipt).breaks
    assert found.what == "an entry is another than when it was last verified"


def test_receipt_that_cannot_be_read_is_no_receipt(tmp_path: Path) -> None:
    assert audit_chain.read_receipt(tmp_path) == {}
    (tmp_path / audit_chain.RECEIPT).write_text("{}")
    with pytest.raises(Misconfigured):
        audit_chain.read_receipt(tmp_path)


@pytest.mark.core
@pytest.mark.parametrize("table", ["audit_entry", "audit_witness"])
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_database_refuses_to_change_the_audit(chain: Session, table: str, change: str) -> None:
    with pytest.raises(ProgrammingError, match="append-only"):
        chain.execute(text(change.format(table)))


@pytest.mark.core
def test_transactions_side_by_side_do_not_wait_for_each_other(engine: Engine) -> None:
    with transaction(engine) as first:
        audit.record(first, READ, NOW)
        with transaction(engine) as second:
            second.execute(text("SET LOCAL lock_timeout = '1s'"))
            audit.record(second, READ, NOW)
    with transaction(engine) as session:
        assert audit_chain.verify(session).is_whole
        assert len(audit_chain.verify(session).heads) == 2


def test_many_at_once_leave_whole_lanes(engine: Engine) -> None:
    def write() -> None:
        for _ in range(20):
            with transaction(engine) as session:
                audit.record(session, READ, NOW)
                audit.record(session, READ, NOW)

    _side_by_side(write, 5)
    with transaction(engine) as session:
        found = audit_chain.verify(session)
    assert found.is_whole
    assert found.entries == 200


def test_what_is_undone_leaves_no_entry_and_no_gap(engine: Engine) -> None:
    for _ in range(40):
        with Session(engine) as session:
            audit.record(session, READ, NOW)
            session.rollback()
    with transaction(engine) as session:
        audit.record(session, READ, NOW)
    with transaction(engine) as session:
        assert audit_chain.verify(session).entries == 1
        assert audit_chain.verify(session).is_whole


@pytest.mark.core
def test_origin_of_a_transaction_is_in_its_entries(session: Session) -> None:
    audit.comes_from(session, Origin("pages", "192.0.2.7", "Kampot hospital"))
    audit.record(session, READ, NOW)
    [entry] = audit_reports.entries(session, Wanted(), AUDITOR).entries
    assert (entry.door, entry.address, entry.for_whom) == ("pages", "192.0.2.7", "Kampot hospital")
    assert audit_chain.verify(session).is_whole


def test_texts_do_not_run_into_each_other() -> None:
    one = Access("ab", "c", "d", (12,), "e", ("x", "y"))
    others = [
        Access("a", "bc", "d", (12,), "e", ("x", "y")),
        Access("ab", "c", "d", (1, 2), "e", ("x", "y")),
        Access("ab", "c", "d", (12,), "e", ("xy",)),
        Access("ab", "c", "d", (12,), "e", ("x",), "y"),
    ]
    digests = {audit.content_digest(each, NOW) for each in (one, *others)}
    assert len(digests) == 5


def test_auditor_reads_page_by_page_and_is_recorded(chain: Session) -> None:
    first = audit_reports.entries(chain, Wanted(actor="clinic", count=3), AUDITOR)
    assert len(first.entries) == 3
    rest = audit_reports.entries(chain, Wanted(actor="clinic", before=first.next), AUDITOR)
    assert [entry.at for entry in rest.entries] == [NOW]
    assert rest.next is None
    recorded = audit_reports.entries(chain, Wanted(actor="auditor"), AUDITOR).entries
    assert {entry.action for entry in recorded} == {"read the audit"}
    assert {entry.purpose for entry in recorded} == {"yearly check"}


def test_listing_is_narrowed_by_time_door_and_person(chain: Session) -> None:
    hour = timedelta(hours=1)
    found = audit_reports.entries(chain, Wanted(since=NOW + hour, until=NOW + 3 * hour), AUDITOR)
    assert len(found.entries) == 2
    assert audit_reports.entries(chain, Wanted(door="pages"), AUDITOR).entries == []
    assert audit_reports.entries(chain, Wanted(person=9), AUDITOR).entries == []


def test_person_is_told_who_looked_under_any_sp_id_they_had(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO person (id, sp_id, merged_into) OVERRIDING SYSTEM VALUE "
            "VALUES (901, '1', NULL), (902, '2', 901), (903, '3', NULL)"
        )
    )
    for person in (901, 902, 903):
        actor = f"clinic {person}"
        audit.record(session, Access(actor, "read person", "care", (person,), "1 found"), NOW)
    found = audit_reports.looks(session, 901, AUDITOR)
    assert [look.actor for look in found] == ["clinic 902", "clinic 901"]


def _side_by_side(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
