"""The JSON door of what is due."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.tasks import queries
from app.tasks.schemas import TaskQuery, TaskRow

router = APIRouter(route_class=StrictRoute, tags=["tasks"])


@router.get("/tasks", summary="List what is due")
def list_tasks(
    db: Db,
    actor: Annotated[Actor, requires(Permission.TASKS_READ)],
    query: Annotated[TaskQuery, Query()],
) -> Page[TaskRow]:
    """What the caller's post has to do, earliest first: visits, and for a volunteer light checks in the village."""
    return queries.list_tasks(db, actor, query)
