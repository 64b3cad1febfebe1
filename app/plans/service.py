"""The verbs of a plan as a whole: start, change, ask for approval, take back, review, close; and what approval does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.queries import approvals_of, deciding_area
from app.approvals.service import ask_approval, on_decision, withdraw_request
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.cases.queries import open_case_id
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.children.models import Child
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.core.schemas import changes
from app.plans import following  # noqa: F401 - it says what a new home means for the case
from app.plans.copying import copy_content
from app.plans.events import (
    PlanChanged,
    PlanClosed,
    PlanInForce,
    PlanRequested,
    PlanReviewed,
    PlanStarted,
    PlanWithdrawn,
)
from app.plans.models import Plan, PlanAction, PlanGoal, PlanReview, SupportPackage
from app.plans.queries import plan_row, read_plan, review_limit
from app.plans.rules import check_past, check_review, why_not_request
from app.plans.schemas import PlanChange, PlanEnd, PlanStart, ReviewRecord
from app.plans.words import OPEN_DRAFTS, PlanState, Responsible, ReviewResult
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "plan"
REVIEW_TOLERANCE = 0


def start_plan(db: Session, actor: Actor, child_id: UUID, command: PlanStart) -> tuple[UUID, bool]:
    """Starts a plan as a draft; with one in force, the next version with what is still to be done.

    Returns the plan's id and whether it is new. Raises `Conflict` without an open case, and where a version is being
    written already.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    case_id = open_case_id(db, child_id)
    if case_id is None:
        raise Conflict(_("Open a case for the child first"))
    before = db.execute(
        select(Plan.id, Plan.number, Plan.state).where(Plan.case_id == case_id).order_by(Plan.number.desc())
    ).all()
    current = next((plan.id for plan in before if plan.state == PlanState.IN_FORCE.value), None)
    if any(plan.state in OPEN_DRAFTS and plan.id != command.id for plan in before):
        raise Conflict(_("A plan is being written already: change that one"))
    plan_id, is_new = create_once(
        db,
        Plan,
        actor,
        command,
        child_id=child_id,
        case_id=case_id,
        number=before[0].number + 1 if before else 1,
        aim=command.aim,
        child_says=command.child_says or None,
        family_says=command.family_says or None,
        replaces_id=current,
    )
    if is_new:
        if current is not None:
            copy_content(db, actor, current, plan_id)
        started = PlanStarted(plan=plan_id, number=before[0].number + 1 if before else 1)
        record(db, actor, started, subject_id=child_id, area_code=child.area_code)
    return plan_id, is_new


def change_plan(db: Session, actor: Actor, plan_id: UUID, command: PlanChange, version: int | None = None) -> None:
    """Changes what the head of a draft says. Raises `Conflict` where the plan waits or is in force, `Stale`."""
    child, plan = plan_to_work_on(db, actor, plan_id)
    after: dict[str, Any] = command.model_dump()
    before = {name: getattr(plan, name) for name in after}
    check_version(plan, version, current=before, typed=after)
    must_be_editable(plan)
    changed = changes(before, after)
    for name in changed:
        setattr(plan, name, after[name] or None)
    db.flush()
    told = PlanChanged(plan=plan_id, part="plan", record=plan_id, fields=sorted(changed))
    record(db, actor, told, subject_id=child.id, area_code=child.area_code)


def request_plan(db: Session, actor: Actor, plan_id: UUID, version: int | None = None) -> None:
    """Asks the supervisor to approve a draft; from then on nobody changes it.

    Raises `Stale` where it changed since the caller read it, `Conflict` without a goal and an action.
    """
    child, plan = plan_to_work_on(db, actor, plan_id)
    check_version(plan, version, current={"state": plan.state}, typed={"state": PlanState.REQUESTED.value})
    must_be_editable(plan)
    whole = read_plan(db, actor, plan_id)
    missing = why_not_request(goals=len(whole.goals), actions=len(whole.actions))
    if missing is not None:
        raise Conflict(missing)
    plan.state = PlanState.REQUESTED.value
    db.flush()
    ask_approval(
        db,
        actor,
        ApprovalKind.PLAN,
        plan_id,
        path=f"/plans/{plan_id}",
        area_code=child.area_code,
        child_id=child.id,
    )
    record(db, actor, PlanRequested(plan=plan_id), subject_id=child.id, area_code=child.area_code)


def withdraw_plan(db: Session, actor: Actor, plan_id: UUID) -> None:
    """Takes a plan that waits for approval back, so that it can be changed."""
    child, plan = plan_to_work_on(db, actor, plan_id)
    if plan.state != PlanState.REQUESTED.value:
        raise Conflict(_("This plan does not wait for approval"))
    approval = approvals_of(db, [plan_id]).get(plan_id)
    if approval is not None and approval.state is ApprovalState.REQUESTED:
        # What follows puts the plan back to a draft, whichever way the request is taken back.
        withdraw_request(db, actor, approval.id)
    else:
        _to_draft(db, plan_id)
    record(db, actor, PlanWithdrawn(plan=plan_id), subject_id=child.id, area_code=child.area_code)


def record_review(db: Session, actor: Actor, plan_id: UUID, command: ReviewRecord) -> tuple[UUID, bool]:
    """Records a review of the plan in force, and plans the next one.

    Raises `FieldError` where the child was heard and nothing is said, was not heard and no reason is given, and where
    the next review comes later than the limit.
    """
    child, plan = plan_to_work_on(db, actor, plan_id)
    _check_heard(command)
    check_review(command.reviewed_on, command.next_review_on, command.result, limit_days=review_limit(db))
    with db.begin_nested():
        review_id, is_new = create_once(
            db, PlanReview, actor, command, child_id=child.id, plan_id=plan_id, **command.model_dump(exclude={"id"})
        )
        if not is_new:
            return review_id, False
        must_be_in_force(plan)
        check_past("reviewed_on", command.reviewed_on, clock.today(), plan.in_force_on)
    plan.review_on = command.next_review_on
    plan.version += 1
    db.flush()
    complete_tasks_of(db, plan_id, TaskKind.REVIEW, done_by_id=review_id, done_on=command.reviewed_on)
    if command.result is not ReviewResult.END:
        plan_tasks(db, actor, [_review_task(child, plan)], subject_kind=SUBJECT, subject_id=plan_id, child_id=child.id)
    reviewed = PlanReviewed(
        plan=plan_id,
        review=review_id,
        child_heard=command.child_heard,
        result=command.result.value,
        next_review_on=command.next_review_on,
    )
    record(db, actor, reviewed, subject_id=child.id, area_code=child.area_code)
    return review_id, True


def _check_heard(command: ReviewRecord) -> None:
    if command.child_heard and not command.child_said:
        raise FieldError("child_said", _("Write what the child said"))
    if not command.child_heard and command.not_heard is None:
        raise FieldError("not_heard", _("Say why the child was not heard"))
    if command.child_heard and command.not_heard is not None:
        raise FieldError("not_heard", _("The child was heard: leave the reason out"))


def end_plan(db: Session, actor: Actor, plan_id: UUID, command: PlanEnd, version: int | None = None) -> None:
    """Closes the plan in force; what was still to be done is not due any more."""
    child, plan = plan_to_work_on(db, actor, plan_id)
    check_version(plan, version, current={"state": plan.state}, typed={"state": PlanState.CLOSED.value})
    must_be_in_force(plan)
    plan.state, plan.ended_on, plan.ended_reason = PlanState.CLOSED.value, clock.today(), command.reason
    db.flush()
    drop_tasks_of(db, plan_id, TaskKind.PLAN_ACTION, TaskKind.REVIEW)
    record(db, actor, PlanClosed(plan=plan_id), subject_id=child.id, area_code=child.area_code)


def plan_to_work_on(db: Session, actor: Actor, plan_id: UUID) -> tuple[ChildAtWork, Plan]:
    """A plan whose child the actor works on, both locked until the end of the transaction."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, plan_row(db, actor, plan_id).child)
    plan = db.scalars(select(Plan).where(Plan.id == plan_id).with_for_update()).one_or_none()
    if plan is None:
        raise NotFound
    return child, plan


def must_be_editable(plan: Plan) -> None:
    """Raises `Conflict`, with the way on, for a plan that is no draft."""
    state = PlanState(plan.state)
    if state is PlanState.REQUESTED:
        raise Conflict(_("The plan waits for approval: take the request back to change it"))
    if state is PlanState.IN_FORCE:
        raise Conflict(_("The plan is in force: make a new version to change it"))
    if not state.is_editable:
        raise Conflict(_("This version of the plan is over"))


def must_be_in_force(plan: Plan) -> None:
    """Raises `Conflict` for a plan that is not in force."""
    if plan.state != PlanState.IN_FORCE.value:
        raise Conflict(_("This version of the plan is not in force"))


# What follows from a decision


def _follow(db: Session, actor: Actor, approval: Approval) -> None:
    match ApprovalState(approval.state):
        case ApprovalState.APPROVED:
            _put_into_force(db, actor, approval)
        case ApprovalState.RETURNED:
            _set_state(db, approval.subject_id, PlanState.RETURNED)
        case ApprovalState.WITHDRAWN:
            _to_draft(db, approval.subject_id)
        case ApprovalState.REQUESTED:
            pass


def _to_draft(db: Session, plan_id: UUID) -> None:
    _set_state(db, plan_id, PlanState.DRAFT)


def _set_state(db: Session, plan_id: UUID, state: PlanState) -> None:
    db.execute(
        update(Plan)
        .where(Plan.id == plan_id, Plan.state == PlanState.REQUESTED.value)
        .values(state=state.value, version=Plan.version + 1)
    )


def _put_into_force(db: Session, actor: Actor, approval: Approval) -> None:
    """The plan comes into force, the version before it is replaced, and what is to be done becomes tasks.

    Raises `Conflict` where the child moved to another district meanwhile: its supervisor decides there.
    """
    plan = db.scalars(select(Plan).where(Plan.id == approval.subject_id).with_for_update()).one_or_none()
    child = db.execute(
        select(Child.id, Child.area_code, Child.responsible_post_id).where(Child.id == approval.child_id)
    ).one_or_none()
    if plan is None or child is None or deciding_area(db, child.id, child.area_code) not in actor.area:
        raise Conflict(_("The child has moved to another district; the supervisor there decides about the plan"))
    if plan.state != PlanState.REQUESTED.value or open_case_id(db, child.id) != plan.case_id:
        raise Conflict(_("This plan does not wait for approval any more: it was taken back, or the case is closed"))
    today = clock.today()
    if plan.replaces_id is not None:
        db.execute(
            update(Plan)
            .where(Plan.id == plan.replaces_id, Plan.state == PlanState.IN_FORCE.value)
            .values(state=PlanState.SUPERSEDED.value, ended_on=today, version=Plan.version + 1)
        )
        drop_tasks_of(db, plan.replaces_id, TaskKind.PLAN_ACTION, TaskKind.REVIEW)
        _carry_over(db, plan.id)
    plan.state, plan.in_force_on = PlanState.IN_FORCE.value, today
    plan.review_on = today + timedelta(days=review_limit(db))
    plan.version += 1
    db.flush()
    actions = db.execute(
        select(PlanAction.id, PlanAction.due_on, PlanAction.post_id).where(
            PlanAction.plan_id == plan.id,
            PlanAction.state == "open",
            PlanAction.responsible == Responsible.OFFICE.value,
        )
    )
    tasks = [
        TaskPlan(
            kind=TaskKind.PLAN_ACTION,
            due_on=action.due_on,
            tolerance_days=0,
            post_id=action.post_id or child.responsible_post_id or approval.asked_by_post_id,
            area_code=child.area_code,
            path=f"/plan-actions/{action.id}/report",
        )
        for action in actions
    ]
    tasks.append(_review_task(child, plan, approval.asked_by_post_id))
    plan_tasks(db, actor, tasks, subject_kind=SUBJECT, subject_id=plan.id, child_id=child.id)
    reach_state(db, actor, child.id, CaseState.PLANNED)
    in_force = PlanInForce(plan=plan.id, number=plan.number, review_on=plan.review_on)
    record(db, actor, in_force, subject_id=child.id, area_code=child.area_code)


def _carry_over(db: Session, plan_id: UUID) -> None:
    """What was done on the old version while the new one was written counts in the new one."""
    action, goal, package = aliased(PlanAction), aliased(PlanGoal), aliased(SupportPackage)
    db.execute(
        update(PlanAction)
        .where(PlanAction.plan_id == plan_id, PlanAction.origin_id == action.id, PlanAction.state == "open")
        .where(action.state.in_(["done", "not_done"]))
        .values(state=action.state, done_on=action.done_on, not_done_because=action.not_done_because)
        .execution_options(synchronize_session=False)
    )
    db.execute(
        update(PlanGoal)
        .where(PlanGoal.plan_id == plan_id, PlanGoal.origin_id == goal.id, PlanGoal.state == "open")
        .where(goal.state == "reached")
        .values(state="reached")
        .execution_options(synchronize_session=False)
    )
    # A package is given once: its copy would be money that nobody spends.
    db.execute(
        update(SupportPackage)
        .where(SupportPackage.plan_id == plan_id, SupportPackage.origin_id == package.id, package.state == "given")
        .values(state="dropped")
        .execution_options(synchronize_session=False)
    )


def _review_task(child: Any, plan: Plan, otherwise: UUID | None = None) -> TaskPlan:
    due_on = plan.review_on
    if due_on is None:
        raise ValueError("a plan that goes on has a next review")
    return TaskPlan(
        kind=TaskKind.REVIEW,
        due_on=due_on,
        tolerance_days=REVIEW_TOLERANCE,
        post_id=child.responsible_post_id or otherwise,
        area_code=child.area_code,
        path=f"/plans/{plan.id}/reviews/new",
    )


on_decision(ApprovalKind.PLAN, _follow)
