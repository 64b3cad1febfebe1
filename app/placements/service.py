"""The verbs of placements: a child begins to live somewhere, and stops.

Only these verbs write where a child lives onto the child's own row.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.scope import hand_over
from app.audit.service import record
from app.children.models import Child
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.placements.events import PlacementEnded, PlacementStarted
from app.placements.models import Placement
from app.placements.queries import (
    ChildToMove,
    children_in,
    episodes_of,
    institution_area,
    lock_child,
    lock_household,
    visible_placements,
)
from app.placements.rules import (
    Episode,
    check_end,
    check_host,
    check_household,
    check_sequence,
    check_start_day,
    end_day,
    latest,
    why_not_theirs,
)
from app.placements.schemas import PlacementEnd, PlacementStart
from app.placements.words import RESIDENTIAL_KINDS, EndReason
from app.tasks.service import cancel_tasks
from app.visits.planning import plan_visits

_ONE_RESIDENCE = "ex_placements_one_residence"


def start_placement(db: Session, actor: Actor, command: PlacementStart) -> tuple[UUID, bool]:
    """A child begins to live somewhere; the open placement ends on that day if the command says why.

    Returns the placement's id and whether it is new. Raises `FieldError` for days that do not fit the child's other
    placements and for a host that may not receive the child, `NotFound`
    for a child out of reach, `Forbidden` where the child is another worker's.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    child = lock_child(db, actor, command.child)
    _their_own(actor, child)
    values = {
        "child_id": child.id,
        "kind": command.kind.value,
        "is_residential": command.kind in RESIDENTIAL_KINDS,
        "started_on": command.started_on,
        "institution_id": command.institution,
        "household_id": command.household,
        "entry_reason": command.entry_reason,
        "note": command.note or None,
    }
    episodes = episodes_of(db, child.id)
    if any(episode.id == command.id for episode in episodes):
        return create_once(db, Placement, actor, command, **values, area_code=child.facts.area_code)
    check_start_day(
        command.started_on, today=clock.today(), born_on=child.born_on, birth_precision=child.birth_precision
    )
    check_host(command.kind, institution=command.institution is not None, household=command.household is not None)
    former = check_sequence(command.started_on, episodes, command.end_previous.reason if command.end_previous else None)
    area_code = _area_of_host(db, actor, command, child)
    before = latest([episode for episode in episodes if not _was_a_mistake(episode, former, command)])
    if former is not None and command.end_previous is not None:
        _end(db, former, command.started_on, command.end_previous.reason)
    placement_id, is_new = _insert(
        db, actor, command, **values, area_code=area_code, from_kind=before.kind.value if before else None
    )
    responsible = _responsible_after(actor, child, area_code)
    planned = plan_visits(
        db,
        actor,
        placement_id=placement_id,
        child_id=child.id,
        kind=command.kind,
        started_on=command.started_on,
        post_id=responsible,
        area_code=area_code,
        restricted=child.facts.restricted,
    )
    if area_code not in actor.area:
        hand_over(db, child.id)
    _lives(
        db,
        child.id,
        responsible_post_id=responsible,
        area_code=area_code,
        institution_id=command.institution,
        household_id=command.household,
        lives_as=command.kind.value,
        lives_since=command.started_on,
    )
    if former is not None and command.end_previous is not None:
        _tell_end(
            db,
            actor,
            child,
            former=former,
            ended_on=command.started_on,
            reason=command.end_previous.reason,
            followed_by=placement_id,
        )
    started = PlacementStarted(
        placement=placement_id,
        placement_kind=command.kind.value,
        from_kind=before.kind.value if before else None,
        started_on=command.started_on,
        institution=command.institution,
        household=command.household,
        visits_planned=planned,
    )
    record(db, actor, started, subject_id=child.id, area_code=area_code)
    return placement_id, is_new


def end_placement(
    db: Session, actor: Actor, placement_id: UUID, command: PlacementEnd, version: int | None = None
) -> None:
    """A placement ends without another one starting; visits that were still to come are not due any more.

    Raises `FieldError` on `ended_on` for a day before the start or in the future, `Conflict` where it has ended.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    child_id = db.scalar(select(Placement.child_id).where(Placement.id == placement_id, visible_placements(actor)))
    if child_id is None:
        raise NotFound
    child = lock_child(db, actor, child_id)
    _their_own(actor, child)
    placement = db.scalars(select(Placement).where(Placement.id == placement_id).with_for_update(key_share=True)).one()
    check_version(placement, version, current=_state(placement), typed=command.model_dump(mode="json"))
    if placement.ended_on is not None:
        raise Conflict(_("This placement has ended already"))
    check_end(command.ended_on, started_on=placement.started_on, today=clock.today())
    ended_on = end_day(placement.started_on, command.ended_on, command.reason)
    placement.ended_on = ended_on
    placement.end_reason = command.reason.value
    placement.end_was_planned = command.reason.is_planned
    db.flush()
    cancel_tasks(db, placement_id, ended_on)
    _lives(
        db,
        child.id,
        area_code=child.facts.area_code,
        institution_id=None,
        household_id=None,
        lives_as=None,
        lives_since=None,
    )
    ended = PlacementEnded(
        placement=placement_id,
        placement_kind=placement.kind,
        ended_on=ended_on,
        reason=command.reason.value,
        planned=command.reason.is_planned,
    )
    record(db, actor, ended, subject_id=child.id, area_code=child.facts.area_code)


def _their_own(actor: Actor, child: ChildToMove) -> None:
    reason = why_not_theirs(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)


def _area_of_host(db: Session, actor: Actor, command: PlacementStart, child: ChildToMove) -> int:
    """Where the child will live; with neither institution nor household it stays where it is."""
    if command.institution is not None:
        return institution_area(db, actor, command.institution)
    if command.household is not None:
        host = lock_household(db, actor, command.household)
        children = children_in(db, command.household, but=child.id)
        check_household(command.kind, vetting=host.vetting, capacity=host.capacity, children=children)
        return host.area_code
    return child.facts.area_code


def _responsible_after(actor: Actor, child: ChildToMove, area_code: int) -> UUID | None:
    """A child keeps its worker until it is given to another; one without any who leaves the area gets the actor."""
    if child.facts.responsible_post_id or area_code in actor.area:
        return child.facts.responsible_post_id
    return actor.post_id


def _was_a_mistake(episode: Episode, former: Episode | None, command: PlacementStart) -> bool:
    ends_as_mistake = command.end_previous is not None and command.end_previous.reason is EndReason.DATA_CORRECTION
    return episode is former and ends_as_mistake


def _insert(db: Session, actor: Actor, command: PlacementStart, **values: Any) -> tuple[UUID, bool]:
    # The rules have looked at the other placements under a lock; the constraint is there if they ever miss one.
    try:
        return create_once(db, Placement, actor, command, **values)
    except IntegrityError as broken:
        if violated(broken) == _ONE_RESIDENCE:
            raise FieldError("started_on", _("The start overlaps another placement of this child")) from broken
        raise


def _end(db: Session, former: Episode, ended_on: date, reason: EndReason) -> None:
    ended_on = end_day(former.started_on, ended_on, reason)
    db.execute(
        update(Placement)
        .where(Placement.id == former.id)
        .values(
            ended_on=ended_on,
            end_reason=reason.value,
            end_was_planned=reason.is_planned,
            version=Placement.version + 1,
        )
    )
    cancel_tasks(db, former.id, ended_on)


def _tell_end(
    db: Session,
    actor: Actor,
    child: ChildToMove,
    *,
    former: Episode,
    ended_on: date,
    reason: EndReason,
    followed_by: UUID,
) -> None:
    ended = PlacementEnded(
        placement=former.id,
        placement_kind=former.kind.value,
        ended_on=end_day(former.started_on, ended_on, reason),
        reason=reason.value,
        planned=reason.is_planned,
        followed_by=followed_by,
    )
    record(db, actor, ended, subject_id=child.id, area_code=child.facts.area_code)


def _lives(db: Session, child_id: UUID, **where: Any) -> None:
    """Writes onto the child's row where it lives now, so that lists need no join."""
    db.execute(update(Child).where(Child.id == child_id).values(**where))


def _state(placement: Placement) -> dict[str, Any]:
    return {
        "version": placement.version,
        "kind": placement.kind,
        "started_on": placement.started_on.isoformat(),
        "ended_on": placement.ended_on.isoformat() if placement.ended_on else None,
        "reason": placement.end_reason,
    }
