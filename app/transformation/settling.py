"""Settling what a census or a claim found: register, recognise, end. Each verb belongs to the domain that keeps it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.models import Child
from app.children.queries import PREFIX, visible_children
from app.children.rules import code_in
from app.children.schemas import ChildRegister
from app.children.service import register_child
from app.children.work import child_to_read
from app.core.errors import FieldError, Forbidden
from app.core.i18n import gettext as _
from app.institutions.schemas import InstitutionDetail
from app.placements.models import Placement
from app.placements.rules import why_not_theirs
from app.placements.schemas import EndPrevious, PlacementEnd, PlacementStart
from app.placements.service import end_placement, start_placement
from app.placements.words import EndReason, EntryReason
from app.transformation.rules import lives_as
from app.transformation.settling_schemas import EndStay, KnownResident, RegisterResident, registration


def register_resident(db: Session, actor: Actor, house: InstitutionDetail, command: RegisterResident) -> UUID:
    """Registers a child with the stay in a house; returns the child's id."""
    child_id, _is_new = register_child(db, actor, ChildRegister(**registration(command)))
    _start(db, actor, house, child_id, command.started_on, entry_reason=command.entry_reason)
    return child_id


def receive_known(db: Session, actor: Actor, house: InstitutionDetail, command: KnownResident, *, day: date) -> UUID:
    """Finds a child by code, and records the stay in a house unless there is one; returns the child's id.

    Raises `FieldError` on `code` for a child out of reach, and for one whom the actor may not move.
    """
    child = child_by_code(db, actor, command.code)
    if child.institution_id != house.id:
        theirs_by_code(db, actor, child.id)
        _start(
            db,
            actor,
            house,
            child.id,
            command.started_on or day,
            end_previous=command.end_previous,
            entry_reason=command.entry_reason,
        )
    return child.id


def end_stay(db: Session, actor: Actor, house: InstitutionDetail, child_id: UUID, command: EndStay) -> None:
    """Ends the open stay of a child in a house; raises `FieldError` where the register has none."""
    placement_id = open_stay(db, house.id, child_id)
    if placement_id is None:
        raise FieldError("ended_on", _("The register has no open stay of this child here"))
    end_placement(db, actor, placement_id, PlacementEnd(ended_on=command.ended_on, reason=command.reason))


def open_stay(db: Session, institution_id: UUID, child_id: UUID) -> UUID | None:
    """The open placement of a child in a house, or None."""
    return db.scalar(
        select(Placement.id).where(
            Placement.child_id == child_id,
            Placement.institution_id == institution_id,
            Placement.ended_on.is_(None),
        )
    )


def child_by_code(db: Session, actor: Actor, typed: str) -> Child:
    """A child in reach by its code; raises `FieldError` on `code`."""
    code = code_in(typed, PREFIX)
    child = None
    if code is not None:
        child = db.scalar(select(Child).where(Child.code == code, visible_children(actor)))
    if child is None:
        raise FieldError("code", _("No child with this code is in your reach"))
    return child


def must_be_theirs(db: Session, actor: Actor, child_id: UUID) -> None:
    """Raises `Forbidden` where somebody else moves this child: told before a form is filled in, not after."""
    reason = why_not_theirs_of(db, actor, child_id)
    if reason is not None:
        raise Forbidden(reason)


def theirs_by_code(db: Session, actor: Actor, child_id: UUID) -> None:
    """The same for a child who was named by code, at that field: another code may be the right one."""
    reason = why_not_theirs_of(db, actor, child_id)
    if reason is not None:
        raise FieldError("code", reason)


def why_not_theirs_of(db: Session, actor: Actor, child_id: UUID) -> str | None:
    """Why the actor may not move a child in reach, or None if they may."""
    return why_not_theirs(actor, child_to_read(db, actor, child_id).facts)


def _start(
    db: Session,
    actor: Actor,
    house: InstitutionDetail,
    child_id: UUID,
    started_on: date,
    *,
    end_previous: EndReason | None = None,
    entry_reason: EntryReason | None = None,
) -> None:
    start_placement(
        db,
        actor,
        PlacementStart(
            child=child_id,
            kind=lives_as(house.kind),
            started_on=started_on,
            institution=house.id,
            entry_reason=entry_reason,
            end_previous=EndPrevious(reason=end_previous) if end_previous else None,
        ),
        found=True,
    )
