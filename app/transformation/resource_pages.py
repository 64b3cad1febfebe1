"""Pages of funders, staff, and the plan of what a house becomes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.words import ApprovalState
from app.core.asking import day_boxes, done, pressed, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import get_institution
from app.transformation import resource_queries, service
from app.transformation.schemas import (
    ClosurePlanFile,
    FunderAdd,
    FunderContent,
    FunderRow,
    PlanWrite,
    StaffRow,
    StaffWrite,
    StepAdd,
)
from app.transformation.words import Becomes, Currency, StaffRole

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
Writer = Annotated[Actor, requires(Permission.INSTITUTIONS_WRITE)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
_WORDS = ("becomes_words", "children", "buildings", "money", "staff")


@router.get("/institutions/{institution_id}/resources")
def show_resources(request: Request, db: Db, actor: Reader, institution_id: UUID) -> HTMLResponse:
    """With what the house works, and where buildings, money and staff go."""
    found = resource_queries.open_resources(db, actor, institution_id)
    waits = found.plan is not None and found.plan.approval is not None
    return render(
        request,
        "transformation/resources.html",
        found=found,
        form=Form(),
        waits=waits and found.plan.approval.state is ApprovalState.REQUESTED,  # type: ignore[union-attr]
        may_ask=actor.may_ever(Permission.PLACEMENTS_WRITE),
    )


@router.get("/institutions/{institution_id}/plan/edit")
def edit_plan(request: Request, db: Db, actor: Writer, institution_id: UUID) -> HTMLResponse:
    """The plan as a form."""
    house = get_institution(db, actor, institution_id)
    plan = resource_queries.read_plan(db, institution_id)
    form = Form(_plan_values(plan) if plan else {})
    return render(request, "transformation/plan.html", house=house, form=form, plan=plan, becomes=Becomes)


@router.post("/institutions/{institution_id}/plan/edit")
def write_plan(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Writes the plan."""
    if tried(
        db,
        form,
        form.bind(PlanWrite),
        lambda given: service.write_plan(db, actor, institution_id, given, version=version_in(form)),
    ):
        return done(f"/institutions/{institution_id}/resources", _("The plan is written."))
    house = get_institution(db, actor, institution_id)
    plan = resource_queries.read_plan(db, institution_id)
    return render(
        request, "transformation/plan.html", status=form.status, house=house, form=form, plan=plan, becomes=Becomes
    )


@router.post("/institutions/{institution_id}/plan/ask")
def ask_for_plan(request: Request, db: Db, actor: Worker, institution_id: UUID, form: Typed) -> Response:
    """Asks the national manager to approve the plan."""
    if pressed(db, form, lambda: service.ask_for_plan(db, actor, institution_id)):
        return done(f"/institutions/{institution_id}/resources", _("The national manager is asked."))
    found = resource_queries.open_resources(db, actor, institution_id)
    return render(
        request,
        "transformation/resources.html",
        status=form.status,
        found=found,
        form=form,
        waits=False,
        may_ask=True,
    )


def _plan_values(plan: ClosurePlanFile) -> dict[str, str]:
    words = {name: getattr(plan, name) or "" for name in _WORDS}
    return (
        words
        | {"becomes": plan.becomes.value, "_version": str(plan.version)}
        | day_boxes("last_day_planned", plan.last_day_planned)
    )


# Steps, funders, staff


@router.get("/institutions/{institution_id}/steps/new")
def new_step(request: Request, db: Db, actor: Writer, institution_id: UUID) -> HTMLResponse:
    """Asks what, who, until when."""
    return _form(request, db, actor, institution_id, "step", Form({"id": str(new_id())}))


@router.post("/institutions/{institution_id}/steps/new")
def add_step(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Adds the step."""
    if tried(db, form, form.bind(StepAdd), lambda given: service.add_step(db, actor, institution_id, given)):
        return done(f"/institutions/{institution_id}/resources", _("The step is added."))
    return _form(request, db, actor, institution_id, "step", form)


@router.post("/steps/{step_id}/finish")
def finish_step(db: Db, actor: Writer, step_id: UUID) -> Response:
    """Says that the step was done."""
    return done(f"/institutions/{service.finish_step(db, actor, step_id)}/resources", _("The step is done."))


@router.post("/steps/{step_id}/reopen")
def reopen_step(db: Db, actor: Writer, step_id: UUID) -> Response:
    """Says that the step is not done after all."""
    institution_id = service.finish_step(db, actor, step_id, done=False)
    return done(f"/institutions/{institution_id}/resources", _("It is open again."))


@router.get("/institutions/{institution_id}/funders/new")
def new_funder(request: Request, db: Db, actor: Writer, institution_id: UUID) -> HTMLResponse:
    """Asks who gives money."""
    return _form(request, db, actor, institution_id, "funder", Form({"id": str(new_id()), "currency": "rwf"}))


@router.post("/institutions/{institution_id}/funders/new")
def add_funder(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Adds the funder."""
    if tried(db, form, form.bind(FunderAdd), lambda given: service.add_funder(db, actor, institution_id, given)):
        return done(f"/institutions/{institution_id}/resources", _("The funder is added."))
    return _form(request, db, actor, institution_id, "funder", form)


@router.post("/funders/{funder_id}/end")
def end_funder(db: Db, actor: Writer, funder_id: UUID) -> Response:
    """Says that nothing is given any more."""
    institution_id = service.end_funder(db, actor, funder_id)
    return done(f"/institutions/{institution_id}/resources", _("It is noted that nothing is given any more."))


@router.post("/funders/{funder_id}/reopen")
def reopen_funder(db: Db, actor: Writer, funder_id: UUID) -> Response:
    """Says that money is given after all."""
    institution_id = service.reopen_funder(db, actor, funder_id)
    return done(f"/institutions/{institution_id}/resources", _("It is open again."))


@router.get("/funders/{funder_id}/edit")
def edit_funder(request: Request, db: Db, actor: Writer, funder_id: UUID) -> HTMLResponse:
    """What was recorded of a funder, as a form."""
    institution_id, funder = resource_queries.read_funder(db, actor, funder_id)
    return _form(request, db, actor, institution_id, "correct", Form(_funder_values(funder)), funder=funder)


@router.post("/funders/{funder_id}/edit")
def change_funder(request: Request, db: Db, actor: Writer, funder_id: UUID, form: Typed) -> Response:
    """Puts it right, or shows what somebody else wrote meanwhile."""
    if made := tried(
        db,
        form,
        form.bind(FunderContent),
        lambda given: service.change_funder(db, actor, funder_id, given, version_in(form)),
        shows_both=True,
    ):
        return done(f"/institutions/{made.gave}/resources", _("It is corrected."))
    institution_id, funder = resource_queries.read_funder(db, actor, funder_id)
    return _form(request, db, actor, institution_id, "correct", form, funder=funder)


def _funder_values(funder: FunderRow) -> dict[str, str]:
    values = {
        "name": funder.name,
        "country": funder.country or "",
        "amount": "" if funder.amount is None else str(funder.amount),
        "currency": funder.currency.value,
        "tied": "" if funder.tied is None else str(funder.tied).lower(),
        "note": funder.note or "",
    }
    return values | day_boxes("promised_until", funder.promised_until)


@router.get("/institutions/{institution_id}/staff/edit")
def edit_staff(
    request: Request, db: Db, actor: Writer, institution_id: UUID, role: StaffRole | None = None
) -> HTMLResponse:
    """Asks how many do one kind of work, and what they do after."""
    values: dict[str, str] = {}
    if role is not None:
        known = next((row for row in resource_queries.staff_of(db, institution_id) if row.role is role), None)
        values = {"role": role.value} | (_staff_values(known) if known else {})
    return _form(request, db, actor, institution_id, "staff", Form(values))


@router.post("/institutions/{institution_id}/staff/edit")
def write_staff(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Keeps the numbers of one kind of work."""
    if tried(db, form, form.bind(StaffWrite), lambda given: service.write_staff(db, actor, institution_id, given)):
        return done(f"/institutions/{institution_id}/resources", _("The staff is recorded."))
    return _form(request, db, actor, institution_id, "staff", form)


def _staff_values(row: StaffRow) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in ("number", "trained", "retrained", "moved", "paid_off")}


def _form(
    request: Request,
    db: Any,
    actor: Actor,
    institution_id: UUID,
    what: str,
    form: Form,
    *,
    funder: FunderRow | None = None,
) -> HTMLResponse:
    return render(
        request,
        "transformation/resource.html",
        status=form.status,
        house=get_institution(db, actor, institution_id),
        what=what,
        form=form,
        funder=funder,
        roles=StaffRole,
        currencies=Currency,
    )
