"""The auditor's pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.audit import service
from app.audit.events import EVENT_KINDS
from app.audit.schemas import EventFilter, EventQuery, EventRow
from app.audit.words import HeadState, kind_label, subject_label
from app.config import Settings
from app.core.db import Db
from app.core.errors import FieldError
from app.core.forms import Form
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.core.templating import render

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Auditor = Annotated[Actor, requires(Permission.AUDIT_READ)]
WRONG = frozenset({HeadState.CUT_OFF, HeadState.DIFFERS})


@router.get("/audit")
def audit_log(request: Request, db: Db, actor: Auditor, query: Annotated[EventQuery, Query()]) -> HTMLResponse:
    """The log, newest first, with its filters."""
    typed = Form(dict(request.query_params))
    found: Page[EventRow] = Page(items=[])
    try:
        found = service.list_events(db, actor, query, cursor=query.cursor, limit=query.limit)
    except FieldError as error:
        typed.fail(error)
    kinds = sorted(((kind, kind_label(kind)) for kind in EVENT_KINDS), key=lambda option: option[1])
    subjects = {event.subject_kind for event in EVENT_KINDS.values()} - {None}
    return render(
        request,
        "audit/list.html",
        status=typed.status,
        found=found,
        query=query,
        filtered=any(getattr(query, name) is not None for name in EventFilter.model_fields),
        typed=typed,
        kinds=kinds,
        subjects=sorted(((str(kind), subject_label(kind)) for kind in subjects), key=lambda option: option[1]),
        roles=Role,
        kind_label=kind_label,
        subject_label=subject_label,
        role_label=role_label,
        short=short,
    )


@router.get("/audit/chain")
def audit_chain(request: Request, db: Db, actor: Auditor) -> HTMLResponse:
    """How far the log is sealed, and whether the head file agrees."""
    settings: Settings = request.app.state.settings
    state = service.chain_state(db, actor, settings.audit_head_path)
    return render(request, "audit/chain.html", state=state, wrong=state.head in WRONG, HeadState=HeadState)


@router.get("/audit/{event_id}")
def audit_event(
    request: Request, db: Db, actor: Auditor, event_id: Annotated[int, Path(ge=1, lt=2**63)]
) -> HTMLResponse:
    """One event whole, and its place in the chain."""
    return render(
        request,
        "audit/event.html",
        event=service.open_event(db, actor, event_id),
        kind_label=kind_label,
        subject_label=subject_label,
        role_label=role_label,
    )


def role_label(code: str | None) -> str | None:
    """The words for a role's code."""
    return Role(code).label if code in list(Role) else code


def short(identifier: UUID | None) -> str:
    """The end of an identifier, enough to tell rows apart by eye; its beginning is the time."""
    return f"…{identifier.hex[-8:]}" if identifier else ""
