"""Answers kept by the keys of their callers; whose uploads, exchanges and layouts a request sees.

`registry.who` says who asks: "client 3", "officer 5".
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ROLES = "registry_api, registry_people"
WHO = "(SELECT nullif(current_setting('registry.who', true), ''))"
SCHEME = "(SELECT nullif(current_setting('registry.scheme', true), ''))"
SOME = "(SELECT nullif(current_setting('registry.provinces', true), '') IS NOT NULL)"
OF_CLIENT = f"'client ' || client_id = {WHO}"
OWN = {
    "kept_answer": f"caller = {WHO}",
    "upload": f"scheme = {SCHEME} AND starts_with(sent_by, {WHO} || ' ')",
    "upload_part": "EXISTS (SELECT FROM upload u WHERE u.id = upload_id)",
    "scheme_layout": f"scheme = {SCHEME}",
    "partner": OF_CLIENT,
    "exchange": OF_CLIENT,
    "delivery": OF_CLIENT,
    "subscription": OF_CLIENT,
}
"""What a row asks of who may see it, whatever else they may see."""
OF_PEOPLE = ("record_key", "keyed_record", "common_key")
"""Digests of people's values: for who may look for anybody, or for people of some provinces."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_kept_answer")),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON kept_answer TO {ROLES}")
    for table, visible in OWN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} TO {ROLES} USING ({visible})")
    for table in OF_PEOPLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY people ON {table} TO registry_people USING (true)")
        op.execute(f"CREATE POLICY scope ON {table} TO registry_api USING ({SOME})")


def downgrade() -> None:
    """Take back."""
    for table in OF_PEOPLE:
        op.execute(f"DROP POLICY scope ON {table}")
        op.execute(f"DROP POLICY people ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in OWN:
        op.execute(f"DROP POLICY own ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.drop_table("kept_answer")
