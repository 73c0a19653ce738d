"""How a list is laid out: as its sender says, and as was confirmed for its scheme before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STANDS = sa.text("status NOT IN ('failed', 'cancelled')")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "scheme_layout",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", name=op.f("pk_scheme_layout")),
    )
    op.add_column("batch", sa.Column("sent_by", sa.Text(), server_default="", nullable=False))
    op.add_column("batch", sa.Column("layout", postgresql.JSONB(), nullable=True))
    op.add_column("batch", sa.Column("layout_digest", sa.Text(), server_default="", nullable=False))
    op.add_column("batch", sa.Column("understanding", postgresql.JSONB(), nullable=True))
    op.drop_index("uq_batch_file", table_name="batch", postgresql_where=STANDS)
    op.create_index(
        "uq_batch_file",
        "batch",
        ["scheme", "sha256", "mode", "layout_digest"],
        unique=True,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("uq_batch_file", table_name="batch", postgresql_where=STANDS)
    op.create_index(
        "uq_batch_file", "batch", ["scheme", "sha256", "mode"], unique=True, postgresql_where=STANDS
    )
    op.drop_column("batch", "understanding")
    op.drop_column("batch", "layout_digest")
    op.drop_column("batch", "layout")
    op.drop_column("batch", "sent_by")
    op.drop_table("scheme_layout")
