"""Words that officers take back; indexes for an officer's own work and for households."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CURRENT = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.add_column("opinion", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_opinion_standing",
        "opinion",
        ["review_id", "officer"],
        unique=True,
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.drop_constraint(op.f("uq_opinion_review_id"), "opinion", type_="unique")
    op.create_index("ix_opinion_officer", "opinion", ["officer", "given_at"], unique=False)
    op.create_index("ix_decision_officer", "decision", ["officer", "decided_at"], unique=False)
    for column in ("household", "mother"):
        op.create_index(
            f"ix_record_version_{column}", "record_version", [column], unique=False,
            postgresql_where=CURRENT,
        )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    for column in ("mother", "household"):
        name = f"ix_record_version_{column}"
        op.drop_index(name, table_name="record_version", postgresql_where=CURRENT)
    op.drop_index("ix_decision_officer", table_name="decision")
    op.drop_index("ix_opinion_officer", table_name="opinion")
    op.execute("DELETE FROM opinion WHERE taken_back_at IS NOT NULL")
    op.create_unique_constraint(op.f("uq_opinion_review_id"), "opinion", ["review_id", "officer"])
    op.drop_index(
        "uq_opinion_standing",
        table_name="opinion",
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.drop_column("opinion", "taken_back_at")
