"""The verbs inside a placement: what is told of it, the start package, legal acts, times away, a caregiver's death."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.models import Child, HouseholdMember
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.placements.events import (
    CaregiverDied,
    LegalActRecorded,
    PlacementChanged,
    SupportCorrected,
    SupportGiven,
    TimeAwayEnded,
    TimeAwayStarted,
)
from app.placements.following import plan_next_home
from app.placements.inside_schemas import (
    DeathReport,
    LegalActRecord,
    SupportContent,
    SupportGive,
    TimeAwayEnd,
    TimeAwayStart,
)
from app.placements.models import CaregiverDeath, LegalAct, Placement, SupportItem, TimeAway
from app.placements.rules import check_later_days, check_not_future, check_time_away
from app.placements.schemas import PlacementChange
from app.tasks.schemas import TaskPlan
from app.tasks.service import plan_tasks
from app.tasks.words import TaskKind
from app.visits.alerts import raise_alert
from app.visits.words import AlertKind

_ONE_AT_A_TIME = "ex_times_away_one_at_a_time"


def change_placement(
    db: Session, actor: Actor, placement_id: UUID, command: PlacementChange, version: int | None
) -> None:
    """Changes what is told of a placement. Raises `Stale` where the actor saw an older version."""
    require(actor, Permission.PLACEMENTS_WRITE)
    placement, child = _placement(db, actor, placement_id)
    before = {name: _plain(getattr(placement, name)) for name in PlacementChange.model_fields}
    given = command.model_dump(exclude_unset=True)
    check_version(
        placement,
        version,
        current=before | {"version": placement.version},
        typed=command.model_dump(mode="json", exclude_unset=True),
    )
    check_later_days(
        started_on=placement.started_on,
        planned_end_on=given.get("planned_end_on"),
        rent_until=given.get("rent_until"),
    )
    for name, value in given.items():
        setattr(placement, name, value or None)
    db.flush()
    changed = tuple(name for name in given if _plain(getattr(placement, name)) != before[name])
    if "planned_end_on" in changed and placement.ended_on is None:
        plan_next_home(
            db,
            actor,
            placement.id,
            placement.planned_end_on,
            child_id=child.id,
            post_id=child.responsible_post_id,
            area_code=placement.area_code,
        )
    if changed:
        event = PlacementChanged(placement=placement.id, fields=changed)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def give_support(db: Session, actor: Actor, placement_id: UUID, command: SupportGive) -> tuple[UUID, bool]:
    """Records something that was given for the start. Raises `FieldError` for a day in the future."""
    require(actor, Permission.PLACEMENTS_WRITE)
    placement, child = _placement(db, actor, placement_id)
    check_not_future("given_on", command.given_on, clock.today())
    values = command.model_dump(exclude={"id"}) | {"source": command.source.value}
    made = create_once(db, SupportItem, actor, command, placement_id=placement.id, child_id=child.id, **values)
    if made[1]:
        event = SupportGiven(placement=placement.id, amount_rwf=command.amount_rwf, source=command.source.value)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return made


def correct_support(db: Session, actor: Actor, support_id: UUID, command: SupportContent, version: int | None) -> UUID:
    """Puts right what was recorded of a start package; returns the placement.

    Raises `Stale` where the actor saw an older version, `FieldError` for a day in the future.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    placement_id = db.scalar(select(SupportItem.placement_id).where(SupportItem.id == support_id))
    if placement_id is None:
        raise NotFound
    placement, child = _placement(db, actor, placement_id)
    given = db.scalars(
        select(SupportItem)
        .where(SupportItem.id == support_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    values = command.model_dump() | {"source": command.source.value}
    before = {name: _plain(getattr(given, name)) for name in values}
    check_version(given, version, current=before | {"version": given.version}, typed=command.model_dump(mode="json"))
    check_not_future("given_on", command.given_on, clock.today())
    for name, value in values.items():
        setattr(given, name, value)
    db.flush()
    changed = tuple(name for name, value in values.items() if _plain(value) != before[name])
    if changed:
        event = SupportCorrected(placement=placement.id, support=support_id, fields=changed)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return placement.id


def record_legal_act(db: Session, actor: Actor, placement_id: UUID, command: LegalActRecord) -> tuple[UUID, bool]:
    """Records what makes a placement lawful. Raises `FieldError` for a day in the future."""
    require(actor, Permission.PLACEMENTS_WRITE)
    placement, child = _placement(db, actor, placement_id)
    check_not_future("decided_on", command.decided_on, clock.today())
    values = command.model_dump(exclude={"id"}) | {"kind": command.kind.value}
    made = create_once(db, LegalAct, actor, command, placement_id=placement.id, child_id=child.id, **values)
    if made[1]:
        event = LegalActRecorded(placement=placement.id, act_kind=command.kind.value, decided_on=command.decided_on)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return made


def start_time_away(db: Session, actor: Actor, placement_id: UUID, command: TimeAwayStart) -> tuple[UUID, bool]:
    """Records that a child is elsewhere for a time, or was.

    Raises `FieldError` for days outside the placement, in the future, or inside another time away.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    placement, child = _placement(db, actor, placement_id)
    check_time_away(
        command.from_on,
        command.until_on,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        today=clock.today(),
    )
    values = command.model_dump(exclude={"id"}) | {"kind": command.kind.value, "note": command.note or None}
    try:
        with db.begin_nested():
            away_id, is_new = create_once(
                db, TimeAway, actor, command, placement_id=placement.id, child_id=child.id, **values
            )
    except IntegrityError as broken:
        if violated(broken) == _ONE_AT_A_TIME:
            raise FieldError("from_on", _("These days overlap another time away of this child")) from broken
        raise
    if is_new:
        event = TimeAwayStarted(
            placement=placement.id,
            time_away=away_id,
            away_kind=command.kind.value,
            from_on=command.from_on,
            until_on=command.until_on,
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return away_id, is_new


def end_time_away(db: Session, actor: Actor, away_id: UUID, command: TimeAwayEnd) -> UUID:
    """The child came back; returns the placement. Raises `Conflict` where the return is on record already."""
    require(actor, Permission.PLACEMENTS_WRITE)
    placement_id = db.scalar(select(TimeAway.placement_id).where(TimeAway.id == away_id))
    if placement_id is None:
        raise NotFound
    placement, child = _placement(db, actor, placement_id)
    away = db.scalars(
        select(TimeAway).where(TimeAway.id == away_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if away.until_on is not None:
        raise Conflict(_("The return is on record already"))
    check_time_away(
        away.from_on,
        command.until_on,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        today=clock.today(),
    )
    away.until_on = command.until_on
    away.version += 1
    db.flush()
    event = TimeAwayEnded(placement=placement.id, time_away=away.id, until_on=command.until_on)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return placement.id


def report_death(db: Session, actor: Actor, placement_id: UUID, command: DeathReport) -> tuple[UUID, bool]:
    """A caregiver of the household died: the placements there stay until decided, and everybody concerned is told.

    The worker of each child who lives there is to look into it today, and the supervisor is alerted. Raises
    `FieldError` for a placement without a household, for a person of another one, and for a day in the future.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    placement, child = _placement(db, actor, placement_id)
    if placement.household_id is None:
        raise FieldError("member", _("This placement is not with a household"))
    check_not_future("died_on", command.died_on, clock.today())
    if command.member is not None:
        _has_died(db, placement.household_id, command)
    death_id, is_new = create_once(
        db,
        CaregiverDeath,
        actor,
        command,
        household_id=placement.household_id,
        member_id=command.member,
        died_on=command.died_on,
        note=command.note or None,
    )
    if is_new:
        living = db.execute(
            select(Placement.id, Placement.child_id, Placement.area_code, Child.responsible_post_id)
            .join(Child, Child.id == Placement.child_id)
            .where(Placement.household_id == placement.household_id, Placement.ended_on.is_(None))
            .order_by(Placement.id)
        ).all()
        for one in living:
            _look_into(db, actor, one)
        died = CaregiverDied(death=death_id, died_on=command.died_on, children=len(living))
        record(db, actor, died, subject_id=placement.household_id, area_code=child.area_code)
    return death_id, is_new


def _has_died(db: Session, household_id: UUID, command: DeathReport) -> None:
    """A person who died lives in the household no longer."""
    left = db.execute(
        update(HouseholdMember)
        .where(
            HouseholdMember.id == command.member,
            HouseholdMember.household_id == household_id,
            HouseholdMember.left_on.is_(None),
        )
        .values(left_on=command.died_on, version=HouseholdMember.version + 1)
        .returning(HouseholdMember.id)
    ).one_or_none()
    before = select(CaregiverDeath.id).where(
        CaregiverDeath.member_id == command.member, CaregiverDeath.id == command.id
    )
    if left is None and db.scalar(before) is None:
        raise FieldError("member", _("This person does not live in the household"))


def _look_into(db: Session, actor: Actor, one: Any) -> None:
    page = f"/placements/{one.id}"
    plan = TaskPlan(
        kind=TaskKind.FOLLOW_WORRY,
        due_on=clock.today(),
        tolerance_days=0,
        post_id=one.responsible_post_id,
        area_code=one.area_code,
        path=page,
    )
    plan_tasks(db, actor, [plan], subject_kind="placement", subject_id=one.id, child_id=one.child_id)
    raise_alert(db, actor, AlertKind.CAREGIVER_DIED, child_id=one.child_id, area_code=one.area_code, path=page)


def _placement(db: Session, actor: Actor, placement_id: UUID) -> tuple[Placement, ChildAtWork]:
    """A placement whose child the actor may work on, both locked."""
    child_id = db.scalar(select(Placement.child_id).where(Placement.id == placement_id))
    if child_id is None:
        raise NotFound
    child = child_to_work_on(db, actor, child_id)
    placement = db.scalars(
        select(Placement)
        .where(Placement.id == placement_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return placement, child


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
