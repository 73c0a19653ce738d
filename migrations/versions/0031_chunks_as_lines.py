"""Statements wait as the lines in which they are taken, a row for each chunk of a batch.

How long taking takes is noted, for progress. Lists that are being read, or are held, when this
comes are read anew: their files are kept, and nothing of them was taken.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TEXTS = (
    "family_khmer", "given_khmer", "name_khmer", "family_latin", "given_latin", "name_latin",
    "sex", "birth_date", "village", "national_id", "birth_certificate", "equity_card", "phone",
    "household", "relationship", "mother", "stated_on", "enrolment_number",
    "enrolment_household", "enrolment_category",
)  # fmt: skip
FORGET = (
    """DELETE FROM batch_chunk c USING batch b
    WHERE b.id = c.batch_id AND b.status IN ('received', 'held')""",
    """DELETE FROM rejected_row x USING batch b
    WHERE b.id = x.batch_id AND b.status IN ('received', 'held')""",
    """UPDATE batch SET status = 'received', read_at = NULL, confirmed_at = NULL, rows_read = 0,
    rows_rejected = 0, records_ending = 0 WHERE status IN ('received', 'held')""",
)
OF_SCHEME = (
    "EXISTS (SELECT FROM batch b WHERE b.id = {table}.batch_id AND b.scheme ="
    " (SELECT nullif(current_setting('registry.scheme', true), '')))"
)


def upgrade() -> None:
    """Apply."""
    for statement in FORGET:
        op.execute(statement)
    op.drop_table("staged_statement")
    op.create_table(
        "staged_chunk",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_staged_chunk")),
    )
    op.execute("ALTER TABLE staged_chunk ALTER COLUMN lines SET STORAGE EXTERNAL")
    _show_to_its_scheme("staged_chunk")
    op.add_column("batch", sa.Column("taking_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "batch_chunk",
        sa.Column("taking_seconds", sa.Double(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    for statement in FORGET:
        op.execute(statement)
    op.drop_column("batch_chunk", "taking_seconds")
    op.drop_column("batch", "taking_since")
    op.drop_table("staged_chunk")
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "staged_statement",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("scheme_record_id", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("as_sent", json, nullable=False),
        sa.Column("warnings", json, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in TEXTS),
        sa.Column("enrolment_valid_from", sa.Date(), nullable=True),
        sa.Column("enrolment_valid_until", sa.Date(), nullable=True),
        sa.Column("enrolment_status", sa.Text(), nullable=True),
    )
    _show_to_its_scheme("staged_statement")


def _show_to_its_scheme(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY people ON {table} TO registry_people USING (true)")
    op.execute(
        f"CREATE POLICY scope ON {table} TO registry_api USING ({OF_SCHEME.format(table=table)})"
    )
