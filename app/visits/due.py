"""The visits that are due, with the child they are for: what My day shows of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import null, select
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
from app.tasks.queries import my_tasks
from app.tasks.schemas import TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDue:
    """A visit or light check that is due: the task, and as much of the child as the actor's role sees."""

    task: TaskRow
    child_id: UUID
    code: str | None
    given_name: str | None
    lives_as: PlacementKind | None
    lives_since: date | None


def visits_due(db: Session, actor: Actor) -> list[VisitDue]:
    """What the actor has to visit: overdue, now and within a week, the earliest first; and the note of the listing.

    Three statements at most. A volunteer gets the first name only.
    """
    require(actor, Permission.TASKS_READ)
    tasks = my_tasks(db, actor)
    if not tasks:
        return []
    view = view_of(actor)
    children = {
        row.id: row
        for row in db.execute(
            select(
                Child.id,
                (Child.code if view > View.TASK else null()).label("code"),
                (Child.given_name if view is not View.CODED else null()).label("given_name"),
                (Child.lives_as if view > View.TASK else null()).label("lives_as"),
                (Child.lives_since if view > View.TASK else null()).label("lives_since"),
            ).where(Child.id.in_({task.child for task in tasks if task.child}), visible_children(actor))
        )
    }
    due = [
        VisitDue(
            task=task,
            child_id=child.id,
            code=child.code,
            given_name=child.given_name,
            lives_as=PlacementKind(child.lives_as) if child.lives_as else None,
            lives_since=child.lives_since,
        )
        for task in tasks
        if task.child and (child := children.get(task.child)) is not None
    ]
    listed = RecordsListed(what="visits due", filter={}, rows=len(due), ids=list(children))
    record(db, actor, listed, area_code=actor.area.lo)
    return due
