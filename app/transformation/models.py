"""Stages of closure, the plan of what a house becomes, censuses, and claims of managers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Recorded


class StageChange(Recorded, Base):
    """That an institution reached a stage of closure on a day, with its evidence; only ever added to.

    A step back keeps its reason in `evidence`. `document` names a paper outside the service.
    """

    __tablename__ = "institution_stages"
    __table_args__ = (
        CheckConstraint("stage between 0 and 8", name="stage"),
        CheckConstraint("from_stage between 0 and 8", name="from_stage"),
        Index("ix_institution_stages_institution_id", "institution_id", "created_at"),
    )

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    from_stage: Mapped[int]
    stage: Mapped[int]
    reached_on: Mapped[date]
    evidence: Mapped[str]
    document: Mapped[str | None]
    by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))


class TransformationPlan(Recorded, Base):
    """What a house becomes, and where buildings, money and staff go; `approved_on` goes when the plan is changed."""

    __tablename__ = "transformation_plans"

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"), unique=True)
    becomes: Mapped[str]
    becomes_words: Mapped[str | None]
    children: Mapped[str | None]
    buildings: Mapped[str | None]
    money: Mapped[str | None]
    staff: Mapped[str | None]
    last_day_planned: Mapped[date | None]
    approved_on: Mapped[date | None]


class PlanStep(Recorded, Base):
    """One step of the plan: what, who, until when, and the day on which it was done."""

    __tablename__ = "transformation_steps"
    __table_args__ = (Index("ix_transformation_steps_institution_id", "institution_id", "due_on"),)

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    what: Mapped[str]
    who: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date | None]


class Funder(Recorded, Base):
    """Who gives money to a house: how much a year, whether it is tied to the children living there, until when."""

    __tablename__ = "institution_funders"
    __table_args__ = (
        CheckConstraint("amount is null or amount >= 0", name="amount"),
        Index("ix_institution_funders_institution_id", "institution_id"),
    )

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    name: Mapped[str]
    country: Mapped[str | None]
    amount: Mapped[int | None]
    currency: Mapped[str]
    tied: Mapped[bool | None]
    promised_until: Mapped[date | None]
    note: Mapped[str | None]
    ended_on: Mapped[date | None]


class StaffPlan(Recorded, Base):
    """How many do one kind of work in a house, how many are trained for it, and what each of them does after."""

    __tablename__ = "institution_staff"
    __table_args__ = (
        CheckConstraint("number >= 0 and trained between 0 and number", name="trained"),
        CheckConstraint("retrained + moved + paid_off <= number", name="planned"),
        UniqueConstraint("institution_id", "role", name="uq_institution_staff_institution_id_role"),
    )

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    role: Mapped[str]
    number: Mapped[int]
    trained: Mapped[int] = mapped_column(default=0)
    retrained: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    paid_off: Mapped[int] = mapped_column(default=0)


class BreachAnswer(Recorded, Base):
    """That a supervisor looked into an admission after the moratorium, and what came of it."""

    __tablename__ = "breach_answers"
    __table_args__ = (Index("ix_breach_answers_institution_id", "institution_id"),)

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), unique=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"), index=True)
    area_code: Mapped[int]
    answer: Mapped[str]


class Census(Recorded, Base):
    """A dated list of who sleeps in a house; one at a time is being counted."""

    __tablename__ = "censuses"
    __table_args__ = (
        CheckConstraint("state in ('draft','counted','reconciled')", name="state"),
        Index("ix_censuses_institution_id", "institution_id", "counted_on"),
        Index("ix_censuses_one_draft", "institution_id", unique=True, postgresql_where=text("state = 'draft'")),
    )

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    area_code: Mapped[int]
    counted_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="draft")
    note: Mapped[str | None]
    by_post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    counted_at: Mapped[datetime | None]
    reconciled_at: Mapped[datetime | None]


class CensusPerson(Recorded, Base):
    """A person on a census: a resident whom the register knows, or somebody nobody registered.

    `status` is empty until somebody has asked. `away_on` is the day since when an absent person is away, or on which
    somebody left; `away_where` where they are, as told. `settled_*` say how a difference was settled.
    """

    __tablename__ = "census_people"
    __table_args__ = (
        CheckConstraint("status in ('present','absent','left')", name="status"),
        CheckConstraint("sex in ('female','male')", name="sex"),
        CheckConstraint("age_years is null or age_years between 0 and 120", name="age_years"),
        CheckConstraint("(settled_as is null) = (settled_at is null)", name="settled"),
        Index("ix_census_people_census_id", "census_id", "name", "id"),
        Index("ix_census_people_child_id", "child_id"),
    )

    census_id: Mapped[UUID] = mapped_column(ForeignKey("censuses.id"))
    area_code: Mapped[int]
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    was_known: Mapped[bool]
    name: Mapped[str]
    sex: Mapped[str]
    age_years: Mapped[int | None]
    since_on: Mapped[date | None]
    status: Mapped[str | None]
    away_on: Mapped[date | None]
    away_where: Mapped[str | None]
    settled_as: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_note: Mapped[str | None]


class Claim(Recorded, Base):
    """What an institution's manager reports: who came or left, when, and where to as far as they know.

    `name` is kept as it was told. `child_id` is the resident whom the manager chose, or the child whom the worker
    found; the manager is not told which.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("kind in ('admission','exit')", name="kind"),
        CheckConstraint("state in ('reported','accepted','rejected','withdrawn')", name="state"),
        CheckConstraint("(state = 'reported') = (decided_at is null)", name="decided"),
        CheckConstraint("sex in ('female','male')", name="sex"),
        CheckConstraint("age_years is null or age_years between 0 and 120", name="age_years"),
        Index("ix_claims_institution_newest", "institution_id", "created_at", "id"),
        Index("ix_claims_child_id", "child_id"),
    )

    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institutions.id"))
    area_code: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    sex: Mapped[str | None]
    age_years: Mapped[int | None]
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    happened_on: Mapped[date]
    destination: Mapped[str | None]
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="reported")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str | None]
