"""Visits to children in placements, and the schedules that say when they are due."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class VisitSchedule(Base):
    """After how many days of a placement of a kind visits are due. Data that the programme may change, never law.

    `due_days` are professional visits, `check_days` the light checks of a volunteer of the village between them.
    """

    __tablename__ = "visit_schedules"

    placement_kind: Mapped[str] = mapped_column(primary_key=True)
    due_days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    first_tolerance_days: Mapped[int] = mapped_column(default=3)
    tolerance_days: Mapped[int] = mapped_column(default=7)
    check_days: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"))


class Visit(Recorded, Base):
    """A visit on a day: it counts only if the child was seen; otherwise it says why not.

    `wellbeing` maps a domain to 1 (very bad) to 4 (good); a domain that was not assessed is absent, never 0.
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("child_seen = (not_seen_reason is null)", name="seen_or_reason"),
        Index("ix_visits_placement_id", "placement_id", "visited_on"),
        Index("ix_visits_child_id", "child_id", "visited_on"),
        Index("ix_visits_district_visited", "district_code", "visited_on"),
    )

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    visited_on: Mapped[date]
    child_seen: Mapped[bool]
    not_seen_reason: Mapped[str | None]
    wellbeing: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    note: Mapped[str | None]
    visited_by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))
