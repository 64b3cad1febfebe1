"""Every read of plans; each for a child whose whole file the actor reads."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.queries import approvals_of
from app.audit.service import record
from app.children.models import Child
from app.children.queries import holders_of, visible_children
from app.children.work import ChildAtWork, child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.plans.events import PlanRead
from app.plans.models import Plan, PlanAction, PlanClock, PlanGoal, PlanReview, ServiceRequest, SupportPackage
from app.plans.rules import DEFAULT_REVIEW_DAYS, REVIEW
from app.plans.schemas import (
    ChildPlanFile,
    Cost,
    GoalRow,
    PackageRow,
    PlanActionRow,
    PlanDetail,
    PlanRow,
    PlanSummary,
    ReviewRow,
)
from app.plans.words import OPEN_DRAFTS, PlanState

_DRAFTS = [state.value for state in OPEN_DRAFTS]


def open_file(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, ChildPlanFile]:
    """The plan of a child in all its versions; noted as read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = read_file(db, child_id)
    record(db, actor, PlanRead(), subject_id=child_id, area_code=child.area_code)
    return child, found


def read_file(db: Session, child_id: UUID) -> ChildPlanFile:
    """The same for whoever has just opened the child; seven statements at most."""
    rows = db.execute(_plans().where(Plan.child_id == child_id).order_by(Plan.created_at.desc(), Plan.id.desc())).all()
    versions = [PlanRow.model_validate(row) for row in rows]
    current = next((plan for plan in versions if plan.state is PlanState.IN_FORCE), None)
    draft = next((plan for plan in versions if plan.state in OPEN_DRAFTS), None)
    ended = None if current else next((plan for plan in versions if plan.state is PlanState.CLOSED), None)
    whole = {plan.id: plan for plan in _whole(db, [plan for plan in (current, draft, ended) if plan])}
    return ChildPlanFile(
        current=whole[current.id] if current else None,
        draft=whole[draft.id] if draft else None,
        ended=whole[ended.id] if ended else None,
        versions=versions,
        costs=costs_of(db, child_id),
    )


def open_plan(db: Session, actor: Actor, plan_id: UUID) -> tuple[ChildAtWork, PlanDetail]:
    """One version of a plan; noted as read."""
    require(actor, Permission.CASES_READ)
    found = read_plan(db, actor, plan_id)
    child = child_to_read(db, actor, found.child)
    record(db, actor, PlanRead(plan=plan_id), subject_id=child.id, area_code=child.area_code)
    return child, found


def read_plan(db: Session, actor: Actor, plan_id: UUID) -> PlanDetail:
    """The same without the note; raises `NotFound` out of reach."""
    [found] = _whole(db, [plan_row(db, actor, plan_id)])
    return found


def plan_row(db: Session, actor: Actor, plan_id: UUID) -> PlanRow:
    """A version of a plan without what it holds; raises `NotFound` out of reach; one statement."""
    row = db.execute(_plans().where(Plan.id == plan_id, _seen(actor, Plan.child_id))).one_or_none()
    if row is None:
        raise NotFound
    return PlanRow.model_validate(row)


def plan_of_part(db: Session, actor: Actor, part: type[Any], part_id: UUID) -> UUID:
    """The plan that a goal, action or package belongs to; raises `NotFound` out of reach."""
    found: UUID | None = db.scalar(select(part.plan_id).where(part.id == part_id, _seen(actor, part.child_id)))
    if found is None:
        raise NotFound
    return found


def costs_of(db: Session, child_id: UUID) -> list[Cost]:
    """What each source pays for a child: planned in the plan in force, given in all plans; one statement."""
    planned = case((Plan.state == PlanState.IN_FORCE.value, SupportPackage.amount_rwf), else_=0)
    amounts = {
        "planned": func.coalesce(func.sum(planned).filter(SupportPackage.state == "planned"), 0),
        "given": func.coalesce(func.sum(SupportPackage.amount_rwf).filter(SupportPackage.state == "given"), 0),
    }
    rows = db.execute(
        select(SupportPackage.source, *(amount.label(f"{name}_rwf") for name, amount in amounts.items()))
        .join(Plan, Plan.id == SupportPackage.plan_id)
        .where(SupportPackage.child_id == child_id)
        .group_by(SupportPackage.source)
        .having(amounts["planned"] + amounts["given"] > 0)
        .order_by(SupportPackage.source)
    )
    return [Cost.model_validate(row) for row in rows]


def summary_of(db: Session, actor: Actor, child_id: UUID) -> PlanSummary | None:
    """How the plan of a child stands, for whoever has just opened the child; one statement."""
    if not actor.may_ever(Permission.CASES_READ):
        return None
    of_plan = select(func.count(PlanAction.id)).where(PlanAction.plan_id == Plan.id, PlanAction.state == "open")
    waiting = select(func.count(ServiceRequest.id)).where(
        ServiceRequest.child_id == Plan.child_id, ServiceRequest.ended_at.is_(None)
    )
    row = db.execute(
        select(
            Plan.id.label("plan"),
            Plan.state,
            Plan.review_on,
            of_plan.scalar_subquery().label("open_actions"),
            of_plan.where(PlanAction.due_on < clock.today()).scalar_subquery().label("late_actions"),
            waiting.scalar_subquery().label("waiting_services"),
        )
        .where(Plan.child_id == child_id, or_(Plan.state == PlanState.IN_FORCE.value, Plan.state.in_(_DRAFTS)))
        .order_by(Plan.number)
        .limit(1)
    ).one_or_none()
    return PlanSummary.model_validate(row) if row else None


def review_limit(db: Session) -> int:
    """Within how many days a plan is reviewed again."""
    hours = db.scalar(select(PlanClock.hours).where(PlanClock.name == REVIEW))
    return hours // 24 if hours else DEFAULT_REVIEW_DAYS


def _seen(actor: Actor, child_id: Any) -> Any:
    return exists().where(Child.id == child_id, visible_children(actor))


def _whole(db: Session, plans: Collection[PlanRow]) -> list[PlanDetail]:
    ids = [plan.id for plan in plans]
    if not ids:
        return []
    parts: dict[str, list[Any]] = {
        "goals": _parts(db, GoalRow, PlanGoal, ids, (PlanGoal.created_at, PlanGoal.id)),
        "actions": _parts(db, PlanActionRow, PlanAction, ids, (PlanAction.due_on, PlanAction.id)),
        "packages": _parts(db, PackageRow, SupportPackage, ids, (SupportPackage.created_at, SupportPackage.id)),
        "reviews": _parts(db, ReviewRow, PlanReview, ids, (PlanReview.reviewed_on.desc(), PlanReview.id.desc())),
    }
    approvals = approvals_of(db, ids)
    return [
        PlanDetail.model_validate(
            plan.model_dump()
            | {name: [row for row in rows if row.plan == plan.id] for name, rows in parts.items()}
            | {"approval": approvals.get(plan.id)}
        )
        for plan in plans
    ]


def _parts(db: Session, model: type[Any], table: type[Any], plan_ids: list[UUID], order: tuple[Any, ...]) -> list[Any]:
    renamed = {"plan": "plan_id", "goal": "goal_id", "post": "post_id"}
    columns = [
        getattr(table, renamed.get(name, name)).label(name) for name in model.model_fields if name != "responsible_name"
    ]
    if table is PlanAction:
        columns.append(
            func.coalesce(PlanAction.responsible_name, holders_of(PlanAction.post_id)).label("responsible_name")
        )
    statement = select(*columns).where(table.plan_id.in_(plan_ids)).order_by(*order)
    if table is not PlanReview:
        statement = statement.where(table.state != "dropped")
    return [model.model_validate(row) for row in db.execute(statement)]


def _plans() -> Select[Any]:
    columns: list[Any] = [
        Plan.id,
        Plan.child_id.label("child"),
        Plan.number,
        Plan.state,
        Plan.aim,
        Plan.child_says,
        Plan.family_says,
        Plan.in_force_on,
        Plan.review_on,
        Plan.ended_on,
        Plan.ended_reason,
        Plan.version,
    ]
    return select(*columns)
