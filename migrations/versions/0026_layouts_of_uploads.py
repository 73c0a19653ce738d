"""What the sender of a file in parts says of its layout."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("upload", sa.Column("layout", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("upload", "layout")
