"""The pages of what a plan holds: one form for each kind of part, to add and to change it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.children.oversight import assignable_posts
from app.children.work import checked_at_work, child_to_read, why_not_at_work
from app.core import clock
from app.core.asking import day_boxes, done, pressed, tried, version_in
from app.core.db import Db
from app.core.errors import Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import Command
from app.core.templating import render
from app.plans import content, queries
from app.plans.models import PlanAction, PlanGoal, SupportPackage
from app.plans.schemas import (
    ActionAdd,
    ActionChange,
    ActionReport,
    GoalAdd,
    GoalChange,
    PackageAdd,
    PackageChange,
    PackageGive,
    PlanDetail,
)
from app.plans.words import PackageKind, PackageSource, Responsible
from app.visits.words import WellbeingDomain

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A kind of part: where its form is, how it is added and changed."""

    template: str
    table: type[Any]
    rows: str
    address: str
    add: type[Command]
    adds: Callable[..., Any]
    change: type[Command]
    changes: Callable[..., Any]


_GOAL = _Part("goal", PlanGoal, "goals", "/plan-goals", GoalAdd, content.add_goal, GoalChange, content.change_goal)
_ACTION = _Part(
    "action", PlanAction, "actions", "/plan-actions", ActionAdd, content.add_action, ActionChange, content.change_action
)
_PACKAGE = _Part(
    "package",
    SupportPackage,
    "packages",
    "/packages",
    PackageAdd,
    content.add_package,
    PackageChange,
    content.change_package,
)


@router.get("/plans/{plan_id}/goals/new")
def new_goal(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what shall be true."""
    return _new(request, db, actor, plan_id, _GOAL)


@router.post("/plans/{plan_id}/goals/new")
def add_goal(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Adds the goal."""
    return _add(request, db, actor, plan_id, _GOAL, form)


@router.get("/plans/{plan_id}/actions/new")
def new_action(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks who does what until when."""
    return _new(request, db, actor, plan_id, _ACTION)


@router.post("/plans/{plan_id}/actions/new")
def add_action(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Adds the action."""
    return _add(request, db, actor, plan_id, _ACTION, form)


@router.get("/plans/{plan_id}/packages/new")
def new_package(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what the family shall get, what it costs and who pays."""
    return _new(request, db, actor, plan_id, _PACKAGE)


@router.post("/plans/{plan_id}/packages/new")
def add_package(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Adds the package."""
    return _add(request, db, actor, plan_id, _PACKAGE, form)


@router.get("/plan-goals/{plan_goal_id}/edit")
def edit_goal(request: Request, plan_goal_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """The goal as a form."""
    return _edit(request, db, actor, plan_goal_id, _GOAL)


@router.post("/plan-goals/{plan_goal_id}/edit")
def change_goal(request: Request, plan_goal_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Changes the goal."""
    return _change(request, db, actor, plan_goal_id, _GOAL, form)


@router.get("/plan-actions/{plan_action_id}/edit")
def edit_action(request: Request, plan_action_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """The action as a form."""
    return _edit(request, db, actor, plan_action_id, _ACTION)


@router.post("/plan-actions/{plan_action_id}/edit")
def change_action(request: Request, plan_action_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Changes the action."""
    return _change(request, db, actor, plan_action_id, _ACTION, form)


@router.get("/packages/{package_id}/edit")
def edit_package(request: Request, package_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """The package as a form."""
    return _edit(request, db, actor, package_id, _PACKAGE)


@router.post("/packages/{package_id}/edit")
def change_package(request: Request, package_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Changes the package."""
    return _change(request, db, actor, package_id, _PACKAGE, form)


def _new(request: Request, db: Session, actor: Actor, plan_id: UUID, part: _Part) -> HTMLResponse:
    child, plan = queries.open_plan(db, actor, plan_id)
    checked_at_work(actor, child)
    form = Form({"id": str(new_id()), "responsible": "office", "quantity": "1"})
    return _form_page(request, db, actor, plan, part, form)


def _add(request: Request, db: Session, actor: Actor, plan_id: UUID, part: _Part, form: Form) -> Response:
    if tried(db, form, form.bind(part.add), lambda given: part.adds(db, actor, plan_id, given)):
        return done(f"/plans/{plan_id}", _("It is in the plan."))
    return _form_page(request, db, actor, queries.read_plan(db, actor, plan_id), part, form)


def _edit(request: Request, db: Session, actor: Actor, part_id: UUID, part: _Part) -> HTMLResponse:
    child, plan = queries.open_plan(db, actor, queries.plan_of_part(db, actor, part.table, part_id))
    checked_at_work(actor, child)
    row = _row(plan, part, part_id)
    values: dict[str, str] = {}
    for name in part.change.model_fields:
        value = getattr(row, name, None)
        if name.endswith("_on"):
            values |= day_boxes(name, value)
        elif name != "dropped":
            values[name] = "" if value is None else str(value)
    if values.get("responsible") == Responsible.OFFICE.value:
        # The name that is shown is that of who holds the post today.
        values["responsible_name"] = ""
    return _form_page(request, db, actor, plan, part, Form(values), row=row)


def _change(request: Request, db: Session, actor: Actor, part_id: UUID, part: _Part, form: Form) -> Response:
    carried = tried(
        db,
        form,
        form.bind(part.change),
        lambda given: part.changes(db, actor, part_id, given, version_in(form)),
        shows_both=True,
    )
    plan_id = queries.plan_of_part(db, actor, part.table, part_id)
    if carried:
        return done(f"/plans/{plan_id}", _("The plan is changed."))
    plan = queries.read_plan(db, actor, plan_id)
    row = _row(plan, part, part_id)
    return _form_page(request, db, actor, plan, part, form, row=row)


def _row(plan: PlanDetail, part: _Part, part_id: UUID) -> Any:
    found = next((row for row in getattr(plan, part.rows) if row.id == part_id), None)
    if found is None:
        raise Forbidden(_("This was taken out of the plan"))
    return found


def _form_page(
    request: Request,
    db: Session,
    actor: Actor,
    plan: PlanDetail,
    part: _Part,
    form: Form,
    *,
    row: Any = None,
) -> HTMLResponse:
    return render(
        request,
        f"plans/{part.template}.html",
        status=form.status,
        plan=plan,
        row=row,
        form=form,
        address=f"{part.address}/{row.id}/edit" if row else f"/plans/{plan.id}/{part.rows}/new",
        domains=WellbeingDomain,
        responsible=Responsible,
        posts=_posts(db, actor) if part is _ACTION else [],
        goals=[(str(goal.id), goal.statement) for goal in plan.goals],
        kinds=PackageKind,
        sources=PackageSource,
    )


def _posts(db: Session, actor: Actor) -> list[tuple[str, str]]:
    return [
        (str(row.id), ", ".join(part for part in (row.holders, row.title or Role(row.role).label) if part))
        for row in assignable_posts(db, actor)
    ]


# While the plan is in force


@router.post("/plan-goals/{plan_goal_id}/reach")
def reach_goal(request: Request, plan_goal_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Marks the goal as reached."""
    carried = pressed(db, form, lambda: content.reach_goal(db, actor, plan_goal_id))
    plan_id = queries.plan_of_part(db, actor, PlanGoal, plan_goal_id)
    if carried:
        return done(f"/plans/{plan_id}", _("The goal is marked as reached."))
    plan = queries.read_plan(db, actor, plan_id)
    child = child_to_read(db, actor, plan.child)
    return render(
        request,
        "plans/detail.html",
        status=form.status,
        child=child,
        plan=plan,
        form=form,
        may_write=True,
        may_decide=False,
    )


@router.get("/plan-actions/{plan_action_id}/report")
def ask_report(request: Request, plan_action_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks whether an action was done, or why not."""
    child, plan = queries.open_plan(db, actor, queries.plan_of_part(db, actor, PlanAction, plan_action_id))
    row = _row(plan, _ACTION, plan_action_id)
    reason = why_not_at_work(actor, child.facts)
    if reason is not None and row.post != actor.post_id:
        raise Forbidden(reason)
    return render(request, "plans/report.html", plan=plan, row=row, form=Form(day_boxes("done_on", clock.today())))


@router.post("/plan-actions/{plan_action_id}/report")
def report_action(request: Request, plan_action_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records that it was done, or why not."""
    # The day stands in the form from the start; it means something only where the action was done.
    fixed = {} if form.value("done") in {"true", "yes"} else {"done_on": None}
    carried = tried(
        db,
        form,
        form.bind(ActionReport, **fixed),
        lambda given: content.report_action(db, actor, plan_action_id, given),
    )
    plan_id = queries.plan_of_part(db, actor, PlanAction, plan_action_id)
    if carried:
        return done(f"/plans/{plan_id}", _("It is recorded."))
    plan = queries.read_plan(db, actor, plan_id)
    row = _row(plan, _ACTION, plan_action_id)
    return render(request, "plans/report.html", status=form.status, plan=plan, row=row, form=form)


@router.get("/packages/{package_id}/give")
def ask_give(request: Request, package_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks when the family got it, and what it cost in the end."""
    child, plan = queries.open_plan(db, actor, queries.plan_of_part(db, actor, SupportPackage, package_id))
    checked_at_work(actor, child)
    row = _row(plan, _PACKAGE, package_id)
    form = Form({"amount_rwf": str(row.amount_rwf)} | day_boxes("given_on", clock.today()))
    return render(request, "plans/give.html", plan=plan, row=row, form=form)


@router.post("/packages/{package_id}/give")
def give_package(request: Request, package_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records that the family got it."""
    carried = tried(
        db,
        form,
        form.bind(PackageGive),
        lambda given: content.give_package(db, actor, package_id, given, version_in(form)),
    )
    plan_id = queries.plan_of_part(db, actor, SupportPackage, package_id)
    if carried:
        return done(f"/plans/{plan_id}", _("It is recorded."))
    plan = queries.read_plan(db, actor, plan_id)
    row = _row(plan, _PACKAGE, package_id)
    return render(request, "plans/give.html", status=form.status, plan=plan, row=row, form=form)
