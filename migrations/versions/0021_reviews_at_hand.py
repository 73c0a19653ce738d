"""What officers' pages ask of reviews on every page: what an officer holds, and how much waits."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WAITING = "status IN ('open', 'second', 'disputed')"


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_review_claimed_by",
        "review",
        ["claimed_by"],
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
    op.create_index("ix_review_waiting", "review", ["status"], postgresql_where=sa.text(WAITING))


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_review_waiting", "review")
    op.drop_index("ix_review_claimed_by", "review")
