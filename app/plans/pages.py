"""The pages of a plan as a whole; `content_pages` has those of what it holds, `asked_pages` those of services."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.queries import is_mine_to_decide
from app.cases.queries import open_case_id
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core import clock
from app.core.asking import day_boxes, done, pressed, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.plans import asked_pages, content_pages, queries, service
from app.plans.schemas import PlanChange, PlanDetail, PlanEnd, PlanStart, ReviewRecord
from app.plans.words import PlanState, ReviewNotHeard, ReviewResult

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(content_pages.router)
router.include_router(asked_pages.router)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/children/{child_id}/plan")
def show_file(request: Request, child_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """The plan in force, the version that is being written, and what they cost."""
    child, found = queries.open_file(db, actor, child_id)
    return render(
        request,
        "plans/file.html",
        child=child,
        file=found,
        plan=found.current or found.draft,
        may_write=may_work_on(actor, child.facts),
        has_case=found.ended is not None and open_case_id(db, child_id) is not None,
    )


@router.get("/children/{child_id}/plan/new")
def new_plan(request: Request, child_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks for the aim; with a plan in force, what it said stands in the form."""
    child, found = queries.open_file(db, actor, child_id)
    checked_at_work(actor, child)
    values = {"id": str(new_id())}
    if found.current is not None:
        values |= {"aim": found.current.aim, "child_says": found.current.child_says or ""}
        values["family_says"] = found.current.family_says or ""
    return _head_page(request, child, Form(values), is_version=found.current is not None)


@router.post("/children/{child_id}/plan/new")
def start_plan(request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Starts the plan, or its next version."""
    if tried(db, form, form.bind(PlanStart), lambda given: service.start_plan(db, actor, child_id, given)):
        return done(f"/children/{child_id}/plan", _("The plan is started. Write the goals and the actions."))
    return _head_page(request, child_to_read(db, actor, child_id), form)


@router.get("/plans/{plan_id}")
def show_plan(request: Request, plan_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """One version of a plan."""
    child, plan = queries.open_plan(db, actor, plan_id)
    return _plan_page(request, db, actor, child, plan, Form({}))


def _plan_page(
    request: Request, db: Db, actor: Actor, child: ChildAtWork, plan: PlanDetail, form: Form
) -> HTMLResponse:
    waits = plan.state is PlanState.REQUESTED and plan.approval is not None
    return render(
        request,
        "plans/detail.html",
        status=form.status,
        child=child,
        plan=plan,
        form=form,
        may_write=may_work_on(actor, child.facts),
        may_decide=plan.approval is not None and waits and is_mine_to_decide(db, actor, plan.approval.id),
    )


@router.get("/plans/{plan_id}/edit")
def edit_plan(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """The head of a draft as a form."""
    child, plan = queries.open_plan(db, actor, plan_id)
    checked_at_work(actor, child)
    values = {name: getattr(plan, name) or "" for name in PlanChange.model_fields}
    return _head_page(request, child, Form(values), plan=plan)


@router.post("/plans/{plan_id}/edit")
def change_plan(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Changes the head, or shows both versions where somebody else was faster."""
    if tried(
        db,
        form,
        form.bind(PlanChange),
        lambda given: service.change_plan(db, actor, plan_id, given, version_in(form)),
        shows_both=True,
    ):
        return done(f"/plans/{plan_id}", _("The plan is changed."))
    plan = queries.read_plan(db, actor, plan_id)
    return _head_page(request, child_to_read(db, actor, plan.child), form, plan=plan)


def _head_page(
    request: Request,
    child: ChildAtWork,
    form: Form,
    *,
    plan: PlanDetail | None = None,
    is_version: bool = False,
) -> HTMLResponse:
    return render(
        request,
        "plans/head.html",
        status=form.status,
        child=child,
        plan=plan,
        form=form,
        is_version=is_version,
    )


@router.post("/plans/{plan_id}/request")
def request_plan(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Asks for approval of what the author has seen, not of what somebody added meanwhile."""
    return _pressed(
        request,
        db,
        actor,
        plan_id,
        form,
        lambda: service.request_plan(db, actor, plan_id, version_in(form)),
        _("The plan waits for the supervisor's approval."),
    )


@router.post("/plans/{plan_id}/withdraw")
def withdraw_plan(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Takes the plan back to change it."""
    return _pressed(
        request,
        db,
        actor,
        plan_id,
        form,
        lambda: service.withdraw_plan(db, actor, plan_id),
        _("The plan is a draft again."),
    )


def _pressed(request: Request, db: Db, actor: Actor, plan_id: UUID, form: Form, verb: Any, said: str) -> Response:
    if pressed(db, form, verb):
        return done(f"/plans/{plan_id}", said)
    if form.stale is not None:
        form.errors = [("", _("Somebody changed the plan since you opened it. Look at it, then ask again."))]
    plan = queries.read_plan(db, actor, plan_id)
    return _plan_page(request, db, actor, child_to_read(db, actor, plan.child), plan, form)


@router.get("/plans/{plan_id}/reviews/new")
def new_review(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what the child said, what has changed, and when the next review is."""
    child, plan = queries.open_plan(db, actor, plan_id)
    checked_at_work(actor, child)
    limit = queries.review_limit(db)
    form = Form(
        {"id": str(new_id())}
        | day_boxes("reviewed_on", clock.today())
        | day_boxes("next_review_on", clock.days_ahead(limit))
    )
    return _review_page(request, child, plan, form, limit)


@router.post("/plans/{plan_id}/reviews/new")
def record_review(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records the review."""
    command = form.bind(ReviewRecord)
    if command and tried(db, form, command, lambda given: service.record_review(db, actor, plan_id, given)):
        if command.result is ReviewResult.CHANGE:
            said = _("The review is recorded. Write the new version; the plan stays in force until it is approved.")
            child_id = queries.plan_row(db, actor, plan_id).child
            return done(f"/children/{child_id}/plan/new", said)
        return done(f"/plans/{plan_id}", _("The review is recorded."))
    plan = queries.read_plan(db, actor, plan_id)
    child = child_to_read(db, actor, plan.child)
    return _review_page(request, child, plan, form, queries.review_limit(db))


def _review_page(request: Request, child: ChildAtWork, plan: PlanDetail, form: Form, limit: int) -> HTMLResponse:
    return render(
        request,
        "plans/review.html",
        status=form.status,
        child=child,
        plan=plan,
        form=form,
        limit=limit,
        reasons=ReviewNotHeard,
        results=ReviewResult,
    )


@router.get("/plans/{plan_id}/end")
def ask_end(request: Request, plan_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks why the plan is closed."""
    child, plan = queries.open_plan(db, actor, plan_id)
    return _end_page(request, checked_at_work(actor, child), plan, Form({}))


@router.post("/plans/{plan_id}/end")
def end_plan(request: Request, plan_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Closes the plan."""
    if tried(
        db,
        form,
        form.bind(PlanEnd),
        lambda given: service.end_plan(db, actor, plan_id, given, version_in(form)),
    ):
        return done(f"/children/{queries.plan_row(db, actor, plan_id).child}/plan", _("The plan is closed."))
    plan = queries.read_plan(db, actor, plan_id)
    return _end_page(request, child_to_read(db, actor, plan.child), plan, form)


def _end_page(request: Request, child: ChildAtWork, plan: PlanDetail, form: Form) -> HTMLResponse:
    return render(request, "plans/end.html", status=form.status, child=child, plan=plan, form=form)
