"""Placements and visits in depth."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import AREA_OR_CHILD, OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Whoever wrote a note reads it, and the post that is responsible for the child; no office above them.
OF_WRITER_OR_OWNER = """
    created_by = (select tubarerere_account())
    or exists (select from children c where c.id = child_id and c.responsible_post_id = (select tubarerere_post()))
"""

LOCKED = {
    "preparations": OF_VISIBLE_CHILD,
    "preparation_steps": OF_VISIBLE_CHILD,
    "support_items": OF_VISIBLE_CHILD,
    "legal_acts": OF_VISIBLE_CHILD,
    "times_away": OF_VISIBLE_CHILD,
    "psych_sessions": OF_VISIBLE_CHILD,
    "session_notes": OF_WRITER_OR_OWNER,
    "child_alerts": AREA_OR_CHILD,
    "caregiver_deaths": "exists (select from households h where h.id = household_id)",
}
DATA = ("placement_settings", "preparation_items", "visit_triggers")


def upgrade() -> None:
    op.create_table(
        "placement_settings",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_placement_settings"),
    )
    op.create_table(
        "preparation_items",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_preparation_items"),
    )
    op.create_table(
        "visit_triggers",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("risk", sa.String(), nullable=True),
        sa.Column("task_kind", sa.String(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_visit_triggers"),
    )
    op.create_table(
        "caregiver_deaths",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="fk_caregiver_deaths_household_id"),
        sa.ForeignKeyConstraint(["member_id"], ["household_members.id"], name="fk_caregiver_deaths_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_caregiver_deaths"),
    )
    op.create_index("ix_caregiver_deaths_household_id", "caregiver_deaths", ["household_id", "died_on"], unique=False)
    op.create_table(
        "psych_sessions",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_psych_sessions_child_id"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_psych_sessions_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_psych_sessions"),
    )
    op.create_index("ix_psych_sessions_child_id", "psych_sessions", ["child_id", "held_on"], unique=False)
    op.create_table(
        "legal_acts",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_legal_acts_child_id"),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name="fk_legal_acts_placement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_acts"),
    )
    op.create_index("ix_legal_acts_child_id", "legal_acts", ["child_id"], unique=False)
    op.create_index("ix_legal_acts_placement_id", "legal_acts", ["placement_id"], unique=False)
    op.create_table(
        "preparations",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("drop_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(dropped_on is null) = (drop_reason is null)", name="ck_preparations_drop_reason"),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_preparations_child_id"),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name="fk_preparations_placement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_preparations"),
    )
    op.create_index("ix_preparations_child_id", "preparations", ["child_id", "planned_on"], unique=False)
    op.create_index(
        "ix_preparations_one_open",
        "preparations",
        ["child_id"],
        unique=True,
        postgresql_where=sa.text("placement_id is null and dropped_on is null"),
    )
    op.create_table(
        "session_notes",
        sa.Column("psych_session_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_session_notes_child_id"),
        sa.ForeignKeyConstraint(["psych_session_id"], ["psych_sessions.id"], name="fk_session_notes_psych_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_session_notes"),
    )
    op.create_index("ix_session_notes_child_id", "session_notes", ["child_id"], unique=False)
    op.create_index("ix_session_notes_psych_session_id", "session_notes", ["psych_session_id"], unique=True)
    op.create_table(
        "support_items",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_rwf", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("amount_rwf >= 0", name="ck_support_items_amount"),
        sa.CheckConstraint("quantity > 0", name="ck_support_items_quantity"),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_support_items_child_id"),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name="fk_support_items_placement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_support_items"),
    )
    op.create_index("ix_support_items_child_id", "support_items", ["child_id"], unique=False)
    op.create_index("ix_support_items_placement_id", "support_items", ["placement_id"], unique=False)
    op.create_table(
        "times_away",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("child_id"), "="),
            (sa.text("daterange(from_on, until_on, '[)')"), "&&"),
            using="gist",
            name="ex_times_away_one_at_a_time",
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name="ck_times_away_order"),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_times_away_child_id"),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name="fk_times_away_placement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_times_away"),
    )
    op.create_index("ix_times_away_child_id", "times_away", ["child_id", "from_on"], unique=False)
    op.create_index("ix_times_away_placement_id", "times_away", ["placement_id"], unique=False)
    op.create_table(
        "child_alerts",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_child_alerts_child_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_child_alerts_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_child_alerts"),
    )
    op.create_index("ix_child_alerts_child_id", "child_alerts", ["child_id"], unique=False)
    op.create_index(
        "ix_child_alerts_waiting",
        "child_alerts",
        ["area_code", "created_at"],
        unique=False,
        postgresql_where=sa.text("seen_at is null"),
    )
    op.create_table(
        "preparation_steps",
        sa.Column("preparation_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="fk_preparation_steps_child_id"),
        sa.ForeignKeyConstraint(["item"], ["preparation_items.code"], name="fk_preparation_steps_item"),
        sa.ForeignKeyConstraint(["preparation_id"], ["preparations.id"], name="fk_preparation_steps_preparation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_preparation_steps"),
    )
    op.create_index("ix_preparation_steps_child_id", "preparation_steps", ["child_id"], unique=False)
    op.create_index("ix_preparation_steps_one", "preparation_steps", ["preparation_id", "item"], unique=True)
    op.add_column("placements", sa.Column("brought_by", sa.String(), nullable=True))
    op.add_column("placements", sa.Column("child_was", sa.String(), nullable=True))
    op.add_column("placements", sa.Column("unprepared_reason", sa.String(), nullable=True))
    op.add_column("placements", sa.Column("planned_end_on", sa.Date(), nullable=True))
    op.add_column("placements", sa.Column("address", sa.String(), nullable=True))
    op.add_column("placements", sa.Column("rent_until", sa.Date(), nullable=True))
    op.add_column("placements", sa.Column("mentor", sa.String(), nullable=True))
    op.add_column("placements", sa.Column("visits_by", sa.String(), server_default="usual", nullable=False))
    op.add_column("placements", sa.Column("visits_from", sa.Date(), nullable=True))
    op.add_column("visit_schedules", sa.Column("need", sa.String(), server_default="usual", nullable=False))
    op.add_column("visit_schedules", sa.Column("repeat_days", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("seen_alone", sa.Boolean(), nullable=True))
    op.add_column("visits", sa.Column("safe", sa.String(), nullable=True))
    op.add_column("visits", sa.Column("safe_why", sa.String(), nullable=True))
    op.add_column(
        "visits", sa.Column("worries", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.add_column("visits", sa.Column("worry_words", sa.String(), nullable=True))
    op.add_column("visits", sa.Column("agreed", sa.String(), nullable=True))
    op.add_column("visits", sa.Column("next_visit_on", sa.Date(), nullable=True))
    op.add_column("visits", sa.Column("suggests_risk", sa.String(), nullable=True))
    op.drop_constraint("pk_visit_schedules", "visit_schedules", type_="primary")
    op.create_primary_key("pk_visit_schedules", "visit_schedules", ["placement_kind", "need"])
    # Residents are visited as long as they stay, and a child adopted abroad is asked after every year; what the
    # programme has changed since stays as it is.
    op.execute("""
        update visit_schedules set repeat_days = 90
        where due_days = array[90, 180, 270, 360, 450, 540, 630, 720]
    """)
    op.execute("""
        update visit_schedules set repeat_days = 365
        where placement_kind = 'adoption_intercountry' and due_days[array_upper(due_days, 1)] = 1826
    """)
    for table in DATA:
        open_table(table, web="select")
    for table, condition in LOCKED.items():
        open_table(table)
        lock_table(table, condition)
    # Every night visits are planned further ahead, and again where the risk or a disability changed.
    op.execute("grant insert, update on tasks to tubarerere_worker")
    op.execute("grant update (visits_by, visits_from, version) on placements to tubarerere_worker")


def downgrade() -> None:
    op.execute("revoke update (visits_by, visits_from, version) on placements from tubarerere_worker")
    op.execute("revoke insert, update on tasks from tubarerere_worker")
    for table in LOCKED:
        unlock_table(table)
    op.execute("delete from visit_schedules where need <> 'usual'")
    op.drop_constraint("pk_visit_schedules", "visit_schedules", type_="primary")
    op.create_primary_key("pk_visit_schedules", "visit_schedules", ["placement_kind"])
    op.drop_column("visits", "suggests_risk")
    op.drop_column("visits", "next_visit_on")
    op.drop_column("visits", "agreed")
    op.drop_column("visits", "worry_words")
    op.drop_column("visits", "worries")
    op.drop_column("visits", "safe_why")
    op.drop_column("visits", "safe")
    op.drop_column("visits", "seen_alone")
    op.drop_column("visit_schedules", "repeat_days")
    op.drop_column("visit_schedules", "need")
    op.drop_column("placements", "visits_from")
    op.drop_column("placements", "visits_by")
    op.drop_column("placements", "mentor")
    op.drop_column("placements", "rent_until")
    op.drop_column("placements", "address")
    op.drop_column("placements", "planned_end_on")
    op.drop_column("placements", "unprepared_reason")
    op.drop_column("placements", "child_was")
    op.drop_column("placements", "brought_by")
    op.drop_index("ix_preparation_steps_one", table_name="preparation_steps")
    op.drop_index("ix_preparation_steps_child_id", table_name="preparation_steps")
    op.drop_table("preparation_steps")
    op.drop_index("ix_child_alerts_waiting", table_name="child_alerts", postgresql_where=sa.text("seen_at is null"))
    op.drop_index("ix_child_alerts_child_id", table_name="child_alerts")
    op.drop_table("child_alerts")
    op.drop_index("ix_times_away_placement_id", table_name="times_away")
    op.drop_index("ix_times_away_child_id", table_name="times_away")
    op.drop_table("times_away")
    op.drop_index("ix_support_items_placement_id", table_name="support_items")
    op.drop_index("ix_support_items_child_id", table_name="support_items")
    op.drop_table("support_items")
    op.drop_index("ix_session_notes_psych_session_id", table_name="session_notes")
    op.drop_index("ix_session_notes_child_id", table_name="session_notes")
    op.drop_table("session_notes")
    op.drop_index(
        "ix_preparations_one_open",
        table_name="preparations",
        postgresql_where=sa.text("placement_id is null and dropped_on is null"),
    )
    op.drop_index("ix_preparations_child_id", table_name="preparations")
    op.drop_table("preparations")
    op.drop_index("ix_legal_acts_placement_id", table_name="legal_acts")
    op.drop_index("ix_legal_acts_child_id", table_name="legal_acts")
    op.drop_table("legal_acts")
    op.drop_index("ix_psych_sessions_child_id", table_name="psych_sessions")
    op.drop_table("psych_sessions")
    op.drop_index("ix_caregiver_deaths_household_id", table_name="caregiver_deaths")
    op.drop_table("caregiver_deaths")
    op.drop_table("visit_triggers")
    op.drop_table("preparation_items")
    op.drop_table("placement_settings")
