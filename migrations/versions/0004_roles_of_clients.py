"""Roles of clients."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; a client that was there before may ask for eligibility, and no more."""
    op.add_column(
        "client",
        sa.Column("role", sa.String(32), server_default="health_provider", nullable=False),
    )
    op.add_column("client", sa.Column("scheme", sa.Text(), nullable=True))
    op.add_column("client", sa.Column("facility", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("client", "facility")
    op.drop_column("client", "scheme")
    op.drop_column("client", "role")
