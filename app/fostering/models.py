"""Foster families on their way, each step of it, and the programme's terms."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class FosterFamily(Recorded, Base):
    """What a household offers as a foster family, and how far it is.

    The days of the checks are the newest on which all was in order. Preferences are only those that the law allows.
    """

    __tablename__ = "foster_families"
    __table_args__ = (
        CheckConstraint("age_from is null or age_to is null or age_from <= age_to", name="ages"),
        Index("ix_foster_families_stage", "stage", "created_at", "id"),
        Index(
            "ix_foster_families_approved_until", "approved_until", postgresql_where=text("approved_until is not null")
        ),
    )

    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"), unique=True)
    stage: Mapped[str] = mapped_column(default="applied")
    income_source: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    sex: Mapped[str | None]
    siblings_welcome: Mapped[bool] = mapped_column(default=False)
    disability_training: Mapped[str | None]
    cares: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    record_checked_on: Mapped[date | None]
    references_on: Mapped[date | None]
    home_checked_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    approved_until: Mapped[date | None]
    paused_why: Mapped[str | None]


class FosterStep(Recorded, Base):
    """One line of a family's way, with the paper that proves it; never changed, corrected by a further line."""

    __tablename__ = "foster_steps"
    __table_args__ = (Index("ix_foster_steps_household_id", "household_id", "stepped_on"),)

    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"))
    step: Mapped[str]
    stepped_on: Mapped[date]
    in_order: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None]
    document: Mapped[str | None]


class HomeTerm(Base):
    """A number or a day of the programme, by its key. Data that the programme may change, never law."""

    __tablename__ = "home_terms"

    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int | None]
    day: Mapped[date | None]
