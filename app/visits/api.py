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
from app.visits import queries, service
from app.visits.schemas import VisitDetail, VisitLog, VisitQuery, VisitRow

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
