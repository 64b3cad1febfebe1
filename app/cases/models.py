"""Cases, and what a case gathers: steps, ratings of risk, concerns, contacts, transfers, closings, groups."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Integer, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now, today
from app.core.db import Base, Recorded


class Case(Recorded, Base):
    """The work on one child from a day until a day; `area_code` follows the child's.

    `retain_until` is the day from which a closed file may be destroyed. `risk` repeats the newest rating.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("(closed_on is null) = (closing_reason is null)", name="closing_reason"),
        CheckConstraint("(state = 'closed') = (closed_on is not null)", name="closed"),
        CheckConstraint("closed_on is null or closed_on >= opened_on", name="order"),
        Index("ix_cases_one_open", "child_id", unique=True, postgresql_where=text("closed_on is null")),
        Index("ix_cases_child_id", "child_id", "opened_on"),
        Index("ix_cases_district_open", "district_code", "state", "id", postgresql_where=text("closed_on is null")),
        Index("ix_cases_group_id", "group_id", postgresql_where=text("group_id is not null")),
    )

    code: Mapped[str] = mapped_column(unique=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    state: Mapped[str] = mapped_column(default="registered")
    risk: Mapped[str | None]
    tier: Mapped[str] = mapped_column(default="professional")
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_groups.id"))
    opened_on: Mapped[date] = mapped_column(default=today)
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str | None]
    retain_until: Mapped[date | None]
    area_code: Mapped[int]
    district_code: Mapped[int] = mapped_column(Computed("area_code / 1000000", persisted=True))


class CaseGroup(Recorded, Base):
    """Brothers and sisters, or children of one household, whose decisions are taken together.

    `child_ids` and `codes` are of the members in the same order: a code is all that a reader learns of a child whose
    file they may not open.
    """

    __tablename__ = "case_groups"

    child_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    codes: Mapped[list[str]] = mapped_column(ARRAY(String))
    reason: Mapped[str]


class CaseConcern(Recorded, Base):
    """What somebody fears for a child: what, where, since when it is known, and through whom."""

    __tablename__ = "case_concerns"
    __table_args__ = (
        Index("ix_case_concerns_case_id", "case_id"),
        Index("ix_case_concerns_child_id", "child_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    concern: Mapped[str]
    place_code: Mapped[int | None] = mapped_column(ForeignKey("places.code"))
    place_words: Mapped[str | None]
    identified_on: Mapped[date]
    source: Mapped[str]
    identified_by: Mapped[str | None]
    note: Mapped[str | None]


class CaseStep(Recorded, Base):
    """A change of a case's state or holder; only ever added."""

    __tablename__ = "case_steps"
    __table_args__ = (
        Index("ix_case_steps_case_id", "case_id"),
        Index("ix_case_steps_child_id", "child_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    happened_on: Mapped[date] = mapped_column(default=today)


class RiskRating(Recorded, Base):
    """How much danger a child was found to be in at a moment, and why; only ever added."""

    __tablename__ = "risk_ratings"
    __table_args__ = (
        Index("ix_risk_ratings_case_id", "case_id"),
        Index("ix_risk_ratings_child_id", "child_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    risk: Mapped[str]
    reason: Mapped[str]
    rated_at: Mapped[datetime] = mapped_column(default=now)
    by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))


class CaseContact(Recorded, Base):
    """An attempt to reach a child or family, and what came of it; after a case was closed, how life goes."""

    __tablename__ = "case_contacts"
    __table_args__ = (
        CheckConstraint("aftermath is null or outcome <> 'not_reached'", name="aftermath"),
        Index("ix_case_contacts_case_id", "case_id", "contacted_on"),
        Index("ix_case_contacts_child_id", "child_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    contacted_on: Mapped[date]
    kind: Mapped[str]
    outcome: Mapped[str]
    aftermath: Mapped[str | None]
    note: Mapped[str | None]
    by_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))


class CaseTransfer(Recorded, Base):
    """That a district asks another one to take a case; until it accepts, everything stays with the sender.

    What the receiver reads before stands here, because the child's own row is closed to them: code, sex, birth,
    concerns and risk, the reason and no name. The hand-over note opens with the acceptance.
    """

    __tablename__ = "case_transfers"
    __table_args__ = (
        CheckConstraint("(state = 'requested') = (answered_at is null)", name="answered"),
        Index("ix_case_transfers_one_open", "case_id", unique=True, postgresql_where=text("state = 'requested'")),
        Index("ix_case_transfers_child_id", "child_id"),
        Index("ix_case_transfers_to", "to_area_code", "created_at", "id", postgresql_where=text("state = 'requested'")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    child_code: Mapped[str]
    sex: Mapped[str]
    born_on: Mapped[date | None]
    birth_precision: Mapped[str]
    concerns: Mapped[list[str]] = mapped_column(ARRAY(String))
    risk: Mapped[str | None]
    reason: Mapped[str]
    note: Mapped[str]
    from_area_code: Mapped[int]
    from_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    asked_by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    to_area_code: Mapped[int]
    to_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    state: Mapped[str] = mapped_column(default="requested")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None]


class CaseClosing(Recorded, Base):
    """That somebody wants a case closed: why, and which of the conditions were not met then.

    Where the reason needs the supervisor's agreement, an approval (`subject_id` is this id) waits for it.
    """

    __tablename__ = "case_closings"
    __table_args__ = (
        Index("ix_case_closings_case_id", "case_id"),
        Index("ix_case_closings_child_id", "child_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    reason: Mapped[str]
    words: Mapped[str]
    ended_on: Mapped[date | None]
    other_code: Mapped[str | None]
    agency: Mapped[str | None]
    unmet: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    closed_on: Mapped[date | None]


class RiskClock(Base):
    """How soon somebody answers to a risk. Proposals that the programme may change, never law."""

    __tablename__ = "risk_clocks"

    risk: Mapped[str] = mapped_column(primary_key=True)
    contact_hours: Mapped[int]
    assessment_days: Mapped[int]
    plan_days: Mapped[int]
    review_days: Mapped[int]


class ClosingRule(Base):
    """What follows when a case is closed for a reason. Proposals that the programme may change, never law.

    The file is kept for `retention_years`; after `aftercare_months` somebody asks how life goes; `least_attempts` to
    reach the child must be recorded before.
    """

    __tablename__ = "closing_rules"

    reason: Mapped[str] = mapped_column(primary_key=True)
    retention_years: Mapped[int]
    aftercare_months: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"))
    least_attempts: Mapped[int] = mapped_column(default=0)
