"""The JSON door of tracing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned, with_version
from app.core.routing import StrictRoute
from app.tracing import queries, service
from app.tracing.schemas import (
    ActionRecord,
    RelativeChange,
    RelativeContactRecord,
    RelativeDetail,
    RelativeRecord,
    RelativeVerify,
    TracingEnd,
    TracingFile,
    TracingOpen,
    TracingRow,
)

router = APIRouter(route_class=StrictRoute, tags=["tracing"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version that you read, from its `ETag`.")]


def _exists(model: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": "The same was recorded before; this is what exists"}}


@router.get("/children/{child_id}/tracing", summary="Read the tracing of a child")
def get_tracing(child_id: UUID, db: Db, actor: Reader) -> TracingFile:
    """The searches for the child's family, what was done, and the relatives that were found."""
    return queries.open_tracing(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/tracing", status_code=201, responses=_exists(TracingRow), summary="Open a search for a family"
)
def open_tracing(child_id: UUID, db: Db, actor: Writer, command: TracingOpen, response: Response) -> TracingRow:
    """Opens the search with what is known; one is open at a time."""
    tracing_id, is_new = service.open_tracing(db, actor, child_id, command)
    return _search(db, actor, tracing_id, response, is_new=is_new)


@router.get("/tracing/{tracing_id}", summary="Read a search")
def get_search(tracing_id: UUID, db: Db, actor: Reader, response: Response) -> TracingRow:
    """One search, with its version in the `ETag`."""
    found = queries.open_search(db, actor, tracing_id)[1]
    return versioned(response, found)


@router.post(
    "/tracing/{tracing_id}/actions",
    status_code=201,
    responses=_exists(TracingFile),
    summary="Record an action of a search",
)
def record_action(tracing_id: UUID, db: Db, actor: Writer, command: ActionRecord, response: Response) -> TracingFile:
    """Records what was done and what came of it. The next step becomes a task; the one before is done."""
    _id, is_new = service.record_action(db, actor, tracing_id, command)
    if not is_new:
        response.status_code = 200
    return queries.read_tracing(db, queries.read_search(db, actor, tracing_id).child)


@router.post("/tracing/{tracing_id}/end", summary="End a search")
def end_tracing(
    tracing_id: UUID, db: Db, actor: Writer, command: TracingEnd, response: Response, if_match: IfMatch = None
) -> TracingRow:
    """Ends a search: the family was found or not, or it is closed for another reason."""
    service.end_tracing(db, actor, tracing_id, command, version_from_if_match(if_match))
    return _search(db, actor, tracing_id, response)


@router.post(
    "/children/{child_id}/relatives",
    status_code=201,
    responses=_exists(RelativeDetail),
    summary="Record a relative",
)
def record_relative(
    child_id: UUID, db: Db, actor: Writer, command: RelativeRecord, response: Response
) -> RelativeDetail:
    """Records a relative: willingness to care, and the child's own wish."""
    relative_id, is_new = service.record_relative(db, actor, child_id, command)
    return _relative(db, actor, relative_id, response, is_new=is_new)


@router.get("/relatives/{relative_id}", summary="Read a relative")
def get_relative(relative_id: UUID, db: Db, actor: Reader, response: Response) -> RelativeDetail:
    """One relative with the contacts, and the version in the `ETag`."""
    found = queries.open_relative(db, actor, relative_id)[1]
    return versioned(response, found)


@router.put("/relatives/{relative_id}", summary="Change a relative")
def change_relative(
    relative_id: UUID, db: Db, actor: Writer, command: RelativeChange, response: Response, if_match: IfMatch = None
) -> RelativeDetail:
    """Writes what is known of a relative now."""
    service.change_relative(db, actor, relative_id, command, version_from_if_match(if_match))
    return _relative(db, actor, relative_id, response)


@router.post("/relatives/{relative_id}/verify", summary="Verify a relative")
def verify_relative(
    relative_id: UUID, db: Db, actor: Writer, command: RelativeVerify, response: Response, if_match: IfMatch = None
) -> RelativeDetail:
    """Says whether this is the child's relative, how that was checked and by whom."""
    service.verify_relative(db, actor, relative_id, command, version_from_if_match(if_match))
    return _relative(db, actor, relative_id, response)


@router.post(
    "/relatives/{relative_id}/contacts",
    status_code=201,
    responses=_exists(RelativeDetail),
    summary="Record a contact of child and relative",
)
def record_contact(
    relative_id: UUID, db: Db, actor: Writer, command: RelativeContactRecord, response: Response
) -> RelativeDetail:
    """Records a letter, call or meeting before a reunion, and how each took it."""
    _id, is_new = service.record_contact(db, actor, relative_id, command)
    return _relative(db, actor, relative_id, response, is_new=is_new)


def _search(db: Db, actor: Actor, tracing_id: UUID, response: Response, *, is_new: bool | None = None) -> TracingRow:
    found = queries.read_search(db, actor, tracing_id)
    _mark(response, found.version, is_new=is_new)
    return found


def _relative(
    db: Db, actor: Actor, relative_id: UUID, response: Response, *, is_new: bool | None = None
) -> RelativeDetail:
    found = queries.read_relative(db, actor, relative_id)
    _mark(response, found.version, is_new=is_new)
    return found


def _mark(response: Response, version: int, *, is_new: bool | None) -> None:
    if is_new is False:
        response.status_code = 200
    with_version(response, version)
