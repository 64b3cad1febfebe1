"""Writing the log: one insert, in the transaction of what it tells of. And reading it, which is written as well."""

from pathlib import Path
from typing import cast
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import queries
from app.audit.events import AuditEventOpened, Event, RecordsListed
from app.audit.models import AuditEvent
from app.audit.schemas import ChainState, EventDetail, EventFilter, EventRow
from app.core.context import current_request
from app.core.schemas import Page

# The table, not the class, and built once: nearly every request writes an event.
_WRITE = insert(cast(Table, AuditEvent.__table__)).inline()


def record(
    db: Session, actor: Actor | None, event: Event, *, subject_id: UUID | None = None, area_code: int | None = None
) -> None:
    """Writes an event of an actor; without an actor it is the service itself, or somebody not signed in."""
    request = current_request.get()
    db.execute(
        _WRITE,
        {
            "kind": event.kind,
            "account_id": actor.account_id if actor else None,
            "post_id": actor.post_id if actor else None,
            "role": actor.role.value if actor else None,
            "subject_kind": event.subject_kind,
            "subject_id": subject_id,
            "area_code": area_code,
            "address": request.address,
            "request_id": request.request_id,
            "content": event.model_dump(mode="json"),
        },
    )


def list_events(
    db: Session, actor: Actor, wanted: EventFilter, *, cursor: str | None = None, limit: int = 25
) -> Page[EventRow]:
    """The auditor's list: what `queries.list_events` finds, and the note that it was read."""
    found = queries.list_events(db, actor, wanted, cursor=cursor, limit=limit)
    asked = wanted.model_dump(mode="json", by_alias=True, include=set(EventFilter.model_fields))
    record(db, actor, RecordsListed(what="audit_events", filter=asked, rows=len(found.items)))
    return found


def open_event(db: Session, actor: Actor, event_id: int) -> EventDetail:
    """One event whole, and the note that it was read; raises `NotFound`."""
    found = queries.read_event(db, actor, event_id)
    record(db, actor, AuditEventOpened(event_id=event_id))
    return found


def chain_state(db: Session, actor: Actor, head_file: Path) -> ChainState:
    """How far the chain goes and whether the head file agrees. No event is shown, so nothing is noted."""
    return queries.chain_state(db, actor, head_file)
