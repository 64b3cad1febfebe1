"""Institutions on the way to their last day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import AREA_OR_CHILD, IN_AREA, lock_table, open_table, unlock_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = (
    "transformation_plans",
    "transformation_steps",
    "institution_funders",
    "institution_staff",
)
"""Tables about houses alone: nothing in them about a child."""

# A manager sees what was reported from the own house.
OF_OWN_HOUSE = f"case when {IN_AREA} then true else institution_id = (select tubarerere_institution()) end"
LOCKED = {
    "breach_answers": AREA_OR_CHILD,
    "censuses": IN_AREA,
    "census_people": IN_AREA,
    "claims": OF_OWN_HOUSE,
}


def upgrade() -> None:
    op.create_table(
        "institution_funders",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("tied", sa.Boolean(), nullable=True),
        sa.Column("promised_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("amount is null or amount >= 0", name=op.f("ck_institution_funders_amount")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_institution_funders_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_funders")),
    )
    op.create_index("ix_institution_funders_institution_id", "institution_funders", ["institution_id"], unique=False)
    op.create_table(
        "institution_staff",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("retrained", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("paid_off", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("number >= 0 and trained between 0 and number", name=op.f("ck_institution_staff_trained")),
        sa.CheckConstraint("retrained + moved + paid_off <= number", name=op.f("ck_institution_staff_planned")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_institution_staff_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_staff")),
        sa.UniqueConstraint("institution_id", "role", name="uq_institution_staff_institution_id_role"),
    )
    op.create_table(
        "transformation_plans",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("becomes", sa.String(), nullable=False),
        sa.Column("becomes_words", sa.String(), nullable=True),
        sa.Column("children", sa.String(), nullable=True),
        sa.Column("buildings", sa.String(), nullable=True),
        sa.Column("money", sa.String(), nullable=True),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("last_day_planned", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_transformation_plans_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transformation_plans")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_transformation_plans_institution_id")),
    )
    op.create_table(
        "transformation_steps",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_transformation_steps_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transformation_steps")),
    )
    op.create_index(
        "ix_transformation_steps_institution_id", "transformation_steps", ["institution_id", "due_on"], unique=False
    )
    op.create_table(
        "censuses",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("by_post_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconciled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state in ('draft','counted','reconciled')", name=op.f("ck_censuses_state")),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_censuses_by_post_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_censuses_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_censuses")),
    )
    op.create_index("ix_censuses_institution_id", "censuses", ["institution_id", "counted_on"], unique=False)
    op.create_index(
        "ix_censuses_one_draft",
        "censuses",
        ["institution_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "institution_stages",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("by_post_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("from_stage between 0 and 8", name=op.f("ck_institution_stages_from_stage")),
        sa.CheckConstraint("stage between 0 and 8", name=op.f("ck_institution_stages_stage")),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_institution_stages_by_post_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_institution_stages_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_stages")),
    )
    op.create_index(
        "ix_institution_stages_institution_id", "institution_stages", ["institution_id", "created_at"], unique=False
    )
    op.create_table(
        "census_people",
        sa.Column("census_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("was_known", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("away_on", sa.Date(), nullable=True),
        sa.Column("away_where", sa.String(), nullable=True),
        sa.Column("settled_as", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("sex in ('female','male')", name=op.f("ck_census_people_sex")),
        sa.CheckConstraint("status in ('present','absent','left')", name=op.f("ck_census_people_status")),
        sa.CheckConstraint("(settled_as is null) = (settled_at is null)", name=op.f("ck_census_people_settled")),
        sa.CheckConstraint("age_years is null or age_years between 0 and 120", name=op.f("ck_census_people_age_years")),
        sa.ForeignKeyConstraint(["census_id"], ["censuses.id"], name=op.f("fk_census_people_census_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_census_people_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_census_people")),
    )
    op.create_index("ix_census_people_census_id", "census_people", ["census_id", "name", "id"], unique=False)
    op.create_index("ix_census_people_child_id", "census_people", ["child_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("destination", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'reported') = (decided_at is null)", name=op.f("ck_claims_decided")),
        sa.CheckConstraint("kind in ('admission','exit')", name=op.f("ck_claims_kind")),
        sa.CheckConstraint("sex in ('female','male')", name=op.f("ck_claims_sex")),
        sa.CheckConstraint("state in ('reported','accepted','rejected')", name=op.f("ck_claims_state")),
        sa.CheckConstraint("age_years is null or age_years between 0 and 120", name=op.f("ck_claims_age_years")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_claims_child_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_claims_decided_by")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_claims_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index("ix_claims_child_id", "claims", ["child_id"], unique=False)
    op.create_index("ix_claims_institution_newest", "claims", ["institution_id", "created_at", "id"], unique=False)
    op.create_table(
        "breach_answers",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_breach_answers_child_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_breach_answers_institution_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_breach_answers_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_answers")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_breach_answers_placement_id")),
    )
    op.create_index(op.f("ix_breach_answers_child_id"), "breach_answers", ["child_id"], unique=False)
    op.create_index("ix_breach_answers_institution_id", "breach_answers", ["institution_id"], unique=False)
    op.add_column("institutions", sa.Column("moratorium_on", sa.Date(), nullable=True))
    op.add_column("institutions", sa.Column("found_by", sa.String(), nullable=True))
    op.add_column("institutions", sa.Column("found_on", sa.Date(), nullable=True))
    op.add_column("institutions", sa.Column("children_seen", sa.Integer(), nullable=True))
    op.add_column(
        "institutions",
        sa.Column("services", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    )

    op.create_check_constraint(
        op.f("ck_institutions_children_seen"),
        "institutions",
        "children_seen is null or children_seen between 0 and 5000",
    )
    # The day of the moratorium of houses that have passed it: the best that is known of those further on.
    op.execute("update institutions set moratorium_on = stage_reached_on where closure_stage >= 2")
    # The history of stages is only ever added to.
    open_table("institution_stages", web="select, insert")
    for table in OPEN:
        open_table(table)
    for table, condition in LOCKED.items():
        open_table(table)
        lock_table(table, condition)


def downgrade() -> None:
    for table in LOCKED:
        unlock_table(table)
    op.drop_column("institutions", "services")
    op.drop_column("institutions", "children_seen")
    op.drop_column("institutions", "found_on")
    op.drop_column("institutions", "found_by")
    op.drop_column("institutions", "moratorium_on")
    op.drop_index("ix_breach_answers_institution_id", table_name="breach_answers")
    op.drop_index(op.f("ix_breach_answers_child_id"), table_name="breach_answers")
    op.drop_table("breach_answers")
    op.drop_index("ix_claims_institution_newest", table_name="claims")
    op.drop_index("ix_claims_child_id", table_name="claims")
    op.drop_table("claims")
    op.drop_index("ix_census_people_child_id", table_name="census_people")
    op.drop_index("ix_census_people_census_id", table_name="census_people")
    op.drop_table("census_people")
    op.drop_index("ix_institution_stages_institution_id", table_name="institution_stages")
    op.drop_table("institution_stages")
    op.drop_index("ix_censuses_one_draft", table_name="censuses", postgresql_where=sa.text("state = 'draft'"))
    op.drop_index("ix_censuses_institution_id", table_name="censuses")
    op.drop_table("censuses")
    op.drop_index("ix_transformation_steps_institution_id", table_name="transformation_steps")
    op.drop_table("transformation_steps")
    op.drop_table("transformation_plans")
    op.drop_table("institution_staff")
    op.drop_index("ix_institution_funders_institution_id", table_name="institution_funders")
    op.drop_table("institution_funders")
