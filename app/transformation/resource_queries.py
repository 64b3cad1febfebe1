"""Reads of what a house has for its way: its plan and steps, who gives money, its staff."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.queries import approvals_of
from app.core.errors import NotFound
from app.institutions.queries import get_institution
from app.transformation.board import sees_board
from app.transformation.models import Funder, PlanStep, StaffPlan
from app.transformation.models import TransformationPlan as Plan
from app.transformation.schemas import (
    ClosurePlanFile,
    ClosureStepRow,
    FunderRow,
    Resources,
    StaffRow,
)


def read_plan(db: Session, institution_id: UUID, *, waits_shown: bool = True) -> ClosurePlanFile | None:
    """The plan of a house that the actor has just read, with its newest request for approval."""
    row = db.execute(
        select(
            Plan.id,
            Plan.becomes,
            Plan.becomes_words,
            Plan.children,
            Plan.buildings,
            Plan.money,
            Plan.staff,
            Plan.last_day_planned,
            Plan.approved_on,
            Plan.version,
        ).where(Plan.institution_id == institution_id)
    ).one_or_none()
    if row is None:
        return None
    plan = ClosurePlanFile.model_validate(row)
    return plan.model_copy(update={"approval": approvals_of(db, [plan.id]).get(plan.id)}) if waits_shown else plan


def open_resources(db: Session, actor: Actor, institution_id: UUID) -> Resources:
    """Funders, staff, plan and steps of a house; raises `NotFound` out of reach."""
    require(actor, Permission.INSTITUTIONS_READ)
    house = get_institution(db, actor, institution_id)
    steps = db.execute(
        select(PlanStep.id, PlanStep.what, PlanStep.who, PlanStep.due_on, PlanStep.done_on)
        .where(PlanStep.institution_id == institution_id)
        .order_by(PlanStep.due_on, PlanStep.id)
    )
    return Resources(
        id=house.id,
        name=house.name,
        funders=funders_of(db, institution_id),
        staff=staff_of(db, institution_id),
        plan=read_plan(db, institution_id, waits_shown=sees_board(actor)),
        steps=[ClosureStepRow.model_validate(row) for row in steps],
    )


def read_funder(db: Session, actor: Actor, funder_id: UUID) -> tuple[UUID, FunderRow]:
    """One funder with the house to which it gives; raises `NotFound` out of reach."""
    institution_id = db.scalar(select(Funder.institution_id).where(Funder.id == funder_id))
    if institution_id is None:
        raise NotFound
    get_institution(db, actor, institution_id)
    return institution_id, next(one for one in funders_of(db, institution_id) if one.id == funder_id)


def funders_of(db: Session, institution_id: UUID) -> list[FunderRow]:
    """Who gives money to a house, those who still do first."""
    found = db.execute(
        select(
            Funder.id,
            Funder.name,
            Funder.country,
            Funder.amount,
            Funder.currency,
            Funder.tied,
            Funder.promised_until,
            Funder.note,
            Funder.ended_on,
            Funder.version,
        )
        .where(Funder.institution_id == institution_id)
        .order_by(Funder.ended_on.is_not(None), Funder.name, Funder.id)
    )
    return [FunderRow.model_validate(row) for row in found]


def staff_of(db: Session, institution_id: UUID) -> list[StaffRow]:
    """The staff of a house by kind of work."""
    found = db.execute(
        select(
            StaffPlan.role,
            StaffPlan.number,
            StaffPlan.trained,
            StaffPlan.retrained,
            StaffPlan.moved,
            StaffPlan.paid_off,
        )
        .where(StaffPlan.institution_id == institution_id)
        .order_by(StaffPlan.role)
    )
    return [StaffRow.model_validate(row) for row in found]
