"""Chunks wait as the rows of their file, sealed as a whole, not as lines for the database.

Lists that are being read, or are held, when this comes keep what is said of them. Who takes them up
finds none of their rows, and reads their files anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

FORGET = (
    """DELETE FROM batch_chunk c USING batch b
    WHERE b.id = c.batch_id AND b.status IN ('received', 'held')""",
    """DELETE FROM rejected_row x USING batch b
    WHERE b.id = x.batch_id AND b.status IN ('received', 'held')""",
    """UPDATE batch SET status = 'received', read_at = NULL, confirmed_at = NULL, rows_read = 0,
    rows_rejected = 0, records_ending = 0 WHERE status IN ('received', 'held')""",
)


def upgrade() -> None:
    """Apply."""
    _put("lines", "rows")


def downgrade() -> None:
    """Take back."""
    for statement in FORGET:
        op.execute(statement)
    _put("rows", "lines")


def _put(old: str, new: str) -> None:
    op.execute("TRUNCATE staged_chunk")
    op.drop_column("staged_chunk", old)
    op.add_column("staged_chunk", sa.Column(new, sa.LargeBinary(), nullable=False))
    op.execute(f"ALTER TABLE staged_chunk ALTER COLUMN {new} SET STORAGE EXTERNAL")
