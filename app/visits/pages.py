"""A child's own page, and the pages on which visits are logged and read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.rules import View
from app.children.queries import open_child, read_child
from app.children.rules import may_assign, may_restrict, sees_openings
from app.children.schemas import ChildFile
from app.core import clock
from app.core.db import Db
from app.core.errors import Conflict, FieldError
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import flash, render
from app.placements.queries import placements_of
from app.placements.rules import why_not_theirs
from app.placements.schemas import PlacementRow
from app.tasks.queries import next_task
from app.tasks.words import TaskKind
from app.visits import queries, service
from app.visits.history import Show, history
from app.visits.queries import Visited
from app.visits.rules import VOLUNTEER_NOTE_LENGTH
from app.visits.schemas import VisitLog
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain, wellbeing_choices, wellbeing_label

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
Visitor = Annotated[Actor, requires(Permission.VISITS_WRITE, Permission.VISITS_CHECK)]
DAYS_OF_FIRST_VISIT = 14
_PROFESSIONAL_KINDS = [kind for kind in VisitKind if kind is not VisitKind.IZU_CHECK]


@router.get("/children/{child_id}")
def show_child(request: Request, child_id: UUID, db: Db, actor: Reader, show: Show = Show.ALL) -> HTMLResponse:
    """Who the child is, what is next, and what happened; opening it is noted."""
    child = open_child(db, actor, child_id)
    placements = placements_of(db, actor, child_id)
    return render(
        request,
        "children/detail.html",
        block="history",
        child=child,
        whole=child.sees is View.WHOLE,
        coded=child.sees is View.CODED,
        task_only=child.sees is View.TASK,
        placement_id=_present(db, child, placements),
        task=next_task(db, actor, child_id, TaskKind.IZU_CHECK if child.sees is View.TASK else TaskKind.VISIT),
        history=[] if child.sees is View.TASK else history(db, actor, child_id, child.created_at, placements, show),
        show=show,
        shows=Show,
        may_move=actor.may_ever(Permission.PLACEMENTS_WRITE) and why_not_theirs(actor, child.facts) is None,
        may_visit=actor.may_ever(Permission.VISITS_WRITE) or actor.may_ever(Permission.VISITS_CHECK),
        may_restrict=may_restrict(actor, child.facts),
        may_assign=may_assign(actor, child.facts),
        sees_openings=sees_openings(actor, child.facts),
    )


def _present(db: Db, child: ChildFile, placements: list[PlacementRow]) -> UUID | None:
    """The open placement; a volunteer, who sees no placements, still needs its id to log a light check."""
    if child.sees is View.TASK:
        return queries.placement_to_check(db, child.id)
    return next((placement.id for placement in placements if placement.ended_on is None), None)


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
