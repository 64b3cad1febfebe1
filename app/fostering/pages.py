"""Foster families, for people: the board of the district, and one family's way."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.words import ApprovalState
from app.children.household_queries import read_household
from app.children.words import Sex
from app.core import clock
from app.core.asking import day_boxes, done, pressed, sought, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.fostering import queries, service
from app.fostering.rules import APPROVED_STAGES, PIPELINE
from app.fostering.schemas import Ask, FamilyApply, FosterDetail, FosterQuery, Offer, Reason, StepRecord
from app.fostering.words import RECORDED_STEPS, Care, Stage, Step
from app.places.narrowing import SeeksPlace, narrowing
from app.record.words import Language

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.HOUSEHOLDS_READ)]
Writer = Annotated[Actor, requires(Permission.HOUSEHOLDS_WRITE)]
Author = Annotated[Actor, requires(Permission.CASES_WRITE)]


class FosterPageQuery(SeeksPlace, FosterQuery):
    """Filters of the page of foster families."""


@router.get("/fostering")
def list_families(request: Request, db: Db, actor: Reader, query: Annotated[FosterPageQuery, Query()]) -> HTMLResponse:
    """The foster families of the district by their stage, those with a free place, those to be renewed."""
    form = Form()
    found = sought(form, lambda: queries.list_families(db, actor, query))
    return render(
        request,
        "fostering/list.html",
        block="list",
        status=form.status,
        form=form,
        query=query,
        narrow=narrowing(db, actor, query.place, query.place_q),
        found=found,
        board=queries.board(db, actor),
        stages=PIPELINE,
        cares=Care,
    )


@router.get("/households/{household_id}/fostering")
def show_family(request: Request, db: Db, actor: Reader, household_id: UUID) -> HTMLResponse:
    """One family's way: where it stands, what is missing, its offer, its steps, its children."""
    queries.open_fostering(db, actor, household_id)
    return _page(request, db, actor, household_id, Form({"id": str(new_id())}))


@router.get("/households/{household_id}/fostering/new")
def ask_application(request: Request, db: Db, actor: Writer, household_id: UUID) -> HTMLResponse:
    """Asks what a family that applies can offer."""
    queries.open_fostering(db, actor, household_id)
    form = Form({"id": str(new_id()), "cares[]": "ordinary"} | day_boxes("applied_on", clock.today()))
    return _offer_page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/new")
def apply_to_foster(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Writes the application down."""
    if tried(db, form, form.bind(FamilyApply), lambda given: service.apply_to_foster(db, actor, household_id, given)):
        return _back(household_id, _("The application is written down."))
    return _offer_page(request, db, actor, household_id, form)


@router.get("/households/{household_id}/fostering/edit")
def edit_offer(request: Request, db: Db, actor: Writer, household_id: UUID) -> HTMLResponse:
    """The offer as a form."""
    family = queries.open_fostering(db, actor, household_id).family
    return _offer_page(request, db, actor, household_id, _form_of(family) if family else Form({}))


@router.post("/households/{household_id}/fostering/edit")
def change_offer(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Changes the offer, or shows what somebody else wrote meanwhile."""
    if tried(
        db,
        form,
        form.bind(Offer),
        lambda given: service.change_offer(db, actor, household_id, given, version=version_in(form)),
        shows_both=True,
    ):
        return _back(household_id, _("What the family offers is changed."))
    return _offer_page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/steps")
def record_step(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Writes a step down."""
    if tried(db, form, form.bind(StepRecord), lambda given: service.record_step(db, actor, household_id, given)):
        return _back(household_id, _("The step is written down."))
    return _page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/request")
def request_approval(request: Request, db: Db, actor: Author, household_id: UUID, form: Typed) -> Response:
    """Asks for the approval."""
    if tried(db, form, form.bind(Ask), lambda given: service.request_approval(db, actor, household_id, given)):
        return _back(household_id, _("The supervisor is asked for the approval."))
    return _page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/available")
def make_available(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Makes the family available."""
    if pressed(db, form, lambda: service.make_available(db, actor, household_id)):
        return _back(household_id, _("The family is available for a child."))
    return _page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/pause")
def pause(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Pauses the family."""
    if tried(db, form, form.bind(Reason), lambda given: service.pause(db, actor, household_id, given)):
        return _back(household_id, _("The family is paused. Who lives there stays."))
    return _page(request, db, actor, household_id, form)


@router.post("/households/{household_id}/fostering/withdraw")
def withdraw(request: Request, db: Db, actor: Writer, household_id: UUID, form: Typed) -> Response:
    """Withdraws the family."""
    if tried(db, form, form.bind(Reason), lambda given: service.withdraw(db, actor, household_id, given)):
        return _back(household_id, _("The family is withdrawn."))
    return _page(request, db, actor, household_id, form)


def _back(household_id: UUID, said: str) -> Response:
    return done(f"/households/{household_id}/fostering", said)


def _page(request: Request, db: Session, actor: Actor, household_id: UUID, form: Form) -> HTMLResponse:
    household = read_household(db, actor, household_id)
    family = queries.read_fostering(db, actor, household_id).family
    waits = family is not None and family.approval is not None and family.approval.state is ApprovalState.REQUESTED
    return render(
        request,
        "fostering/family.html",
        status=form.status,
        household=household,
        family=family,
        form=form,
        waits=waits,
        pipeline=PIPELINE[:5],
        stage=Stage,
        approved=family is not None and family.stage in APPROVED_STAGES,
        may_ask=family is not None and (family.stage is Stage.TRAINED or family.stage in APPROVED_STAGES) and not waits,
        recorded=[step for step in RECORDED_STEPS if family is not None and _fits(step, family)],
    )


def _fits(step: Step, family: FosterDetail) -> bool:
    """Whether a step is worth offering to a family that stands where it does."""
    if family.stage is Stage.WITHDRAWN:
        return step is Step.APPLIED
    return step is not Step.APPLIED and (step is not Step.CHECKED or family.stage is Stage.APPLIED)


def _offer_page(
    request: Request,
    db: Session,
    actor: Actor,
    household_id: UUID,
    form: Form,
) -> HTMLResponse:
    household = read_household(db, actor, household_id)
    family = queries.read_fostering(db, actor, household_id).family
    return render(
        request,
        "fostering/offer.html",
        status=form.status,
        household=household,
        family=family,
        form=form,
        new=request.url.path.endswith("/new"),
        languages_known=[language for language in Language if language is not Language.NONE],
        cares=Care,
        sexes=Sex,
    )


def _form_of(family: FosterDetail) -> Form:
    single = {
        "income_source": family.income_source or "",
        "age_from": "" if family.age_from is None else str(family.age_from),
        "age_to": "" if family.age_to is None else str(family.age_to),
        "sex": family.sex.value if family.sex else "",
        "siblings_welcome": "yes" if family.siblings_welcome else "",
        "disability_training": family.disability_training or "",
    }
    several = [("languages[]", language.value) for language in family.languages]
    several += [("cares[]", care.value) for care in family.cares]
    return Form(FormData([*single.items(), *several]))
