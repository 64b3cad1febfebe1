"""Caseloads handed over, and conferred about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import lock_table, open_table, unlock_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("hand_overs", "conferences", "conference_actions")


def upgrade() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("from_post_id", sa.Uuid(), nullable=True),
        sa.Column("to_post_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_hand_overs_child_id")),
        sa.ForeignKeyConstraint(["from_post_id"], ["posts.id"], name=op.f("fk_hand_overs_from_post_id")),
        sa.ForeignKeyConstraint(["to_post_id"], ["posts.id"], name=op.f("fk_hand_overs_to_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index("ix_hand_overs_child_id", "hand_overs", ["child_id", "created_at"], unique=False)
    op.create_index(
        "ix_hand_overs_unread", "hand_overs", ["to_post_id"], unique=False, postgresql_where=sa.text("read_at is null")
    )
    op.create_table(
        "conferences",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attended", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("child_took_part", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_conferences_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_conferences_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conferences")),
    )
    op.create_index("ix_conferences_child_id", "conferences", ["child_id", "held_on"], unique=False)
    op.create_table(
        "conference_actions",
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_conference_actions_child_id")),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_conference_actions_conference_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_conference_actions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_actions")),
    )
    op.create_index("ix_conference_actions_child_id", "conference_actions", ["child_id"], unique=False)
    op.create_index("ix_conference_actions_conference_id", "conference_actions", ["conference_id"], unique=False)
    for table in TABLES:
        open_table(table)
        lock_table(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        unlock_table(table)
    op.drop_index("ix_conference_actions_conference_id", table_name="conference_actions")
    op.drop_index("ix_conference_actions_child_id", table_name="conference_actions")
    op.drop_table("conference_actions")
    op.drop_index("ix_conferences_child_id", table_name="conferences")
    op.drop_table("conferences")
    op.drop_index("ix_hand_overs_unread", table_name="hand_overs", postgresql_where=sa.text("read_at is null"))
    op.drop_index("ix_hand_overs_child_id", table_name="hand_overs")
    op.drop_table("hand_overs")
