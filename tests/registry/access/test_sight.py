"""Row-level security: a session that asks for everything, past the policy, sees its own share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from registry.access import sight
from registry.access.principals import Principal
from registry.access.roles import Role
from registry.auditing import audit, audit_reports
from registry.auditing.audit import Access
from registry.auditing.audit_reports import Reading
from registry.database import connect, transaction
from registry.people import persons
from registry.people.persons import Change, ChangeKind

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PEOPLE = (
    "source_record", "record_version", "person", "link", "review", "decision", "finding",
    "scored_pair", "batch", "batch_file", "rejected_row", "staged_chunk", "engine_link",
    "opinion", "person_change", "decision_part", "batch_chunk",
)  # fmt: skip
WORLD = """
INSERT INTO batch (id, scheme, file_name, sha256, size, status) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'a.csv', '---a', 1, 'linked'), (2, 'nssf', 'b.csv', '---b', 1, 'linked');
INSERT INTO batch_file (batch_id, piece, content) VALUES (1, 0, 'x'), (2, 0, 'x');
INSERT INTO rejected_row VALUES (1, 9, '', ''), (2, 9, '', '');
INSERT INTO source_record (id, scheme, scheme_record_id) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'H1'), (2, 'nssf', 'N1'), (3, 'nssf', 'N2'), (4, 'hef', 'H2');
INSERT INTO record_version (record_id, batch_id, row, content_digest, as_sent, village)
VALUES (1, 1, 1, '', '', '25050408'), (2, 2, 1, '', '', '01020304'),
  (3, 2, 2, '', '', '02010101'), (4, 1, 2, '', '', '12010101');
INSERT INTO person (id, sp_id) OVERRIDING SYSTEM VALUE VALUES (1, '1'), (2, '2'), (3, '3');
INSERT INTO link (record_id, person_id, kind, model)
VALUES (1, 1, 'new', 'm'), (2, 2, 'new', 'm'), (3, 2, 'automatic', 'm'), (4, 3, 'new', 'm');
INSERT INTO review (left_record_id, right_record_id, weight, model, status)
VALUES (1, 4, 5, 'm', 'open'), (2, 4, 5, 'm', 'open');
SELECT setval(pg_get_serial_sequence('batch', 'id'), 100);
"""


@pytest.fixture
def world(engine: Engine) -> Engine:
    """Two lists of two people each, in four provinces; two reviews; an audit entry."""
    with transaction(engine) as session:
        session.connection().exec_driver_sql(WORLD)
        audit.record(session, Access("clinic", "read person", "care", (1,), "1 found"), NOW)
    return engine


@contextmanager
def seeing(engine: Engine, who: Principal | None) -> Iterator[Session]:
    with transaction(engine) as session:
        sight.narrow(session, sight.NOTHING if who is None else sight.of(who))
        yield session


def of(
    role: Role, *, scheme: str | None = None, provinces: frozenset[str] | None = None
) -> Principal:
    return Principal("officer", 1, "officer", frozenset({role}), scheme, provinces)


def counts(session: Session, *tables: str) -> dict[str, int]:
    return {
        table: int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
        for table in tables or PEOPLE
    }


def ids(session: Session, table: str, column: str = "id") -> set[int]:
    return set(session.scalars(text(f"SELECT {column} FROM {table}")))


@pytest.mark.core
@pytest.mark.parametrize(
    "who",
    [None, *map(of, (Role.NATIONAL_VIEWER, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR))],
    ids=["nobody", "national viewer", "system administrator", "auditor"],
)
def test_who_needs_nobodys_rows_sees_none(world: Engine, who: Principal | None) -> None:
    with seeing(world, who) as session:
        found = counts(session)
        if who is not None and Role.AUDITOR in who.roles:
            assert found.pop("person") == 3
        assert not any(found.values()), found


@pytest.mark.core
@pytest.mark.parametrize("role", [Role.HEALTH_PROVIDER, Role.DATA_OFFICER, Role.SUPERVISOR])
def test_who_may_ask_about_anybody_sees_everybody(world: Engine, role: Role) -> None:
    with seeing(world, of(role)) as session:
        assert counts(session, "source_record", "link", "person") == {
            "source_record": 4, "link": 4, "person": 3,
        }  # fmt: skip


@pytest.mark.core
def test_scheme_administrator_sees_the_own_scheme(world: Engine) -> None:
    with seeing(world, of(Role.SCHEME_ADMINISTRATOR, scheme="nssf")) as session:
        assert ids(session, "batch") == {2}
        assert ids(session, "batch_file", "batch_id") == {2}
        assert ids(session, "rejected_row", "batch_id") == {2}
        assert ids(session, "source_record") == {2, 3}
        assert ids(session, "record_version", "record_id") == {2, 3}
        assert ids(session, "person") == {2}
        assert counts(session, "review", "scored_pair") == {"review": 0, "scored_pair": 0}


@pytest.mark.core
def test_scheme_administrator_changes_no_other_scheme(world: Engine) -> None:
    add = (
        "INSERT INTO batch (scheme, file_name, sha256, size, status) "
        "VALUES ('{}', 'c.csv', 'c', 1, 'received')"
    )
    who = of(Role.SCHEME_ADMINISTRATOR, scheme="nssf")
    with seeing(world, who) as session:
        session.execute(text(add.format("nssf")))
        changed = session.execute(text("UPDATE batch SET status = 'cancelled' WHERE id = 1"))
        assert changed.rowcount == 0  # type: ignore[attr-defined] # an UPDATE's result
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(world, who) as session:
        session.execute(text(add.format("hef")))


@pytest.mark.core
def test_officer_of_a_province_sees_its_people_and_whom_they_may_be(world: Engine) -> None:
    """Of province 25: their record, and that of another province which may be the same person."""
    who = of(Role.DATA_OFFICER, provinces=frozenset({"25"}))
    with seeing(world, who) as session:
        assert ids(session, "record_version", "record_id") == {1, 4}
        assert ids(session, "review", "left_record_id") == {1}
        assert ids(session, "person") == {1, 3}


@pytest.mark.core
def test_officer_sees_all_records_of_a_person_of_the_province(world: Engine) -> None:
    who = of(Role.DATA_OFFICER, provinces=frozenset({"01", "05"}))
    with seeing(world, who) as session:
        assert ids(session, "source_record") == {2, 3, 4}


@pytest.mark.core
def test_auditor_reads_the_audit_and_nobody_else_does(world: Engine) -> None:
    with seeing(world, of(Role.AUDITOR)) as session:
        assert counts(session, "audit_entry") == {"audit_entry": 1}
    with seeing(world, of(Role.SYSTEM_ADMINISTRATOR)) as session:
        assert counts(session, "audit_entry") == {"audit_entry": 0}
    with pytest.raises(ProgrammingError), seeing(world, of(Role.DATA_OFFICER)) as session:
        counts(session, "audit_entry")


@pytest.mark.core
def test_officer_may_tell_a_person_who_looked(world: Engine) -> None:
    reading = Reading("officer", "asked by the person", NOW)
    with seeing(world, of(Role.DATA_OFFICER)) as session:
        assert [look.actor for look in audit_reports.looks(session, 1, reading)] == ["clinic"]
        assert session.scalar(text("SELECT current_user")) == "registry_people"


@pytest.mark.core
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_OFFICER])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET purpose = ''",
        "DELETE FROM audit_witness",
        "INSERT INTO audit_witness VALUES (1, 1, '')",
        "ALTER TABLE audit_entry DISABLE TRIGGER append_only",
        "SET session_replication_role = replica",
    ],
)
def test_audit_is_only_ever_appended_to(world: Engine, role: Role, change: str) -> None:
    with pytest.raises(ProgrammingError), seeing(world, of(role)) as session:
        session.execute(text(change))


@pytest.mark.core
def test_who_reads_people_reads_no_secrets(world: Engine) -> None:
    for table in ("officer", "recovery_code", "web_session", "signing_key"):
        with pytest.raises(ProgrammingError), seeing(world, of(Role.HEALTH_PROVIDER)) as session:
            counts(session, table)


@pytest.mark.core
def test_sight_ends_with_the_transaction(world: Engine) -> None:
    with world.connect() as connection:
        with Session(connection) as session:
            sight.narrow(session, sight.EVERYBODY)
            assert session.scalar(text("SELECT current_user")) == "registry_people"
            session.rollback()
        assert connection.scalar(text("SELECT current_user")) == "postgres"
        assert not connection.scalar(text("SELECT current_setting('registry.scheme', true)"))


@pytest.mark.core
def test_sight_holds_in_every_transaction_of_a_session(world: Engine) -> None:
    with Session(world) as session:
        sight.narrow(session, sight.NOTHING)
        for _ in range(2):
            assert counts(session, "source_record") == {"source_record": 0}
            session.commit()


@pytest.mark.core
def test_widened_sight_is_narrow_again_behind_the_block(world: Engine) -> None:
    with seeing(world, None) as session:
        with sight.widened(session):
            assert counts(session, "source_record") == {"source_record": 4}
        assert counts(session, "source_record") == {"source_record": 0}


@pytest.mark.core
def test_narrowed_session_still_copies_rows(world: Engine) -> None:
    change = Change(1, ChangeKind.MERGED, 2)
    with seeing(world, of(Role.DATA_OFFICER)) as session:
        persons.write_changes(session, [change], at=NOW, actor="officer", decision=None)
        assert counts(session, "person_change") == {"person_change": 1}


@pytest.mark.core
def test_login_that_is_only_a_member_is_enough_for_requests(world: Engine) -> None:
    """The API may work as a login of its own, which cannot leave its roles."""
    login = f"registry_login_{make_url(str(world.url)).database}"
    with world.begin() as connection:
        connection.execute(text(f'CREATE ROLE "{login}" LOGIN NOINHERIT'))
        connection.execute(text(f'GRANT registry_api, registry_people TO "{login}"'))
    limited = connect(world.url.set(username=login).render_as_string(hide_password=False))
    try:
        with seeing(limited, of(Role.SCHEME_ADMINISTRATOR, scheme="nssf")) as session:
            assert ids(session, "source_record") == {2, 3}
            audit.record(session, Access("nssf", "read", "care", (), ""), NOW)
        with pytest.raises(ProgrammingError), transaction(limited) as session:
            counts(session, "source_record")
    finally:
        limited.dispose()
        with world.begin() as connection:
            connection.execute(text(f'DROP ROLE "{login}"'))


@pytest.mark.core
@pytest.mark.parametrize("who", [of(Role.HEALTH_PROVIDER)], ids=["health provider"])
def test_lookup_by_number_still_uses_its_index(world: Engine, who: Principal) -> None:
    with seeing(world, who) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for query in (
            "SELECT * FROM record_version WHERE national_id_hash = '1' AND superseded_at IS NULL",
            "SELECT * FROM source_record WHERE scheme = 'hef' AND scheme_record_id = 'H1'",
            "SELECT * FROM person WHERE sp_id = '1'",
        ):
            plan = "\n".join(session.scalars(text(f"EXPLAIN {query}")))
            assert "Index" in plan
            assert "SubPlan" not in plan
            assert "InitPlan" not in plan
