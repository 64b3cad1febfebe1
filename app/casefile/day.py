"""What is due, with the child it is for: what My day shows of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, func, null, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.words import PlacementKind
from app.core.db import kept
from app.tasks.queries import my_tasks
from app.tasks.schemas import TaskRow
from app.tasks.words import TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDue:
    """A task that is due, and as much of the child it is about, if any, as the actor's role sees."""

    task: TaskRow
    child_id: UUID | None
    code: str | None
    given_name: str | None
    lives_as: PlacementKind | None
    lives_since: date | None


def tasks_due(db: Session, actor: Actor) -> list[TaskDue]:
    """What the actor has to do: overdue, now and within a week, the earliest first; and the note of the listing.

    Three statements at most. A volunteer gets the first name only. A task about a child whom the actor does not see
    (one who was given to another district, or restricted) is left out, unless it is answered without opening the file.
    """
    require(actor, Permission.TASKS_READ)
    tasks = my_tasks(db, actor)
    if not tasks:
        return []
    wanted = {task.child for task in tasks if task.child}
    children = {row.id: row for row in db.execute(_children(actor), {"ids": list(wanted)})}
    due = [_due(task, children.get(task.child) if task.child else None) for task in tasks]
    shown = [one for one in due if one.child_id is not None or one.task.child is None or one.task.kind in CLOSED_FILE]
    listed = RecordsListed(what="tasks due", filter={}, rows=len(shown), ids=list(children))
    record(db, actor, listed, area_code=actor.area.lo)
    return shown


@kept
def _children(actor: Actor) -> Select[Any]:
    view = view_of(actor)
    columns: tuple[Any, ...] = (
        Child.id,
        (Child.code if view > View.TASK else null()).label("code"),
        (Child.given_name if view is not View.CODED else null()).label("given_name"),
        (Child.lives_as if view > View.TASK else null()).label("lives_as"),
        (Child.lives_since if view > View.TASK else null()).label("lives_since"),
    )
    ids = bindparam("ids", type_=ARRAY(Uuid))
    return select(*columns).where(Child.id == func.any(ids), visible_children(actor))


CLOSED_FILE = frozenset(
    {TaskKind.ACCEPT_TRANSFER, TaskKind.ANSWER_DUPLICATE, TaskKind.READ_DUPLICATE, TaskKind.CHECK_CLAIM}
)
"""What is answered on a page of its own, which shows as much of the child as its question needs."""


def _due(task: TaskRow, child: Row[Any] | None) -> TaskDue:
    return TaskDue(
        task=task,
        child_id=child.id if child else None,
        code=child.code if child else None,
        given_name=child.given_name if child else None,
        lives_as=PlacementKind(child.lives_as) if child and child.lives_as else None,
        lives_since=child.lives_since if child else None,
    )
