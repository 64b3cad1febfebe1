"""Decisions, the brothers and sisters for whom they count too, and the families that were chosen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Decision(Recorded, Base):
    """A panel's decision about a child. `written_by` changed it last and, like its author, never approves it.

    `panel` is [{name, role}], `options` [{option, considered, finding, why_not}] in the order of preference. What a
    draft does not say yet is null.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("(state = 'approved') = (approved_at is not null)", name="approved"),
        CheckConstraint("state in ('draft', 'returned') or grounds <> '{poverty}'", name="never_poverty_alone"),
        CheckConstraint(
            "state in ('draft', 'returned') or (necessity is not null and kind is not null and suitability is not null "
            "and child_heard is not null and siblings is not null and grounds <> '{}')",
            name="whole",
        ),
        Index("ix_decisions_child_id", "child_id", "decided_on"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    state: Mapped[str] = mapped_column(default="draft")
    decided_on: Mapped[date]
    panel: Mapped[list[Any]] = mapped_column(JSONB)
    author_sat: Mapped[bool]
    grounds: Mapped[list[str]] = mapped_column(ARRAY(String))
    necessity: Mapped[str | None]
    options: Mapped[list[Any]] = mapped_column(JSONB)
    kind: Mapped[str | None]
    suitability: Mapped[str | None]
    child_heard: Mapped[bool | None]
    child_said: Mapped[str | None]
    not_heard: Mapped[str | None]
    siblings: Mapped[str | None]
    siblings_why: Mapped[str | None]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutions.id"))
    nearness: Mapped[str | None]
    far_why: Mapped[str | None]
    conditions: Mapped[str | None]
    approval_kind: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class DecisionSibling(Recorded, Base):
    """Another child for whom a decision counts too; `dropped` where a later version of the draft names it no more."""

    __tablename__ = "decision_siblings"
    __table_args__ = (UniqueConstraint("decision_id", "child_id"), Index("ix_decision_siblings_child_id", "child_id"))

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    dropped: Mapped[bool] = mapped_column(default=False)


class Match(Recorded, Base):
    """The family that a person chose for a child, why, and what else was proposed; the newest counts."""

    __tablename__ = "matches"
    __table_args__ = (
        Index("ix_matches_decision_id", "decision_id", "created_at"),
        Index("ix_matches_child_id", "child_id"),
        Index("ix_matches_household_id", "household_id"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"))
    why: Mapped[str]
    score: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(JSONB)
    against: Mapped[list[Any]] = mapped_column(JSONB)
    others: Mapped[list[Any]] = mapped_column(JSONB)
