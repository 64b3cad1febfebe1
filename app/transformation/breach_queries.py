"""Reads of admissions after the moratorium: which there are in reach, and what came of each."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, null, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.core.db import kept
from app.institutions.models import Institution
from app.institutions.queries import get_institution, visible_institutions
from app.placements.models import Placement
from app.placements.words import EndReason
from app.transformation.models import BreachAnswer
from app.transformation.schemas import (
    Breach,
)

MOST_ALERTS = 50


def is_breach() -> ColumnElement[bool]:
    """An admission dated after the moratorium that was not recorded by mistake."""
    return and_(
        Placement.is_residential,
        Placement.started_on > Institution.moratorium_on,
        Placement.end_reason.is_distinct_from(EndReason.DATA_CORRECTION.value),
    )


def is_answered() -> ColumnElement[bool]:
    return select(BreachAnswer.id).where(BreachAnswer.placement_id == Placement.id).exists()


def _breaches(actor: Actor) -> Select[Any]:
    seen = visible_children(actor)
    return (
        select(
            Placement.id.label("placement"),
            Institution.id.label("institution"),
            Institution.name.label("institution_name"),
            case((seen, Child.id), else_=null()).label("child"),
            case((seen, Child.code), else_=null()).label("child_code"),
            Placement.started_on,
            Institution.moratorium_on,
            BreachAnswer.answer,
            BreachAnswer.created_at.label("answered_at"),
        )
        .join(Institution, Institution.id == Placement.institution_id)
        .outerjoin(Child, Child.id == Placement.child_id)
        .outerjoin(BreachAnswer, BreachAnswer.placement_id == Placement.id)
        .where(is_breach())
        .order_by(Placement.started_on.desc(), Placement.id.desc())
        .limit(MOST_ALERTS)
    )


def alerts_for(db: Session, actor: Actor) -> list[Breach]:
    """Admissions after a moratorium that wait for the actor's look: of supervisors and the national manager.

    One statement; nothing for other roles. For My day.
    """
    if not actor.may_ever(Permission.APPROVALS_DECIDE):
        return []
    return [Breach.model_validate(row) for row in db.execute(_alerts(actor))]


@kept
def _alerts(actor: Actor) -> Select[Any]:
    return _breaches(actor).where(visible_institutions(actor), BreachAnswer.id.is_(None))


def breaches_of(db: Session, actor: Actor, institution_id: UUID) -> list[Breach]:
    """The admissions after the moratorium of a house that the actor has just read, answered ones too."""
    return [Breach.model_validate(row) for row in db.execute(_breaches(actor).where(Institution.id == institution_id))]


def open_breaches(db: Session, actor: Actor, institution_id: UUID) -> list[Breach]:
    """The same for who has not read the house yet, and the note; raises `NotFound` out of reach."""
    require(actor, Permission.PLACEMENTS_WRITE, Permission.CHILDREN_UNSEAL)
    house = get_institution(db, actor, institution_id)
    found = breaches_of(db, actor, institution_id)
    children = [row.child for row in found if row.child is not None]
    listed = RecordsListed(what="breaches", filter={"institution": str(house.id)}, rows=len(found), ids=children)
    record(db, actor, listed, area_code=house.area_code)
    return found
