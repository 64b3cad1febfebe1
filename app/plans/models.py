"""Plans with goals, actions, packages and reviews; providers, and what is asked of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, Recorded


class PlanClock(Base):
    """How many hours may pass: until the next review, or until a provider answers. Data, never law."""

    __tablename__ = "plan_clocks"

    name: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[int]


class Plan(Recorded, Base):
    """One version of the plan of a case; `number` counts the versions, `replaces_id` is the one before."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("(state in ('in_force', 'superseded', 'closed')) = (in_force_on is not null)", name="in_force"),
        CheckConstraint("(state in ('superseded', 'closed')) = (ended_on is not null)", name="ended"),
        Index("ix_plans_child_id", "child_id", "number"),
        Index("ix_plans_one_in_force", "case_id", unique=True, postgresql_where=text("state = 'in_force'")),
        Index(
            "ix_plans_one_draft",
            "case_id",
            unique=True,
            postgresql_where=text("state in ('draft', 'requested', 'returned')"),
        ),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    aim: Mapped[str]
    child_says: Mapped[str | None]
    family_says: Mapped[str | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))
    in_force_on: Mapped[date | None]
    review_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]


def _of_child(table: str, *further: Any) -> tuple[Any, ...]:
    return (Index(f"ix_{table}_child_id", "child_id"), Index(f"ix_{table}_plan_id", "plan_id"), *further)


class PlanGoal(Recorded, Base):
    """What shall be true in a domain of the child's life. `origin_id` is the same goal in the version before."""

    __tablename__ = "plan_goals"
    __table_args__ = _of_child("plan_goals")

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_goals.id"))
    domain: Mapped[str]
    statement: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")


class PlanAction(Recorded, Base):
    """Who does what until when. An office's action is a task of its post while the plan is in force."""

    __tablename__ = "plan_actions"
    __table_args__ = _of_child(
        "plan_actions",
        CheckConstraint("(state = 'done') = (done_on is not null)", name="done"),
        CheckConstraint("(state = 'not_done') = (not_done_because is not null)", name="not_done"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    goal_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_goals.id"))
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_actions.id"))
    what: Mapped[str]
    responsible: Mapped[str]
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    responsible_name: Mapped[str | None]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    done_on: Mapped[date | None]
    not_done_because: Mapped[str | None]


class SupportPackage(Recorded, Base):
    """What a family gets, and what it costs in whole Rwf."""

    __tablename__ = "support_packages"
    __table_args__ = _of_child(
        "support_packages",
        CheckConstraint("(state = 'given') = (given_on is not null)", name="given"),
        CheckConstraint("amount_rwf >= 0 and quantity > 0", name="amounts"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_packages.id"))
    kind: Mapped[str]
    what: Mapped[str | None]
    quantity: Mapped[int] = mapped_column(default=1)
    amount_rwf: Mapped[int]
    source: Mapped[str]
    planned_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="planned")
    given_on: Mapped[date | None]
    receipt: Mapped[str | None]


class PlanReview(Recorded, Base):
    """A review of a plan in force with the child heard; never changed."""

    __tablename__ = "plan_reviews"
    __table_args__ = _of_child(
        "plan_reviews",
        CheckConstraint("child_heard = (not_heard is null)", name="heard"),
        CheckConstraint("(result = 'end') = (next_review_on is null)", name="next_review"),
    )

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    reviewed_on: Mapped[date]
    present: Mapped[str | None]
    child_heard: Mapped[bool]
    child_said: Mapped[str | None]
    not_heard: Mapped[str | None]
    changed: Mapped[str]
    result: Mapped[str]
    next_review_on: Mapped[date | None]


class ServiceProvider(Recorded, Base):
    """An organisation that services are asked of. With a post its people answer themselves."""

    __tablename__ = "service_providers"
    __table_args__ = (Index("ix_service_providers_kind", "kind", "name"),)

    name: Mapped[str]
    kind: Mapped[str]
    district_code: Mapped[int | None] = mapped_column(ForeignKey("places.code"))
    phone: Mapped[str | None]
    contact: Mapped[str | None]
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)


class ServiceRequest(Recorded, Base):
    """What is asked of a provider for a child. The provider knows the child by its code, and what is told here."""

    __tablename__ = "service_requests"
    __table_args__ = (
        CheckConstraint("(status = 'answered') = (outcome is not null)", name="answered"),
        CheckConstraint("(feedback_by is null) = (helped is null)", name="feedback"),
        Index("ix_service_requests_child_id", "child_id", "sent_at"),
        Index("ix_service_requests_provider_post", "provider_post_id", "due_at", "id"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id"))
    child_code: Mapped[str]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("service_providers.id"))
    provider_post_id: Mapped[UUID | None] = mapped_column(ForeignKey("posts.id"))
    kind: Mapped[str]
    urgency: Mapped[str]
    asked: Mapped[str]
    told: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="sent")
    sent_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str | None]
    answer: Mapped[str | None]
    feedback_by: Mapped[str | None]
    helped: Mapped[str | None]
    feedback: Mapped[str | None]
    feedback_on: Mapped[date | None]
