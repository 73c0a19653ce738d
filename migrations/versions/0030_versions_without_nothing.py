"""What lists are searched by is indexed where it is said: nothing is found by what is absent.

Most versions say nothing of a mother or a card, and each of them had its place in four indexes.
That a batch stays for ever is kept by a trigger since 0011, so that no version need look for the
batch in which it departed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CURRENT = "superseded_at IS NULL"
COLUMNS = ("household", "mother", "national_id", "equity_card")


def upgrade() -> None:
    """Apply."""
    for column in COLUMNS:
        _index(column, f"{CURRENT} AND {column} IS NOT NULL")
    op.drop_constraint("fk_record_version_departed_in", "record_version", type_="foreignkey")


def downgrade() -> None:
    """Take back."""
    op.create_foreign_key(
        "fk_record_version_departed_in", "record_version", "batch", ["departed_in"], ["id"]
    )
    for column in COLUMNS:
        _index(column, CURRENT)


def _index(column: str, condition: str) -> None:
    name = f"ix_record_version_{column}"
    op.drop_index(name, table_name="record_version")
    op.create_index(name, "record_version", [column], postgresql_where=sa.text(condition))
