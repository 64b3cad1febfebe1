"""The JSON door of visits."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.visits import alerts, queries, service, sessions
from app.visits.schemas import (
    AlertQuery,
    AlertRow,
    SessionDetail,
    SessionQuery,
    SessionRecord,
    SessionRow,
    VisitDetail,
    VisitLog,
    VisitQuery,
    VisitRow,
)

router = APIRouter(route_class=StrictRoute, tags=["visits"])
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": VisitDetail, "description": "The same was logged before; this is what exists"}
}


@router.get("/visits", summary="List visits")
def list_visits(
    db: Db,
    actor: Annotated[Actor, requires(Permission.CHILDREN_READ)],
    query: Annotated[VisitQuery, Query()],
) -> Page[VisitRow]:
    """Visits to children in the caller's reach, the newest first; of one child or in one placement if asked."""
    return queries.list_visits(db, actor, query)


@router.post("/visits", status_code=201, responses=_EXISTS, summary="Log a visit")
def log_visit(
    db: Db,
    actor: Annotated[Actor, requires(Permission.VISITS_WRITE, Permission.VISITS_CHECK)],
    command: VisitLog,
    response: Response,
) -> VisitDetail:
    """Logs a visit in a placement; a visit with the child seen does the planned visit that it was.

    A volunteer logs light checks (`izu_check`) of children in the village, without wellbeing scores.
    """
    visit_id, is_new = service.log_visit(db, actor, command)
    if not is_new:
        response.status_code = 200
    return queries.read_visit(db, actor, visit_id)


@router.get("/visits/{visit_id}", summary="Read a visit")
def get_visit(visit_id: UUID, db: Db, actor: Annotated[Actor, requires(Permission.CHILDREN_READ)]) -> VisitDetail:
    """One visit, with the planned visit that it was."""
    return queries.open_visit(db, actor, visit_id)


@router.post("/visits/{visit_id}/rate-risk", summary="Take over the risk that a visit suggests")
def rate_risk(visit_id: UUID, db: Db, actor: Annotated[Actor, requires(Permission.CASES_WRITE)]) -> VisitDetail:
    """Rates the risk of the child's case as the answers of the visit suggest; the visits are planned again."""
    service.confirm_risk(db, actor, visit_id)
    return queries.read_visit(db, actor, visit_id)


@router.get("/alerts", summary="List alerts")
def list_alerts(
    db: Db,
    actor: Annotated[Actor, requires(Permission.CASELOADS_MANAGE)],
    query: Annotated[AlertQuery, Query()],
) -> Page[AlertRow]:
    """What the supervisor must know within the hour, the newest first."""
    return alerts.list_alerts(db, actor, query)


@router.post("/alerts/{alert_id}/acknowledge", summary="Acknowledge an alert")
def acknowledge_alert(
    alert_id: UUID, db: Db, actor: Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
) -> AlertRow:
    """The supervisor has seen it; it stands on My day no longer."""
    alerts.acknowledge_alert(db, actor, alert_id)
    return alerts.read_alert(db, actor, alert_id)


@router.get("/children/{child_id}/sessions", summary="List psychological sessions")
def list_sessions(
    child_id: UUID,
    db: Db,
    actor: Annotated[Actor, requires(Permission.CASES_READ)],
    query: Annotated[SessionQuery, Query()],
) -> Page[SessionRow]:
    """That sessions with a child took place, the newest first; no word of what was said."""
    return sessions.list_sessions(db, actor, child_id, query)


@router.post(
    "/children/{child_id}/sessions",
    status_code=201,
    responses={200: {"model": SessionDetail, "description": "The same was recorded before; this is what exists"}},
    summary="Record a psychological session",
)
def record_session(
    child_id: UUID,
    db: Db,
    actor: Annotated[Actor, requires(Permission.VISITS_WRITE)],
    command: SessionRecord,
    response: Response,
) -> SessionDetail:
    """A psychologist writes that a session took place; the note is for them and the child's responsible post."""
    session_id, is_new = sessions.record_session(db, actor, child_id, command)
    if not is_new:
        response.status_code = 200
    return sessions.open_session(db, actor, session_id)


@router.get("/sessions/{psych_session_id}", summary="Read a psychological session")
def get_session(
    psych_session_id: UUID, db: Db, actor: Annotated[Actor, requires(Permission.CASES_READ)]
) -> SessionDetail:
    """One session; `note` is null for everybody but its writer and the child's responsible post."""
    return sessions.open_session(db, actor, psych_session_id)
