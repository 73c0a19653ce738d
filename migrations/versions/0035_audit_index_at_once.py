"""Let the audit's index of persons be written at once, entry by entry.

Otherwise entries wait in a list of the index, and whoever's entry makes it too long puts all of
them in their places first: a tenth of a second for an answer, and more on a slow machine.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER INDEX ix_audit_entry_persons SET (fastupdate = off)")
    op.execute("SELECT gin_clean_pending_list('ix_audit_entry_persons')")


def downgrade() -> None:
    """Take back."""
    op.execute("ALTER INDEX ix_audit_entry_persons RESET (fastupdate)")
