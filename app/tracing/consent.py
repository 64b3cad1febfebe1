"""The one place where tracing asks whether the child, or who speaks for it, agreed to be traced for."""

from uuid import UUID

from sqlalchemy.orm import Session


def why_no_tracing(_db: Session, _child_id: UUID) -> str | None:
    """Why nobody may search for this child's family, or None."""
    return None
