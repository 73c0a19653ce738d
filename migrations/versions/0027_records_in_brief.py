"""Records in brief beside their keys; the words of names that these stand for."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: what is empty until now is filled when everything is linked anew, at the next list."""
    op.add_column(
        "keyed_record", sa.Column("sketch", sa.LargeBinary(), server_default="", nullable=False)
    )
    op.create_table(
        "name_word",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_name_word")),
    )
    op.execute("ALTER TABLE name_word ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY people ON name_word TO registry_people USING (true)")
    op.execute("REVOKE ALL ON name_word FROM registry_api")


def downgrade() -> None:
    """Take back."""
    op.drop_table("name_word")
    op.drop_column("keyed_record", "sketch")
