"""The JSON door of plans; `asked_api` is that of services and providers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.plans import asked_api, content, queries, service
from app.plans.models import PlanAction, PlanGoal, SupportPackage
from app.plans.schemas import (
    ActionAdd,
    ActionChange,
    ActionReport,
    ChildPlanFile,
    GoalAdd,
    GoalChange,
    PackageAdd,
    PackageChange,
    PackageGive,
    PlanChange,
    PlanDetail,
    PlanEnd,
    PlanStart,
    ReviewRecord,
)

router = APIRouter(route_class=StrictRoute, tags=["plans"])
router.include_router(asked_api.router)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version that you read.")]
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": PlanDetail, "description": "The same was recorded before; this is what exists"}
}


@router.get("/children/{child_id}/plan", summary="Read the plan of a child")
def get_file(child_id: UUID, db: Db, actor: Reader) -> ChildPlanFile:
    """The plan in force, the version that is being written, and what they cost by source."""
    return queries.open_file(db, actor, child_id)[1]


@router.post("/children/{child_id}/plan", status_code=201, responses=_EXISTS, summary="Start a plan")
def start_plan(child_id: UUID, db: Db, actor: Writer, command: PlanStart, response: Response) -> PlanDetail:
    """Starts a plan as a draft. With one in force it is the next version, with what is still to be done."""
    plan_id, is_new = service.start_plan(db, actor, child_id, command)
    return _plan(db, actor, plan_id, response, is_new=is_new)


@router.get("/plans/{plan_id}", summary="Read a version of a plan")
def get_plan(plan_id: UUID, db: Db, actor: Reader, response: Response) -> PlanDetail:
    """One version with its goals, actions, packages and reviews; its version number is in the `ETag`."""
    found = queries.open_plan(db, actor, plan_id)[1]
    return versioned(response, found)


@router.put("/plans/{plan_id}", summary="Change a draft")
def change_plan(
    plan_id: UUID, db: Db, actor: Writer, command: PlanChange, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Writes the head of a draft anew."""
    service.change_plan(db, actor, plan_id, command, version_from_if_match(if_match))
    return _plan(db, actor, plan_id, response)


@router.post("/plans/{plan_id}/request", summary="Ask for approval")
def request_plan(plan_id: UUID, db: Db, actor: Writer, response: Response, if_match: IfMatch = None) -> PlanDetail:
    """Asks the supervisor to approve a draft; until the answer nobody changes it."""
    service.request_plan(db, actor, plan_id, version_from_if_match(if_match))
    return _plan(db, actor, plan_id, response)


@router.post("/plans/{plan_id}/withdraw", summary="Take a plan back")
def withdraw_plan(plan_id: UUID, db: Db, actor: Writer, response: Response) -> PlanDetail:
    """Takes a plan that waits for approval back, so that it can be changed."""
    service.withdraw_plan(db, actor, plan_id)
    return _plan(db, actor, plan_id, response)


@router.post("/plans/{plan_id}/end", summary="Close a plan")
def end_plan(
    plan_id: UUID, db: Db, actor: Writer, command: PlanEnd, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Closes the plan in force with a reason."""
    service.end_plan(db, actor, plan_id, command, version_from_if_match(if_match))
    return _plan(db, actor, plan_id, response)


@router.post("/plans/{plan_id}/reviews", status_code=201, responses=_EXISTS, summary="Review a plan")
def record_review(plan_id: UUID, db: Db, actor: Writer, command: ReviewRecord, response: Response) -> PlanDetail:
    """Records a review with the child heard, or why not; the next one comes within the limit."""
    _id, is_new = service.record_review(db, actor, plan_id, command)
    return _plan(db, actor, plan_id, response, is_new=is_new)


@router.post("/plans/{plan_id}/goals", status_code=201, responses=_EXISTS, summary="Add a goal")
def add_goal(plan_id: UUID, db: Db, actor: Writer, command: GoalAdd, response: Response) -> PlanDetail:
    """Adds a goal to a draft."""
    _id, is_new = content.add_goal(db, actor, plan_id, command)
    return _plan(db, actor, plan_id, response, is_new=is_new)


@router.post("/plans/{plan_id}/actions", status_code=201, responses=_EXISTS, summary="Add an action")
def add_action(plan_id: UUID, db: Db, actor: Writer, command: ActionAdd, response: Response) -> PlanDetail:
    """Adds an action to a draft; an office's becomes a task when the plan comes into force."""
    _id, is_new = content.add_action(db, actor, plan_id, command)
    return _plan(db, actor, plan_id, response, is_new=is_new)


@router.post("/plans/{plan_id}/packages", status_code=201, responses=_EXISTS, summary="Add a package")
def add_package(plan_id: UUID, db: Db, actor: Writer, command: PackageAdd, response: Response) -> PlanDetail:
    """Adds what the family shall get to a draft, with its cost in Rwf."""
    _id, is_new = content.add_package(db, actor, plan_id, command)
    return _plan(db, actor, plan_id, response, is_new=is_new)


@router.put("/plan-goals/{plan_goal_id}", summary="Change a goal")
def change_goal(
    plan_goal_id: UUID, db: Db, actor: Writer, command: GoalChange, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Changes a goal of a draft, or takes it out."""
    content.change_goal(db, actor, plan_goal_id, command, version_from_if_match(if_match))
    return _plan(db, actor, queries.plan_of_part(db, actor, PlanGoal, plan_goal_id), response)


@router.post("/plan-goals/{plan_goal_id}/reach", summary="Mark a goal as reached")
def reach_goal(plan_goal_id: UUID, db: Db, actor: Writer, response: Response) -> PlanDetail:
    """Marks a goal of the plan in force as reached."""
    content.reach_goal(db, actor, plan_goal_id)
    return _plan(db, actor, queries.plan_of_part(db, actor, PlanGoal, plan_goal_id), response)


@router.put("/plan-actions/{plan_action_id}", summary="Change an action")
def change_action(
    plan_action_id: UUID, db: Db, actor: Writer, command: ActionChange, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Changes an action of a draft, or takes it out."""
    content.change_action(db, actor, plan_action_id, command, version_from_if_match(if_match))
    return _plan(db, actor, queries.plan_of_part(db, actor, PlanAction, plan_action_id), response)


@router.post("/plan-actions/{plan_action_id}/report", summary="Report an action")
def report_action(plan_action_id: UUID, db: Db, actor: Writer, command: ActionReport, response: Response) -> PlanDetail:
    """Says that an action of the plan in force was done, or why not."""
    content.report_action(db, actor, plan_action_id, command)
    return _plan(db, actor, queries.plan_of_part(db, actor, PlanAction, plan_action_id), response)


@router.put("/packages/{package_id}", summary="Change a package")
def change_package(
    package_id: UUID, db: Db, actor: Writer, command: PackageChange, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Changes a package of a draft, or takes it out."""
    content.change_package(db, actor, package_id, command, version_from_if_match(if_match))
    return _plan(db, actor, queries.plan_of_part(db, actor, SupportPackage, package_id), response)


@router.post("/packages/{package_id}/give", summary="Give a package")
def give_package(
    package_id: UUID, db: Db, actor: Writer, command: PackageGive, response: Response, if_match: IfMatch = None
) -> PlanDetail:
    """Says that the family got a package, what it cost and where the receipt is."""
    content.give_package(db, actor, package_id, command, version_from_if_match(if_match))
    return _plan(db, actor, queries.plan_of_part(db, actor, SupportPackage, package_id), response)


def _plan(db: Db, actor: Actor, plan_id: UUID, response: Response, *, is_new: bool | None = None) -> PlanDetail:
    found = queries.read_plan(db, actor, plan_id)
    if is_new is False:
        response.status_code = 200
    return versioned(response, found)
