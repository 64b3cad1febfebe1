"""Visits that were logged before the placement of their days was recorded: they become its own."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, and_, case, cast, or_, select, update
from sqlalchemy.orm import Session

from app.placements.models import Placement
from app.placements.words import EndReason
from app.tasks.models import Task
from app.tasks.queries import undone_tasks_of
from app.tasks.service import complete_task
from app.tasks.words import CancelReason, TaskKind
from app.visits.models import Visit
from app.visits.rules import OpenTask, fulfilled, task_of
from app.visits.words import VisitKind


def take_over_visits(db: Session, *, placement_id: UUID, child_id: UUID, started_on: date, area_code: int) -> int:
    """Moves the visits after the start of a new placement into it, and lets them do what its schedule asks for.

    They were logged in the placement before, which nobody knew to be over. What they did there is undone: a visit
    does one planned visit, in the placement of its day. Returns how many visits moved.
    """
    of_a_mistake = Placement.end_reason == EndReason.DATA_CORRECTION.value
    on_the_day = and_(Visit.visited_on == started_on, or_(of_a_mistake, Visit.kind == VisitKind.PLACEMENT_DAY.value))
    moved = db.execute(
        select(Visit.id, Visit.kind, Visit.visited_on, Visit.child_seen)
        .join(Placement, Placement.id == Visit.placement_id)
        .where(
            Visit.child_id == child_id,
            Visit.placement_id != placement_id,
            or_(Visit.visited_on > started_on, on_the_day),
        )
        .order_by(Visit.visited_on, Visit.id)
        .with_for_update(of=Visit)
    ).all()
    if not moved:
        return 0
    ids = [visit.id for visit in moved]
    last_day = cast(Task.due_on + Task.tolerance_days, Date)
    db.execute(
        update(Task)
        .where(
            Task.done_by_id.in_(ids),
            Task.subject_id != placement_id,
            Task.kind.in_([TaskKind.VISIT.value, TaskKind.IZU_CHECK.value]),
        )
        .values(
            done_on=None,
            done_by_id=None,
            cancelled_on=started_on,
            cancel_reason=case(
                (last_day < started_on, CancelReason.MISSED.value), else_=CancelReason.PLACEMENT_ENDED.value
            ),
            version=Task.version + 1,
        )
    )
    db.execute(
        update(Visit)
        .where(Visit.id.in_(ids))
        .values(placement_id=placement_id, area_code=area_code, version=Visit.version + 1)
    )
    for kind in (TaskKind.VISIT, TaskKind.IZU_CHECK):
        undone = [
            OpenTask(task.id, task.due_on, task.tolerance_days) for task in undone_tasks_of(db, placement_id, kind)
        ]
        for visit in moved:
            if task_of(VisitKind(visit.kind)) is not kind:
                continue
            task = fulfilled(undone, visit.visited_on, child_seen=visit.child_seen)
            if task is not None:
                complete_task(db, task.id, done_on=visit.visited_on, done_by_id=visit.id)
                undone.remove(task)
    return len(moved)
