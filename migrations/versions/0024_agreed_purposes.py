"""What a client asks for, as agreed with it: recorded where its messages state no purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; clients of before state their purposes, or agree on one."""
    op.add_column("client", sa.Column("purpose", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("client", "purpose")
