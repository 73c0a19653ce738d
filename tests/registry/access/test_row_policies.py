"""Every table has a decision on who sees its rows: a policy of its own, or a reason for none."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from registry.access import sight
from registry.access.principals import Principal
from registry.access.roles import Role
from registry.access.sight import Sight
from registry.database import transaction
from registry.schema import METADATA

NOW = datetime.now(UTC)
NOBODYS_DATA = {
    "engine": "what the engine did last: which model, how far",
    "figure_snapshot": "counts, hidden where they are small when they are shown",
    "use_count": "how often clients and officers ask",
    "linkage_model": "weights of comparisons",
    "data_key": "keys of values, sealed under the master key",
    "message_key": "public keys, and private ones sealed under the master key",
}
"""Tables without a policy, and why: they hold data of no person and of no owner."""
AT_THE_DOOR = frozenset(
    {
        "client", "officer", "officer_identity", "recovery_code", "sign_in_attempt", "signing_key",
        "used_assertion", "web_session",
    }
)  # fmt: skip
"""Tables of who may come in, read before it is known who asks; closed to who reads people."""
CLOSED = AT_THE_DOOR - {"client"}
POLICED = """
SELECT c.relname, array_agg(DISTINCT role.rolname) FROM pg_class c
JOIN pg_policy p ON p.polrelid = c.oid JOIN pg_roles role ON role.oid = ANY (p.polroles)
WHERE c.relrowsecurity GROUP BY c.relname
"""


@pytest.mark.core
def test_every_table_is_decided_on(engine: Engine) -> None:
    with engine.connect() as connection:
        policed = {row[0] for row in connection.execute(text(POLICED))}
    undecided = set(METADATA.tables) - policed - NOBODYS_DATA.keys() - AT_THE_DOOR
    assert not undecided, f"say who sees the rows of {sorted(undecided)}"
    assert not policed & (NOBODYS_DATA.keys() | AT_THE_DOOR)
    assert METADATA.tables.keys() >= NOBODYS_DATA.keys() | AT_THE_DOOR


@pytest.mark.core
def test_no_request_sees_a_row_of_a_policed_table_by_default(engine: Engine) -> None:
    """Both roles are named in the policies of each, or have no right to the table at all."""
    with engine.connect() as connection:
        for table, roles in connection.execute(text(POLICED)).all():
            for role in ("registry_api", "registry_people"):
                may = connection.scalar(
                    text("SELECT has_table_privilege(:role, :table, 'SELECT')"),
                    {"role": role, "table": table},
                )
                assert role in roles or not may, (table, role)


@pytest.mark.core
def test_who_reads_people_reads_nothing_of_the_door(engine: Engine) -> None:
    with engine.connect() as connection:
        for table in CLOSED:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                asked = text("SELECT has_table_privilege('registry_people', :table, :right)")
                found = connection.scalar(asked, {"table": table, "right": right})
                assert found is False, (table, right)


ROWS = """
INSERT INTO client (id, name, role, token_sha256) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'scheme_administrator', 'a'), (2, 'nssf', 'scheme_administrator', 'b');
INSERT INTO kept_answer (caller, key, request_digest) VALUES ('client 1', 'k', ''),
  ('client 2', 'k', ''), ('officer 1', 'k', ''), ('client 11', 'k', '');
INSERT INTO upload (id, sent_by, scheme, mode, file_name, size, expires_at)
SELECT number, 'client ' || number || ' name', scheme, 'delta', 'a.csv', 1, now()
FROM (VALUES (1, 'hef'), (2, 'nssf'), (11, 'hef')) AS v (number, scheme);
INSERT INTO upload_part SELECT id, 0, 'x' FROM upload;
INSERT INTO scheme_layout VALUES ('hef', '{}', now(), ''), ('nssf', '{}', now(), '');
INSERT INTO partner (client_id) VALUES (1), (2);
INSERT INTO exchange (id, client_id, message_id, correlation_id, transaction_id, kind, requests, at)
OVERRIDING SYSTEM VALUE
VALUES (1, 1, 'm', 'c1', 't', '', '[]', now()), (2, 2, 'm', 'c2', 't', '', '[]', now());
INSERT INTO delivery (client_id, exchange_id, status, queued_at)
SELECT client_id, id, 'kept', now() FROM exchange;
INSERT INTO subscription (code, client_id, happening, asked, address, began_at, link_seen,
  version_seen)
SELECT client_id, client_id, 'registered', '', '', now(), 0, 0 FROM partner;
INSERT INTO record_key VALUES (1, 1); INSERT INTO common_key VALUES (1, 1);
INSERT INTO keyed_record VALUES (1, 1, '{}', '{}');
"""
OWNED = (
    "kept_answer", "upload", "upload_part", "scheme_layout", "partner", "exchange", "delivery",
    "subscription",
)  # fmt: skip
DIGESTS = ("record_key", "common_key", "keyed_record")
HEF = Principal("client", 1, "hef", frozenset({Role.SCHEME_ADMINISTRATOR}), "hef")
BOTH = frozenset({Role.SCHEME_ADMINISTRATOR, Role.DATA_OFFICER})
VIEWER = Principal("client", 3, "viewer", frozenset({Role.NATIONAL_VIEWER}))


def seen(engine: Engine, how: Sight, tables: tuple[str, ...]) -> set[int]:
    """How many rows of each table are seen."""
    with transaction(engine) as session:
        sight.narrow(session, how)
        return {session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables}


@pytest.mark.core
def test_owners_see_their_own_and_nothing_else(engine: Engine) -> None:
    with transaction(engine) as session:
        session.connection().exec_driver_sql(ROWS)
    both = Principal("client", 1, "hef", BOTH, "hef")
    for who in (HEF, both):
        assert seen(engine, sight.of(who), OWNED) == {1}, who.roles
    for how in (sight.NOTHING, sight.EVERYBODY, sight.of(VIEWER)):
        assert seen(engine, how, OWNED) == {0}, how


@pytest.mark.core
def test_digests_of_people_are_for_who_may_look_for_people(engine: Engine) -> None:
    with transaction(engine) as session:
        session.connection().exec_driver_sql(ROWS)
    officer = Principal(
        "officer", 1, "o", frozenset({Role.DATA_OFFICER}), provinces=frozenset({"01"})
    )
    assert seen(engine, sight.of(officer), DIGESTS) == {1}
    assert seen(engine, sight.EVERYBODY, DIGESTS) == {1}
    for who in (HEF, VIEWER):
        assert seen(engine, sight.of(who), DIGESTS) == {0}
