"""Placements: episodes of residence and care, one open at a time."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, func, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class Placement(Recorded, Base):
    """Where a child lived from a day until a day (excluded): in an institution, with a household, or elsewhere.

    Residential stays are placements too, so that "where was this child on that date" has one answer.
    `from_kind` is the kind of the episode before, so that "first exit from an institution" needs no self-join.
    """

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="order"),
        CheckConstraint("(ended_on is null) = (end_reason is null)", name="end_reason"),
        CheckConstraint("not (institution_id is not null and household_id is not null)", name="one_host"),
        ExcludeConstraint(
            (literal_column("child_id"), "="),
            (func.daterange(literal_column("started_on"), literal_column("ended_on"), text("'[)'")), "&&"),
            name="ex_placements_one_residence",
            using="gist",
        ),
        Index("ix_placements_child_id", "child_id", "started_on"),
        Index(
            "ix_placements_institution_id",
            "institution_id",
            "started_on",
            postgresql_where=text("institution_id is not null"),
        ),
        Index("ix_placements_household_id", "household_id", postgresql_where=text("household_id is not null")),
        Index("ix_placements_district_started", "district_code", "started_on"),
        Index("ix_placements_started", "started_on"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    is_residential: Mapped[bool]
    from_kind: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    end_was_planned: Mapped[bool | None]
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutions.id"))
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    entry_reason: Mapped[str | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
    note: Mapped[str | None]
