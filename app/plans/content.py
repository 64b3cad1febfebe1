"""The verbs of what a plan holds: goals, actions and packages, while it is written and while it is in force."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.children.oversight import assignable_posts
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.core.schemas import Command, Create, changes
from app.plans.events import PackageGiven, PlanActionReported, PlanChanged, PlanGoalReached
from app.plans.models import Plan, PlanAction, PlanGoal, SupportPackage
from app.plans.queries import plan_of_part, plan_row
from app.plans.rules import check_past
from app.plans.schemas import (
    ActionAdd,
    ActionChange,
    ActionReport,
    GoalAdd,
    GoalChange,
    PackageAdd,
    PackageChange,
    PackageGive,
)
from app.plans.service import must_be_editable, must_be_in_force, plan_to_work_on
from app.plans.words import Responsible
from app.tasks.queries import undone_tasks_of
from app.tasks.service import complete_task
from app.tasks.words import TaskKind


def add_goal(db: Session, actor: Actor, plan_id: UUID, command: GoalAdd) -> tuple[UUID, bool]:
    """Adds a goal to a draft."""
    return _add(db, actor, plan_id, PlanGoal, command, "goal")


def add_action(db: Session, actor: Actor, plan_id: UUID, command: ActionAdd) -> tuple[UUID, bool]:
    """Adds an action to a draft. Raises `FieldError` for a goal or post that is not one to choose."""
    _check_action(db, actor, plan_id, command)
    return _add(db, actor, plan_id, PlanAction, command, "action")


def add_package(db: Session, actor: Actor, plan_id: UUID, command: PackageAdd) -> tuple[UUID, bool]:
    """Adds a package to a draft."""
    return _add(db, actor, plan_id, SupportPackage, command, "package")


def change_goal(db: Session, actor: Actor, goal_id: UUID, command: GoalChange, version: int | None = None) -> None:
    """Changes a goal of a draft, or takes it out."""
    _change(db, actor, PlanGoal, goal_id, command, version, "goal")


def change_action(
    db: Session, actor: Actor, action_id: UUID, command: ActionChange, version: int | None = None
) -> None:
    """Changes an action of a draft, or takes it out."""
    _check_action(db, actor, plan_of_part(db, actor, PlanAction, action_id), command)
    _change(db, actor, PlanAction, action_id, command, version, "action")


def change_package(
    db: Session, actor: Actor, package_id: UUID, command: PackageChange, version: int | None = None
) -> None:
    """Changes a package of a draft, or takes it out."""
    _change(db, actor, SupportPackage, package_id, command, version, "package")


def reach_goal(db: Session, actor: Actor, goal_id: UUID) -> None:
    """Marks a goal of the plan in force as reached."""
    child, plan, goal = _part(db, actor, PlanGoal, goal_id)
    must_be_in_force(plan)
    if goal.state == "reached":
        raise Conflict(_("This goal is marked as reached already"))
    goal.state = "reached"
    goal.version += 1
    db.flush()
    record(db, actor, PlanGoalReached(plan=plan.id, goal=goal_id), subject_id=child.id, area_code=child.area_code)


def report_action(db: Session, actor: Actor, action_id: UUID, command: ActionReport) -> None:
    """Says that an action of the plan in force was done, or why not; its task is done with it.

    Whoever works on the child may, and the post whose action it is. Raises `FieldError` without the day or the reason.
    """
    require(actor, Permission.CASES_WRITE)
    found = plan_row(db, actor, plan_of_part(db, actor, PlanAction, action_id))
    child = child_to_read(db, actor, found.child)
    post_id = db.scalar(select(PlanAction.post_id).where(PlanAction.id == action_id))
    if post_id != actor.post_id:
        child_to_work_on(db, actor, found.child)
    plan, action = _locked(db, Plan, found.id), _locked(db, PlanAction, action_id)
    must_be_in_force(plan)
    if action.state == "dropped":
        raise Conflict(_("This action was taken out of the plan"))
    if command.done:
        if command.done_on is None:
            raise FieldError("done_on", _("Say on which day it was done"))
        check_past("done_on", command.done_on, clock.today())
        action.state, action.done_on, action.not_done_because = "done", command.done_on, None
    else:
        if not command.not_done_because:
            raise FieldError("not_done_because", _("Say why it was not done"))
        action.state, action.done_on, action.not_done_because = "not_done", None, command.not_done_because
    action.version += 1
    db.flush()
    path = f"/plan-actions/{action_id}/report"
    for task in undone_tasks_of(db, plan.id, TaskKind.PLAN_ACTION):
        if task.path == path:
            complete_task(db, task.id, done_on=command.done_on or clock.today(), done_by_id=action_id)
    if command.done:
        reach_state(db, actor, child.id, CaseState.IN_IMPLEMENTATION)
    reported = PlanActionReported(plan=plan.id, action=action_id, state=action.state)
    record(db, actor, reported, subject_id=child.id, area_code=child.area_code)


def give_package(db: Session, actor: Actor, package_id: UUID, command: PackageGive, version: int | None = None) -> None:
    """Says that a package of the plan in force was given, and what it cost in the end."""
    child, plan, package = _part(db, actor, SupportPackage, package_id)
    check_version(package, version, current={"state": package.state}, typed={"state": "given"})
    must_be_in_force(plan)
    if package.state != "planned":
        raise Conflict(_("This package was given or taken out already"))
    check_past("given_on", command.given_on, clock.today())
    package.state, package.given_on = "given", command.given_on
    package.amount_rwf, package.receipt = command.amount_rwf, command.receipt
    db.flush()
    reach_state(db, actor, child.id, CaseState.IN_IMPLEMENTATION)
    given = PackageGiven(
        plan=plan.id,
        package=package_id,
        package_kind=package.kind,
        amount_rwf=package.amount_rwf,
        source=package.source,
    )
    record(db, actor, given, subject_id=child.id, area_code=child.area_code)


def _add(db: Session, actor: Actor, plan_id: UUID, table: type[Any], command: Create, part: str) -> tuple[UUID, bool]:
    child, plan = plan_to_work_on(db, actor, plan_id)
    with db.begin_nested():
        made, is_new = create_once(db, table, actor, command, child_id=child.id, plan_id=plan_id, **_columns(command))
        if not is_new:
            return made, False
        must_be_editable(plan)
    _touch(db, actor, child, plan, part, made, sorted(command.model_fields_set - {"id"}))
    return made, True


def _change(
    db: Session, actor: Actor, table: type[Any], part_id: UUID, command: Command, version: int | None, part: str
) -> None:
    child, plan, row = _part(db, actor, table, part_id)
    after = _columns(command)
    before = {name: getattr(row, name) for name in after}
    check_version(row, version, current=before, typed=after)
    must_be_editable(plan)
    changed = changes(before, after)
    for name in changed:
        setattr(row, name, after[name])
    fields = sorted(changed)
    if getattr(command, "dropped", False):
        row.state = "dropped"
        fields.append("dropped")
    _touch(db, actor, child, plan, part, part_id, fields)


def _touch(
    db: Session, actor: Actor, child: ChildAtWork, plan: Plan, part: str, part_id: UUID, fields: list[str]
) -> None:
    # The plan as a whole has changed: whoever saw it before may not ask for its approval unseen.
    plan.version += 1
    db.flush()
    told = PlanChanged(plan=plan.id, part=part, record=part_id, fields=fields)
    record(db, actor, told, subject_id=child.id, area_code=child.area_code)


def _columns(command: Command) -> dict[str, Any]:
    renamed = {"goal": "goal_id", "post": "post_id"}
    values = command.model_dump(exclude={"id", "dropped"})
    return {renamed.get(name, name): value for name, value in values.items()}


def _check_action(db: Session, actor: Actor, plan_id: UUID, command: ActionAdd | ActionChange) -> None:
    require(actor, Permission.CASES_WRITE)
    if command.responsible is Responsible.OFFICE:
        if command.responsible_name:
            raise FieldError("responsible_name", _("An office is named by its post: leave the name out"))
        if command.post is not None and command.post not in {row.id for row in assignable_posts(db, actor)}:
            raise FieldError("post", _("Choose a post of this district"))
    elif command.post is not None:
        raise FieldError("post", _("Leave the post out where it is no office that acts"))
    elif command.responsible in {Responsible.INSTITUTION, Responsible.OTHER} and not command.responsible_name:
        raise FieldError("responsible_name", _("Say who"))
    if command.goal is not None and plan_row(db, actor, plan_id).id != db.scalar(
        select(PlanGoal.plan_id).where(PlanGoal.id == command.goal)
    ):
        raise FieldError("goal", _("Choose a goal of this plan"))


def _part(db: Session, actor: Actor, table: type[Any], part_id: UUID) -> tuple[ChildAtWork, Plan, Any]:
    require(actor, Permission.CASES_WRITE)
    child, plan = plan_to_work_on(db, actor, plan_of_part(db, actor, table, part_id))
    return child, plan, _locked(db, table, part_id)


def _locked(db: Session, table: type[Any], row_id: UUID) -> Any:
    row = db.scalars(select(table).where(table.id == row_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row
