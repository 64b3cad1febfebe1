"""What the tests of children and households share."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent


def events(db: Session, kind: str, subject: UUID | None = None) -> list[AuditEvent]:
    found = select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id)
    return list(db.scalars(found if subject is None else found.where(AuditEvent.subject_id == subject)))
