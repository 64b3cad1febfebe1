"""Pages on which visits are logged and read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.queries import open_child, read_child
from app.children.schemas import ChildFile
from app.core import clock
from app.core.db import Db
from app.core.errors import Conflict, FieldError
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import flash, render
from app.visits import queries, service
from app.visits.queries import Visited
from app.visits.rules import VOLUNTEER_NOTE_LENGTH
from app.visits.schemas import VisitLog
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain, wellbeing_choices, wellbeing_label

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
Visitor = Annotated[Actor, requires(Permission.VISITS_WRITE, Permission.VISITS_CHECK)]
DAYS_OF_FIRST_VISIT = 14
_PROFESSIONAL_KINDS = [kind for kind in VisitKind if kind is not VisitKind.IZU_CHECK]


@router.get("/placements/{placement_id}/visits/new")
def new_visit(request: Request, placement_id: UUID, db: Db, actor: Visitor) -> HTMLResponse:
    """Asks what a visit found: first whether the child was seen."""
    placement = queries.placement_to_visit(db, actor, placement_id)
    child = open_child(db, actor, placement.child_id)
    today = clock.today()
    first = (today - placement.started_on).days <= DAYS_OF_FIRST_VISIT
    form = Form(
        {
            "id": str(new_id()),
            "kind": (VisitKind.FOLLOW_UP_FIRST if first else VisitKind.FOLLOW_UP_ROUTINE).value,
            "visited_on-day": str(today.day),
            "visited_on-month": str(today.month),
            "visited_on-year": str(today.year),
        }
    )
    return _form_page(request, actor, child, placement, form=form)


@router.post("/placements/{placement_id}/visits/new")
def log_visit(request: Request, placement_id: UUID, db: Db, actor: Visitor, form: Typed) -> Response:
    """Logs the visit; if the child was seen, the planned visit that it was is done."""
    fixed = {} if actor.may_ever(Permission.VISITS_WRITE) else {"kind": VisitKind.IZU_CHECK}
    command, status = form.bind(VisitLog, placement=placement_id, **fixed), 422
    if command is not None:
        try:
            with db.begin_nested():
                service.log_visit(db, actor, command)
        except (FieldError, Conflict) as error:
            form.fail(error)
            status = error.status
        else:
            child_id = queries.placement_to_visit(db, actor, placement_id).child_id
            response = RedirectResponse(f"/children/{child_id}", status_code=303)
            if command.child_seen:
                flash(response, _("The visit is logged."))
            else:
                flash(response, _("The visit is logged. The child was not seen, so the visit stays due."), "due")
            return response
    placement = queries.placement_to_visit(db, actor, placement_id)
    child = read_child(db, actor, placement.child_id)
    return _form_page(request, actor, child, placement, form=form, status=status)


def _form_page(
    request: Request, actor: Actor, child: ChildFile, placement: Visited, *, form: Form, status: int = 200
) -> HTMLResponse:
    professional = actor.may_ever(Permission.VISITS_WRITE)
    return render(
        request,
        "visits/new.html",
        status=status,
        form=form,
        child=child,
        placement=placement,
        professional=professional,
        kinds=_PROFESSIONAL_KINDS,
        reasons=NotSeenReason,
        domains=list(WellbeingDomain) if professional else [],
        scores=wellbeing_choices(),
        note_length=2000 if professional else VOLUNTEER_NOTE_LENGTH,
    )


@router.get("/visits/{visit_id}")
def show_visit(request: Request, visit_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """What a visit found, as far as the reader's role sees it."""
    visit = queries.open_visit(db, actor, visit_id)
    child = read_child(db, actor, visit.child)
    wellbeing = [(domain.label, wellbeing_label(score)) for domain, score in visit.wellbeing.items()]
    return render(request, "visits/detail.html", visit=visit, child=child, wellbeing=wellbeing)
