"""Pages of claims: a manager reports, a worker checks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.words import Sex
from app.core import clock
from app.core.asking import day_boxes, done, pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import get_institution
from app.transformation import claim_queries as queries
from app.transformation import claim_service as service
from app.transformation.claim_schemas import ClaimAccept, ClaimFile, ClaimQuery, ClaimReject, ClaimReport
from app.transformation.settling import why_not_theirs_of
from app.transformation.settling_page import Told, TypedCode, settle, settle_page
from app.transformation.words import ClaimKind, ClaimState

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(*queries.READERS)]
Manager = Annotated[Actor, requires(Permission.CLAIMS_REPORT)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]


@router.get("/institutions/{institution_id}/claims")
def list_claims(
    request: Request, db: Db, actor: Reader, institution_id: UUID, query: Annotated[ClaimQuery, Query()]
) -> HTMLResponse:
    """What the institution reported."""
    house = get_institution(db, actor, institution_id)
    return render(
        request,
        "transformation/claims.html",
        block="list",
        house=house,
        found=queries.list_claims(db, actor, institution_id, query),
        query=query,
        states=ClaimState,
        may_report=actor.may_ever(Permission.CLAIMS_REPORT),
    )


@router.get("/institutions/{institution_id}/claims/new")
def new_claim(
    request: Request, db: Db, actor: Manager, institution_id: UUID, kind: ClaimKind = ClaimKind.ADMISSION
) -> HTMLResponse:
    """Asks who came or left, and when."""
    form = Form({"id": str(new_id()), "kind": kind.value} | day_boxes("happened_on", clock.today()))
    return _new_page(request, db, actor, institution_id, form)


@router.post("/institutions/{institution_id}/claims/new")
def report_claim(request: Request, db: Db, actor: Manager, institution_id: UUID, form: Typed) -> Response:
    """Keeps the report for a worker to check."""
    made = tried(db, form, form.bind(ClaimReport), lambda given: service.report_claim(db, actor, institution_id, given))
    if made:
        return done(f"/claims/{made.gave[0]}", _("Thank you. A worker of the district checks it."))
    return _new_page(request, db, actor, institution_id, form)


def _new_page(request: Request, db: Session, actor: Actor, institution_id: UUID, form: Form) -> HTMLResponse:
    return render(
        request,
        "transformation/claim_new.html",
        status=form.status,
        house=get_institution(db, actor, institution_id),
        form=form,
        sexes=Sex,
        residents=queries.residents_to_choose(db, actor, institution_id),
    )


@router.get("/claims/{claim_id}")
def show_claim(request: Request, db: Db, actor: Reader, claim_id: UUID) -> HTMLResponse:
    """What was reported, how it stands, and for a worker how to check it."""
    return _claim_page(request, db, actor, queries.open_claim(db, actor, claim_id), Form())


@router.post("/claims/{claim_id}/withdraw")
def withdraw_claim(request: Request, db: Db, actor: Manager, claim_id: UUID, form: Typed) -> Response:
    """Takes the report back."""
    if pressed(db, form, lambda: service.withdraw_claim(db, actor, claim_id)):
        return done(f"/claims/{claim_id}", _("The report is withdrawn. Nobody needs to check it."))
    return _claim_page(request, db, actor, queries.open_claim(db, actor, claim_id), form)


@router.post("/claims/{claim_id}/accept")
def accept_claim(request: Request, db: Db, actor: Worker, claim_id: UUID, form: Typed) -> Response:
    """Accepts what the register says already."""
    if tried(db, form, form.bind(ClaimAccept), lambda given: service.accept_claim(db, actor, claim_id, given)):
        return done(f"/claims/{claim_id}", _("The report is accepted."))
    return _claim_page(request, db, actor, queries.open_claim(db, actor, claim_id), form)


@router.post("/claims/{claim_id}/reject")
def reject_claim(request: Request, db: Db, actor: Worker, claim_id: UUID, form: Typed) -> Response:
    """Does not accept it, with the reason."""
    if tried(db, form, form.bind(ClaimReject), lambda given: service.reject_claim(db, actor, claim_id, given)):
        return done(f"/claims/{claim_id}", _("The report is not accepted, and the manager reads why."))
    return _claim_page(request, db, actor, queries.open_claim(db, actor, claim_id), form)


def _claim_page(request: Request, db: Session, actor: Actor, claim: ClaimFile, form: Form) -> HTMLResponse:
    waits = claim.state is ClaimState.REPORTED
    may_check = waits and actor.may_ever(Permission.PLACEMENTS_WRITE)
    is_exit = claim.kind is ClaimKind.EXIT
    return render(
        request,
        "transformation/claim.html",
        status=form.status,
        claim=claim,
        form=form,
        is_exit=is_exit,
        may_check=may_check,
        others=why_not_theirs_of(db, actor, claim.child) if may_check and is_exit and claim.child else None,
        may_withdraw=waits and claim.mine and actor.may_ever(Permission.CLAIMS_REPORT),
    )


@router.get("/claims/{claim_id}/register")
def ask_register(request: Request, db: Db, actor: Worker, claim_id: UUID) -> HTMLResponse:
    """The registration, filled with what was reported."""
    return settle_page(request, db, actor, "register", _told(db, actor, claim_id))


@router.post("/claims/{claim_id}/register")
def register_claimed(request: Request, db: Db, actor: Worker, claim_id: UUID, form: Typed) -> Response:
    """Accepts the admission by registering the child."""
    return _settle(request, db, actor, claim_id, "register", form, service.register_claimed)


@router.get("/claims/{claim_id}/know")
def ask_know(request: Request, db: Db, actor: Worker, claim_id: UUID, code: TypedCode = "") -> HTMLResponse:
    """Children of the register with a name like the reported one, or the one who was chosen by code."""
    return settle_page(request, db, actor, "know", _told(db, actor, claim_id), code=code)


@router.post("/claims/{claim_id}/know")
def know_claimed(request: Request, db: Db, actor: Worker, claim_id: UUID, form: Typed) -> Response:
    """Accepts the admission of a known child."""
    return _settle(request, db, actor, claim_id, "know", form, service.know_claimed)


@router.get("/claims/{claim_id}/end")
def ask_end(request: Request, db: Db, actor: Worker, claim_id: UUID, code: TypedCode = "") -> HTMLResponse:
    """The end of the stay, filled with the day that was reported."""
    return settle_page(request, db, actor, "end", _told(db, actor, claim_id), code=code)


@router.post("/claims/{claim_id}/end")
def end_claimed(request: Request, db: Db, actor: Worker, claim_id: UUID, form: Typed) -> Response:
    """Accepts the exit by ending the stay."""
    return _settle(request, db, actor, claim_id, "end", form, service.end_claimed)


def _settle(request: Request, db: Session, actor: Actor, claim_id: UUID, verb: str, form: Form, act: Any) -> Response:
    return settle(
        request,
        db,
        actor,
        verb,
        form,
        lambda command: act(db, actor, claim_id, command),
        read=lambda: _told(db, actor, claim_id),
        goes_to=f"/claims/{claim_id}",
        said=_("The report is accepted, and the register says so."),
    )


def _told(db: Session, actor: Actor, claim_id: UUID) -> Told:
    claim = queries.open_claim(db, actor, claim_id)
    house = get_institution(db, actor, claim.institution)
    return Told(
        address=f"/claims/{claim_id}",
        back=f"/claims/{claim_id}",
        name=claim.name,
        facts=[claim.sex.label if claim.sex else None, claim.destination],
        sex=claim.sex,
        age_years=claim.age_years,
        told_on=claim.happened_on,
        came_on=claim.happened_on,
        left_on=claim.happened_on,
        child=claim.child,
        needs_code=claim.child is None,
        moratorium_on=house.moratorium_on,
    )
