"""Limits: how often somebody asked; counts that a crash may forget."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "use_count",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("who", "what", "ends_at", name=op.f("pk_use_count")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("use_count")
