"""Who holds a birth certificate is found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NAME = "ix_record_version_birth_certificate"


def upgrade() -> None:
    """Apply."""
    op.create_index(
        NAME, "record_version", ["birth_certificate"], unique=False,
        postgresql_where=sa.text("superseded_at IS NULL AND birth_certificate IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, table_name="record_version")
