"""The JSON door of placements."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.placements import inside_api, queries, service
from app.placements.schemas import PlacementDetail, PlacementEnd, PlacementQuery, PlacementRow, PlacementStart

router = APIRouter(route_class=StrictRoute, tags=["placements"])
router.include_router(inside_api.router)
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": PlacementDetail, "description": "The same was started before; this is what exists"}
}


@router.get("/placements", summary="List placements")
def list_placements(
    db: Db,
    actor: Annotated[Actor, requires(Permission.CHILDREN_READ)],
    query: Annotated[PlacementQuery, Query()],
) -> Page[PlacementRow]:
    """Placements of children in the caller's reach, the newest start first."""
    return queries.list_placements(db, actor, query)


@router.post("/placements", status_code=201, responses=_EXISTS, summary="Start a placement")
def start_placement(
    db: Db,
    actor: Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)],
    command: PlacementStart,
    response: Response,
) -> PlacementDetail:
    """Starts a placement and plans its visits. `end_previous` ends the open placement on the day this one starts."""
    placement_id, is_new = service.start_placement(db, actor, command)
    if not is_new:
        response.status_code = 200
    placement = queries.read_written(db, actor, placement_id)
    return versioned(response, placement)


@router.get("/placements/{placement_id}", summary="Read a placement")
def get_placement(
    placement_id: UUID,
    db: Db,
    actor: Annotated[Actor, requires(Permission.CHILDREN_READ)],
    response: Response,
) -> PlacementDetail:
    """One placement, with its version in the `ETag`."""
    placement = queries.open_placement(db, actor, placement_id)
    return versioned(response, placement)


@router.post("/placements/{placement_id}/end", summary="End a placement")
def end_placement(
    placement_id: UUID,
    db: Db,
    actor: Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)],
    command: PlacementEnd,
    response: Response,
    if_match: Annotated[str | None, Header(description="The version that you read, from its `ETag`.")] = None,
) -> PlacementDetail:
    """Ends a placement; visits that were still to come are not due any more.

    With `next` the placement starts where the child sleeps from then on. An end that nobody planned asks for a new
    decision within days.
    """
    service.end_placement(db, actor, placement_id, command, version_from_if_match(if_match))
    placement = queries.read_written(db, actor, placement_id)
    return versioned(response, placement)
