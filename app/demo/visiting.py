"""Visits of a placement as its schedule asks for them: most in time, some late or in vain, a few still to be done."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from app.access.roles import Role
from app.demo.draft import Draft
from app.demo.lives import Life, Stay
from app.demo.staff import Person, Staff
from app.demo.texts import CHECK_NOTES, VISIT_NOTES
from app.tasks.models import Task
from app.tasks.rules import is_overdue, why_cancelled
from app.tasks.words import TaskKind
from app.visits.models import Visit
from app.visits.planning import SUBJECT
from app.visits.rules import LONG_THERE_KINDS, SCHEDULES, OpenTask, Planned, Schedule, fulfilled, plan, task_of
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain

_NOT_SEEN = (
    NotSeenReason.NOBODY_HOME,
    NotSeenReason.AT_SCHOOL,
    NotSeenReason.AT_SCHOOL,
    NotSeenReason.VISITING_RELATIVES,
    NotSeenReason.WORKING,
    NotSeenReason.IN_HOSPITAL,
)
_BEGINS_TO_BE_OLD = 120


def follow(draft: Draft, staff: Staff, life: Life, stay: Stay, *, child_id: UUID, placement_id: UUID) -> None:
    """Draws up what was planned in a placement, and the visits that were made."""
    schedule = SCHEDULES.get(stay.kind)
    if schedule is None:
        return
    planned = plan(
        _without_checks(schedule) if life.restricted else schedule,
        stay.started_on,
        stay.recorded_on or stay.started_on,
        long_there=stay.kind in LONG_THERE_KINDS,
    )
    tasks = {draft.id(): one for one in planned}
    volunteers = [person for person in staff.at(Role.VOLUNTEER, stay.area_code) if stay.family]
    done: dict[UUID, tuple[date, UUID]] = {}
    base = draft.rng.uniform(2.1, 3.3)
    for day, kind, seen in sorted(_days(draft, life, stay, planned, watched=bool(volunteers))):
        by = draft.pick(volunteers) if kind is VisitKind.IZU_CHECK else life.worker
        visit_id = _visit(
            draft, stay, day, kind, seen=seen, by=by, base=base, child_id=child_id, placement_id=placement_id
        )
        matching = task_of(kind)
        undone = [
            OpenTask(task_id, one.due_on, one.tolerance_days)
            for task_id, one in tasks.items()
            if one.kind is matching and task_id not in done
        ]
        task = fulfilled(undone, day, child_seen=seen)
        if task is not None:
            done[task.id] = (day, visit_id)
    for task_id, one in tasks.items():
        _task(draft, life, stay, task_id, one, done.get(task_id), child_id=child_id, placement_id=placement_id)


def _without_checks(schedule: Schedule) -> Schedule:
    return Schedule(
        due_days=schedule.due_days,
        first_tolerance_days=schedule.first_tolerance_days,
        tolerance_days=schedule.tolerance_days,
    )


def _days(
    draft: Draft, life: Life, stay: Stay, planned: Iterable[Planned], *, watched: bool
) -> Iterable[tuple[date, VisitKind, bool]]:
    """The days on which somebody went, why, and whether the child was seen; none after the end or in the future."""
    last = stay.ended_on or draft.today
    for number, one in enumerate(planned):
        is_check = one.kind is TaskKind.IZU_CHECK
        if one.due_on > last or (is_check and not watched):
            continue
        if life.left_to_do and one.due_on > draft.ago(life.left_to_do):
            continue
        kind = VisitKind.FOLLOW_UP_FIRST if number == 0 else VisitKind.FOLLOW_UP_ROUTINE
        if draft.chance(0.08):
            kind = VisitKind.UNANNOUNCED
        for day, seen in _tries(draft, one):
            if stay.started_on <= day <= last:
                yield day, VisitKind.IZU_CHECK if is_check else kind, seen


def _tries(draft: Draft, one: Planned) -> Iterable[tuple[date, bool]]:
    rng = draft.rng
    years_ago = (draft.today - one.due_on).days / 365
    in_time = max(0.55, 0.86 - 0.08 * years_ago)
    day = one.due_on + timedelta(days=rng.randint(-one.tolerance_days, one.tolerance_days) // 2)
    fate = rng.random()
    if fate < in_time:
        if draft.chance(0.1):
            yield day, False
            day += timedelta(days=rng.randint(3, 12))
        yield day, True
    elif is_overdue(one.due_on, one.tolerance_days, draft.ago(_BEGINS_TO_BE_OLD)) or fate < in_time + 0.1:
        yield one.due_on + timedelta(days=one.tolerance_days + rng.randint(2, 25)), True
    elif draft.chance(0.3):
        yield day, False


def _visit(
    draft: Draft,
    stay: Stay,
    day: date,
    kind: VisitKind,
    *,
    seen: bool,
    by: Person | None,
    base: float,
    child_id: UUID,
    placement_id: UUID,
) -> UUID:
    is_check = kind is VisitKind.IZU_CHECK
    notes = CHECK_NOTES if is_check else VISIT_NOTES
    return draft.add(
        Visit,
        placement_id=placement_id,
        child_id=child_id,
        kind=kind.value,
        visited_on=day,
        child_seen=seen,
        not_seen_reason=None if seen else draft.pick(_NOT_SEEN).value,
        wellbeing={} if is_check or not seen else _wellbeing(draft, base, (day - stay.started_on).days),
        note=draft.pick(notes) if seen and draft.chance(0.45) else None,
        visited_by_post_id=by.post_id if by else None,
        area_code=stay.area_code,
        created_at=draft.working_hour(day),
        created_by=by.account_id if by else None,
    )


def _wellbeing(draft: Draft, base: float, days: int) -> dict[str, int]:
    """A score for most domains; children fare better in the first year with a family."""
    better = min(days, 365) / 365 * 0.7
    return {
        domain.value: max(1, min(4, round(draft.rng.gauss(base + better, 0.6))))
        for domain in WellbeingDomain
        if draft.chance(0.75)
    }


def _task(
    draft: Draft,
    life: Life,
    stay: Stay,
    task_id: UUID,
    one: Planned,
    done: tuple[date, UUID] | None,
    *,
    child_id: UUID,
    placement_id: UUID,
) -> None:
    ended = stay.ended_on if done is None else None
    is_visit = one.kind is TaskKind.VISIT
    draft.add(
        Task,
        id=task_id,
        kind=one.kind.value,
        subject_kind=SUBJECT,
        subject_id=placement_id,
        child_id=child_id,
        post_id=life.worker.post_id if is_visit and life.worker else None,
        area_code=stay.area_code,
        due_on=one.due_on,
        tolerance_days=one.tolerance_days,
        done_on=done[0] if done else None,
        done_by_id=done[1] if done else None,
        cancelled_on=ended,
        cancel_reason=why_cancelled(one.due_on, one.tolerance_days, ended).value if ended else None,
        created_at=draft.working_hour(stay.recorded_on or stay.started_on),
        created_by=life.worker.account_id if life.worker else None,
    )
