"""The log as JSON, for who may read it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.audit import service
from app.audit.schemas import ChainState, EventDetail, EventQuery, EventRow
from app.config import Settings
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page

router = APIRouter(route_class=StrictRoute, tags=["audit log"])
Auditor = Annotated[Actor, requires(Permission.AUDIT_READ)]


@router.get(
    "/audit-events",
    summary="List the audit log",
    description="Who did what to which record, and where, newest first. Reading the log is itself written into it.",
)
def list_audit_events(db: Db, actor: Auditor, query: Annotated[EventQuery, Query()]) -> Page[EventRow]:
    """Events that meet all conditions of the query."""
    return service.list_events(db, actor, query, cursor=query.cursor, limit=query.limit)


@router.get(
    "/audit-events/{event_id}",
    summary="Read one event of the audit log",
    description="The event whole, with its place in the chain of hashes once it is sealed.",
)
def read_audit_event(db: Db, actor: Auditor, event_id: Annotated[int, Path(ge=1, lt=2**63)]) -> EventDetail:
    """One event."""
    return service.open_event(db, actor, event_id)


@router.get(
    "/audit-chain",
    summary="Read how far the audit log is sealed",
    description="The newest link of the chain, what still waits for its seal, and whether the head file agrees.",
)
def read_audit_chain(request: Request, db: Db, actor: Auditor) -> ChainState:
    """The state of the chain."""
    settings: Settings = request.app.state.settings
    return service.chain_state(db, actor, settings.audit_head_path)
