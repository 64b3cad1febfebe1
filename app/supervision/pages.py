"""Supervision, for people: the board of caseloads, one caseload, hand-overs and conferences of a child."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.children.oversight import assignable_posts
from app.children.queries import open_child, read_child
from app.children.work import child_to_read, child_to_work_on
from app.core import clock
from app.core.asking import day_boxes, done, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.supervision import handed, queries, service
from app.supervision.rules import MOST_CASES
from app.supervision.schemas import ConferenceRecord, Cover, ReadUntil, Reassign

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Supervisor = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
ROWS_OF_ACTIONS = 3
ATTENDED = "_attended"
"""One box for all who sat together, a name on each line."""


@router.get("/caseloads")
def list_caseloads(request: Request, db: Db, actor: Supervisor) -> HTMLResponse:
    """Every worker's post with its load, the heaviest first, and the children in nobody's."""
    return render(
        request,
        "supervision/board.html",
        loads=queries.list_caseloads(db, actor),
        unassigned=queries.unassigned_children(db, actor),
        most=MOST_CASES,
    )


@router.get("/caseloads/{post_id}")
def open_caseload(request: Request, db: Db, actor: Supervisor, post_id: UUID) -> HTMLResponse:
    """One post, its children, and where they can go."""
    return _caseload(request, db, actor, post_id, Form({}))


@router.post("/caseloads/{post_id}/reassign")
def reassign(request: Request, db: Db, actor: Supervisor, post_id: UUID, form: Typed) -> Response:
    """Gives the ticked children to another post."""
    made = tried(db, form, form.bind(Reassign), lambda given: service.reassign(db, actor, post_id, given))
    if made:
        words = ngettext("%(num)s child is handed over.", "%(num)s children are handed over.", made.gave)
        return done(f"/caseloads/{post_id}", words % {"num": made.gave})
    return _caseload(request, db, actor, post_id, form)


@router.post("/caseloads/{post_id}/cover")
def cover_post(request: Request, db: Db, actor: Supervisor, post_id: UUID, form: Typed) -> Response:
    """Lets a colleague hold the post as well until a day."""
    if tried(db, form, form.bind(Cover), lambda given: service.cover_post(db, actor, post_id, given)):
        return done(f"/caseloads/{post_id}", _("The post is covered."))
    return _caseload(request, db, actor, post_id, form)


@router.post("/caseloads/{post_id}/covers/{appointment_id}/end")
def end_cover(db: Db, actor: Supervisor, post_id: UUID, appointment_id: UUID) -> Response:
    """Ends a cover today."""
    service.end_cover(db, actor, post_id, appointment_id)
    return done(f"/caseloads/{post_id}", _("The cover ends today."))


def _caseload(request: Request, db: Session, actor: Actor, post_id: UUID, form: Form) -> HTMLResponse:
    found = queries.open_caseload(db, actor, post_id)
    return render(
        request,
        "supervision/caseload.html",
        status=form.status,
        form=form,
        caseload=found,
        ticked=form.values("children[]"),
        posts=[(post, words) for post, words in _posts(db, actor) if post != post_id],
        covers=queries.covers_of(db, post_id),
        colleagues=queries.colleagues(db, actor, post_id),
    )


def _posts(db: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Who can be given a child or a task: the holder and the role of each post."""
    vacant = _("Nobody holds this post")
    return [(post.id, f"{post.holders or vacant}, {Role(post.role).label}") for post in assignable_posts(db, actor)]


@router.get("/hand-overs")
def list_handed_to_me(request: Request, db: Db, actor: Writer) -> HTMLResponse:
    """What was handed over to the reader's post and is not read yet, with its note and its children."""
    return _handed_page(request, db, actor, Form({}))


@router.post("/hand-overs/read")
def read_handed_to_me(request: Request, db: Db, actor: Writer, form: Typed) -> Response:
    """Says that all of it was read."""
    if tried(db, form, form.bind(ReadUntil), lambda given: handed.read_handed_to_me(db, actor, given)):
        return done("/", _("Noted that you have read it."))
    return _handed_page(request, db, actor, form)


def _handed_page(request: Request, db: Session, actor: Actor, form: Form) -> HTMLResponse:
    found = handed.handed_to_me(db, actor)
    return render(request, "supervision/handed.html", status=form.status, form=form, found=found)


# One child


@router.get("/children/{child_id}/hand-overs")
def list_hand_overs(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """From whom to whom the child went, and what was handed over in words."""
    child_to_read(db, actor, child_id)
    child = open_child(db, actor, child_id)
    found = handed.hand_overs_of(db, child_id)
    mine = child.responsible_post_id == actor.post_id and any(row.read_at is None for row in found)
    return render(request, "supervision/hand_overs.html", child=child, found=found, mine=mine)


@router.post("/children/{child_id}/hand-overs/read")
def read_hand_overs(db: Db, actor: Writer, child_id: UUID) -> Response:
    """Says that the note was read."""
    handed.read_hand_overs(db, actor, child_id)
    return done(f"/children/{child_id}", _("Noted that you have read it."))


@router.get("/children/{child_id}/conferences")
def list_conferences(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """The case conferences of a child, newest first."""
    found = queries.conferences_of(db, actor, child_id)
    return render(request, "supervision/conferences.html", child=read_child(db, actor, child_id), found=found)


@router.get("/children/{child_id}/conferences/new")
def new_conference(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks who sat together, what was said, and who does what until when."""
    child_to_work_on(db, actor, child_id)
    open_child(db, actor, child_id)
    form = Form({"id": str(new_id())} | day_boxes("held_on", clock.today()))
    return _conference_form(request, db, actor, child_id, form)


@router.post("/children/{child_id}/conferences/new")
def record_conference(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Records the conference and gives out its tasks."""
    attended = [line.strip() for line in form.value(ATTENDED).splitlines() if line.strip()]
    command = form.bind(ConferenceRecord, **({"attended": attended} if attended else {}))
    form.errors = [(ATTENDED if field.startswith("attended") else field, words) for field, words in form.errors]
    made = tried(db, form, command, lambda given: service.record_conference(db, actor, child_id, given))
    if made:
        return done(f"/conferences/{made.gave[0]}", _("The conference is recorded."))
    child_to_work_on(db, actor, child_id)
    return _conference_form(request, db, actor, child_id, form)


def _conference_form(request: Request, db: Session, actor: Actor, child_id: UUID, form: Form) -> HTMLResponse:
    return render(
        request,
        "supervision/new_conference.html",
        status=form.status,
        form=form,
        child=read_child(db, actor, child_id),
        posts=_posts(db, actor),
        actions=range(ROWS_OF_ACTIONS),
    )


@router.get("/conferences/{conference_id}")
def open_conference(request: Request, db: Db, actor: Reader, conference_id: UUID) -> HTMLResponse:
    """The minutes, and what was agreed."""
    found = queries.open_conference(db, actor, conference_id)
    child = read_child(db, actor, found.child)
    return render(request, "supervision/conference.html", conference=found, child=child)


@router.post("/conference-actions/{action_id}/done")
def do_action(db: Db, actor: Writer, action_id: UUID) -> Response:
    """Says that an action is done."""
    return done(f"/conferences/{service.do_action(db, actor, action_id)}", _("It is done."))


@router.post("/conference-actions/{action_id}/reopen")
def reopen_action(db: Db, actor: Writer, action_id: UUID) -> Response:
    """Says that it is not done after all."""
    return done(f"/conferences/{service.reopen_action(db, actor, action_id)}", _("It is open again."))
