"""The pages on which a placement starts and ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.queries import open_child, read_child
from app.children.schemas import ChildFile
from app.core.asking import day_boxes, done, tried, version_in
from app.core.db import Db
from app.core.errors import FieldError, Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.institutions.queries import institution_choices
from app.placements import inside_pages, queries, service
from app.placements.gates import chosen_home, undecided_kinds
from app.placements.homes import Homes, homes_for
from app.placements.preparing import preparation_for
from app.placements.rules import asks_where, was_separated, why_not_theirs
from app.placements.schemas import PlacementDetail, PlacementEnd, PlacementStart
from app.placements.words import (
    PLACED_KINDS,
    RESIDENTIAL_KINDS,
    TONIGHT_KINDS,
    EndReason,
    EntryReason,
    Host,
    PlacementKind,
    host_of,
    kind_groups,
)

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
router.include_router(inside_pages.router)
Mover = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
Search = Annotated[str | None, Query(max_length=100)]


@router.get("/children/{child_id}/placements/new")
def new_placement(
    request: Request,
    child_id: UUID,
    db: Db,
    actor: Mover,
    kind: PlacementKind | None = None,
    q: Search = None,
    household: UUID | None = None,
) -> HTMLResponse:
    """First the kind of placement, then the day and the institution or household that the kind needs.

    Who was chosen in the matching is ticked already; `household` names another one.
    """
    child = open_child(db, actor, child_id)
    _theirs(actor, child)
    lived = queries.kinds_lived(db, child_id)
    separated, at_home = was_separated(lived), kind is PlacementKind.WITH_PARENTS
    if kind is None or (at_home and separated):
        return render(request, "placements/kind.html", child=child, groups=kind_groups(separated=separated))
    if household is None and q is None and (home := chosen_home(db, actor, child_id, kind)) is not None:
        household, q = home.household_id, home.code
    values = {"id": str(new_id()), "household": str(household or "")}
    if at_home and not lived:
        # Who was never separated has lived there from birth, unless somebody knows better.
        values |= day_boxes("started_on", child.born_on)
    form = Form(values)
    return _form_page(request, db, actor, child, kind, form=form, sought=q)


@router.post("/children/{child_id}/placements/new")
def start_placement(
    request: Request,
    child_id: UUID,
    db: Db,
    actor: Mover,
    form: Typed,
    kind: PlacementKind | None = None,
    q: Search = None,
) -> Response:
    """Starts the placement, and ends the open one if the form says why."""
    if kind is None:
        child = read_child(db, actor, child_id)
        return RedirectResponse(f"/children/{child.id}/placements/new", status_code=303)
    if tried(
        db,
        form,
        form.bind(PlacementStart, child=child_id, kind=kind),
        lambda given: service.start_placement(db, actor, given),
    ):
        return _after_start(db, actor, child_id, kind)
    child = read_child(db, actor, child_id)
    return _form_page(request, db, actor, child, kind, form=form, sought=q)


def _after_start(db: Session, actor: Actor, child_id: UUID, kind: PlacementKind) -> Response:
    if queries.sees_child(db, actor, child_id):
        told = (
            _("It is on record that the child lives at home, and the visits are planned.")
            if kind is PlacementKind.WITH_PARENTS
            else _("The placement has started, and its visits are planned.")
        )
        return done(f"/children/{child_id}", told)
    return done(
        "/children", _("The placement has started in another district, where the child is followed from now on.")
    )


def _form_page(
    request: Request,
    db: Session,
    actor: Actor,
    child: ChildFile,
    kind: PlacementKind,
    *,
    form: Form,
    sought: str | None,
) -> HTMLResponse:
    host = host_of(kind)
    homes = Homes([], [])
    # A child at home needs no family to be chosen; its household is looked for where it is on record.
    unasked = kind is PlacementKind.WITH_PARENTS and not (sought or form.value("household"))
    if host in {Host.HOUSEHOLD, Host.EITHER} and not unasked:
        homes = homes_for(db, actor, form, sought, kind)
    return render(
        request,
        "placements/new.html",
        status=form.status,
        form=form,
        child=child,
        kind=kind,
        host=host.value,
        institutions=institution_choices(db, actor) if host is Host.INSTITUTION else [],
        households=homes.fit,
        unfit=homes.unfit,
        sought=sought or "",
        end_reasons=EndReason,
        entry_reasons=EntryReason,
        asks_why=_moves_undecided(db, child, kind, form),
        preparation=preparation_for(db, child.id, kind),
        family=kind in PLACED_KINDS,
        alone=kind is PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
        at_home=kind is PlacementKind.WITH_PARENTS,
    )


def _moves_undecided(db: Session, child: ChildFile, kind: PlacementKind, form: Form) -> bool:
    """Whether the form asks why a resident moves without a decision; the verb may find so only for the family."""
    if child.lives_as not in RESIDENTIAL_KINDS or kind not in PLACED_KINDS:
        return False
    return form.error("undecided_reason") is not None or kind in undecided_kinds(db, child.id)


@router.get("/placements/{placement_id}/end")
def ask_end(request: Request, placement_id: UUID, db: Db, actor: Mover, q: Search = None) -> HTMLResponse:
    """Asks when and why a placement ended."""
    placement = queries.read_placement(db, actor, placement_id)
    child = open_child(db, actor, placement.child)
    _theirs(actor, child)
    return _end_page(request, db, actor, child, placement, form=Form(), sought=q)


@router.post("/placements/{placement_id}/end")
def end_placement(
    request: Request, placement_id: UUID, db: Db, actor: Mover, form: Typed, q: Search = None
) -> Response:
    """Ends a placement; where somebody else changed it meanwhile, shows both and keeps what was typed."""
    command, version = form.bind(PlacementEnd), version_in(form)
    if (
        command is not None
        and command.next is None
        and asks_where(command.reason)
        and _is_present(queries.read_placement(db, actor, placement_id), version)
    ):
        # The door for people asks at once; a machine may tell it with the next placement.
        form.fail(FieldError("next.kind", _("Say where the child sleeps tonight, even where nobody knows yet")))
    else:
        made = tried(db, form, command, lambda given: service.end_placement(db, actor, placement_id, given, version))
        if made:
            return _after_end(db, actor, made.gave)
    placement = queries.read_placement(db, actor, placement_id)
    child = read_child(db, actor, placement.child)
    return _end_page(request, db, actor, child, placement, form=form, sought=q)


def _is_present(placement: PlacementDetail, version: int | None) -> bool:
    """Whether a placement is as its page showed it; of one who comes late nothing more is asked."""
    return placement.ended_on is None and version == placement.version


def _after_end(db: Session, actor: Actor, child_id: UUID) -> Response:
    if queries.sees_child(db, actor, child_id):
        return done(f"/children/{child_id}", _("The placement has ended."))
    return done("/children", _("The placement has ended, and the child is followed in another district from now on."))


def _end_page(
    request: Request,
    db: Session,
    actor: Actor,
    child: ChildFile,
    placement: PlacementDetail,
    *,
    form: Form,
    sought: str | None,
) -> HTMLResponse:
    planned = [reason for reason in EndReason if reason.is_planned]
    unplanned = [reason for reason in EndReason if not reason.is_planned]
    is_open = placement.ended_on is None
    undecided = undecided_kinds(db, child.id) if is_open and placement.is_residential else set()
    return render(
        request,
        "placements/end.html",
        status=form.status,
        form=form,
        child=child,
        placement=placement,
        reasons=[*planned, *unplanned],
        typed_reason=next((reason.label for reason in EndReason if reason.value == form.value("reason")), None),
        asks_where=[reason.value for reason in EndReason if asks_where(reason)],
        tonight=TONIGHT_KINDS,
        in_family=[kind.value for kind in TONIGHT_KINDS if host_of(kind) is Host.HOUSEHOLD],
        undecided=[kind.value for kind in TONIGHT_KINDS if kind in undecided],
        in_institution=[kind.value for kind in TONIGHT_KINDS if host_of(kind) is Host.INSTITUTION],
        institutions=institution_choices(db, actor) if is_open else [],
        households=homes_for(db, actor, form, sought).fit if is_open else [],
        sought=sought or "",
    )


def _theirs(actor: Actor, child: ChildFile) -> None:
    reason = why_not_theirs(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
