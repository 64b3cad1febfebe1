"""Pages on which households are found, registered and kept."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children import household_queries, household_service
from app.children.household_schemas import (
    HouseholdChange,
    HouseholdDetail,
    HouseholdQuery,
    HouseholdRegister,
)
from app.children.queries import LEAST_VILLAGE, list_children
from app.children.schemas import ChildQuery
from app.children.words import HouseholdKind, MemberRelation, Sex, Vetting
from app.core.asking import day_boxes, done, sought, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.places.narrowing import SeeksPlace, narrowing
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.HOUSEHOLDS_READ)]
Writer = Annotated[Actor, requires(Permission.HOUSEHOLDS_WRITE)]

EMPTY_ROWS = 2
MOST_MEMBERS = 30


class HouseholdPageQuery(SeeksPlace, HouseholdQuery):
    """Filters of the page of households."""


@router.get("/households")
def list_households(
    request: Request, db: Db, actor: Reader, query: Annotated[HouseholdPageQuery, Query()]
) -> HTMLResponse:
    """The families in reach, with a search and filters by kind and vetting."""
    form = Form({"q": query.q or ""})
    found = sought(form, lambda: household_queries.list_households(db, actor, query))
    return render(
        request,
        "households/list.html",
        block="list",
        status=form.status,
        query=query,
        narrow=narrowing(db, actor, query.place, query.place_q),
        form=form,
        found=found,
        kinds=HouseholdKind,
        vettings=Vetting,
    )


@router.get("/households/new")
def new_household(request: Request, db: Db, actor: Writer) -> HTMLResponse:
    """Asks who the family is and who lives in it."""
    return _household_form(request, db, actor, Form({"id": str(new_id()), "capacity": "1"}))


@router.post("/households/new")
def register_household(request: Request, db: Db, actor: Writer, typed: Typed) -> Response:
    """Registers the family."""
    form = without_empty_rows(typed)
    if asks_again(form):
        return _household_form(request, db, actor, form)
    made = tried(
        db, form, form.bind(HouseholdRegister), lambda given: household_service.register_household(db, actor, given)
    )
    if made:
        return done(f"/households/{made.gave[0]}", _("The household is registered."))
    return _household_form(request, db, actor, form)


@router.get("/households/{household_id}")
def open_household(request: Request, db: Db, actor: Reader, household_id: UUID) -> HTMLResponse:
    """A family: address, members, vetting, and the children who live there."""
    household = household_queries.open_household(db, actor, household_id)
    children = list_children(db, actor, ChildQuery(household=household_id, limit=50))
    return render(request, "households/detail.html", household=household, children=children.items)


@router.get("/households/{household_id}/edit")
def edit_household(request: Request, db: Db, actor: Writer, household_id: UUID) -> HTMLResponse:
    """The record as a form."""
    household = household_queries.open_household(db, actor, household_id)
    return _household_form(request, db, actor, Form(_values_of(household)), household=household)


@router.post("/households/{household_id}/edit")
def change_household(request: Request, db: Db, actor: Writer, household_id: UUID, typed: Typed) -> Response:
    """Changes the record, or shows both versions where somebody else was faster."""
    form = without_empty_rows(typed)
    if not asks_again(form) and tried(
        db,
        form,
        form.bind(HouseholdChange, **_emptied(form)),
        lambda given: household_service.change_household(db, actor, household_id, given, version=version_in(form)),
        shows_both=True,
    ):
        return done(f"/households/{household_id}", _("The record is changed."))
    household = household_queries.read_household(db, actor, household_id)
    return _household_form(request, db, actor, form, household=household)


def asks_again(form: Form) -> bool:
    """Whether the form was sent for more of itself: a place to be found, more rows for people."""
    return seeks_place(form) or form.value("_action") == "more_people"


def without_empty_rows(form: Form) -> Form:
    """The form without the rows in which nobody is named, and the others counted from 0."""
    kept: dict[str, int] = {}
    pairs: list[tuple[str, Any]] = []
    for key, value in form.data.multi_items():
        parts = key.split(".")
        if parts[0] != "members" or len(parts) == 1:
            pairs.append((key, value))
            continue
        row = parts[1]
        if form.value(f"members.{row}.name").strip():
            number = kept.setdefault(row, len(kept))
            pairs.append((".".join(["members", str(number), *parts[2:]]), value))
    return Form(FormData(pairs))


def _rows(form: Form) -> int:
    """Rows for people: those that are filled, and a few empty ones."""
    filled = {key.split(".")[1] for key in form.data if key.startswith("members.")}
    return min(len(filled) + EMPTY_ROWS, MOST_MEMBERS)


def _emptied(form: Form) -> dict[str, Any]:
    """What a box that was left empty clears; a village that was chosen wins over the cell of before."""
    cleared: dict[str, Any] = {**form.left_empty("phone", "vetted_on")}
    if form.value("village"):
        cleared |= {"cell": None, "village_name": None}
    if not any(key.startswith("members.") for key in form.data):
        cleared["members"] = []
    return cleared


def _values_of(household: HouseholdDetail) -> dict[str, str]:
    values = {
        "kind": household.kind.value,
        "head_name": household.head_name,
        "phone": household.phone or "",
        "capacity": str(household.capacity),
        "vetting": household.vetting.value,
    }
    values |= day_boxes("vetted_on", household.vetted_on)
    if household.place_code < LEAST_VILLAGE:
        values |= {"cell": str(household.place_code), "village_name": household.village_name or ""}
    for number, member in enumerate(household.members):
        row = {
            "id": str(member.id),
            "name": member.name,
            "relation": member.relation.value,
            "sex": member.sex.value if member.sex else "",
            "birth_year": str(member.birth_year or ""),
            "is_caregiver": "yes" if member.is_caregiver else "",
        }
        values |= {f"members.{number}.{name}": value for name, value in row.items()}
    return values


def _household_form(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    *,
    household: HouseholdDetail | None = None,
) -> HTMLResponse:
    known_village = household.place_code if household and household.place_code >= LEAST_VILLAGE else None
    return render(
        request,
        "households/form.html",
        status=form.status,
        form=form,
        household=household,
        kinds=HouseholdKind,
        vettings=Vetting,
        relations=MemberRelation,
        sexes=Sex,
        rows=_rows(form),
        village=pick_place(db, form, "village", PlaceLevel.VILLAGE, actor, present=known_village),
        cell=pick_place(db, form, "cell", PlaceLevel.CELL, actor),
    )
