"""Approvals, for people: what waits, and one question about each."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals import queries, service
from app.approvals.schemas import ApprovalQuery, Approve, Return
from app.approvals.words import ApprovalState
from app.core.asking import done, pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Party = Annotated[Actor, requires(Permission.CASES_WRITE, Permission.APPROVALS_DECIDE)]
Author = Annotated[Actor, requires(Permission.CASES_WRITE)]
Decider = Annotated[Actor, requires(Permission.APPROVALS_DECIDE)]


@router.get("/approvals")
def list_approvals(request: Request, db: Db, actor: Party, query: Annotated[ApprovalQuery, Query()]) -> HTMLResponse:
    """What waits for the reader's decision, and what they asked for."""
    found = queries.list_approvals(db, actor, query)
    return render(request, "approvals/list.html", block="list", found=found)


@router.get("/approvals/{approval_id}")
def show_approval(request: Request, db: Db, actor: Party, approval_id: UUID) -> HTMLResponse:
    """What is asked, where to read it, and the decision."""
    queries.open_approval(db, actor, approval_id)
    return _page(request, db, actor, approval_id, Form({}))


@router.post("/approvals/{approval_id}/approve")
def approve(request: Request, db: Db, actor: Decider, approval_id: UUID, form: Typed) -> Response:
    """Agrees."""
    if tried(db, form, form.bind(Approve), lambda given: service.approve(db, actor, approval_id, given)):
        return done("/approvals", _("Approved."))
    return _page(request, db, actor, approval_id, form)


@router.post("/approvals/{approval_id}/return")
def return_to_author(request: Request, db: Db, actor: Decider, approval_id: UUID, form: Typed) -> Response:
    """Sends the record back with what is missing."""
    if tried(db, form, form.bind(Return), lambda given: service.return_to_author(db, actor, approval_id, given)):
        return done("/approvals", _("Returned. The author has a week to correct it."))
    return _page(request, db, actor, approval_id, form)


@router.post("/approvals/{approval_id}/withdraw")
def withdraw(request: Request, db: Db, actor: Author, approval_id: UUID, form: Typed) -> Response:
    """Takes the request back."""
    if pressed(db, form, lambda: service.withdraw_request(db, actor, approval_id)):
        return done("/approvals", _("The request is taken back."))
    return _page(request, db, actor, approval_id, form)


def _page(request: Request, db: Session, actor: Actor, approval_id: UUID, form: Form) -> HTMLResponse:
    approval = queries.read_approval(db, actor, approval_id)
    waits = approval.state is ApprovalState.REQUESTED
    return render(
        request,
        "approvals/detail.html",
        status=form.status,
        approval=approval,
        form=form,
        may_decide=waits and queries.is_mine_to_decide(db, actor, approval_id),
        may_withdraw=waits and actor.may_ever(Permission.CASES_WRITE) and approval.asked_by_post == actor.post_id,
    )
