"""The verb of visits: somebody went to see a child."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.core import clock
from app.core.records import create_once
from app.tasks.queries import undone_tasks_of
from app.tasks.service import complete_task
from app.visits.events import VisitLogged
from app.visits.models import Visit
from app.visits.queries import Visited, placement_to_visit
from app.visits.rules import OpenTask, check_visit_day, check_volunteer_visit, fulfilled, task_of
from app.visits.schemas import VisitLog


def log_visit(db: Session, actor: Actor, command: VisitLog) -> tuple[UUID, bool]:
    """Somebody visited a child; if the child was seen, the planned visit that it was is done.

    Returns the visit's id and whether it is new. Raises `FieldError` for a day outside the placement, and where a
    volunteer's light check holds more than it may; `NotFound` for a placement out of reach.
    """
    require(actor, Permission.VISITS_WRITE, Permission.VISITS_CHECK)
    placement = placement_to_visit(db, actor, command.placement)
    check_visit_day(
        command.visited_on,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        today=clock.today(),
    )
    if not actor.may_ever(Permission.VISITS_WRITE):
        check_volunteer_visit(command.kind, assessed=bool(command.wellbeing), note=command.note)
    visit_id, is_new = create_once(
        db,
        Visit,
        actor,
        command,
        placement_id=placement.id,
        child_id=placement.child_id,
        kind=command.kind.value,
        visited_on=command.visited_on,
        child_seen=command.child_seen,
        not_seen_reason=command.not_seen_reason,
        wellbeing={domain.value: score for domain, score in command.wellbeing.items()},
        note=command.note or None,
        visited_by_post_id=actor.post_id,
        area_code=placement.area_code,
    )
    if is_new:
        task = _fulfil(db, placement, command, visit_id)
        logged = VisitLogged(
            visit=visit_id,
            placement=placement.id,
            visit_kind=command.kind.value,
            visited_on=command.visited_on,
            child_seen=command.child_seen,
            task=task,
        )
        record(db, actor, logged, subject_id=placement.child_id, area_code=placement.area_code)
    return visit_id, is_new


def _fulfil(db: Session, placement: Visited, command: VisitLog, visit_id: UUID) -> UUID | None:
    """Marks the planned visit that this one was as done, if it was one; returns its id."""
    kind = task_of(command.kind)
    if kind is None or not command.child_seen:
        return None
    undone = [OpenTask(task.id, task.due_on, task.tolerance_days) for task in undone_tasks_of(db, placement.id, kind)]
    task = fulfilled(undone, command.visited_on, child_seen=command.child_seen)
    if task is None:
        return None
    complete_task(db, task.id, done_on=command.visited_on, done_by_id=visit_id)
    return task.id
