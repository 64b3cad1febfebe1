"""Approvals and cases, and the page on which a task is done."""

import sqlalchemy as sa
from alembic import op

from app.core.second_lock import IN_AREA, OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("of_role", sa.String(), nullable=False),
        sa.Column("asked_by_post_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'requested') = (decided_at is null)", name=op.f("ck_approvals_decided")),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> created_by or state = 'withdrawn'", name=op.f("ck_approvals_not_own")
        ),
        sa.ForeignKeyConstraint(["asked_by_post_id"], ["posts.id"], name=op.f("fk_approvals_asked_by_post_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_approvals_child_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_approvals_decided_by")),
        sa.ForeignKeyConstraint(["decided_by_post_id"], ["posts.id"], name=op.f("fk_approvals_decided_by_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index("ix_approvals_child_id", "approvals", ["child_id"], unique=False)
    op.create_index(
        "ix_approvals_one_open",
        "approvals",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index("ix_approvals_subject", "approvals", ["subject_id", "created_at"], unique=False)
    op.create_index(
        "ix_approvals_waiting",
        "approvals",
        ["of_role", "area_code", "asked_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "cases",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("risk", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.String(), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_on is not null)", name=op.f("ck_cases_closed")),
        sa.CheckConstraint("(closed_on is null) = (closing_reason is null)", name=op.f("ck_cases_closing_reason")),
        sa.CheckConstraint("closed_on is null or closed_on >= opened_on", name=op.f("ck_cases_order")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_cases_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
    )
    op.create_index("ix_cases_child_id", "cases", ["child_id", "opened_on"], unique=False)
    op.create_index(
        "ix_cases_district_open",
        "cases",
        ["district_code", "state", "id"],
        unique=False,
        postgresql_where=sa.text("closed_on is null"),
    )
    op.create_index(
        "ix_cases_one_open", "cases", ["child_id"], unique=True, postgresql_where=sa.text("closed_on is null")
    )
    op.add_column("tasks", sa.Column("path", sa.String(), nullable=True))
    open_table("approvals")
    lock_table("approvals", f"{IN_AREA} or asked_by_post_id = (select tubarerere_post()) or {OF_VISIBLE_CHILD}")
    open_table("cases")
    lock_table("cases")


def downgrade() -> None:
    unlock_table("cases")
    unlock_table("approvals")
    op.drop_column("tasks", "path")
    op.drop_index("ix_cases_one_open", table_name="cases", postgresql_where=sa.text("closed_on is null"))
    op.drop_index("ix_cases_district_open", table_name="cases", postgresql_where=sa.text("closed_on is null"))
    op.drop_index("ix_cases_child_id", table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_approvals_waiting", table_name="approvals", postgresql_where=sa.text("state = 'requested'"))
    op.drop_index("ix_approvals_subject", table_name="approvals")
    op.drop_index("ix_approvals_one_open", table_name="approvals", postgresql_where=sa.text("state = 'requested'"))
    op.drop_index("ix_approvals_child_id", table_name="approvals")
    op.drop_table("approvals")
