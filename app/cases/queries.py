"""Every read of cases; each for a child whom the actor has opened already, or from `visible_cases(actor)`."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case


def open_case_id(db: Session, child_id: UUID) -> UUID | None:
    """The open case of a child that the caller may read, or None."""
    return db.scalar(select(Case.id).where(Case.child_id == child_id, Case.closed_on.is_(None)))
