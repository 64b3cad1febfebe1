"""Plans the visits of a placement by the schedule of its kind."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core import clock
from app.placements.words import RESIDENTIAL_KINDS, PlacementKind
from app.tasks.schemas import TaskPlan
from app.tasks.service import plan_tasks
from app.tasks.words import TaskKind
from app.visits.models import VisitSchedule
from app.visits.rules import Schedule, plan

SUBJECT = "placement"


def plan_visits(
    db: Session,
    actor: Actor,
    *,
    placement_id: UUID,
    child_id: UUID,
    kind: PlacementKind,
    started_on: date,
    post_id: UUID | None,
    area_code: int,
    restricted: bool,
) -> int:
    """Plans visits for the responsible post and light checks for the village; returns how many.

    A restricted child has no light checks: no volunteer may know of it.
    """
    schedule = db.execute(
        select(
            VisitSchedule.due_days,
            VisitSchedule.first_tolerance_days,
            VisitSchedule.tolerance_days,
            VisitSchedule.check_days,
        ).where(VisitSchedule.placement_kind == kind.value)
    ).one_or_none()
    if schedule is None:
        return 0
    planned = plan(
        Schedule(
            due_days=schedule.due_days,
            first_tolerance_days=schedule.first_tolerance_days,
            tolerance_days=schedule.tolerance_days,
            check_days=() if restricted else schedule.check_days,
        ),
        started_on,
        clock.today(),
        residential=kind in RESIDENTIAL_KINDS,
    )
    plans = [
        TaskPlan(
            kind=one.kind,
            due_on=one.due_on,
            tolerance_days=one.tolerance_days,
            post_id=post_id if one.kind is TaskKind.VISIT else None,
            area_code=area_code,
        )
        for one in planned
    ]
    plan_tasks(db, actor, plans, subject_kind=SUBJECT, subject_id=placement_id, child_id=child_id)
    return len(plans)
