"""Every read of tracing; each for a child whose whole file the actor reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.work import ChildAtWork, child_to_read
from app.core.errors import NotFound
from app.tracing.events import TracingRead
from app.tracing.models import Relative, RelativeContact, TracingAction, TracingRequest
from app.tracing.schemas import (
    RelativeContactRow,
    RelativeDetail,
    RelativeRow,
    TracingActionRow,
    TracingFile,
    TracingRow,
)


def open_tracing(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, TracingFile]:
    """All that is known of the search for a child's family; noted as read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = read_tracing(db, child_id)
    record(db, actor, TracingRead(), subject_id=child_id, area_code=child.area_code)
    return child, found


def read_tracing(db: Session, child_id: UUID) -> TracingFile:
    """The same for whoever has just opened the child; three statements."""
    searches = db.execute(
        _searches()
        .where(TracingRequest.child_id == child_id)
        .order_by(TracingRequest.opened_on.desc(), TracingRequest.id.desc())
    )
    return TracingFile(
        searches=[TracingRow.model_validate(row) for row in searches],
        actions=actions_of(db, child_id),
        relatives=relatives_of(db, child_id),
    )


def actions_of(db: Session, child_id: UUID) -> list[TracingActionRow]:
    """What was done to find a child's family, newest first, for whoever reads the child's file; one statement."""
    rows = db.execute(
        select(
            TracingAction.id,
            TracingAction.tracing_id.label("tracing"),
            TracingAction.done_on,
            TracingAction.kind,
            TracingAction.place,
            TracingAction.by_whom,
            TracingAction.outcome,
            TracingAction.next_step,
            TracingAction.next_on,
            TracingAction.created_at,
        )
        .where(TracingAction.child_id == child_id)
        .order_by(TracingAction.done_on.desc(), TracingAction.id.desc())
    )
    return [TracingActionRow.model_validate(row) for row in rows]


def relatives_of(db: Session, child_id: UUID) -> list[RelativeRow]:
    """A child's relatives in the order in which they were found; for whoever reads the child's file; one statement."""
    rows = db.execute(_relatives().where(Relative.child_id == child_id).order_by(Relative.created_at, Relative.id))
    return [RelativeRow.model_validate(row) for row in rows]


def read_search(db: Session, actor: Actor, tracing_id: UUID) -> TracingRow:
    """One search; raises `NotFound` out of reach. The caller notes it."""
    seen = exists().where(Child.id == TracingRequest.child_id, visible_children(actor))
    row = db.execute(_searches().where(TracingRequest.id == tracing_id, seen)).one_or_none()
    if row is None:
        raise NotFound
    return TracingRow.model_validate(row)


def open_search(db: Session, actor: Actor, tracing_id: UUID) -> tuple[ChildAtWork, TracingRow]:
    """One search with its child; noted as read."""
    require(actor, Permission.CASES_READ)
    found = read_search(db, actor, tracing_id)
    child = child_to_read(db, actor, found.child)
    record(db, actor, TracingRead(), subject_id=child.id, area_code=child.area_code)
    return child, found


def open_relative(db: Session, actor: Actor, relative_id: UUID) -> tuple[ChildAtWork, RelativeDetail]:
    """One relative with the contacts; noted as read."""
    require(actor, Permission.CASES_READ)
    found = read_relative(db, actor, relative_id)
    child = child_to_read(db, actor, found.child)
    record(db, actor, TracingRead(relative=relative_id), subject_id=child.id, area_code=child.area_code)
    return child, found


def read_relative(db: Session, actor: Actor, relative_id: UUID) -> RelativeDetail:
    """The same without the note; raises `NotFound` out of reach; two statements."""
    seen = exists().where(Child.id == Relative.child_id, visible_children(actor))
    row = db.execute(_relatives().where(Relative.id == relative_id, seen)).one_or_none()
    if row is None:
        raise NotFound
    contacts = db.execute(
        select(
            RelativeContact.id,
            RelativeContact.contact_on,
            RelativeContact.kind,
            RelativeContact.child_took,
            RelativeContact.relative_took,
            RelativeContact.worry,
        )
        .where(RelativeContact.relative_id == relative_id)
        .order_by(RelativeContact.contact_on.desc(), RelativeContact.id.desc())
    )
    known = RelativeRow.model_validate(row).model_dump()
    return RelativeDetail(**known, contacts=[RelativeContactRow.model_validate(contact) for contact in contacts])


def _searches() -> Select[Any]:
    columns: list[Any] = [
        TracingRequest.id,
        TracingRequest.child_id.label("child"),
        TracingRequest.state,
        TracingRequest.opened_on,
        TracingRequest.relatives_known,
        TracingRequest.last_places,
        TracingRequest.told_by,
        TracingRequest.more,
        TracingRequest.ended_on,
        TracingRequest.reason,
        TracingRequest.version,
    ]
    return select(*columns)


def _relatives() -> Select[Any]:
    columns: list[Any] = [
        Relative.id,
        Relative.child_id.label("child"),
        Relative.name,
        Relative.relationship,
        Relative.phone,
        Relative.place,
        Relative.alive,
        Relative.willing,
        Relative.willing_note,
        Relative.wish,
        Relative.wish_words,
        Relative.safety_concern,
        Relative.safety_note,
        Relative.verification,
        Relative.verified_on,
        Relative.verified_how,
        Relative.verified_by,
        Relative.version,
    ]
    return select(*columns)
