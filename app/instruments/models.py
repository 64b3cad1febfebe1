"""Sets of answers, and which version of a form a district uses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import today
from app.core.db import Base, Recorded


class InstrumentAnswers(Recorded, Base):
    """The answers to one version of a form about a child; what is submitted is never changed, which a trigger holds.

    `sections` maps a section to `{version, by, at}` of its last saving: two people write in different sections of one
    draft at once. `replaces_id` names the set that this one corrects, or the draft whose answers it took over.
    """

    __tablename__ = "instrument_answers"
    __table_args__ = (
        CheckConstraint("state in ('draft','submitted','superseded')", name="state"),
        CheckConstraint("(submitted_at is null) = (submitted_by is null)", name="submitted_by"),
        CheckConstraint("state <> 'submitted' or submitted_at is not null", name="submitted"),
        Index("ix_instrument_answers_child_id", "child_id", "instrument", "submitted_at"),
        Index(
            "ix_instrument_answers_one_draft",
            "child_id",
            "instrument",
            unique=True,
            postgresql_where=text("state = 'draft' and sensitive is null and household_id is null"),
        ),
        Index(
            "ix_instrument_answers_one_draft_household",
            "child_id",
            "instrument",
            "household_id",
            unique=True,
            postgresql_where=text("state = 'draft' and sensitive is null and household_id is not null"),
        ),
        Index("ix_instrument_answers_replaces_id", "replaces_id"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    sensitive: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft")
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    sections: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    scores: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    started_by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    submitted_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument_answers.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))


class InstrumentChoice(Recorded, Base):
    """That a district uses a version of a form from a day on; the newest choice whose day has come counts."""

    __tablename__ = "instrument_choices"
    __table_args__ = (
        Index("ix_instrument_choices_district", "district_code", "instrument", "starts_on", "created_at"),
    )

    district_code: Mapped[int]
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    starts_on: Mapped[date] = mapped_column(default=today)
