"""Officers sign in with a password and a second factor only."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_column("officer", "subject")


def downgrade() -> None:
    """Take back."""
    op.add_column("officer", sa.Column("subject", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_officer_subject"), "officer", ["subject"])
