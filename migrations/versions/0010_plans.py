"""Plans, services, packages and reviews; tracing."""

import sqlalchemy as sa
from alembic import op

from app.core.second_lock import OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OF_CHILDREN = (
    "plans",
    "plan_goals",
    "plan_actions",
    "support_packages",
    "plan_reviews",
    "tracing_requests",
    "tracing_actions",
    "relatives",
    "relative_contacts",
)


def upgrade() -> None:

    op.create_table(
        "plan_clocks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plan_clocks")),
    )
    op.create_table(
        "service_providers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("district_code", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["district_code"], ["places.code"], name=op.f("fk_service_providers_district_code")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_service_providers_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_providers")),
        sa.UniqueConstraint("post_id", name=op.f("uq_service_providers_post_id")),
    )
    op.create_index("ix_service_providers_kind", "service_providers", ["kind", "name"], unique=False)
    op.create_table(
        "relatives",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("alive", sa.String(), nullable=False),
        sa.Column("willing", sa.String(), nullable=False),
        sa.Column("willing_note", sa.String(), nullable=True),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("wish_words", sa.String(), nullable=True),
        sa.Column("safety_concern", sa.Boolean(), nullable=False),
        sa.Column("safety_note", sa.String(), nullable=True),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_how", sa.String(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(verification = 'not_yet') = (verified_on is null)", name=op.f("ck_relatives_verified_on")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_relatives_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relatives")),
    )
    op.create_index("ix_relatives_child_id", "relatives", ["child_id"], unique=False)
    op.create_table(
        "service_requests",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("child_code", sa.String(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_post_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("feedback_by", sa.String(), nullable=True),
        sa.Column("helped", sa.String(), nullable=True),
        sa.Column("feedback", sa.String(), nullable=True),
        sa.Column("feedback_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(status = 'answered') = (outcome is not null)", name=op.f("ck_service_requests_answered")),
        sa.CheckConstraint("(feedback_by is null) = (helped is null)", name=op.f("ck_service_requests_feedback")),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_service_requests_answered_by")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_service_requests_child_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["service_providers.id"], name=op.f("fk_service_requests_provider_id")
        ),
        sa.ForeignKeyConstraint(["provider_post_id"], ["posts.id"], name=op.f("fk_service_requests_provider_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_service_requests_code")),
    )
    op.create_index("ix_service_requests_child_id", "service_requests", ["child_id", "sent_at"], unique=False)
    op.create_index(
        "ix_service_requests_provider_post", "service_requests", ["provider_post_id", "due_at", "id"], unique=False
    )
    op.create_table(
        "tracing_requests",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("relatives_known", sa.String(), nullable=True),
        sa.Column("last_places", sa.String(), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("more", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_on is null)", name=op.f("ck_tracing_requests_ended")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_tracing_requests_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracing_requests")),
    )
    op.create_index("ix_tracing_requests_child_id", "tracing_requests", ["child_id", "opened_on"], unique=False)
    op.create_index(
        "ix_tracing_requests_one_open",
        "tracing_requests",
        ["child_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "plans",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=False),
        sa.Column("child_says", sa.String(), nullable=True),
        sa.Column("family_says", sa.String(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state in ('in_force', 'superseded', 'closed')) = (in_force_on is not null)",
            name=op.f("ck_plans_in_force"),
        ),
        sa.CheckConstraint("(state in ('superseded', 'closed')) = (ended_on is not null)", name=op.f("ck_plans_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plans_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_plans_child_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["plans.id"], name=op.f("fk_plans_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_child_id", "plans", ["child_id", "number"], unique=False)
    op.create_index(
        "ix_plans_one_draft",
        "plans",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state in ('draft', 'requested', 'returned')"),
    )
    op.create_index(
        "ix_plans_one_in_force", "plans", ["case_id"], unique=True, postgresql_where=sa.text("state = 'in_force'")
    )
    op.create_table(
        "relative_contacts",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("contact_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("child_took", sa.String(), nullable=False),
        sa.Column("relative_took", sa.String(), nullable=True),
        sa.Column("worry", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_relative_contacts_child_id")),
        sa.ForeignKeyConstraint(["relative_id"], ["relatives.id"], name=op.f("fk_relative_contacts_relative_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative_contacts")),
    )
    op.create_index("ix_relative_contacts_child_id", "relative_contacts", ["child_id", "contact_on"], unique=False)
    op.create_index("ix_relative_contacts_relative_id", "relative_contacts", ["relative_id"], unique=False)
    op.create_table(
        "tracing_actions",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("tracing_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("by_whom", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_tracing_actions_child_id")),
        sa.ForeignKeyConstraint(["tracing_id"], ["tracing_requests.id"], name=op.f("fk_tracing_actions_tracing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracing_actions")),
    )
    op.create_index("ix_tracing_actions_child_id", "tracing_actions", ["child_id", "done_on"], unique=False)
    op.create_index("ix_tracing_actions_tracing_id", "tracing_actions", ["tracing_id"], unique=False)
    op.create_table(
        "plan_goals",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_plan_goals_child_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["plan_goals.id"], name=op.f("fk_plan_goals_origin_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_goals_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goals")),
    )
    op.create_index("ix_plan_goals_child_id", "plan_goals", ["child_id"], unique=False)
    op.create_index("ix_plan_goals_plan_id", "plan_goals", ["plan_id"], unique=False)
    op.create_table(
        "plan_reviews",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("present", sa.String(), nullable=True),
        sa.Column("child_heard", sa.Boolean(), nullable=False),
        sa.Column("child_said", sa.String(), nullable=True),
        sa.Column("not_heard", sa.String(), nullable=True),
        sa.Column("changed", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(result = 'end') = (next_review_on is null)", name=op.f("ck_plan_reviews_next_review")),
        sa.CheckConstraint("child_heard = (not_heard is null)", name=op.f("ck_plan_reviews_heard")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_plan_reviews_child_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_reviews_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
    )
    op.create_index("ix_plan_reviews_child_id", "plan_reviews", ["child_id"], unique=False)
    op.create_index("ix_plan_reviews_plan_id", "plan_reviews", ["plan_id"], unique=False)
    op.create_table(
        "support_packages",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_rwf", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'given') = (given_on is not null)", name=op.f("ck_support_packages_given")),
        sa.CheckConstraint("amount_rwf >= 0 and quantity > 0", name=op.f("ck_support_packages_amounts")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_support_packages_child_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["support_packages.id"], name=op.f("fk_support_packages_origin_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_support_packages_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_packages")),
    )
    op.create_index("ix_support_packages_child_id", "support_packages", ["child_id"], unique=False)
    op.create_index("ix_support_packages_plan_id", "support_packages", ["plan_id"], unique=False)
    op.create_table(
        "plan_actions",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_name", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("not_done_because", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_on is not null)", name=op.f("ck_plan_actions_done")),
        sa.CheckConstraint(
            "(state = 'not_done') = (not_done_because is not null)", name=op.f("ck_plan_actions_not_done")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_plan_actions_child_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["plan_goals.id"], name=op.f("fk_plan_actions_goal_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["plan_actions.id"], name=op.f("fk_plan_actions_origin_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_actions_plan_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_plan_actions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_actions")),
    )
    op.create_index("ix_plan_actions_child_id", "plan_actions", ["child_id"], unique=False)
    op.create_index("ix_plan_actions_plan_id", "plan_actions", ["plan_id"], unique=False)
    for table in OF_CHILDREN:
        open_table(table)
        lock_table(table)
    # A provider reads what was asked of its own post, and nothing else about the child.
    open_table("service_requests")
    lock_table("service_requests", f"provider_post_id = (select tubarerere_post()) or {OF_VISIBLE_CHILD}")
    open_table("service_providers")
    open_table("plan_clocks", web="select")


def downgrade() -> None:
    unlock_table("service_requests")
    for table in OF_CHILDREN:
        unlock_table(table)

    op.drop_index("ix_plan_actions_plan_id", table_name="plan_actions")
    op.drop_index("ix_plan_actions_child_id", table_name="plan_actions")
    op.drop_table("plan_actions")
    op.drop_index("ix_support_packages_plan_id", table_name="support_packages")
    op.drop_index("ix_support_packages_child_id", table_name="support_packages")
    op.drop_table("support_packages")
    op.drop_index("ix_plan_reviews_plan_id", table_name="plan_reviews")
    op.drop_index("ix_plan_reviews_child_id", table_name="plan_reviews")
    op.drop_table("plan_reviews")
    op.drop_index("ix_plan_goals_plan_id", table_name="plan_goals")
    op.drop_index("ix_plan_goals_child_id", table_name="plan_goals")
    op.drop_table("plan_goals")
    op.drop_index("ix_tracing_actions_tracing_id", table_name="tracing_actions")
    op.drop_index("ix_tracing_actions_child_id", table_name="tracing_actions")
    op.drop_table("tracing_actions")
    op.drop_index("ix_relative_contacts_relative_id", table_name="relative_contacts")
    op.drop_index("ix_relative_contacts_child_id", table_name="relative_contacts")
    op.drop_table("relative_contacts")
    op.drop_index("ix_plans_one_in_force", table_name="plans", postgresql_where=sa.text("state = 'in_force'"))
    op.drop_index(
        "ix_plans_one_draft",
        table_name="plans",
        postgresql_where=sa.text("state in ('draft', 'requested', 'returned')"),
    )
    op.drop_index("ix_plans_child_id", table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "ix_tracing_requests_one_open", table_name="tracing_requests", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index("ix_tracing_requests_child_id", table_name="tracing_requests")
    op.drop_table("tracing_requests")
    op.drop_index("ix_service_requests_provider_post", table_name="service_requests")
    op.drop_index("ix_service_requests_child_id", table_name="service_requests")
    op.drop_table("service_requests")
    op.drop_index("ix_relatives_child_id", table_name="relatives")
    op.drop_table("relatives")
    op.drop_index("ix_service_providers_kind", table_name="service_providers")
    op.drop_table("service_providers")
    op.drop_table("plan_clocks")
