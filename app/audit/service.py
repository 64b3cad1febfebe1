"""Writing the log: one insert, in the transaction of what it tells of."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.events import Event
from app.audit.models import AuditEvent
from app.core.context import current_request


def record(
    db: Session, actor: Actor | None, event: Event, *, subject_id: UUID | None = None, area_code: int | None = None
) -> None:
    """Writes an event of an actor; without an actor it is the service itself, or somebody not signed in."""
    request = current_request.get()
    db.execute(
        insert(AuditEvent).values(
            kind=event.kind,
            account_id=actor.account_id if actor else None,
            post_id=actor.post_id if actor else None,
            role=actor.role.value if actor else None,
            subject_kind=event.subject_kind,
            subject_id=subject_id,
            area_code=area_code,
            address=request.address,
            request_id=request.request_id,
            content=event.model_dump(mode="json"),
        )
    )
