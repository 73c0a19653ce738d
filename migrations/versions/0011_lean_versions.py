"""Records and batches stay for ever, so that each row of a list need not look for its own again.

A version is only written by a statement that joins its record and names its batch; with neither
ever deleted, a foreign key on each row proves nothing more and costs more than the row itself.
Staged statements are found by their batch alone and live as long as it is read.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT_FOR_EVER = ("batch", "source_record")
REFUSE = """
CREATE FUNCTION registry_kept_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are kept for ever', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.drop_constraint("fk_staged_statement_batch_id", "staged_statement", type_="foreignkey")
    op.drop_constraint("pk_staged_statement", "staged_statement", type_="primary")
    op.execute(REFUSE)
    for table in KEPT_FOR_EVER:
        op.execute(
            f"CREATE TRIGGER kept_for_ever BEFORE DELETE OR UPDATE OF id ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION registry_kept_for_ever()"
        )
    op.drop_constraint("fk_record_version_batch_id", "record_version", type_="foreignkey")
    op.drop_constraint("fk_record_version_record_id", "record_version", type_="foreignkey")


def downgrade() -> None:
    """Take back."""
    op.create_foreign_key(
        "fk_record_version_record_id", "record_version", "source_record", ["record_id"], ["id"]
    )
    op.create_foreign_key(
        "fk_record_version_batch_id", "record_version", "batch", ["batch_id"], ["id"]
    )
    for table in KEPT_FOR_EVER:
        op.execute(f"DROP TRIGGER kept_for_ever ON {table}")
    op.execute("DROP FUNCTION registry_kept_for_ever()")
    op.create_primary_key("pk_staged_statement", "staged_statement", ["batch_id", "row"])
    op.create_foreign_key(
        "fk_staged_statement_batch_id", "staged_statement", "batch", ["batch_id"], ["id"]
    )
