"""Reads of what is due; each starts from `visible_tasks` or `tasks_for`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    column,
    exists,
    false,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import CASE_WORKERS, Role
from app.access.scope import in_area
from app.core import clock
from app.core.db import kept
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.tasks.models import Task
from app.tasks.schemas import TaskQuery, TaskRow
from app.tasks.words import CancelReason, TaskKind

MOST_ON_MY_DAY = 50
DAYS_AHEAD = 7

IS_OPEN = and_(Task.done_on.is_(None), Task.cancelled_on.is_(None))
# Children lie above tasks; three columns of their table are all that is asked here.
_CHILDREN = table("children", column("id", Uuid), column("restricted", Boolean), column("supervising_post_id", Uuid))
_DISTRICT_ROLES = CASE_WORKERS | {Role.DISTRICT_SUPERVISOR}


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    """The tasks that an actor may know of: of their post, of their district, and about a child whom they watch over."""
    if actor.role in _DISTRICT_ROLES:
        watched = exists().where(_CHILDREN.c.id == Task.child_id, _CHILDREN.c.supervising_post_id == actor.post_id)
        return or_(Task.post_id == actor.post_id, in_area(Task.area_code, actor.area), watched)
    if actor.role is Role.VOLUNTEER:
        return _light_checks(actor)
    return Task.post_id == actor.post_id if actor.may_ever(Permission.CASES_READ) else false()


def tasks_for(actor: Actor) -> ColumnElement[bool]:
    """The tasks that are the actor's to do: of their post, of nobody's post in the district, or of the village."""
    if actor.role in _DISTRICT_ROLES:
        nobodys = and_(Task.post_id.is_(None), Task.kind == TaskKind.VISIT.value, in_area(Task.area_code, actor.area))
        return or_(Task.post_id == actor.post_id, nobodys)
    if actor.role is Role.VOLUNTEER:
        return _light_checks(actor)
    return Task.post_id == actor.post_id if actor.may_ever(Permission.CASES_READ) else false()


def _light_checks(actor: Actor) -> ColumnElement[bool]:
    """The light checks of a village, but for those of a child whose record was restricted after they were planned."""
    restricted = exists().where(_CHILDREN.c.id == Task.child_id, _CHILDREN.c.restricted)
    return and_(Task.kind == TaskKind.IZU_CHECK.value, in_area(Task.area_code, actor.area), ~restricted)


_COLUMNS: tuple[Any, ...] = (
    Task.id,
    Task.kind,
    Task.child_id,
    Task.subject_kind,
    Task.subject_id,
    Task.path,
    Task.due_on,
    Task.tolerance_days,
)
_KEY = (Task.due_on.expression, Task.id.expression)


def _rows() -> Select[Any]:
    return select(*_COLUMNS).where(IS_OPEN)


def _row(row: Row[Any]) -> TaskRow:
    return TaskRow(
        id=row.id,
        kind=TaskKind(row.kind),
        child=row.child_id,
        subject_kind=row.subject_kind,
        subject=row.subject_id,
        path=row.path,
        due_on=row.due_on,
        tolerance_days=row.tolerance_days,
    )


def my_tasks(db: Session, actor: Actor) -> list[TaskRow]:
    """What is overdue, due now, or due within a week, for the actor to do; the earliest fifty."""
    horizon = clock.today() + timedelta(days=DAYS_AHEAD)
    return [_row(row) for row in db.execute(_due_until(actor), {"until": horizon}).all()]


@kept
def _due_until(actor: Actor) -> Select[Any]:
    due = _rows().where(tasks_for(actor), Task.due_on <= bindparam("until"))
    return due.order_by(Task.due_on, Task.id).limit(MOST_ON_MY_DAY)


def list_tasks(db: Session, actor: Actor, query: TaskQuery) -> Page[TaskRow]:
    """What is due for the actor to do until a day, earliest first."""
    until = query.until or clock.today() + timedelta(days=DAYS_AHEAD)
    statement = _rows().where(tasks_for(actor), Task.due_on <= until)
    statement = after(statement, _KEY, query.cursor, newest_first=False)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    return page_of(rows, query.limit, _row, lambda row: (row.due_on, row.id))


def next_task(db: Session, actor: Actor, child_id: UUID, kind: TaskKind | None = None) -> TaskRow | None:
    """The earliest open task about a child, of one kind or any, that the actor may know of."""
    wanted = _rows().where(visible_tasks(actor), Task.child_id == child_id)
    if kind is not None:
        wanted = wanted.where(Task.kind == kind.value)
    row = db.execute(wanted.order_by(Task.due_on, Task.id).limit(1)).one_or_none()
    return _row(row) if row else None


def open_tasks_of_child(db: Session, actor: Actor, child_id: UUID, most: int = 20) -> list[TaskRow]:
    """What is still to be done for a child, earliest first, whoever's it is, as far as the actor may know."""
    return [_row(row) for row in db.execute(_open_of_child(actor, most), {"child_id": child_id}).all()]


@kept
def _open_of_child(actor: Actor, most: int) -> Select[Any]:
    wanted = _rows().where(visible_tasks(actor), Task.child_id == bindparam("child_id"))
    return wanted.order_by(Task.due_on, Task.id).limit(most)


def undone_tasks_of(db: Session, subject_id: UUID, kind: TaskKind) -> list[TaskRow]:
    """The tasks of a kind of a subject that nobody did, earliest first, locked until the end of the transaction.

    Those that ended with a placement are among them: what was done before it ended may be told after it. Those that
    nobody needed any more are not.
    """
    rows = db.execute(
        select(*_COLUMNS)
        .where(
            Task.subject_id == subject_id,
            Task.kind == kind.value,
            Task.done_on.is_(None),
            Task.cancel_reason.is_distinct_from(CancelReason.NOT_NEEDED.value),
        )
        .order_by(Task.due_on, Task.id)
        .with_for_update()
    )
    return [_row(row) for row in rows]
