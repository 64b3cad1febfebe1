"""Paper, for people: which sheet, for whom, with or without the name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.queries import open_child
from app.children.work import ChildAtWork, child_to_read
from app.consents.queries import must_not_tell
from app.core.asking import tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.routing import StrictRoute
from app.core.templating import render
from app.decisions.queries import open_decision, read_decision, sees_child
from app.decisions.schemas import DecisionDetail
from app.paper import service
from app.paper.schemas import DecisionPrint, SheetPrint
from app.paper.words import ForWhom, SheetKind

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Supervisor = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
Party = Annotated[Actor, requires(Permission.CASES_READ, Permission.APPROVALS_DECIDE)]


@router.get("/children/{child_id}/paper")
def choose_sheet(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """The sheets of a child's file, for whom, and what must not be told."""
    child = child_to_read(db, actor, child_id)
    open_child(db, actor, child_id)
    return _choice(request, db, child, Form({"for_whom": ForWhom.OWN.value}))


@router.post("/children/{child_id}/paper")
def print_sheet(request: Request, db: Db, actor: Reader, child_id: UUID, form: Typed) -> Response:
    """One sheet as a PDF; that it was printed is noted."""
    command = form.bind(SheetPrint)
    made = tried(db, form, command, lambda given: service.print_sheet(db, actor, child_id, given))
    if made and command:
        return pdf(made.gave, command.sheet.value)
    return _choice(request, db, child_to_read(db, actor, child_id), form)


@router.get("/decisions/{decision_id}/paper")
def choose_decision(request: Request, db: Db, actor: Party, decision_id: UUID) -> HTMLResponse:
    """For whom a decision is printed, and whether the name is to stand on it."""
    decision = open_decision(db, actor, decision_id)
    return _of_decision(request, db, actor, decision, Form({"for_whom": ForWhom.OWN.value}))


@router.post("/decisions/{decision_id}/paper")
def print_decision(request: Request, db: Db, actor: Party, decision_id: UUID, form: Typed) -> Response:
    """The decision as a PDF; that it was printed is noted."""
    made = tried(
        db, form, form.bind(DecisionPrint), lambda given: service.print_decision(db, actor, decision_id, given)
    )
    if made:
        return pdf(made.gave, "decision")
    return _of_decision(request, db, actor, read_decision(db, actor, decision_id), form)


@router.get("/paper/caseload")
def print_caseload(db: Db, actor: Reader) -> Response:
    """The list of one's own caseload as a PDF."""
    return pdf(service.print_caseload(db, actor), "caseload")


@router.get("/caseloads/{post_id}/paper")
def print_caseload_of(db: Db, actor: Supervisor, post_id: UUID) -> Response:
    """The list of a worker's caseload as a PDF."""
    return pdf(service.print_caseload(db, actor, post_id), "caseload")


def _choice(request: Request, db: Session, child: ChildAtWork, form: Form) -> HTMLResponse:
    return render(
        request,
        "paper/choose.html",
        status=form.status,
        form=form,
        over=f"{child.name}, {child.code}",
        back=f"/children/{child.id}",
        address=f"/children/{child.id}/paper",
        consents=f"/children/{child.id}/consents",
        sheets=[(sheet, sheet.label, sheet.hint) for sheet in SheetKind],
        for_whom=[(one, one.label, one.hint) for one in ForWhom],
        asks_name=True,
        withheld=must_not_tell(db, child.id),
    )


def _of_decision(request: Request, db: Session, actor: Actor, decision: DecisionDetail, form: Form) -> HTMLResponse:
    whole = not decision.coded and sees_child(db, actor, decision.child)
    return render(
        request,
        "paper/choose.html",
        status=form.status,
        form=form,
        over=decision.child_code,
        back=f"/decisions/{decision.id}",
        address=f"/decisions/{decision.id}/paper",
        consents=f"/children/{decision.child}/consents" if whole else None,
        sheets=None,
        for_whom=[(one, one.label, one.hint) for one in ForWhom],
        asks_name=whole,
        withheld=must_not_tell(db, decision.child) if whole else [],
    )


def pdf(content: bytes, name: str) -> Response:
    """An answer that a browser shows or saves, and keeps nowhere else."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
