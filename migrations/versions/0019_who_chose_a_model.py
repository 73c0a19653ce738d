"""Whether people or the registry chose a model."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: those in use until now were people's choice."""
    op.add_column(
        "linkage_model",
        sa.Column(
            "chosen_by_people", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    op.execute("UPDATE linkage_model SET chosen_by_people = true WHERE used_at IS NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.drop_column("linkage_model", "chosen_by_people")
