"""Words of names are stored as they were analysed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: what is empty until now is filled when records are linked the next time."""
    op.add_column(
        "name_word", sa.Column("analysed", sa.LargeBinary(), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("name_word", "analysed")
