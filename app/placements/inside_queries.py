"""Reads of what surrounds a placement, and where a child was on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.service import record
from app.children.models import Household, HouseholdMember
from app.children.queries import view_of
from app.children.timeline import Item
from app.children.work import ChildAtWork, child_to_read
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.placements.events import WhereaboutsRead
from app.placements.inside_schemas import (
    Around,
    DeathRow,
    LegalActRow,
    PlacementFile,
    SupportRow,
    TimeAwayRow,
    Whereabouts,
)
from app.placements.models import CaregiverDeath, LegalAct, Placement, SupportItem, TimeAway
from app.placements.queries import open_placement, placements_of, visible_placements
from app.placements.words import AwayKind

_AWAY: list[Any] = [
    TimeAway.id,
    TimeAway.placement_id.label("placement"),
    TimeAway.kind,
    TimeAway.from_on,
    TimeAway.until_on,
    TimeAway.place,
    TimeAway.note,
]


_SUPPORT: list[Any] = [
    SupportItem.id,
    SupportItem.placement_id.label("placement"),
    SupportItem.item,
    SupportItem.quantity,
    SupportItem.amount_rwf,
    SupportItem.source,
    SupportItem.given_on,
    SupportItem.version,
]
_ACTS: list[Any] = [LegalAct.id, LegalAct.kind, LegalAct.number, LegalAct.decided_on, LegalAct.body]


def open_file(db: Session, actor: Actor, placement_id: UUID) -> PlacementFile:
    """A placement with everything that surrounds it, and the note that it was read.

    Who does not see the whole record of the child gets the placement with nothing around it.
    """
    placement = open_placement(db, actor, placement_id)
    whole = view_of(actor) is View.WHOLE
    given = select(*_SUPPORT).where(SupportItem.placement_id == placement_id)
    decided = select(*_ACTS).where(LegalAct.placement_id == placement_id)
    away = select(*_AWAY).where(TimeAway.placement_id == placement_id)
    return PlacementFile(
        **placement.model_dump(),
        support=_rows(db, SupportRow, given.order_by(SupportItem.given_on, SupportItem.id)) if whole else [],
        legal_acts=_rows(db, LegalActRow, decided.order_by(LegalAct.decided_on, LegalAct.id)) if whole else [],
        times_away=_rows(db, TimeAwayRow, away.order_by(TimeAway.from_on.desc(), TimeAway.id)) if whole else [],
        deaths=deaths_in(db, actor, placement_id),
    )


def around_of(db: Session, child_id: UUID) -> Around:
    """What surrounds all placements of a child whose whole record the caller has just opened; three statements."""
    given = select(*_SUPPORT).where(SupportItem.child_id == child_id).order_by(SupportItem.given_on, SupportItem.id)
    decided = select(*_ACTS).where(LegalAct.child_id == child_id).order_by(LegalAct.decided_on, LegalAct.id)
    away = select(*_AWAY).where(TimeAway.child_id == child_id).order_by(TimeAway.from_on, TimeAway.id)
    return Around(
        support=_rows(db, SupportRow, given),
        legal_acts=_rows(db, LegalActRow, decided),
        times_away=_rows(db, TimeAwayRow, away),
    )


def _rows(db: Session, model: Any, statement: Any) -> list[Any]:
    return [model.model_validate(row) for row in db.execute(statement)]


def deaths_in(db: Session, actor: Actor, placement_id: UUID) -> list[DeathRow]:
    """The caregivers who died while a child lived with them, the newest first; for a role that sees the household."""
    if view_of(actor) is not View.WHOLE:
        return []
    rows = db.execute(
        select(
            CaregiverDeath.id,
            func.coalesce(HouseholdMember.name, Household.head_name).label("name"),
            CaregiverDeath.died_on,
        )
        .select_from(CaregiverDeath)
        .join(Placement, Placement.household_id == CaregiverDeath.household_id)
        .join(Household, Household.id == CaregiverDeath.household_id)
        .outerjoin(HouseholdMember, HouseholdMember.id == CaregiverDeath.member_id)
        .where(
            Placement.id == placement_id,
            CaregiverDeath.died_on >= Placement.started_on,
            CaregiverDeath.died_on <= func.coalesce(Placement.ended_on, CaregiverDeath.died_on),
        )
        .order_by(CaregiverDeath.died_on.desc(), CaregiverDeath.id)
    )
    return [DeathRow.model_validate(row) for row in rows]


def members_of(db: Session, household_id: UUID) -> list[tuple[str, str]]:
    """Who lives in a household now, as choices of a form."""
    rows = db.execute(
        select(HouseholdMember.id, HouseholdMember.name)
        .where(HouseholdMember.household_id == household_id, HouseholdMember.left_on.is_(None))
        .order_by(HouseholdMember.is_caregiver.desc(), HouseholdMember.name, HouseholdMember.id)
    )
    return [(str(row.id), row.name) for row in rows]


def read_time_away(db: Session, actor: Actor, away_id: UUID) -> TimeAwayRow:
    """One time away of a child whose whole record the actor may read; raises `NotFound`."""
    return TimeAwayRow.model_validate(_one_of(db, actor, TimeAway, _AWAY, away_id))


def read_support(db: Session, actor: Actor, support_id: UUID) -> SupportRow:
    """One part of a start package of a child whose whole record the actor may read; raises `NotFound`."""
    return SupportRow.model_validate(_one_of(db, actor, SupportItem, _SUPPORT, support_id))


def _one_of(
    db: Session, actor: Actor, part: type[TimeAway | SupportItem], columns: Sequence[Any], part_id: UUID
) -> Row[Any]:
    row = db.execute(
        select(*columns)
        .join(Placement, Placement.id == part.placement_id)
        .where(part.id == part_id, visible_placements(actor))
    ).one_or_none()
    if row is None or view_of(actor) is not View.WHOLE:
        raise NotFound
    return row


def whereabouts(db: Session, actor: Actor, child_id: UUID, on: date) -> tuple[ChildAtWork, Whereabouts]:
    """Where a child was on a day: the placement and the time away from it; and the note that somebody asked.

    On the day of a move the placement that starts counts.
    """
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    placement = next(
        (
            one
            for one in placements_of(db, actor, child_id)
            if one.started_on <= on and (one.ended_on is None or on < one.ended_on)
        ),
        None,
    )
    away = db.execute(
        select(*_AWAY).where(
            TimeAway.child_id == child_id,
            TimeAway.from_on <= on,
            func.coalesce(TimeAway.until_on > on, True),
        )
    ).first()
    record(db, actor, WhereaboutsRead(on=on), subject_id=child.id, area_code=child.area_code)
    return child, Whereabouts(
        on=on, placement=placement, away=TimeAwayRow.model_validate(away) if away and placement else None
    )


def away_items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The times away of a child for the timeline of whoever has just opened it; one statement."""
    if view_of(actor) is not View.WHOLE:
        return []
    rows = db.execute(
        select(*_AWAY, TimeAway.created_at, TimeAway.version)
        .where(TimeAway.child_id == child_id)
        .order_by(TimeAway.from_on.desc())
    ).all()
    items = []
    for row in rows:
        kind = AwayKind(row.kind)
        href = f"/placements/{row.placement}"
        if row.until_on is not None:
            # A return that was added later has no time of its own.
            noted_at = row.created_at if row.version == 1 else None
            back = _("The child came back")
            items.append(Item(when=row.until_on, title=back, text=kind.label, href=href, noted_at=noted_at))
        items.append(
            Item(
                when=row.from_on,
                title=kind.label,
                text=row.place,
                icon="map-pin",
                href=href,
                noted_at=row.created_at,
            )
        )
    return items
