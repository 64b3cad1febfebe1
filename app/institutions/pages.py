"""Pages on which institutions are registered and changed; who lives there is shown one floor up."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.asking import day_boxes, done, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions import queries, service
from app.institutions.listeners import goes_along
from app.institutions.schemas import InstitutionChange, InstitutionDetail, InstitutionRegister
from app.institutions.words import Founder, HouseService, InstitutionKind, Registration
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Writer = Annotated[Actor, requires(Permission.INSTITUTIONS_WRITE)]

_CLEARABLE = ("capacity", "founder", "found_by", "children_seen")
_DATES = ("opened_on", "found_on")


@router.get("/institutions/new")
def new_institution(request: Request, db: Db, actor: Writer) -> HTMLResponse:
    """Asks what the register needs to know."""
    return _institution_form(request, db, actor, Form({"id": str(new_id())}))


@router.post("/institutions/new")
def register_institution(request: Request, db: Db, actor: Writer, form: Typed) -> Response:
    """Puts the institution on the register."""
    if seeks_place(form):
        return _institution_form(request, db, actor, form)
    made = tried(db, form, form.bind(InstitutionRegister), lambda given: service.register_institution(db, actor, given))
    if made:
        return done(f"/institutions/{made.gave[0]}", _("The institution is registered."))
    return _institution_form(request, db, actor, form)


@router.get("/institutions/{institution_id}/edit")
def edit_institution(request: Request, db: Db, actor: Writer, institution_id: UUID) -> HTMLResponse:
    """The record as a form."""
    institution = queries.get_institution(db, actor, institution_id)
    return _institution_form(request, db, actor, Form(_values_of(institution)), institution=institution)


@router.post("/institutions/{institution_id}/edit")
def change_institution(request: Request, db: Db, actor: Writer, institution_id: UUID, form: Typed) -> Response:
    """Changes the record, or shows both versions where somebody else was faster."""
    if not seeks_place(form) and tried(
        db,
        form,
        form.bind(InstitutionChange, **_emptied(form)),
        lambda given: service.change_institution(db, actor, institution_id, given, version=version_in(form)),
        shows_both=True,
    ):
        return done(f"/institutions/{institution_id}", _("The record is changed."))
    institution = queries.get_institution(db, actor, institution_id)
    return _institution_form(request, db, actor, form, institution=institution)


def _emptied(form: Form) -> dict[str, Any]:
    """What a box that was left empty clears."""
    cleared: dict[str, Any] = {**form.left_empty(*_CLEARABLE, *_DATES)}
    if not form.values("services[]"):
        cleared["services"] = []
    return cleared


def _values_of(institution: InstitutionDetail) -> FormData:
    values = {
        "name": institution.name,
        "kind": institution.kind.value,
        "registration": institution.registration.value,
        "capacity": "" if institution.capacity is None else str(institution.capacity),
        "founder": institution.founder.value if institution.founder else "",
        "found_by": institution.found_by or "",
        "children_seen": "" if institution.children_seen is None else str(institution.children_seen),
    }
    for name in _DATES:
        values |= day_boxes(name, getattr(institution, name))
    return FormData([*values.items(), *(("services[]", service.value) for service in institution.services)])


def _institution_form(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    *,
    institution: InstitutionDetail | None = None,
) -> HTMLResponse:
    present = institution.sector if institution else None
    return render(
        request,
        "institutions/form.html",
        status=form.status,
        form=form,
        institution=institution,
        kinds=InstitutionKind,
        registrations=Registration,
        founders=Founder,
        services=HouseService,
        goes_along=goes_along(db, actor, institution.id) if institution else [],
        sector=pick_place(db, form, "sector", PlaceLevel.SECTOR, actor, present=present),
    )
