"""Let the indexes of former links and of merged persons hold these alone.

A current link is found by the index that lets a record have one: every record that was ever linked
stood in a second one beside it, and every person in one of those who were merged.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_LINKS = ("link", "engine_link")


def upgrade() -> None:
    """Apply."""
    for table in _LINKS:
        op.drop_index(f"ix_{table}_record", table_name=table)
        op.execute(
            f"CREATE INDEX ix_{table}_former ON {table} (record_id) WHERE superseded_at IS NOT NULL"
        )
    op.drop_index("ix_person_merged_into", table_name="person")
    op.execute(
        "CREATE INDEX ix_person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_person_merged_into", table_name="person")
    op.create_index("ix_person_merged_into", "person", ["merged_into"])
    for table in _LINKS:
        op.drop_index(f"ix_{table}_former", table_name=table)
        op.create_index(f"ix_{table}_record", table, ["record_id"])
