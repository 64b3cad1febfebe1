"""What the start and the end of a placement bring about: a decision to take, a next home to prepare, times away."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core import clock
from app.placements.models import TimeAway
from app.placements.queries import setting
from app.placements.words import Setting
from app.tasks.schemas import TaskPlan
from app.tasks.service import drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

CHILD_SUBJECT = "child"
END_SUBJECT = "placement"


def plan_decision(db: Session, actor: Actor, child_id: UUID, *, post_id: UUID | None, area_code: int) -> None:
    """Reminds of the decision on where a child will live; the newest end that nobody planned counts."""
    drop_tasks_of(db, child_id, TaskKind.DECIDE_AGAIN)
    plan = TaskPlan(
        kind=TaskKind.DECIDE_AGAIN,
        due_on=clock.days_ahead(setting(db, Setting.DECIDE_AGAIN_DAYS)),
        tolerance_days=0,
        post_id=post_id,
        area_code=area_code,
        path=f"/children/{child_id}/decisions",
    )
    plan_tasks(db, actor, [plan], subject_kind=CHILD_SUBJECT, subject_id=child_id, child_id=child_id)


def plan_next_home(
    db: Session,
    actor: Actor,
    placement_id: UUID,
    planned_end_on: date | None,
    *,
    child_id: UUID,
    post_id: UUID | None,
    area_code: int,
) -> None:
    """Reminds of preparing the next home before a planned end; a day that was changed replaces the former."""
    drop_tasks_of(db, placement_id, TaskKind.PREPARE)
    if planned_end_on is None:
        return
    before = timedelta(days=setting(db, Setting.PREPARE_BEFORE_END_DAYS))
    plan = TaskPlan(
        kind=TaskKind.PREPARE,
        due_on=max(planned_end_on - before, clock.today()),
        tolerance_days=0,
        post_id=post_id,
        area_code=area_code,
        path=f"/children/{child_id}/preparation",
    )
    plan_tasks(db, actor, [plan], subject_kind=END_SUBJECT, subject_id=placement_id, child_id=child_id)


def end_times_away(db: Session, placement_id: UUID, ended_on: date) -> None:
    """A time away ends with its placement at the latest."""
    db.execute(
        update(TimeAway)
        .where(
            TimeAway.placement_id == placement_id,
            TimeAway.from_on <= ended_on,
            or_(TimeAway.until_on.is_(None), TimeAway.until_on > ended_on),
        )
        .values(until_on=ended_on, version=TimeAway.version + 1)
    )


def part_times_away(db: Session, *, placement_id: UUID, child_id: UUID, started_on: date) -> None:
    """The times away that began in the days of a new placement are its own; those before end with the one before."""
    began_here = TimeAway.from_on >= started_on
    db.execute(
        update(TimeAway)
        .where(
            TimeAway.child_id == child_id,
            TimeAway.placement_id != placement_id,
            or_(began_here, TimeAway.until_on.is_(None), TimeAway.until_on > started_on),
        )
        .values(
            placement_id=case((began_here, placement_id), else_=TimeAway.placement_id),
            until_on=case((began_here, TimeAway.until_on), else_=started_on),
            version=TimeAway.version + 1,
        )
    )
