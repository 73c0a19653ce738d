"""Row-level security under the policy: the roles that requests work as, and what each row asks.

The roles are shared by all databases of a server. Whoever migrates must be allowed to make roles,
or find them made: `registry_api` and `registry_people`, NOLOGIN, with itself as a member of both.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROLES = ("registry_api", "registry_people")
MAKE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    BEGIN CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END IF;
  IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
    EXECUTE format('GRANT {role} TO %I', current_user);
  END IF;
END $$
"""
ROWS = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT " + ROWS + " ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT " + ROWS + " ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON audit_entry, audit_witness FROM {role}",
    "REVOKE ALL ON alembic_version FROM {role}",
    "GRANT EXECUTE ON FUNCTION audit_append TO {role}",
)
CLOSED_TO_PEOPLE = (
    "REVOKE ALL ON audit_entry, audit_witness, officer, recovery_code, web_session, signing_key, "
    "used_assertion FROM registry_people"
)
IN_PROVINCES = """
CREATE FUNCTION registry_is_near(record bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT FROM record_version v WHERE v.record_id = record
    AND v.superseded_at IS NULL AND left(v.village, 2)
      = ANY (string_to_array(current_setting('registry.provinces', true), ',')))
$$
"""
SEES = """
CREATE FUNCTION registry_sees(record bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT registry_is_near(record) OR EXISTS (
    SELECT FROM review r WHERE r.status IN ('open', 'second', 'disputed') AND (
      (r.left_record_id = record AND registry_is_near(r.right_record_id))
      OR (r.right_record_id = record AND registry_is_near(r.left_record_id)))
  ) OR EXISTS (
    SELECT FROM link mine JOIN link theirs ON theirs.person_id = mine.person_id
    WHERE mine.record_id = record AND mine.superseded_at IS NULL
    AND theirs.superseded_at IS NULL AND registry_is_near(theirs.record_id))
$$
"""
SCHEME = "(SELECT nullif(current_setting('registry.scheme', true), ''))"
SOME = "(SELECT nullif(current_setting('registry.provinces', true), '') IS NOT NULL)"
AUDIT = "(SELECT coalesce(current_setting('registry.audit', true), '') = 'yes')"
OF_SCHEME = (
    "EXISTS (SELECT FROM source_record s WHERE s.id = {table}.record_id AND s.scheme = "
    + SCHEME
    + ")"
)
OF_BATCH = (
    "EXISTS (SELECT FROM batch b WHERE b.id = {table}.batch_id AND b.scheme = " + SCHEME + ")"
)
OF_RECORD = f"({OF_SCHEME}) OR ({SOME} AND registry_sees(record_id))"
OF_PAIR = f"{SOME} AND (registry_is_near(left_record_id) OR registry_is_near(right_record_id))"
OF_PERSON = "EXISTS (SELECT FROM link l WHERE l.person_id = {table}.person_id)"
POLICIES = {
    "source_record": f"scheme = {SCHEME} OR ({SOME} AND registry_sees(id))",
    "record_version": OF_RECORD,
    "link": OF_RECORD,
    "engine_link": f"{SOME} AND registry_sees(record_id)",
    "person": f"{AUDIT} OR EXISTS (SELECT FROM link l WHERE l.person_id = person.id)",
    "person_change": OF_PERSON,
    "finding": OF_PERSON,
    "review": OF_PAIR,
    "decision": OF_PAIR,
    "decision_part": f"{SOME}",
    "opinion": "EXISTS (SELECT FROM review r WHERE r.id = review_id)",
    "scored_pair": f"{SOME}",
    "batch": f"scheme = {SCHEME}",
    "batch_file": OF_BATCH,
    "batch_chunk": OF_BATCH,
    "rejected_row": OF_BATCH,
    "staged_statement": OF_BATCH,
}


def upgrade() -> None:
    """Apply."""
    for role in ROLES:
        op.execute(MAKE_ROLE.format(role=role))
    signature = "text, text, text, text[], text, bigint[], text, text, text, text"
    op.execute(f"REVOKE ALL ON FUNCTION audit_append(timestamptz, {signature}) FROM PUBLIC")
    for role in ROLES:
        for grant in GRANTS:
            op.execute(grant.format(role=role))
    op.execute(CLOSED_TO_PEOPLE)
    op.execute(IN_PROVINCES)
    op.execute(SEES)
    for table, visible in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY people ON {table} TO registry_people USING (true)")
        op.execute(
            f"CREATE POLICY scope ON {table} TO registry_api USING ({visible.format(table=table)})"
        )
    for table in ("audit_entry", "audit_witness"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY auditor ON {table} FOR SELECT TO registry_api USING ({AUDIT})")


def downgrade() -> None:
    """Take back; the roles stay, for other databases may use them."""
    for table in ("audit_entry", "audit_witness"):
        op.execute(f"DROP POLICY auditor ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in POLICIES:
        op.execute(f"DROP POLICY scope ON {table}")
        op.execute(f"DROP POLICY people ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION registry_sees, registry_is_near")
    for role in ROLES:
        op.execute(f"DROP OWNED BY {role}")
