"""Pages of a house's way to its last day: stages, board, what is left, and the overview of all houses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core import clock
from app.core.asking import day_boxes, done, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import get_institution
from app.institutions.words import ClosureStage
from app.places.narrowing import SeeksPlace, narrowing
from app.transformation import breach_queries, census_pages, claim_pages, queries, resource_pages, service
from app.transformation.rules import stages_to_choose
from app.transformation.schemas import BreachAnswerWrite, ClosureQuery, StageMove
from app.transformation.words import Readiness

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(census_pages.router)
router.include_router(claim_pages.router)
router.include_router(resource_pages.router)

Reader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
Writer = Annotated[Actor, requires(Permission.INSTITUTIONS_WRITE)]
Decider = Annotated[Actor, requires(Permission.APPROVALS_DECIDE)]


class ClosurePageQuery(SeeksPlace, ClosureQuery):
    """Filters of the page of closures."""


@router.get("/closures")
def show_closures(request: Request, db: Db, actor: Reader, query: Annotated[ClosurePageQuery, Query()]) -> HTMLResponse:
    """Every house in reach, what is nearest to its last day first, with who is left."""
    return render(
        request,
        "transformation/closures.html",
        block="list",
        found=queries.list_closures(db, actor, query),
        counts=queries.stage_counts(db, actor),
        alerts=breach_queries.alerts_for(db, actor),
        stages=list(ClosureStage),
        query=query,
        narrow=narrowing(db, actor, query.place, query.place_q),
    )


@router.get("/institutions/{institution_id}/closure")
def show_closure(request: Request, db: Db, actor: Reader, institution_id: UUID) -> HTMLResponse:
    """Stages, the board of residents, and what stands between the house and its last day."""
    closure, board = queries.open_closure(db, actor, institution_id)
    return render(
        request,
        "transformation/closure.html",
        closure=closure,
        board=board,
        breaches=breach_queries.breaches_of(db, actor, institution_id) if board else [],
        may_answer=actor.may_ever(Permission.APPROVALS_DECIDE),
        stages=list(ClosureStage),
        readiness=list(Readiness),
    )


@router.get("/institutions/{institution_id}/closure/move")
def ask_move(request: Request, db: Db, actor: Writer, institution_id: UUID) -> HTMLResponse:
    """Asks for the stage, the day and the evidence."""
    house = get_institution(db, actor, institution_id)
    following = stages_to_choose(house.closure_stage)[:1]
    form = Form(
        {"_version": str(house.version), "to": following[0].value if following else ""}
        | day_boxes("reached_on", clock.today())
    )
    return _move_page(request, db, actor, institution_id, form)


@router.post("/institutions/{institution_id}/closure/move")
def move_stage(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Moves the stage, or says what is still missing."""
    if tried(
        db,
        form,
        form.bind(StageMove),
        lambda given: service.move_stage(db, actor, institution_id, given, version=version_in(form)),
    ):
        return done(f"/institutions/{institution_id}/closure", _("The stage is recorded."))
    return _move_page(request, db, actor, institution_id, form)


def _move_page(request: Request, db: Session, actor: Actor, institution_id: UUID, form: Form) -> HTMLResponse:
    house = get_institution(db, actor, institution_id)
    return render(
        request,
        "transformation/move.html",
        status=form.status,
        house=house,
        form=form,
        present=ClosureStage(str(house.closure_stage)),
        choices_of_stage=stages_to_choose(house.closure_stage),
        against=queries.against_next_stage(db, actor, house),
    )


@router.get("/institutions/{institution_id}/answer-breach")
def ask_breach(
    request: Request, db: Db, actor: Decider, institution_id: UUID, placement: UUID | None = None
) -> HTMLResponse:
    """Asks what came of an admission after the moratorium."""
    form = Form({"placement": str(placement)} if placement else {})
    return _breach_page(request, db, actor, institution_id, form, noted=True)


@router.post("/institutions/{institution_id}/answer-breach")
def answer_breach(request: Request, db: Db, actor: Decider, institution_id: UUID, form: Typed) -> Response:
    """Keeps the answer; the admission is no alert any more."""
    if tried(
        db, form, form.bind(BreachAnswerWrite), lambda given: service.answer_breach(db, actor, institution_id, given)
    ):
        return done(f"/institutions/{institution_id}/closure", _("Your answer is kept, and the alert is closed."))
    return _breach_page(request, db, actor, institution_id, form)


def _breach_page(
    request: Request,
    db: Session,
    actor: Actor,
    institution_id: UUID,
    form: Form,
    *,
    noted: bool = False,
) -> HTMLResponse:
    house = get_institution(db, actor, institution_id)
    read = breach_queries.open_breaches if noted else breach_queries.breaches_of
    open_ones = [breach for breach in read(db, actor, institution_id) if breach.answer is None]
    return render(request, "transformation/breach.html", status=form.status, house=house, form=form, breaches=open_ones)
