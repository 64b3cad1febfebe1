"""What a case holds: steps, risk over time, concerns, contacts, transfers, closings, groups; and who supervises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_CHILD = ("case_concerns", "case_steps", "risk_ratings", "case_contacts", "case_closings")
REFERENCE = ("risk_clocks", "closing_rules")

# Who supervises a case that a sector holds, or a worker elsewhere, sees its child wherever it lives.
AREA = "area_code between (select tubarerere_lo()) and (select tubarerere_hi())"
THEIRS = "responsible_post_id = (select tubarerere_post())"
SUPERVISED = "supervising_post_id = (select tubarerere_post())"
HERE = "institution_id = (select tubarerere_institution()) or id = (select tubarerere_hand())"


def _see_children(otherwise: str) -> None:
    for policy in ("web_reads", "web_changes"):
        op.execute(f"alter policy {policy} on children using (case when {AREA} then true else {otherwise} end)")


def upgrade() -> None:
    op.create_table(
        "case_groups",
        sa.Column("child_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_groups")),
    )
    op.create_table(
        "closing_rules",
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=False),
        sa.Column("aftercare_months", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("least_attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_closing_rules")),
    )
    op.create_table(
        "risk_clocks",
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("contact_hours", sa.Integer(), nullable=False),
        sa.Column("assessment_days", sa.Integer(), nullable=False),
        sa.Column("plan_days", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("risk", name=op.f("pk_risk_clocks")),
    )
    op.create_table(
        "case_closings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("other_code", sa.String(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("unmet", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_closings_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_case_closings_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_closings")),
    )
    op.create_index("ix_case_closings_case_id", "case_closings", ["case_id"], unique=False)
    op.create_index("ix_case_closings_child_id", "case_closings", ["child_id"], unique=False)
    op.create_table(
        "case_concerns",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("concern", sa.String(), nullable=False),
        sa.Column("place_code", sa.Integer(), nullable=True),
        sa.Column("place_words", sa.String(), nullable=True),
        sa.Column("identified_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("identified_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_concerns_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_case_concerns_child_id")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_case_concerns_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_concerns")),
    )
    op.create_index("ix_case_concerns_case_id", "case_concerns", ["case_id"], unique=False)
    op.create_index("ix_case_concerns_child_id", "case_concerns", ["child_id"], unique=False)
    op.create_table(
        "case_contacts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("aftermath", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("by_post_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("aftermath is null or outcome <> 'not_reached'", name=op.f("ck_case_contacts_aftermath")),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_case_contacts_by_post_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_contacts_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_case_contacts_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_contacts")),
    )
    op.create_index("ix_case_contacts_case_id", "case_contacts", ["case_id", "contacted_on"], unique=False)
    op.create_index("ix_case_contacts_child_id", "case_contacts", ["child_id"], unique=False)
    op.create_table(
        "case_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_post_id", sa.Uuid(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_case_steps_by_post_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_case_steps_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index("ix_case_steps_case_id", "case_steps", ["case_id"], unique=False)
    op.create_index("ix_case_steps_child_id", "case_steps", ["child_id"], unique=False)
    op.create_table(
        "case_transfers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("child_code", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.String(), nullable=False),
        sa.Column("concerns", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("risk", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("from_area_code", sa.Integer(), nullable=False),
        sa.Column("from_post_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_post_id", sa.Uuid(), nullable=False),
        sa.Column("to_area_code", sa.Integer(), nullable=False),
        sa.Column("to_post_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'requested') = (answered_at is null)", name=op.f("ck_case_transfers_answered")),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_case_transfers_answered_by")),
        sa.ForeignKeyConstraint(["asked_by_post_id"], ["posts.id"], name=op.f("fk_case_transfers_asked_by_post_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_transfers_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_case_transfers_child_id")),
        sa.ForeignKeyConstraint(["from_post_id"], ["posts.id"], name=op.f("fk_case_transfers_from_post_id")),
        sa.ForeignKeyConstraint(["to_post_id"], ["posts.id"], name=op.f("fk_case_transfers_to_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfers")),
    )
    op.create_index("ix_case_transfers_child_id", "case_transfers", ["child_id"], unique=False)
    op.create_index(
        "ix_case_transfers_one_open",
        "case_transfers",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index(
        "ix_case_transfers_to",
        "case_transfers",
        ["to_area_code", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "risk_ratings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_post_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_risk_ratings_by_post_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_risk_ratings_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_risk_ratings_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_ratings")),
    )
    op.create_index("ix_risk_ratings_case_id", "risk_ratings", ["case_id"], unique=False)
    op.create_index("ix_risk_ratings_child_id", "risk_ratings", ["child_id"], unique=False)
    op.add_column("cases", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_cases_group_id", "cases", ["group_id"], unique=False, postgresql_where=sa.text("group_id is not null")
    )
    op.create_foreign_key(op.f("fk_cases_group_id"), "cases", "case_groups", ["group_id"], ["id"])
    op.add_column("children", sa.Column("supervising_post_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_children_supervising_post_id",
        "children",
        ["supervising_post_id"],
        unique=False,
        postgresql_where=sa.text("supervising_post_id is not null"),
    )
    op.create_foreign_key(op.f("fk_children_supervising_post_id"), "children", "posts", ["supervising_post_id"], ["id"])
    _see_children(f"{THEIRS} or {SUPERVISED} or {HERE}")
    for table in OF_CHILD:
        open_table(table)
        lock_table(table)
    # The receiver reads a transfer before the child's own row opens to it.
    open_table("case_transfers")
    lock_table(
        "case_transfers",
        "to_area_code between (select tubarerere_lo()) and (select tubarerere_hi()) or " + OF_VISIBLE_CHILD,
    )
    # A group is seen by whoever sees one of its cases; its members' own rows stay closed.
    open_table("case_groups")
    lock_table("case_groups", "exists (select from cases c where c.group_id = case_groups.id)")
    for table in REFERENCE:
        open_table(table, web="select")


def downgrade() -> None:
    _see_children(f"{THEIRS} or {HERE}")
    for table in (*OF_CHILD, "case_transfers", "case_groups"):
        unlock_table(table)
    op.drop_constraint(op.f("fk_children_supervising_post_id"), "children", type_="foreignkey")
    op.drop_index(
        "ix_children_supervising_post_id",
        table_name="children",
        postgresql_where=sa.text("supervising_post_id is not null"),
    )
    op.drop_column("children", "supervising_post_id")
    op.drop_constraint(op.f("fk_cases_group_id"), "cases", type_="foreignkey")
    op.drop_index("ix_cases_group_id", table_name="cases", postgresql_where=sa.text("group_id is not null"))
    op.drop_column("cases", "group_id")
    op.drop_table("risk_ratings")
    op.drop_table("case_transfers")
    op.drop_table("case_steps")
    op.drop_table("case_contacts")
    op.drop_table("case_concerns")
    op.drop_table("case_closings")
    op.drop_table("risk_clocks")
    op.drop_table("closing_rules")
    op.drop_table("case_groups")
