"""Pages of a census, made on a phone in the house: tick, add, finish; then what differs, one tap each."""

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
from app.core.asking import Carried, day_boxes, done, pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import get_institution
from app.transformation import census_queries as queries
from app.transformation import census_service as service
from app.transformation.census_schemas import CensusStart, CensusTick, PersonAdd, PersonMark
from app.transformation.settling_page import Told, TypedCode, settle, settle_page
from app.transformation.words import PersonStatus

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(*queries.READERS)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
TICKED_AT_ONCE = 100


@router.get("/institutions/{institution_id}/census")
def list_censuses(request: Request, db: Db, actor: Reader, institution_id: UUID) -> HTMLResponse:
    """The censuses of a house."""
    house = get_institution(db, actor, institution_id)
    found = queries.list_censuses(db, actor, institution_id)
    return render(
        request,
        "transformation/censuses.html",
        house=house,
        found=found,
        may_count=actor.may_ever(Permission.PLACEMENTS_WRITE),
    )


@router.get("/institutions/{institution_id}/census/new")
def new_census(request: Request, db: Db, actor: Worker, institution_id: UUID) -> HTMLResponse:
    """Asks for the night."""
    form = Form({"id": str(new_id())} | day_boxes("counted_on", clock.today()))
    return _new_page(request, db, actor, institution_id, form)


@router.post("/institutions/{institution_id}/census/new")
def start_census(request: Request, db: Db, actor: Worker, institution_id: UUID, form: Typed) -> Response:
    """Makes the list of everybody whom the register has there that night."""
    made = tried(db, form, form.bind(CensusStart), lambda given: service.start_census(db, actor, institution_id, given))
    if made:
        known = queries.read_census(db, actor, made.gave[0]).people
        said = _("Here is everybody whom the register knows. Tick who sleeps here.") if known else None
        return done(f"/censuses/{made.gave[0]}", said)
    return _new_page(request, db, actor, institution_id, form)


def _new_page(request: Request, db: Session, actor: Actor, institution_id: UUID, form: Form) -> HTMLResponse:
    house = get_institution(db, actor, institution_id)
    return render(request, "transformation/census_new.html", status=form.status, house=house, form=form)


@router.get("/censuses/{census_id}")
def show_census(
    request: Request, db: Db, actor: Reader, census_id: UUID, start: Annotated[int, Query(ge=0, le=5000)] = 0
) -> HTMLResponse:
    """The list to tick while it is counted; afterwards the differences first."""
    return _census_page(request, db, actor, census_id, Form(), start=start, noted=True)


@router.post("/censuses/{census_id}/tick")
def tick_people(
    request: Request,
    db: Db,
    actor: Worker,
    census_id: UUID,
    form: Typed,
    start: Annotated[int, Query(ge=0, le=5000)] = 0,
) -> Response:
    """Keeps the ticks of the people shown, and goes on: to other names, to where one of them is, to somebody new."""
    if _tick(db, actor, census_id, form):
        then = form.value("_then")
        if then == "new":
            return done(f"/censuses/{census_id}/people/new", None)
        if then in form.values("shown[]"):
            return done(f"/census-people/{then}/mark", None)
        start += {"following": TICKED_AT_ONCE, "before": -TICKED_AT_ONCE}.get(then, 0)
        return done(f"/censuses/{census_id}?start={max(0, start)}", _("The ticks are kept."))
    return _census_page(request, db, actor, census_id, form, start=start)


def _tick(db: Session, actor: Actor, census_id: UUID, form: Form) -> Carried[None] | None:
    """Keeps the ticks of the people shown."""
    return tried(db, form, form.bind(CensusTick), lambda given: service.tick_people(db, actor, census_id, given))


@router.post("/censuses/{census_id}/count")
def finish_count(
    request: Request,
    db: Db,
    actor: Worker,
    census_id: UUID,
    form: Typed,
    start: Annotated[int, Query(ge=0, le=5000)] = 0,
) -> Response:
    """Keeps the ticks of the people shown and ends the counting; where somebody is left to ask, the ticks stay."""
    ticked = bool(form.values("shown[]"))
    if ticked and not _tick(db, actor, census_id, form):
        return _census_page(request, db, actor, census_id, form, start=start)
    if pressed(db, form, lambda: service.finish_count(db, actor, census_id)):
        return done(f"/censuses/{census_id}", _("The house is counted. Now settle what differs from the register."))
    if ticked:
        # An answer with an error would undo the ticks as well.
        left = form.errors[0][1]
        return done(f"/censuses/{census_id}?start={start}", _("The ticks are kept. %(left)s.") % {"left": left}, "due")
    return _census_page(request, db, actor, census_id, form, start=start)


@router.post("/censuses/{census_id}/reconcile")
def reconcile_census(request: Request, db: Db, actor: Worker, census_id: UUID, form: Typed) -> Response:
    """Says that house and register agree."""
    if pressed(db, form, lambda: service.reconcile_census(db, actor, census_id)):
        return done(f"/censuses/{census_id}", _("House and register agree."))
    return _census_page(request, db, actor, census_id, form)


def _census_page(
    request: Request,
    db: Session,
    actor: Actor,
    census_id: UUID,
    form: Form,
    *,
    start: int = 0,
    noted: bool = False,
) -> HTMLResponse:
    census = (queries.open_census if noted else queries.read_census)(db, actor, census_id)
    shown = census.people[start : start + TICKED_AT_ONCE]
    return render(
        request,
        "transformation/census.html",
        status=form.status,
        census=census,
        form=form,
        shown=shown,
        start=start,
        following=start + TICKED_AT_ONCE if start + TICKED_AT_ONCE < len(census.people) else None,
        may_count=actor.may_ever(Permission.PLACEMENTS_WRITE),
    )


# One person


@router.get("/censuses/{census_id}/people/new")
def new_person(request: Request, db: Db, actor: Worker, census_id: UUID) -> HTMLResponse:
    """Asks who sleeps in the house and is not on the list."""
    census = queries.open_census(db, actor, census_id)
    form = Form({"id": str(new_id())})
    return render(request, "transformation/person_new.html", census=census, form=form, sexes=Sex)


@router.post("/censuses/{census_id}/people/new")
def add_person(request: Request, db: Db, actor: Worker, census_id: UUID, form: Typed) -> Response:
    """Adds the person to the list."""
    if tried(db, form, form.bind(PersonAdd), lambda given: service.add_person(db, actor, census_id, given)):
        return done(f"/censuses/{census_id}", _("The person is on the list."))
    census = queries.read_census(db, actor, census_id)
    return render(request, "transformation/person_new.html", status=form.status, census=census, form=form, sexes=Sex)


@router.get("/census-people/{person_id}/mark")
def ask_mark(request: Request, db: Db, actor: Worker, person_id: UUID) -> HTMLResponse:
    """Asks where a person sleeps."""
    person = queries.open_person(db, actor, person_id)
    values = {"status": person.status.value if person.status else "", "away_where": person.away_where or ""}
    form = Form(values | day_boxes("away_on", person.away_on))
    return render(request, "transformation/mark.html", person=person, form=form, statuses=PersonStatus)


@router.post("/census-people/{person_id}/mark")
def mark_person(request: Request, db: Db, actor: Worker, person_id: UUID, form: Typed) -> Response:
    """Keeps where the person sleeps."""
    made = tried(db, form, form.bind(PersonMark), lambda given: service.mark_person(db, actor, person_id, given))
    if made:
        return done(f"/censuses/{made.gave}", _("It is kept on the list."))
    person = queries.open_person(db, actor, person_id)
    return render(
        request, "transformation/mark.html", status=form.status, person=person, form=form, statuses=PersonStatus
    )


@router.get("/census-people/{person_id}/register")
def ask_register(request: Request, db: Db, actor: Worker, person_id: UUID) -> HTMLResponse:
    """The registration, filled with what was told in the house."""
    return settle_page(request, db, actor, "register", _told(db, actor, person_id))


@router.post("/census-people/{person_id}/register")
def register_person(request: Request, db: Db, actor: Worker, person_id: UUID, form: Typed) -> Response:
    """Registers the child and the stay."""
    return _settle(request, db, actor, person_id, "register", form, service.register_person)


@router.get("/census-people/{person_id}/know")
def ask_know(request: Request, db: Db, actor: Worker, person_id: UUID, code: TypedCode = "") -> HTMLResponse:
    """Children of the register with a name like this one, or the one who was chosen by code."""
    return settle_page(request, db, actor, "know", _told(db, actor, person_id), code=code)


@router.post("/census-people/{person_id}/know")
def know_person(request: Request, db: Db, actor: Worker, person_id: UUID, form: Typed) -> Response:
    """Says which child it is."""
    return _settle(request, db, actor, person_id, "know", form, service.know_person)


@router.get("/census-people/{person_id}/end")
def ask_end(request: Request, db: Db, actor: Worker, person_id: UUID) -> HTMLResponse:
    """The end of the stay, filled with the day that was told."""
    return settle_page(request, db, actor, "end", _told(db, actor, person_id))


@router.post("/census-people/{person_id}/end")
def end_person(request: Request, db: Db, actor: Worker, person_id: UUID, form: Typed) -> Response:
    """Ends the stay."""
    return _settle(request, db, actor, person_id, "end", form, service.end_person)


@router.get("/census-people/{person_id}/explain")
def ask_explain(request: Request, db: Db, actor: Worker, person_id: UUID) -> HTMLResponse:
    """Asks why house and register differ though no record is wrong."""
    return settle_page(request, db, actor, "explain", _told(db, actor, person_id))


@router.post("/census-people/{person_id}/explain")
def explain_person(request: Request, db: Db, actor: Worker, person_id: UUID, form: Typed) -> Response:
    """Keeps the explanation."""
    return _settle(request, db, actor, person_id, "explain", form, service.explain_person)


def _settle(request: Request, db: Session, actor: Actor, person_id: UUID, verb: str, form: Form, act: Any) -> Response:
    return settle(
        request,
        db,
        actor,
        verb,
        form,
        lambda command: act(db, actor, person_id, command),
        read=lambda: _told(db, actor, person_id),
        goes_to="/censuses/{}",
        said=_("The difference is settled."),
    )


def _told(db: Session, actor: Actor, person_id: UUID) -> Told:
    person = queries.open_person(db, actor, person_id)
    house = get_institution(db, actor, person.institution)
    return Told(
        address=f"/census-people/{person_id}",
        back=f"/censuses/{person.census}",
        name=person.name,
        facts=[
            person.sex.label,
            _("about %(age)d years") % {"age": person.age_years} if person.age_years is not None else None,
            person.away_where,
        ],
        sex=person.sex,
        age_years=person.age_years,
        told_on=person.counted_on,
        came_on=person.since_on,
        left_on=person.away_on,
        child=person.child,
        moratorium_on=house.moratorium_on,
    )
