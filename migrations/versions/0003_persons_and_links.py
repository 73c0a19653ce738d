"""Pairs, decisions, reviews with officers, persons' changes, enrolments' findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "engine",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("link", sa.Double(), nullable=False),
        sa.Column("certain_pair", sa.Double(), nullable=False),
        sa.Column("certain_sum", sa.Double(), nullable=False),
        sa.Column("used_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine")),
    )
    op.create_table(
        "scored_pair",
        sa.Column("left_record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("right_record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.REAL(), nullable=False),
        sa.Column("is_supported", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left_record_id", "right_record_id", name=op.f("pk_scored_pair")),
    )
    op.create_index("ix_scored_pair_right", "scored_pair", ["right_record_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("left_record_id", sa.BigInteger(), nullable=False),
        sa.Column("right_record_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "same",
                "different",
                "unsure",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_note", sa.Text(), nullable=True),
        sa.CheckConstraint("left_record_id < right_record_id", name=op.f("ck_decision_ordered")),
        sa.ForeignKeyConstraint(
            ["left_record_id"],
            ["source_record.id"],
            name=op.f("fk_decision_left_record_id"),
        ),
        sa.ForeignKeyConstraint(
            ["right_record_id"],
            ["source_record.id"],
            name=op.f("fk_decision_right_record_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(
        op.f("ix_decision_left_record_id"),
        "decision",
        ["left_record_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_right_record_id"),
        "decision",
        ["right_record_id"],
        unique=False,
    )
    op.create_index(
        "uq_decision_standing",
        "decision",
        ["left_record_id", "right_record_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "engine_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("after_decision", sa.BigInteger(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_engine_link_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.id"],
            name=op.f("fk_engine_link_record_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_link")),
    )
    op.create_index(
        op.f("ix_engine_link_person_id"),
        "engine_link",
        ["person_id"],
        unique=False,
    )
    op.create_index("ix_engine_link_record", "engine_link", ["record_id"], unique=False)
    op.create_index(
        "uq_engine_link_current",
        "engine_link",
        ["record_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("cause_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_person_id"), "finding", ["person_id"], unique=False)
    op.create_index(
        "uq_finding_cause",
        "finding",
        ["kind", "person_id", "cause"],
        unique=True,
        postgresql_where=sa.text("cause_gone_at IS NULL"),
    )
    op.create_table(
        "person_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merged",
                "split",
                "restored",
                "withdrawn",
                name="changekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("other_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["person.id"],
            name=op.f("fk_person_change_other_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_change_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_change")),
    )
    op.create_index(
        op.f("ix_person_change_other_id"),
        "person_change",
        ["other_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_person_change_person_id"),
        "person_change",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "decision_part",
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_decision_part_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_decision_part_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["source_record.id"],
            name=op.f("fk_decision_part_record_id"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "record_id", name=op.f("pk_decision_part")),
    )
    op.create_table(
        "opinion",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "same",
                "different",
                "unsure",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_opinion_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("review_id", "officer", name=op.f("uq_opinion_review_id")),
    )
    op.add_column(
        "link",
        sa.Column("actor", sa.Text(), server_default="engine", nullable=False),
    )
    op.add_column("link", sa.Column("decision_id", sa.BigInteger(), nullable=True))
    op.add_column("link", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column("link", sa.Column("ended_decision_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_link_record", "link", ["record_id"], unique=False)
    op.add_column(
        "review",
        sa.Column(
            "reason",
            sa.Enum(
                "possible",
                "held_apart",
                "national_id",
                "twins",
                "weak_birth_date",
                name="reason",
                native_enum=False,
                length=32,
            ),
            server_default="possible",
            nullable=False,
        ),
    )
    op.add_column(
        "review",
        sa.Column("priority", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column(
        "review",
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
    )
    op.add_column("review", sa.Column("claimed_by", sa.Text(), nullable=True))
    op.add_column(
        "review",
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("review", sa.Column("decision_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_review_queue",
        "review",
        [sa.literal_column("priority DESC"), sa.literal_column("weight DESC"), "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'second', 'disputed')"),
    )
    op.create_foreign_key(
        op.f("fk_review_decision_id"),
        "review",
        "decision",
        ["decision_id"],
        ["id"],
    )
    op.drop_index("uq_review_open", table_name="review")
    op.create_index(
        "uq_review_open",
        "review",
        ["left_record_id", "right_record_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'second', 'disputed')"),
    )

    op.execute(
        "INSERT INTO engine_link (record_id, person_id, after_decision, linked_at) "
        "SELECT record_id, person_id, 0, linked_at FROM link WHERE superseded_at IS NULL"
    )


def downgrade() -> None:
    """Take back."""
    op.execute("UPDATE review SET status = 'withdrawn' WHERE status NOT IN ('open', 'withdrawn')")
    op.drop_index("uq_review_open", table_name="review")
    op.create_index(
        "uq_review_open",
        "review",
        ["left_record_id", "right_record_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )

    op.drop_constraint(op.f("fk_review_decision_id"), "review", type_="foreignkey")
    op.drop_index(
        "ix_review_queue",
        table_name="review",
        postgresql_where=sa.text("status IN ('open', 'second', 'disputed')"),
    )
    op.drop_column("review", "decision_id")
    op.drop_column("review", "claimed_until")
    op.drop_column("review", "claimed_by")
    op.drop_column("review", "version")
    op.drop_column("review", "priority")
    op.drop_column("review", "reason")
    op.drop_index("ix_link_record", table_name="link")
    op.drop_column("link", "ended_decision_id")
    op.drop_column("link", "ended_by")
    op.drop_column("link", "decision_id")
    op.drop_column("link", "actor")
    op.drop_table("opinion")
    op.drop_table("decision_part")
    op.drop_index(op.f("ix_person_change_person_id"), table_name="person_change")
    op.drop_index(op.f("ix_person_change_other_id"), table_name="person_change")
    op.drop_table("person_change")
    op.drop_index(
        "uq_finding_cause",
        table_name="finding",
        postgresql_where=sa.text("cause_gone_at IS NULL"),
    )
    op.drop_index(op.f("ix_finding_person_id"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(
        "uq_engine_link_current",
        table_name="engine_link",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index("ix_engine_link_record", table_name="engine_link")
    op.drop_index(op.f("ix_engine_link_person_id"), table_name="engine_link")
    op.drop_table("engine_link")
    op.drop_index(
        "uq_decision_standing",
        table_name="decision",
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(op.f("ix_decision_right_record_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_left_record_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index("ix_scored_pair_right", table_name="scored_pair")
    op.drop_table("scored_pair")
    op.drop_table("engine")
