"""Pages on which children are found, registered and kept; a child's own page is in `app.visits`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.access.rules import View
from app.audit.words import kind_label
from app.children import duplicates, household_pages, institution_pages, oversight, queries, service
from app.children.rules import may_assign, may_restrict
from app.children.schemas import (
    Candidate,
    ChildAssign,
    ChildChange,
    ChildFile,
    ChildQuery,
    ChildRegister,
    ChildRestrict,
    ChildUnseal,
)
from app.children.words import BirthPrecision, Opened, PlacementKind, Sex
from app.core.asking import done, sought, tried, version_in
from app.core.db import Db
from app.core.errors import Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import ListQuery
from app.core.templating import render
from app.places.narrowing import SeeksPlace, narrowing
from app.places.picking import pick_place, seeks_place
from app.places.words import PlaceLevel

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(household_pages.router)
router.include_router(institution_pages.router)

Lister = Annotated[Actor, requires(Permission.CHILDREN_LIST)]
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
Writer = Annotated[Actor, requires(Permission.CHILDREN_REGISTER)]
Unsealer = Annotated[Actor, requires(Permission.CHILDREN_UNSEAL)]

FILTERED_KINDS = (
    PlacementKind.WITH_PARENTS,
    PlacementKind.RESIDENTIAL_INSTITUTION,
    PlacementKind.FOSTER_MALAYIKA_MURINZI,
    PlacementKind.REUNIFICATION_BIOLOGICAL,
)
_CLEARABLE = ("family_name", "has_disability", "born_on")


class ChildPageQuery(SeeksPlace, ChildQuery):
    """Filters of the page of children."""


@router.get("/children")
def list_children(request: Request, db: Db, actor: Lister, query: Annotated[ChildPageQuery, Query()]) -> HTMLResponse:
    """The children in reach, with a search and the filters of everyday."""
    form = Form({"q": query.q or ""})
    found = sought(form, lambda: queries.list_children(db, actor, query))
    return render(
        request,
        "children/list.html",
        block="list",
        status=form.status,
        query=query,
        narrow=narrowing(db, actor, query.place, query.place_q),
        form=form,
        found=found,
        kinds=FILTERED_KINDS,
        sees_names=queries.view_of(actor) is not View.CODED,
        has_caseload=actor.role in queries.DISTRICT_ROLES,
    )


@router.get("/children/new")
def new_child(request: Request, db: Db, actor: Writer) -> HTMLResponse:
    """Asks who the child is."""
    return _child_form(request, db, actor, Form({"id": str(new_id())}))


@router.post("/children/new")
def register_child(request: Request, db: Db, actor: Writer, form: Typed) -> Response:
    """Looks first who may be the same; registers the child where nobody is, or somebody says that it is another."""
    if seeks_place(form) or form.value("_duplicates") == "change":
        return _child_form(request, db, actor, form)
    answered = form.value("_duplicates")

    def look_and_register(given: ChildRegister) -> UUID | list[Candidate]:
        service.check_register(db, actor, given)
        same = [] if answered else duplicates.check_duplicates(db, actor, given)
        return same or service.register_child(db, actor, given)[0]

    made = tried(db, form, form.bind(ChildRegister), look_and_register)
    if made is None:
        return _child_form(request, db, actor, form)
    if isinstance(made.gave, list):
        return _ask_whether_another(request, form, made.gave)
    return _registered(made.gave, ask=answered == "ask")


def _ask_whether_another(request: Request, form: Form, found: list[Candidate]) -> HTMLResponse:
    """All that was typed goes with the question, so that going on loses nothing."""
    typed = [(name, value) for name in dict.fromkeys(form.data) if name[:1] != "_" for value in form.values(name)]
    return render(request, "children/duplicates.html", found=found, typed=typed, form=form)


def _registered(child_id: UUID, *, ask: bool) -> Response:
    if ask:
        return done(
            f"/children/{child_id}/duplicates",
            _("The child is registered. Ask now whether the records are of one child."),
        )
    return done(f"/children/{child_id}", _("The child is registered. Write next where the child lives."))


@router.get("/children/{child_id}/edit")
def edit_child(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """The record as a form."""
    child = queries.open_child(db, actor, child_id)
    return _child_form(request, db, actor, Form(_values_of(child)), child=child)


@router.post("/children/{child_id}/edit")
def change_child(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Changes the record, or shows both versions where somebody else was faster."""
    if not seeks_place(form) and tried(
        db,
        form,
        form.bind(ChildChange, **_emptied(form)),
        lambda given: service.change_child(db, actor, child_id, given, version=version_in(form)),
        shows_both=True,
    ):
        return done(f"/children/{child_id}", _("The record is changed."))
    child = queries.read_child(db, actor, child_id)
    return _child_form(request, db, actor, form, child=child)


def _emptied(form: Form) -> dict[str, Any]:
    """What a box that was left empty clears; a village that was chosen wins over the cell of before."""
    cleared: dict[str, Any] = {**form.left_empty(*_CLEARABLE)}
    if form.value("village"):
        cleared |= {"cell": None, "village_name": None}
    return cleared


def _values_of(child: ChildFile) -> dict[str, str]:
    values = {
        "given_name": child.given_name or "",
        "family_name": child.family_name or "",
        "sex": child.sex.value if child.sex else "",
        "birth_precision": child.birth_precision.value if child.birth_precision else "",
        "has_disability": {None: "", True: "yes", False: "no"}[child.has_disability],
    }
    if child.born_on:
        by_month = child.birth_precision is BirthPrecision.MONTH
        by_year = child.birth_precision is BirthPrecision.YEAR
        values |= {
            "born_on-day": "" if by_month or by_year else str(child.born_on.day),
            "born_on-month": "" if by_year else str(child.born_on.month),
            "born_on-year": str(child.born_on.year),
        }
    return values


def _child_form(
    request: Request,
    db: Session,
    actor: Actor,
    form: Form,
    *,
    child: ChildFile | None = None,
) -> HTMLResponse:
    origin = child.origin_place_code if child else None
    known_village = origin if origin and origin >= queries.LEAST_VILLAGE else None
    return render(
        request,
        "children/form.html",
        status=form.status,
        form=form,
        child=child,
        sexes=Sex,
        precisions=BirthPrecision,
        village=pick_place(db, form, "village", PlaceLevel.VILLAGE, actor, present=known_village),
        cell=pick_place(db, form, "cell", PlaceLevel.CELL, actor),
        may_restrict=child is not None and may_restrict(actor, child.facts),
        may_assign=child is not None and may_assign(actor, child.facts),
    )


@router.get("/children/{child_id}/restrict")
def ask_restrict(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Says what restricting means, before it is done."""
    child = queries.open_child(db, actor, child_id)
    if not may_restrict(actor, child.facts):
        raise Forbidden(_("Only the responsible worker and the district's supervisor restrict a record"))
    return render(request, "children/restrict.html", child=child)


@router.post("/children/{child_id}/restrict")
def restrict_child(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Restricts the record, or opens it to the district again."""
    command = form.bind(ChildRestrict)
    if command is None:
        return render(
            request, "children/restrict.html", status=422, form=form, child=queries.read_child(db, actor, child_id)
        )
    service.restrict_child(db, actor, child_id, command)
    return done(
        f"/children/{child_id}",
        _("The record is restricted.") if command.restricted else _("The record is open to the district."),
    )


@router.get("/children/{child_id}/assign")
def ask_assign(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks which worker is to be responsible."""
    child = queries.open_child(db, actor, child_id)
    if not may_assign(actor, child.facts):
        raise Forbidden(_("Only the district's supervisor gives a child to another worker"))
    return _assign_form(request, db, actor, child, Form({"post": str(child.responsible_post_id or "")}))


@router.post("/children/{child_id}/assign")
def assign_child(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Puts the child into the worker's caseload."""
    if tried(db, form, form.bind(ChildAssign), lambda given: service.assign_child(db, actor, child_id, given)):
        return done(f"/children/{child_id}", _("The child is in the worker's caseload."))
    return _assign_form(request, db, actor, queries.read_child(db, actor, child_id), form)


def _assign_form(request: Request, db: Session, actor: Actor, child: ChildFile, form: Form) -> HTMLResponse:
    posts = [
        (str(post.id), post.holders or _("Nobody holds this post now"), post.title or Role(post.role).label)
        for post in oversight.assignable_posts(db, actor)
    ]
    return render(request, "children/assign.html", status=form.status, form=form, child=child, posts=posts)


@router.get("/children/{child_id}/unseal")
def ask_unseal(request: Request, db: Db, actor: Unsealer, child_id: UUID) -> HTMLResponse:
    """Asks why the name is needed."""
    return render(
        request, "children/unseal.html", child=queries.open_child(db, actor, child_id), unsealed=None, form=Form()
    )


@router.post("/children/{child_id}/unseal")
def unseal_child(request: Request, db: Db, actor: Unsealer, child_id: UUID, form: Typed) -> HTMLResponse:
    """Shows the name on this one answer; opening the page again asks again."""
    command = form.bind(ChildUnseal)
    unsealed = None if command is None else service.unseal_child(db, actor, child_id, command)
    return render(
        request,
        "children/unseal.html",
        status=422 if unsealed is None else 200,
        child=queries.read_child(db, actor, child_id),
        unsealed=unsealed,
        form=form,
    )


@router.get("/children/{child_id}/openings")
def list_openings(
    request: Request, db: Db, actor: Reader, child_id: UUID, query: Annotated[ListQuery, Query()]
) -> HTMLResponse:
    """Who opened or changed the record."""
    child, found = oversight.openings(db, actor, child_id, query)
    words = {one.kind: kind_label(one.kind) for one in found.items} | {word.value: word.label for word in Opened}
    return render(request, "children/openings.html", child=child, found=found, words=words, query=query)
