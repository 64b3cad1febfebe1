"""Visits to children in placements, and the schedules that say when they are due."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class VisitSchedule(Base):
    """After how many days of a placement of a kind visits are due. Data that the programme may change, never law.

    `need` says for whom: usual, high_risk or disability; where there is no row of its own the usual one counts.
    `due_days` are professional visits, `check_days` the light checks of a volunteer of the village between them.
    After the last of them a visit is due every `repeat_days`, as long as the placement lasts; never where it is null.
    """

    __tablename__ = "visit_schedules"

    placement_kind: Mapped[str] = mapped_column(primary_key=True)
    need: Mapped[str] = mapped_column(primary_key=True, default="usual", server_default="usual")
    due_days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    first_tolerance_days: Mapped[int] = mapped_column(default=3)
    tolerance_days: Mapped[int] = mapped_column(default=7)
    check_days: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"))
    repeat_days: Mapped[int | None]


class VisitTrigger(Base):
    """What an answer of a visit brings about. Data that the programme may change, never law.

    `question` is safe, worry, wellbeing.<domain> or wellbeing.* for any domain.
    """

    __tablename__ = "visit_triggers"

    code: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str]
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    risk: Mapped[str | None]
    task_kind: Mapped[str | None]
    due_days: Mapped[int] = mapped_column(default=0)
    alert: Mapped[bool] = mapped_column(default=False)


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
    seen_alone: Mapped[bool | None]
    safe: Mapped[str | None]
    safe_why: Mapped[str | None]
    worries: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    worry_words: Mapped[str | None]
    agreed: Mapped[str | None]
    next_visit_on: Mapped[date | None]
    suggests_risk: Mapped[str | None]
    visited_by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))


class ChildAlert(Recorded, Base):
    """Something that the supervisor of the district must know within the hour; seen by whom and when."""

    __tablename__ = "child_alerts"
    __table_args__ = (
        Index("ix_child_alerts_child_id", "child_id"),
        Index("ix_child_alerts_waiting", "area_code", "created_at", postgresql_where=text("seen_at is null")),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    area_code: Mapped[int]
    kind: Mapped[str]
    path: Mapped[str]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None]


class PsychSession(Recorded, Base):
    """A session of a psychologist with a child: that it took place, and of which kind."""

    __tablename__ = "psych_sessions"
    __table_args__ = (Index("ix_psych_sessions_child_id", "child_id", "held_on"),)

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    held_on: Mapped[date]
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))


class SessionNote(Recorded, Base):
    """What a psychologist wrote about a session: for its writer and the post that is responsible for the child."""

    __tablename__ = "session_notes"
    __table_args__ = (
        Index("ix_session_notes_psych_session_id", "psych_session_id", unique=True),
        Index("ix_session_notes_child_id", "child_id"),
    )

    psych_session_id: Mapped[UUID] = mapped_column(ForeignKey("psych_sessions.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    note: Mapped[str]
