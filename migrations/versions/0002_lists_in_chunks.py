"""Lists taken in chunks, and the queue of jobs.

The queue's tables are those of the locked version of procrastinate, from its own package. When that
version is raised, a later migration applies what the package says has changed since.
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JOIN_PIECES = """
UPDATE batch_file SET content = whole.content FROM (
  SELECT batch_id, string_agg(content, ''::bytea ORDER BY piece) AS content
  FROM batch_file GROUP BY batch_id
) AS whole
WHERE batch_file.batch_id = whole.batch_id AND piece = 0
"""
DROP_QUEUE = """
DO $$
DECLARE found record;
BEGIN
  DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
  FOR found IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\\_%'
  LOOP EXECUTE 'DROP FUNCTION ' || found.name; END LOOP;
  DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type;
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "batch_chunk",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("rows_accepted", sa.BigInteger(), nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_chunk_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_chunk")),
    )
    op.create_table(
        "staged_statement",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("scheme_record_id", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("as_sent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("family_khmer", sa.Text(), nullable=True),
        sa.Column("given_khmer", sa.Text(), nullable=True),
        sa.Column("name_khmer", sa.Text(), nullable=True),
        sa.Column("family_latin", sa.Text(), nullable=True),
        sa.Column("given_latin", sa.Text(), nullable=True),
        sa.Column("name_latin", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("village", sa.Text(), nullable=True),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("birth_certificate", sa.Text(), nullable=True),
        sa.Column("equity_card", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("household", sa.Text(), nullable=True),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("mother", sa.Text(), nullable=True),
        sa.Column("stated_on", sa.Text(), nullable=True),
        sa.Column("enrolment_number", sa.Text(), nullable=True),
        sa.Column("enrolment_household", sa.Text(), nullable=True),
        sa.Column("enrolment_category", sa.Text(), nullable=True),
        sa.Column("enrolment_valid_from", sa.Date(), nullable=True),
        sa.Column("enrolment_valid_until", sa.Date(), nullable=True),
        sa.Column("enrolment_status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_staged_statement_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_staged_statement")),
    )
    op.add_column(
        "batch",
        sa.Column(
            "mode",
            sa.Enum("delta", "snapshot", name="mode", native_enum=False, length=32),
            server_default="delta",
            nullable=False,
        ),
    )
    op.add_column("batch", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch", sa.Column("parsed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch", sa.Column("rows_expected", sa.BigInteger(), nullable=True))
    op.add_column(
        "batch", sa.Column("records_ending", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.drop_index(
        op.f("uq_batch_file"),
        table_name="batch",
        postgresql_where="((status)::text <> 'failed'::text)",
    )
    op.create_index(
        "uq_batch_file",
        "batch",
        ["scheme", "sha256", "mode"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('failed', 'cancelled')"),
    )
    op.add_column(
        "batch_file", sa.Column("piece", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("batch_file", "piece", server_default=None)
    op.drop_constraint("pk_batch_file", "batch_file", type_="primary")
    op.create_primary_key("pk_batch_file", "batch_file", ["batch_id", "piece"])
    op.execute("ALTER TABLE batch_file ALTER COLUMN content SET STORAGE EXTERNAL")
    op.add_column("record_version", sa.Column("departed_in", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_record_version_departed_in"), "record_version", "batch", ["departed_in"], ["id"]
    )
    _run(SchemaManager.get_schema())


def downgrade() -> None:
    """Take back."""
    _run(DROP_QUEUE)
    op.drop_constraint(op.f("fk_record_version_departed_in"), "record_version", type_="foreignkey")
    op.drop_column("record_version", "departed_in")
    op.execute(JOIN_PIECES)
    op.execute("DELETE FROM batch_file WHERE piece > 0")
    op.drop_constraint("pk_batch_file", "batch_file", type_="primary")
    op.drop_column("batch_file", "piece")
    op.create_primary_key("pk_batch_file", "batch_file", ["batch_id"])
    op.execute("ALTER TABLE batch_file ALTER COLUMN content SET STORAGE EXTENDED")
    op.drop_index(
        "uq_batch_file",
        table_name="batch",
        postgresql_where=sa.text("status NOT IN ('failed', 'cancelled')"),
    )
    op.create_index(
        op.f("uq_batch_file"),
        "batch",
        ["scheme", "sha256"],
        unique=True,
        postgresql_where="((status)::text <> 'failed'::text)",
    )
    op.drop_column("batch", "records_ending")
    op.drop_column("batch", "rows_expected")
    op.drop_column("batch", "parsed_at")
    op.drop_column("batch", "confirmed_at")
    op.drop_column("batch", "read_at")
    op.drop_column("batch", "mode")
    op.drop_table("staged_statement")
    op.drop_table("batch_chunk")


def _run(script: str) -> None:
    """Run statements as they are, their percent signs included."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
