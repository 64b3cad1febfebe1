"""Institutions with who lives there: the register knows the house, the children's rows know where they live."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.children.models import Child
from app.children.schemas import InstitutionFile
from app.institutions.queries import get_institution


def open_institution(db: Session, actor: Actor, institution_id: UUID) -> InstitutionFile:
    """An institution with the number of its residents; raises `NotFound` outside the actor's reach."""
    require(actor, Permission.INSTITUTIONS_READ)
    institution = get_institution(db, actor, institution_id)
    residents = residents_of(db, [institution_id]).get(institution_id, 0)
    return InstitutionFile(**institution.model_dump(), residents=residents)


def residents_of(db: Session, institutions: list[UUID]) -> dict[UUID, int]:
    """How many live in each institution today, as far as row-level security lets the actor count."""
    if not institutions:
        return {}
    counted = db.execute(
        select(Child.institution_id, func.count(Child.id))
        .where(Child.institution_id.in_(institutions))
        .group_by(Child.institution_id)
    )
    return {institution: count for institution, count in counted if institution is not None}
