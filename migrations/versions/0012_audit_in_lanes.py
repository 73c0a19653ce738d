"""The audit in lanes, of which each transaction takes a free one, with witnesses and more to say.

Entries of before are chained anew, in the order in which they were written.
"""

import hashlib
from datetime import UTC

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APPEND = """
CREATE FUNCTION audit_append(
  p_at timestamptz, p_actor text, p_for_whom text, p_action text, p_which text[], p_purpose text,
  p_persons bigint[], p_outcome text, p_door text, p_address text, p_content text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  lanes CONSTANT int := 32;
  key CONSTANT int := 20261125;
  taken int := nullif(current_setting('registry.audit_lane', true), '')::int;
  start int := floor(random() * lanes);
  last record;
  place bigint;
  digest text;
BEGIN
  FOR step IN 0 .. lanes - 1 LOOP
    EXIT WHEN taken IS NOT NULL;
    IF pg_try_advisory_xact_lock(key, (start + step) % lanes) THEN
      taken := (start + step) % lanes;
    END IF;
  END LOOP;
  taken := coalesce(taken, start);
  PERFORM pg_advisory_xact_lock(key, taken);
  PERFORM set_config('registry.audit_lane', taken::text, true);
  SELECT e.position, e.hash INTO last FROM audit_entry e WHERE e.lane = taken
  ORDER BY e.position DESC LIMIT 1;
  place := coalesce(last.position, 0) + 1;
  digest := encode(sha256(convert_to(
    taken || ':' || place || ':' || coalesce(last.hash, repeat('0', 64)) || ':' || p_content, 'UTF8'
  )), 'hex');
  INSERT INTO audit_entry (lane, "position", at, actor, for_whom, action, which, purpose, persons,
    outcome, door, address, hash)
  VALUES (taken, place, p_at, p_actor, p_for_whom, p_action, p_which, p_purpose, p_persons,
    p_outcome, p_door, p_address, digest);
  INSERT INTO audit_witness (lane, "position", hash) VALUES (taken, place, digest);
END $$
"""
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege'; END $$
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
"""
BEFORE = "SELECT at, actor, action, purpose, persons, outcome FROM audit_entry ORDER BY id"
AGAIN = """
SELECT audit_append(:at, :actor, '', :action, '{}', :purpose, CAST(:persons AS bigint[]), :outcome,
  '', '', :content)
"""


def upgrade() -> None:
    """Apply."""
    before = [dict(row) for row in op.get_bind().execute(sa.text(BEFORE)).mappings()]
    op.drop_table("audit_entry")
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("which", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("persons", postgresql.ARRAY(sa.BIGINT()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("lane", "position", name=op.f("uq_audit_entry_lane")),
    )
    op.create_index("ix_audit_entry_persons", "audit_entry", ["persons"], postgresql_using="gin")
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor", "id"])
    op.create_table(
        "audit_witness",
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "position", name=op.f("pk_audit_witness")),
    )
    for statement in (APPEND, REFUSE):
        op.execute(statement)
    for table in ("audit_entry", "audit_witness"):
        op.execute(GUARD.format(table=table))
    for entry in before:
        op.get_bind().execute(sa.text(AGAIN), {**entry, "content": _content(entry)})


def downgrade() -> None:
    """Take back; entries go."""
    op.drop_table("audit_witness")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION audit_append, audit_refuse")
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("persons", postgresql.ARRAY(sa.BIGINT()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )


def _content(entry: dict[str, object]) -> str:
    """The digest of an entry's content, as the application made it when this was written."""
    at, persons = entry["at"], entry["persons"]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    texts = [
        moment, entry["actor"], "", entry["action"], "0", entry["purpose"], str(len(persons)),
        *map(str, persons), entry["outcome"], "", "",
    ]  # fmt: skip
    packed = b"".join(b"%d:%b" % (len(raw), raw) for raw in (text.encode() for text in texts))
    return hashlib.sha256(packed).hexdigest()
