"""Officers sign in with a provider of OpenID Connect."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = "officer_identity, sign_in_attempt"


def upgrade() -> None:
    """Apply; who reads people reads nothing of how officers sign in."""
    op.create_table(
        "officer_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "connected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_identity_officer_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_officer_identity")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_officer_identity_officer_id")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_ends_at"), "sign_in_attempt", ["ends_at"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO registry_api")
    op.execute(f"REVOKE ALL ON {TABLES} FROM registry_people")


def downgrade() -> None:
    """Take back."""
    op.drop_table("sign_in_attempt")
    op.drop_table("officer_identity")
