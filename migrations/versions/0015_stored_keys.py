"""Stored keys of records; which step of the population and which keys an engine was made with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "keyed_record",
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("homes", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_keyed_record")),
    )
    op.create_table(
        "record_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "record_id", name=op.f("pk_record_key")),
    )
    op.create_table(
        "common_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_common_key")),
    )
    op.add_column("engine", sa.Column("step", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("engine", sa.Column("keys", sa.BigInteger(), server_default="0", nullable=False))
    op.alter_column("linkage_model", "used_at", nullable=True)
    op.execute("UPDATE linkage_model SET used_at = NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("UPDATE linkage_model SET used_at = trained_at WHERE used_at IS NULL")
    op.alter_column("linkage_model", "used_at", nullable=False)
    op.drop_column("engine", "keys")
    op.drop_column("engine", "step")
    op.drop_table("common_key")
    op.drop_table("record_key")
    op.drop_table("keyed_record")
