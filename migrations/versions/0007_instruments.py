"""Answers to instruments, with the version that they were given in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.second_lock import OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Psychological answers open to whoever wrote them and to whose case it is, also if a query forgets to ask.
OWN_OR_PLAIN = (
    "sensitive is null or created_by = (select tubarerere_account()) or exists (select from children c "
    "where c.id = child_id and (select tubarerere_post()) in (c.responsible_post_id, c.supervising_post_id))"
)
SUBMITTED_STAYS = """
create function tubarerere_submitted_stays() returns trigger language plpgsql as $$
    begin
        if (new.answers, new.scores, new.sections, new.instrument, new.instrument_version, new.submitted_at,
            new.submitted_by) is distinct from (old.answers, old.scores, old.sections, old.instrument,
            old.instrument_version, old.submitted_at, old.submitted_by) then
            raise exception 'a submitted set of answers never changes';
        end if;
        return new;
    end
$$
"""


def upgrade() -> None:
    op.create_table(
        "instrument_choices",
        sa.Column("district_code", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_choices")),
    )
    op.create_index(
        "ix_instrument_choices_district",
        "instrument_choices",
        ["district_code", "instrument", "starts_on", "created_at"],
        unique=False,
    )
    op.create_table(
        "instrument_answers",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("sensitive", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Integer(), sa.Computed("area_code / 1000000", persisted=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state <> 'submitted' or submitted_at is not null", name=op.f("ck_instrument_answers_submitted")
        ),
        sa.CheckConstraint("state in ('draft','submitted','superseded')", name=op.f("ck_instrument_answers_state")),
        sa.CheckConstraint(
            "(submitted_at is null) = (submitted_by is null)", name=op.f("ck_instrument_answers_submitted_by")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_instrument_answers_child_id")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_instrument_answers_household_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["instrument_answers.id"], name=op.f("fk_instrument_answers_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_post_id"], ["posts.id"], name=op.f("fk_instrument_answers_started_by_post_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["accounts.id"], name=op.f("fk_instrument_answers_submitted_by")),
        sa.ForeignKeyConstraint(
            ["submitted_by_post_id"], ["posts.id"], name=op.f("fk_instrument_answers_submitted_by_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_answers")),
    )
    op.create_index(
        "ix_instrument_answers_child_id", "instrument_answers", ["child_id", "instrument", "submitted_at"], unique=False
    )
    op.create_index(
        "ix_instrument_answers_one_draft",
        "instrument_answers",
        ["child_id", "instrument"],
        unique=True,
        postgresql_where=sa.text("state = 'draft' and sensitive is null and household_id is null"),
    )
    op.create_index(
        "ix_instrument_answers_one_draft_household",
        "instrument_answers",
        ["child_id", "instrument", "household_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft' and sensitive is null and household_id is not null"),
    )
    op.create_index("ix_instrument_answers_replaces_id", "instrument_answers", ["replaces_id"], unique=False)
    op.execute(SUBMITTED_STAYS)
    op.execute(
        "create trigger submitted_stays before update on instrument_answers for each row "
        "when (old.state <> 'draft') execute function tubarerere_submitted_stays()"
    )
    open_table("instrument_answers")
    lock_table("instrument_answers", f"{OF_VISIBLE_CHILD} and ({OWN_OR_PLAIN})")
    open_table("instrument_choices")


def downgrade() -> None:
    unlock_table("instrument_answers")
    op.drop_index("ix_instrument_answers_replaces_id", table_name="instrument_answers")
    op.drop_index(
        "ix_instrument_answers_one_draft_household",
        table_name="instrument_answers",
        postgresql_where=sa.text("state = 'draft' and sensitive is null and household_id is not null"),
    )
    op.drop_index(
        "ix_instrument_answers_one_draft",
        table_name="instrument_answers",
        postgresql_where=sa.text("state = 'draft' and sensitive is null and household_id is null"),
    )
    op.drop_index("ix_instrument_answers_child_id", table_name="instrument_answers")
    op.drop_table("instrument_answers")
    op.drop_index("ix_instrument_choices_district", table_name="instrument_choices")
    op.drop_table("instrument_choices")
    op.execute("drop function tubarerere_submitted_stays()")
