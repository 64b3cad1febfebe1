"""Foster families on their way to approval, decisions of the panel, and the families that were chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OF_HOUSEHOLD = "exists (select from households h where h.id = household_id)"
POLICIES = {
    "foster_families": OF_HOUSEHOLD,
    "foster_steps": OF_HOUSEHOLD,
    "decisions": f"{OF_VISIBLE_CHILD} or exists (select from decision_siblings s where s.decision_id = decisions.id)",
    "decision_siblings": OF_VISIBLE_CHILD,
    "matches": OF_VISIBLE_CHILD,
}


def upgrade() -> None:
    op.create_table(
        "home_terms",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_home_terms")),
    )
    op.create_table(
        "foster_families",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("income_source", sa.String(), nullable=True),
        sa.Column("languages", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("siblings_welcome", sa.Boolean(), nullable=False),
        sa.Column("disability_training", sa.String(), nullable=True),
        sa.Column("cares", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("record_checked_on", sa.Date(), nullable=True),
        sa.Column("references_on", sa.Date(), nullable=True),
        sa.Column("home_checked_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_until", sa.Date(), nullable=True),
        sa.Column("paused_why", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "age_from is null or age_to is null or age_from <= age_to", name=op.f("ck_foster_families_ages")
        ),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_foster_families_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foster_families")),
        sa.UniqueConstraint("household_id", name=op.f("uq_foster_families_household_id")),
    )
    op.create_index(
        "ix_foster_families_approved_until",
        "foster_families",
        ["approved_until"],
        unique=False,
        postgresql_where=sa.text("approved_until is not null"),
    )
    op.create_index("ix_foster_families_stage", "foster_families", ["stage", "created_at", "id"], unique=False)
    op.create_table(
        "foster_steps",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("stepped_on", sa.Date(), nullable=False),
        sa.Column("in_order", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_foster_steps_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foster_steps")),
    )
    op.create_index("ix_foster_steps_household_id", "foster_steps", ["household_id", "stepped_on"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("panel", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("author_sat", sa.Boolean(), nullable=False),
        sa.Column("grounds", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("necessity", sa.String(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("suitability", sa.String(), nullable=False),
        sa.Column("child_heard", sa.Boolean(), nullable=False),
        sa.Column("child_said", sa.String(), nullable=True),
        sa.Column("not_heard", sa.String(), nullable=True),
        sa.Column("siblings", sa.String(), nullable=False),
        sa.Column("siblings_why", sa.String(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("nearness", sa.String(), nullable=True),
        sa.Column("far_why", sa.String(), nullable=True),
        sa.Column("conditions", sa.String(), nullable=True),
        sa.Column("approval_kind", sa.String(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'approved') = (approved_at is not null)", name=op.f("ck_decisions_approved")),
        sa.CheckConstraint("grounds <> '{poverty}'", name=op.f("ck_decisions_never_poverty_alone")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_decisions_child_id")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_decisions_household_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_decisions_institution_id")),
        sa.ForeignKeyConstraint(["written_by"], ["accounts.id"], name=op.f("fk_decisions_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_child_id", "decisions", ["child_id", "decided_on"], unique=False)
    op.create_table(
        "decision_siblings",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_decision_siblings_child_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_siblings_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_siblings")),
        sa.UniqueConstraint("decision_id", "child_id", name=op.f("uq_decision_siblings_decision_id_child_id")),
    )
    op.create_index("ix_decision_siblings_child_id", "decision_siblings", ["child_id"], unique=False)
    op.create_table(
        "matches",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("against", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("others", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_matches_child_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_matches_decision_id")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_matches_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_child_id", "matches", ["child_id"], unique=False)
    op.create_index("ix_matches_decision_id", "matches", ["decision_id", "created_at"], unique=False)
    op.create_index("ix_matches_household_id", "matches", ["household_id"], unique=False)
    for table, condition in POLICIES.items():
        open_table(table)
        lock_table(table, condition)
    open_table("home_terms", web="select")


def downgrade() -> None:
    for table in POLICIES:
        unlock_table(table)
    op.drop_index("ix_matches_household_id", table_name="matches")
    op.drop_index("ix_matches_decision_id", table_name="matches")
    op.drop_index("ix_matches_child_id", table_name="matches")
    op.drop_table("matches")
    op.drop_index("ix_decision_siblings_child_id", table_name="decision_siblings")
    op.drop_table("decision_siblings")
    op.drop_index("ix_decisions_child_id", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_foster_steps_household_id", table_name="foster_steps")
    op.drop_table("foster_steps")
    op.drop_index("ix_foster_families_stage", table_name="foster_families")
    op.drop_index(
        "ix_foster_families_approved_until",
        table_name="foster_families",
        postgresql_where=sa.text("approved_until is not null"),
    )
    op.drop_table("foster_families")
    op.drop_table("home_terms")
