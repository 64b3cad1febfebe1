"""The tables of the main job."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for extension in ("pg_trgm", "btree_gin", "btree_gist"):
        op.execute(f"create extension if not exists {extension}")
    op.create_table(
        "accounts",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_account", "audit_events", ["account_id", "id"], unique=False)
    op.create_index("ix_audit_events_at", "audit_events", ["at"], unique=False)
    op.create_index("ix_audit_events_kind", "audit_events", ["kind", "id"], unique=False)
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_kind", "subject_id", "id"], unique=False)
    op.create_table(
        "audit_unsealed",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_unsealed")),
    )
    op.create_table(
        "ladder_clocks",
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("acknowledge_hours", sa.Integer(), nullable=False),
        sa.Column("resolve_hours", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("urgency", "level", name=op.f("pk_ladder_clocks")),
    )
    op.create_table(
        "place_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_releases")),
        sa.UniqueConstraint("digest", name=op.f("uq_place_releases_digest")),
    )
    op.create_table(
        "quoted_figures",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("includes_young_adults", sa.Boolean(), nullable=True),
        sa.Column("registered_institutions_only", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_quoted_figures")),
    )
    op.create_table(
        "tasks",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("done_on is null or cancelled_on is null", name=op.f("ck_tasks_one_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_child_id", "tasks", ["child_id", "due_on"], unique=False)
    op.create_index("ix_tasks_district_due", "tasks", ["district_code", "due_on"], unique=False)
    op.create_index(
        "ix_tasks_open_area",
        "tasks",
        ["area_code", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("done_on is null and cancelled_on is null"),
    )
    op.create_index(
        "ix_tasks_open_post",
        "tasks",
        ["post_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("done_on is null and cancelled_on is null"),
    )
    op.create_index("ix_tasks_subject", "tasks", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "visit_schedules",
        sa.Column("placement_kind", sa.String(), nullable=False),
        sa.Column("due_days", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("first_tolerance_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("check_days", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("placement_kind", name=op.f("pk_visit_schedules")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_events.id"], name=op.f("fk_audit_seals_event_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seals_event_id")),
    )
    op.create_table(
        "places",
        sa.Column("code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent_code", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("code_is_inferred", sa.Boolean(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level in ('country','province','district','sector','cell','village')",
            name=op.f("ck_places_level"),
        ),
        sa.ForeignKeyConstraint(["parent_code"], ["places.code"], name=op.f("fk_places_parent_code")),
        sa.ForeignKeyConstraint(["release_id"], ["place_releases.id"], name=op.f("fk_places_release_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_places")),
    )
    op.create_index(
        "ix_places_folded",
        "places",
        ["folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_index("ix_places_parent_code_name", "places", ["parent_code", "name"], unique=False)
    op.create_table(
        "households",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("head_name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("place_code", sa.Integer(), nullable=False),
        sa.Column("village_name", sa.String(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("vetting", sa.String(), nullable=False),
        sa.Column("vetted_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("capacity between 0 and 12", name=op.f("ck_households_capacity")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_households_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("code", name=op.f("uq_households_code")),
    )
    op.create_index("ix_households_district_newest", "households", ["district_code", "created_at", "id"], unique=False)
    op.create_index(
        "ix_households_folded",
        "households",
        ["district_code", "folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_table(
        "institutions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("registration", sa.String(), nullable=False),
        sa.Column("founder", sa.String(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("place_code", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closure_stage", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stage_reached_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("capacity is null or capacity between 0 and 5000", name=op.f("ck_institutions_capacity")),
        sa.CheckConstraint("closure_stage between 0 and 8", name=op.f("ck_institutions_closure_stage")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_institutions_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
    )
    op.create_index("ix_institutions_district_code_name", "institutions", ["district_code", "name", "id"], unique=False)
    op.create_table(
        "place_aliases",
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("source", sa.String(), server_default=sa.text("'data'"), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["places.code"], name=op.f("fk_place_aliases_code")),
        sa.PrimaryKeyConstraint("code", "alias", name=op.f("pk_place_aliases")),
    )
    op.create_table(
        "place_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["places.code"], name=op.f("fk_place_names_code")),
        sa.ForeignKeyConstraint(["release_id"], ["place_releases.id"], name=op.f("fk_place_names_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_names")),
    )
    op.create_index(op.f("ix_place_names_code"), "place_names", ["code"], unique=False)
    op.create_table(
        "place_successions",
        sa.Column("from_code", sa.Integer(), nullable=False),
        sa.Column("to_code", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["from_code"], ["places.code"], name=op.f("fk_place_successions_from_code")),
        sa.ForeignKeyConstraint(["to_code"], ["places.code"], name=op.f("fk_place_successions_to_code")),
        sa.PrimaryKeyConstraint("from_code", "to_code", name=op.f("pk_place_successions")),
    )
    op.create_table(
        "household_members",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("is_caregiver", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_household_members_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_members")),
    )
    op.create_index(op.f("ix_household_members_household_id"), "household_members", ["household_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("place_code", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_posts_institution_id")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_posts_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index("ix_posts_role_place_code", "posts", ["role", "place_code"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_appointments_order")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_appointments_account_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_appointments_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index("ix_appointments_account_id", "appointments", ["account_id"], unique=False)
    op.create_index("ix_appointments_post_id", "appointments", ["post_id"], unique=False)
    op.create_table(
        "children",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.String(), nullable=False),
        sa.Column("has_disability", sa.Boolean(), nullable=True),
        sa.Column("origin_place_code", sa.Integer(), nullable=True),
        sa.Column("origin_village_name", sa.String(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("restricted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("responsible_post_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("lives_as", sa.String(), nullable=True),
        sa.Column("lives_since", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "birth_precision in ('day','month','year','estimated','unknown')",
            name=op.f("ck_children_birth_precision"),
        ),
        sa.CheckConstraint("sex in ('female','male')", name=op.f("ck_children_sex")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_children_household_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_children_institution_id")),
        sa.ForeignKeyConstraint(["origin_place_code"], ["places.code"], name=op.f("fk_children_origin_place_code")),
        sa.ForeignKeyConstraint(["responsible_post_id"], ["posts.id"], name=op.f("fk_children_responsible_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("code", name=op.f("uq_children_code")),
    )
    op.create_index("ix_children_area_newest", "children", ["area_code", "created_at", "id"], unique=False)
    op.create_index("ix_children_district_newest", "children", ["district_code", "created_at", "id"], unique=False)
    op.create_index(
        "ix_children_folded",
        "children",
        ["district_code", "folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_children_household_id",
        "children",
        ["household_id"],
        unique=False,
        postgresql_where=sa.text("household_id is not null"),
    )
    op.create_index(
        "ix_children_institution_id",
        "children",
        ["institution_id"],
        unique=False,
        postgresql_where=sa.text("institution_id is not null"),
    )
    op.create_index("ix_children_newest", "children", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_children_responsible_post_id",
        "children",
        ["responsible_post_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.CheckConstraint("kind in ('browser','token')", name=op.f("ck_sign_ins_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_sign_ins_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index(
        "ix_sign_ins_account_id",
        "sign_ins",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_table(
        "placements",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_residential", sa.Boolean(), nullable=False),
        sa.Column("from_kind", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("end_was_planned", sa.Boolean(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("entry_reason", sa.String(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("child_id"), "="),
            (sa.text("daterange(started_on, ended_on, '[)')"), "&&"),
            using="gist",
            name="ex_placements_one_residence",
        ),
        sa.CheckConstraint("(ended_on is null) = (end_reason is null)", name=op.f("ck_placements_end_reason")),
        sa.CheckConstraint("ended_on is null or ended_on >= started_on", name=op.f("ck_placements_order")),
        sa.CheckConstraint(
            "not (institution_id is not null and household_id is not null)",
            name=op.f("ck_placements_one_host"),
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_placements_child_id")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_placements_household_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_placements_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    op.create_index("ix_placements_child_id", "placements", ["child_id", "started_on"], unique=False)
    op.create_index("ix_placements_district_started", "placements", ["district_code", "started_on"], unique=False)
    op.create_index(
        "ix_placements_household_id",
        "placements",
        ["household_id"],
        unique=False,
        postgresql_where=sa.text("household_id is not null"),
    )
    op.create_index(
        "ix_placements_institution_id",
        "placements",
        ["institution_id", "started_on"],
        unique=False,
        postgresql_where=sa.text("institution_id is not null"),
    )
    op.create_index("ix_placements_started", "placements", ["started_on"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("concern", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("filed_level", sa.SmallInteger(), nullable=False),
        sa.Column("reached_level", sa.SmallInteger(), nullable=False),
        sa.Column("place_code", sa.Integer(), nullable=False),
        sa.Column("village_name", sa.String(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("child_sex", sa.String(), nullable=True),
        sa.Column("child_age_band", sa.String(), nullable=True),
        sa.Column("narrative", sa.String(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("suspect_name", sa.String(), nullable=True),
        sa.Column("suspect_words", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("suspect_account_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("author_account_id", sa.Uuid(), nullable=False),
        sa.Column("author_post_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("char_length(narrative) <= 2000", name=op.f("ck_referrals_narrative")),
        sa.ForeignKeyConstraint(["author_account_id"], ["accounts.id"], name=op.f("fk_referrals_author_account_id")),
        sa.ForeignKeyConstraint(["author_post_id"], ["posts.id"], name=op.f("fk_referrals_author_post_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_referrals_child_id")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_referrals_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("code", name=op.f("uq_referrals_code")),
    )
    op.create_index("ix_referrals_area_newest", "referrals", ["area_code", "filed_at", "id"], unique=False)
    op.create_index("ix_referrals_author", "referrals", ["author_account_id", "filed_at", "id"], unique=False)
    op.create_index(
        "ix_referrals_child_id",
        "referrals",
        ["child_id"],
        unique=False,
        postgresql_where=sa.text("child_id is not null"),
    )
    op.create_index("ix_referrals_district_newest", "referrals", ["district_code", "filed_at", "id"], unique=False)
    op.create_index(
        "ix_referrals_due",
        "referrals",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at is null and due_at is not null"),
    )
    op.create_index(
        "ix_referrals_held",
        "referrals",
        ["level", "area_code", "due_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.create_index("ix_referrals_newest", "referrals", ["filed_at", "id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_notices_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_account_id", "notices", ["account_id", "at", "id"], unique=False)
    op.create_table(
        "referral_hops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("place_code", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_referral_hops_place_code")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_referral_hops_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_hops")),
    )
    op.create_index(
        "ix_referral_hops_district_received", "referral_hops", ["district_code", "received_at"], unique=False
    )
    op.create_index("ix_referral_hops_received", "referral_hops", ["received_at"], unique=False)
    op.create_index("ix_referral_hops_referral_id", "referral_hops", ["referral_id", "seq"], unique=True)
    op.create_table(
        "visits",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("child_seen", sa.Boolean(), nullable=False),
        sa.Column("not_seen_reason", sa.String(), nullable=True),
        sa.Column("wellbeing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("visited_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("child_seen = (not_seen_reason is null)", name=op.f("ck_visits_seen_or_reason")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_visits_child_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_visits_placement_id")),
        sa.ForeignKeyConstraint(["visited_by_post_id"], ["posts.id"], name=op.f("fk_visits_visited_by_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_child_id", "visits", ["child_id", "visited_on"], unique=False)
    op.create_index("ix_visits_district_visited", "visits", ["district_code", "visited_on"], unique=False)
    op.create_index("ix_visits_placement_id", "visits", ["placement_id", "visited_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_visits_placement_id", table_name="visits")
    op.drop_index("ix_visits_district_visited", table_name="visits")
    op.drop_index("ix_visits_child_id", table_name="visits")
    op.drop_table("visits")
    op.drop_index("ix_referral_hops_referral_id", table_name="referral_hops")
    op.drop_index("ix_referral_hops_received", table_name="referral_hops")
    op.drop_index("ix_referral_hops_district_received", table_name="referral_hops")
    op.drop_table("referral_hops")
    op.drop_index("ix_notices_account_id", table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_referrals_newest", table_name="referrals")
    op.drop_index("ix_referrals_held", table_name="referrals", postgresql_where=sa.text("resolved_at is null"))
    op.drop_index(
        "ix_referrals_due",
        table_name="referrals",
        postgresql_where=sa.text("resolved_at is null and due_at is not null"),
    )
    op.drop_index("ix_referrals_district_newest", table_name="referrals")
    op.drop_index("ix_referrals_child_id", table_name="referrals", postgresql_where=sa.text("child_id is not null"))
    op.drop_index("ix_referrals_author", table_name="referrals")
    op.drop_index("ix_referrals_area_newest", table_name="referrals")
    op.drop_table("referrals")
    op.drop_index("ix_placements_started", table_name="placements")
    op.drop_index(
        "ix_placements_institution_id",
        table_name="placements",
        postgresql_where=sa.text("institution_id is not null"),
    )
    op.drop_index(
        "ix_placements_household_id",
        table_name="placements",
        postgresql_where=sa.text("household_id is not null"),
    )
    op.drop_index("ix_placements_district_started", table_name="placements")
    op.drop_index("ix_placements_child_id", table_name="placements")
    op.drop_table("placements")
    op.drop_index("ix_sign_ins_account_id", table_name="sign_ins", postgresql_where=sa.text("revoked_at is null"))
    op.drop_table("sign_ins")
    op.drop_index("ix_children_responsible_post_id", table_name="children")
    op.drop_index("ix_children_newest", table_name="children")
    op.drop_index(
        "ix_children_institution_id",
        table_name="children",
        postgresql_where=sa.text("institution_id is not null"),
    )
    op.drop_index(
        "ix_children_household_id",
        table_name="children",
        postgresql_where=sa.text("household_id is not null"),
    )
    op.drop_index(
        "ix_children_folded",
        table_name="children",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index("ix_children_district_newest", table_name="children")
    op.drop_index("ix_children_area_newest", table_name="children")
    op.drop_table("children")
    op.drop_index("ix_appointments_post_id", table_name="appointments")
    op.drop_index("ix_appointments_account_id", table_name="appointments")
    op.drop_table("appointments")
    op.drop_index("ix_posts_role_place_code", table_name="posts")
    op.drop_table("posts")
    op.drop_index(op.f("ix_household_members_household_id"), table_name="household_members")
    op.drop_table("household_members")
    op.drop_table("place_successions")
    op.drop_index(op.f("ix_place_names_code"), table_name="place_names")
    op.drop_table("place_names")
    op.drop_table("place_aliases")
    op.drop_index("ix_institutions_district_code_name", table_name="institutions")
    op.drop_table("institutions")
    op.drop_index(
        "ix_households_folded",
        table_name="households",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index("ix_households_district_newest", table_name="households")
    op.drop_table("households")
    op.drop_index("ix_places_parent_code_name", table_name="places")
    op.drop_index(
        "ix_places_folded",
        table_name="places",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_table("places")
    op.drop_table("audit_seals")
    op.drop_table("visit_schedules")
    op.drop_index("ix_tasks_subject", table_name="tasks")
    op.drop_index(
        "ix_tasks_open_post",
        table_name="tasks",
        postgresql_where=sa.text("done_on is null and cancelled_on is null"),
    )
    op.drop_index(
        "ix_tasks_open_area",
        table_name="tasks",
        postgresql_where=sa.text("done_on is null and cancelled_on is null"),
    )
    op.drop_index("ix_tasks_district_due", table_name="tasks")
    op.drop_index("ix_tasks_child_id", table_name="tasks")
    op.drop_table("tasks")
    op.drop_table("quoted_figures")
    op.drop_table("place_releases")
    op.drop_table("ladder_clocks")
    op.drop_table("audit_unsealed")
    op.drop_index("ix_audit_events_subject", table_name="audit_events")
    op.drop_index("ix_audit_events_kind", table_name="audit_events")
    op.drop_index("ix_audit_events_at", table_name="audit_events")
    op.drop_index("ix_audit_events_account", table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_table("accounts")
