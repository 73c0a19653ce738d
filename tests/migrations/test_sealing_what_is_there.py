"""A registry from before values were sealed: all of it is sealed, and opens again."""

import hashlib

import pytest
from sqlalchemy import Engine, text

from registry import key_holder
from registry.database import transaction, upgrade
from tests.registry.all_that_is_held import places_of
from tests.registry.sealed_rows import opened

NUMBER, PHONE, BIRTH, WRONG = "173905286", "+855967412385", "4471923085", "17390528"
MARKS = [NUMBER, "967412385", BIRTH, WRONG]
CONTENT = hashlib.sha256(b"a row").hexdigest()
BEFORE = f"""
INSERT INTO batch (id, scheme, file_name, sha256, size, status) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'a.csv', '{CONTENT}', 1, 'linked'), (2, 'hef', 'b.csv', 'b', 1, 'received');
INSERT INTO batch_file (batch_id, piece, content) VALUES (1, 0, 'P1,{NUMBER}'), (1, 1, '');
INSERT INTO batch_chunk (batch_id, number, last_row, rows_read, rows_accepted, rows_rejected,
  seconds, problems) VALUES (1, 1, 2, 1, 1, 0, 1, '[{{"value": "{WRONG}"}}]');
INSERT INTO staged_chunk VALUES (2, 1, '{NUMBER}');
INSERT INTO rejected_row VALUES (1, 9, '{{"national_id": "{NUMBER}"}}', '[{{"value": "{WRONG}"}}]');
INSERT INTO source_record (id, scheme, scheme_record_id) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'H1'), (2, 'hef', 'H2');
INSERT INTO record_version (record_id, batch_id, row, content_sha256, as_sent, warnings,
  national_id, phone, birth_certificate)
VALUES (1, 1, 1, '{CONTENT}', '{{"phone": "{PHONE}\\t\\\\"}}', '[]', '{NUMBER}', '{PHONE}', NULL),
  (2, 1, 2, '{CONTENT}', '{{}}', '[{{"value": "{WRONG}"}}]', NULL, NULL, '{BIRTH}');
INSERT INTO person (id, sp_id) OVERRIDING SYSTEM VALUE VALUES (1, '1');
INSERT INTO finding (kind, person_id, cause, evidence, opened_at)
VALUES ('national_id_of_two', 1, '{NUMBER}', '[]', now()),
  ('birth_claimed_twice', 1, '{BIRTH}', '[]', now()),
  ('birth_claimed_twice', 1, 'cases', '[]', now());
INSERT INTO keyed_record (record_id, version_id, keys, homes) VALUES (1, 1, '{{}}', '{{}}');
INSERT INTO client (id, name, role, token_sha256) OVERRIDING SYSTEM VALUE
VALUES (1, 'hef', 'scheme_administrator', 'a');
INSERT INTO kept_answer (caller, key, request_sha256, body)
VALUES ('client 1', 'k', '{CONTENT}', '{{"n": "{NUMBER}"}}');
INSERT INTO upload (id, sent_by, scheme, mode, file_name, size, expires_at)
VALUES ('u', 'client 1', 'hef', 'delta', 'a.csv', 1, now());
INSERT INTO upload_part (upload_id, start, content) VALUES ('u', 0, '{NUMBER}');
INSERT INTO delivery (client_id, status, queued_at, body)
VALUES (1, 'kept', now(), '{{"n": "{NUMBER}"}}'), (1, 'delivered', now(), NULL);
INSERT INTO subscription (code, client_id, happening, asked, address, began_at, link_seen,
  version_seen) VALUES ('c', 1, 'registered', '{{"n": "{NUMBER}"}}', '', now(), 0, 0);
"""
VERSIONS = """
SELECT as_sent, warnings, national_id, phone, birth_certificate FROM record_version ORDER BY id
"""
FIELDS = {name: name for name in ("as_sent", "national_id", "phone", "birth_certificate")}


@pytest.mark.core
def test_what_is_there_is_sealed_and_opened_again(engine: Engine) -> None:
    upgrade(engine, "base")
    upgrade(engine, "0032")
    with transaction(engine) as session:
        session.connection().exec_driver_sql(BEFORE.replace("%", "%%"))
        before = session.execute(text(VERSIONS)).all()
    assert {mark for _, _, mark in places_of(engine, MARKS)} == set(MARKS)
    upgrade(engine, "0033")
    key_holder.of(engine).read_again()
    assert places_of(engine, MARKS) == set()
    assert opened(engine, VERSIONS, warnings="problems", **FIELDS) == [
        ({"phone": f"{PHONE}\t\\"}, None, NUMBER, PHONE, None),
        ({}, [{"value": WRONG}], None, None, BIRTH),
    ]
    files = opened(engine, "SELECT content FROM batch_file ORDER BY piece", content="list")
    assert files == [(f"P1,{NUMBER}",), ("",)]
    assert opened(engine, "SELECT body FROM kept_answer", body="answer") == [({"n": NUMBER},)]
    sealer = key_holder.of(engine).sealer()
    with engine.connect() as connection:
        digests = connection.execute(text("SELECT DISTINCT content_digest FROM record_version"))
        assert [bytes(one) for (one,) in digests] == [sealer.digest(b"a row")]
        causes = set(connection.scalars(text("SELECT cause FROM finding")))
        assert sealer.hash(NUMBER, "national_id").hex() in causes
        assert "cases" in causes
        assert connection.scalar(text("SELECT count(*) FROM keyed_record")) == 0
    upgrade(engine, "-1")
    with engine.connect() as connection:
        assert connection.execute(text(VERSIONS)).all() == before
        assert connection.scalar(text("SELECT sha256 FROM batch WHERE id = 1")) == CONTENT
