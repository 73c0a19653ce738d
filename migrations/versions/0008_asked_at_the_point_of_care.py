"""What questions at the point of care are found by: equity cards, and the ages of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_record_version_equity_card",
        "record_version",
        ["equity_card"],
        unique=False,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "ix_batch_linked",
        "batch",
        ["scheme", "finished_at"],
        unique=False,
        postgresql_where=sa.text("status = 'linked'"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_batch_linked", table_name="batch")
    op.drop_index("ix_record_version_equity_card", table_name="record_version")
