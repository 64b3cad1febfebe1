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
from app.approvals.service import follow_children
from app.audit.service import record
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.children.models import Child
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.institutions.listeners import on_area_asked, on_area_changed
from app.placements.events import PlacementEnded, PlacementStarted, VisitsTakenOver
from app.placements.following import end_times_away, part_times_away, plan_decision, plan_next_home
from app.placements.gates import Start, pass_gates
from app.placements.models import Placement
from app.placements.preparing import preparation_for, use_preparation
from app.placements.queries import (
    ChildToMove,
    children_in,
    episodes_of,
    institution_area,
    lock_child,
    lock_household,
    setting,
    visible_placements,
)
from app.placements.residents import move_residents, residents_who_follow
from app.placements.rules import (
    Episode,
    asks_again,
    check_age,
    check_at_home,
    check_end,
    check_host,
    check_household,
    check_later_days,
    check_next,
    check_prepared,
    check_sequence,
    check_start_day,
    end_day,
    latest,
    why_not_theirs,
)
from app.placements.schemas import EndPrevious, PlacementEnd, PlacementStart, SleepsNext
from app.placements.words import PASSING_KINDS, PLACED_KINDS, RESIDENTIAL_KINDS, EndReason, PlacementKind, Setting
from app.tasks.service import cancel_tasks, drop_tasks_of
from app.tasks.words import TaskKind
from app.visits.planning import plan_visits
from app.visits.rules import need_of
from app.visits.taking_over import take_over_visits

_ONE_RESIDENCE = "ex_placements_one_residence"
_TOLD = (
    "note",
    "unprepared_reason",
    "undecided_reason",
    "brought_by",
    "child_was",
    "planned_end_on",
    "address",
    "rent_until",
    "mentor",
)
_FIELD_OF_NEXT = {"started_on": "ended_on", "end_previous.reason": "reason"}


def start_placement(db: Session, actor: Actor, command: PlacementStart, *, found: bool = False) -> tuple[UUID, bool]:
    """A child begins to live somewhere; the open placement ends on that day if the command says why.

    `found` where the child was found there by a count or a report, and nobody was asked before.

    Returns the placement's id and whether it is new. Raises `FieldError` for days that do not fit the child's other
    placements and for a host that may not receive the child, `NotFound`
    for a child out of reach, `Forbidden` where the child is another worker's.
    """
    require(actor, Permission.PLACEMENTS_WRITE)
    return _start(db, actor, command, lock_child(db, actor, command.child), found=found)


def _start(
    db: Session, actor: Actor, command: PlacementStart, child: ChildToMove, *, found: bool = False
) -> tuple[UUID, bool]:
    _their_own(actor, child)
    values = {
        "child_id": child.id,
        "kind": command.kind.value,
        "is_residential": command.kind in RESIDENTIAL_KINDS,
        "started_on": command.started_on,
        "institution_id": command.institution,
        "household_id": command.household,
        "entry_reason": command.entry_reason,
        **{name: getattr(command, name) or None for name in _TOLD},
    }
    episodes = episodes_of(db, child.id)
    if any(episode.id == command.id for episode in episodes):
        return create_once(db, Placement, actor, command, **values, area_code=child.facts.area_code)
    check_start_day(
        command.started_on, today=clock.today(), born_on=child.born_on, birth_precision=child.birth_precision
    )
    _check_alone(db, command, child)
    check_later_days(
        started_on=command.started_on, planned_end_on=command.planned_end_on, rent_until=command.rent_until
    )
    check_host(command.kind, institution=command.institution is not None, household=command.household is not None)
    preparation = preparation_for(db, child.id, command.kind)
    check_prepared(len(preparation.undone) if preparation else 0, command.unprepared_reason)
    former = check_sequence(command.started_on, episodes, command.end_previous.reason if command.end_previous else None)
    area_code = _area_of_host(db, actor, command, child)
    true_before = [episode for episode in episodes if not _was_a_mistake(episode, former, command)]
    check_at_home(command.kind, true_before)
    before = latest(true_before)
    if former is not None and command.end_previous is not None:
        _end(db, former, command.started_on, command.end_previous.reason)
    need = need_of(risk=child.risk, disability=child.has_disability)
    placement_id, is_new = _insert(
        db,
        actor,
        command,
        **values,
        area_code=area_code,
        from_kind=before.kind.value if before else None,
        visits_by=need.value,
    )
    responsible = _responsible_after(actor, child, area_code)
    planned = plan_visits(
        db,
        actor,
        placement_id=placement_id,
        child_id=child.id,
        kind=command.kind,
        need=need,
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
    if area_code != child.facts.area_code:
        follow_children(db, [child.id], area_code)
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
    if preparation is not None:
        use_preparation(db, preparation.id, placement_id, command.started_on)
    if child.case_id is not None and command.kind in PLACED_KINDS:
        reach_state(db, actor, child.id, CaseState.IN_IMPLEMENTATION)
    _take_over(db, actor, command, placement_id, child, area_code)
    _decide_again(db, actor, command, child, post_id=responsible, area_code=area_code)
    if command.planned_end_on is not None:
        plan_next_home(
            db,
            actor,
            placement_id,
            command.planned_end_on,
            child_id=child.id,
            post_id=responsible,
            area_code=area_code,
        )
    start = Start(
        placement_id=placement_id,
        child_id=child.id,
        kind=command.kind,
        from_kind=before.kind if before else None,
        started_on=command.started_on,
        institution_id=command.institution,
        household_id=command.household,
        post_id=responsible,
        area_code=area_code,
        found=found,
        leaves=former is not None and former is before,
        undecided_reason=command.undecided_reason or None,
        corrects=former is not None
        and former.kind in RESIDENTIAL_KINDS
        and command.started_on <= former.started_on
        and _was_a_mistake(former, former, command),
    )
    pass_gates(db, actor, start)
    return placement_id, is_new


def _check_alone(db: Session, command: PlacementStart, child: ChildToMove) -> None:
    if command.kind is not PlacementKind.SUPPORTED_INDEPENDENT_LIVING:
        return
    from_age = setting(db, Setting.LIVES_ALONE_FROM)
    check_age(command.kind, born_on=child.born_on, started_on=command.started_on, from_age=from_age)


def _take_over(
    db: Session, actor: Actor, command: PlacementStart, placement_id: UUID, child: ChildToMove, area_code: int
) -> None:
    """What was logged for the days of this placement before it was recorded becomes its own."""
    moved = take_over_visits(
        db, placement_id=placement_id, child_id=child.id, started_on=command.started_on, area_code=area_code
    )
    part_times_away(db, placement_id=placement_id, child_id=child.id, started_on=command.started_on)
    if moved:
        event = VisitsTakenOver(placement=placement_id, visits=moved)
        record(db, actor, event, subject_id=child.id, area_code=area_code)


def _decide_again(
    db: Session, actor: Actor, command: PlacementStart, child: ChildToMove, *, post_id: UUID | None, area_code: int
) -> None:
    """An end that nobody planned asks for a new decision; a home that is meant to last is the answer to one."""
    if command.end_previous is not None and asks_again(command.end_previous.reason):
        plan_decision(db, actor, child.id, post_id=post_id, area_code=area_code)
    elif command.kind not in PASSING_KINDS:
        drop_tasks_of(db, child.id, TaskKind.DECIDE_AGAIN)


def end_placement(
    db: Session, actor: Actor, placement_id: UUID, command: PlacementEnd, version: int | None = None
) -> UUID:
    """A placement ends, with the one that follows if that is given; visits that were to come are not due any more.

    Returns the child. Raises `FieldError` on `ended_on` for a day before the start or in the future, `Conflict` where
    it has ended.
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
    if command.next is not None:
        check_next(command.reason)
        # The start of the next one ends this one, and counts its version up.
        db.expire(placement)
        _sleep_elsewhere(db, actor, child, command, command.next)
        return child.id
    ended_on = end_day(placement.started_on, command.ended_on, command.reason)
    placement.ended_on = ended_on
    placement.end_reason = command.reason.value
    placement.end_was_planned = command.reason.is_planned
    db.flush()
    cancel_tasks(db, placement_id, ended_on)
    end_times_away(db, placement_id, ended_on)
    if asks_again(command.reason):
        post_id = child.facts.responsible_post_id
        plan_decision(db, actor, child.id, post_id=post_id, area_code=child.facts.area_code)
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
    return child.id


def _sleep_elsewhere(
    db: Session, actor: Actor, child: ChildToMove, command: PlacementEnd, following: SleepsNext
) -> None:
    """Ends a placement by starting the one where the child sleeps from that night on; complaints keep their field."""
    start = PlacementStart(
        child=child.id,
        kind=following.kind,
        started_on=command.ended_on,
        institution=following.institution,
        household=following.household,
        undecided_reason=following.undecided_reason,
        note=following.note,
        end_previous=EndPrevious(reason=command.reason),
    )
    try:
        _start(db, actor, start, child)
    except FieldError as error:
        first, *others = [(_FIELD_OF_NEXT.get(field, f"next.{field}"), message) for field, message in error.errors]
        raise FieldError(*first, *others) from error


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
        check_household(
            command.kind, family=host.family, vetting=host.vetting, capacity=host.capacity, children=children
        )
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


on_area_changed(move_residents)
on_area_asked(residents_who_follow)
