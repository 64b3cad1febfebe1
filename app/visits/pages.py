"""Pages on which visits are logged and read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.cases.words import Risk
from app.children.queries import open_child, read_child
from app.children.schemas import ChildFile
from app.children.work import may_work_on
from app.core import clock
from app.core.asking import day_boxes, done, pressed, tried
from app.core.db import Db
from app.core.errors import Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
from app.placements.inside_queries import deaths_in
from app.visits import alerts, queries, service, sessions
from app.visits.follow_rules import compared
from app.visits.queries import Visited
from app.visits.rules import VOLUNTEER_NOTE_LENGTH
from app.visits.schemas import AlertQuery, SessionQuery, SessionRecord, VisitDetail, VisitLog
from app.visits.words import NotSeenReason, Safe, SessionKind, VisitKind, WellbeingDomain, Worry, wellbeing_choices

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
FileReader = Annotated[Actor, requires(Permission.CASES_READ)]
Worker = Annotated[Actor, requires(Permission.CASES_WRITE)]
Visiting = Annotated[Actor, requires(Permission.VISITS_WRITE)]
Supervisor = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
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
        }
        | day_boxes("visited_on", today)
    )
    return _form_page(request, db, actor, child, placement, form=form)


@router.post("/placements/{placement_id}/visits/new")
def log_visit(request: Request, placement_id: UUID, db: Db, actor: Visitor, form: Typed) -> Response:
    """Logs the visit; if the child was seen, the planned visit that it was is done."""
    fixed = {} if actor.may_ever(Permission.VISITS_WRITE) else {"kind": VisitKind.IZU_CHECK}
    command = form.bind(VisitLog, placement=placement_id, **fixed)
    made = tried(db, form, command, lambda given: service.log_visit(db, actor, given))
    if made and command:
        return _after_visit(db, actor, command, made.gave[0])
    placement = queries.placement_to_visit(db, actor, placement_id)
    child = read_child(db, actor, placement.child_id)
    return _form_page(request, db, actor, child, placement, form=form)


def _after_visit(db: Session, actor: Actor, command: VisitLog, visit_id: UUID) -> Response:
    """The child's page; the visit's own where it suggests another risk than the case has."""
    visit = queries.read_visit(db, actor, visit_id)
    if visit.suggests_risk:
        said = _("The visit is logged. The worker has a task for it, and the supervisor is told.")
        return done(f"/visits/{visit_id}", said, "due")
    if command.child_seen:
        return done(f"/children/{visit.child}", _("The visit is logged."))
    said = _("The visit is logged. The child was not seen, so the visit stays due.")
    return done(f"/children/{visit.child}", said, "due")


def _form_page(
    request: Request,
    db: Session,
    actor: Actor,
    child: ChildFile,
    placement: Visited,
    *,
    form: Form,
) -> HTMLResponse:
    professional = actor.may_ever(Permission.VISITS_WRITE)
    return render(
        request,
        "visits/new.html",
        status=form.status,
        form=form,
        child=child,
        placement=placement,
        professional=professional,
        kinds=_PROFESSIONAL_KINDS,
        reasons=[reason for reason in NotSeenReason if reason is not NotSeenReason.BY_PHONE],
        safe=Safe,
        worries=Worry,
        domains=list(WellbeingDomain) if professional else [],
        scores=wellbeing_choices(),
        note_length=2000 if professional else VOLUNTEER_NOTE_LENGTH,
        deaths=deaths_in(db, actor, placement.id) if professional else [],
    )


@router.get("/visits/{visit_id}")
def show_visit(request: Request, visit_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """What a visit found, as far as the reader's role sees it, and the risk that it suggests."""
    visit = queries.open_visit(db, actor, visit_id)
    return _visit_page(request, db, actor, visit, Form())


def _visit_page(request: Request, db: Session, actor: Actor, visit: VisitDetail, form: Form) -> HTMLResponse:
    child = read_child(db, actor, visit.child)
    now = {domain.value: score for domain, score in visit.wellbeing.items()}
    before = {domain.value: score for domain, score in visit.wellbeing_before.items()}
    case = queries.case_risk_of(db, visit.child) if visit.suggests_risk else None
    suggested = Risk(visit.suggests_risk) if visit.suggests_risk else None
    return render(
        request,
        "visits/detail.html",
        status=form.status,
        visit=visit,
        child=child,
        form=form,
        wellbeing=compared(queries.domain_labels(), now, before) if now else [],
        suggested=suggested,
        has_case=case is not None,
        is_rated=case is not None and suggested is not None and case.risk == suggested.value,
        may_rate=may_work_on(actor, child.facts),
    )


@router.post("/visits/{visit_id}/rate-risk")
def rate_risk(request: Request, visit_id: UUID, db: Db, actor: Worker, form: Typed) -> Response:
    """Takes the risk that the visit suggests over into the case."""
    if pressed(db, form, lambda: service.confirm_risk(db, actor, visit_id)):
        return done(f"/visits/{visit_id}", _("The risk is rated, and the visits are planned again."))
    return _visit_page(request, db, actor, queries.read_visit(db, actor, visit_id), form)


# Alerts


@router.get("/alerts")
def list_alerts(request: Request, db: Db, actor: Supervisor, query: Annotated[AlertQuery, Query()]) -> HTMLResponse:
    """What the supervisor must know, the newest first."""
    return render(request, "visits/alerts.html", found=alerts.list_alerts(db, actor, query), query=query)


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge_alert(alert_id: UUID, db: Db, actor: Supervisor) -> Response:
    """The supervisor has seen it."""
    form = Form()
    if pressed(db, form, lambda: alerts.acknowledge_alert(db, actor, alert_id)):
        return done("/alerts", _("You have acknowledged the alert."))
    return done("/alerts", form.errors[0][1], "due")


# Psychological sessions


@router.get("/children/{child_id}/sessions")
def list_sessions(
    request: Request, child_id: UUID, db: Db, actor: FileReader, query: Annotated[SessionQuery, Query()]
) -> HTMLResponse:
    """That sessions took place; their notes are not here."""
    found = sessions.list_sessions(db, actor, child_id, query)
    child = read_child(db, actor, child_id)
    may_record = actor.role is Role.PSYCHOLOGIST
    return render(request, "visits/sessions.html", child=child, found=found, may_record=may_record)


@router.get("/children/{child_id}/sessions/new")
def new_session(request: Request, child_id: UUID, db: Db, actor: Visiting) -> HTMLResponse:
    """Asks a psychologist what the session was."""
    child = open_child(db, actor, child_id)
    return _session_form(request, actor, child, Form({"id": str(new_id())} | day_boxes("held_on", clock.today())))


@router.post("/children/{child_id}/sessions/new")
def record_session(request: Request, child_id: UUID, db: Db, actor: Visiting, form: Typed) -> Response:
    """Writes that the session took place."""
    if tried(db, form, form.bind(SessionRecord), lambda given: sessions.record_session(db, actor, child_id, given)):
        return done(f"/children/{child_id}/sessions", _("The session is on record."))
    return _session_form(request, actor, read_child(db, actor, child_id), form)


def _session_form(request: Request, actor: Actor, child: ChildFile, form: Form) -> HTMLResponse:
    if actor.role is not Role.PSYCHOLOGIST:
        raise Forbidden(_("Only a psychologist records psychological sessions"))
    return render(request, "visits/session_form.html", status=form.status, child=child, form=form, kinds=SessionKind)


@router.get("/sessions/{psych_session_id}")
def show_session(request: Request, psych_session_id: UUID, db: Db, actor: FileReader) -> HTMLResponse:
    """One session; its note for whoever wrote it and the child's responsible post."""
    session = sessions.open_session(db, actor, psych_session_id)
    return render(request, "visits/session.html", session=session, child=read_child(db, actor, session.child))
