"""What is due, with the child, the house or the family it is about: what My day shows of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.models import CaseTransfer
from app.cases.transfer_queries import visible_transfers
from app.cases.transferring import TRANSFER
from app.children.household_queries import visible_households
from app.children.models import Child, Household
from app.children.queries import view_of, visible_children
from app.children.words import PlacementKind
from app.core.db import kept
from app.fostering.models import FosterFamily
from app.institutions.models import Institution
from app.institutions.queries import visible_institutions
from app.supervision.handed import is_unread
from app.supervision.models import HandOver
from app.tasks.queries import my_tasks
from app.tasks.schemas import TaskRow
from app.tasks.words import TaskKind
from app.transformation.claim_queries import visible_claims
from app.transformation.claim_service import SUBJECT as CLAIM
from app.transformation.models import Claim, TransformationPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDue:
    """A task that is due, and as much of the child it is about, if any, as the actor's role sees."""

    task: TaskRow
    child_id: UUID | None
    code: str | None
    given_name: str | None
    lives_as: PlacementKind | None
    lives_since: date | None
    about: str | None
    """The house or the family it is about, by name; also where it is about a child of that house."""
    children: int | None
    """How many children were handed over together, where it is reading about them."""


def tasks_due(db: Session, actor: Actor) -> list[TaskDue]:
    """What the actor has to do: overdue, now and within a week, the earliest first; and the note of the listing.

    Three statements at most. A volunteer gets the first name only. A task about a child whom the actor does not see
    (one who was given to another district, or restricted) is left out, unless it is answered without opening the file.
    """
    require(actor, Permission.TASKS_READ)
    tasks = my_tasks(db, actor)
    if not tasks:
        return []
    children = {task.child for task in tasks if task.child}
    others = {task.subject for task in tasks if task.child is None or task.subject_kind in NAMED_BESIDE}
    statement = _about(actor) if others else _children(actor)
    found = {row.id: row for row in db.execute(statement, {"ids": list(children | others)}).all()}
    due = [_due(task, found.get(task.child) if task.child else None, found.get(task.subject)) for task in tasks]
    shown = [one for one in due if one.child_id is not None or one.task.child is None or one.task.kind in CLOSED_FILE]
    named = list(dict.fromkeys(row.person for row in found.values() if row.person is not None))
    listed = RecordsListed(what="tasks due", filter={}, rows=len(shown), ids=named)
    record(db, actor, listed, area_code=actor.area.lo)
    return shown


@kept
def _children(actor: Actor) -> Select[Any]:
    """Children by their ids. `person` is the record of which the listing tells somebody's name or code."""
    view = view_of(actor)
    return _one(
        Child.id,
        person=Child.id,
        code=Child.code if view > View.TASK else null(),
        given_name=Child.given_name if view is not View.CODED else null(),
        lives_as=Child.lives_as if view > View.TASK else null(),
        lives_since=Child.lives_since if view > View.TASK else null(),
    ).where(Child.id == func.any(_IDS), visible_children(actor))


@kept
def _about(actor: Actor) -> CompoundSelect[Any]:
    """The same, and by what tasks are about the names of houses and families, and how many children.

    Most days hold nothing but children, and ask for these alone.
    """
    plan, claim, family, post = TransformationPlan, Claim, FosterFamily, HandOver.to_post_id
    return union_all(
        _children(actor),
        _one(CaseTransfer.id, person=CaseTransfer.child_id, code=CaseTransfer.child_code).where(
            CaseTransfer.id == func.any(_IDS), visible_transfers(actor)
        ),
        _one(claim.id, about=Institution.name)
        .join(Institution, Institution.id == claim.institution_id)
        .where(claim.id == func.any(_IDS), visible_claims(actor)),
        _one(plan.id, about=Institution.name)
        .join(Institution, Institution.id == plan.institution_id)
        .where(plan.id == func.any(_IDS), visible_institutions(actor)),
        _one(family.id, person=Household.id, about=Household.head_name + ", " + Household.code)
        .join(Household, Household.id == family.household_id)
        .where(family.id == func.any(_IDS), visible_households(actor)),
        _one(post, children=func.count(HandOver.child_id.distinct()))
        .join(Child, Child.id == HandOver.child_id)
        .where(post == func.any(_IDS), is_unread(actor.post_id), visible_children(actor))
        .group_by(post),
    )


def _one(key: Any, **known: Any) -> Select[Any]:
    """The columns of what a task is about, those that are not known left empty."""
    return select(key, *(cast(known.get(name, null()), kind).label(name) for name, kind in _KNOWN.items()))


_IDS = bindparam("ids", type_=ARRAY(Uuid))
_KNOWN: dict[str, Any] = {
    "person": Uuid,
    "code": String,
    "given_name": String,
    "lives_as": String,
    "lives_since": Date,
    "about": String,
    "children": Integer,
}


NAMED_BESIDE = frozenset({CLAIM, TRANSFER})
"""What a task about a child names beside the child: the house that reported, the code of a child who is offered."""

CLOSED_FILE = frozenset(
    {TaskKind.ACCEPT_TRANSFER, TaskKind.ANSWER_DUPLICATE, TaskKind.READ_DUPLICATE, TaskKind.CHECK_CLAIM}
)
"""What is answered on a page of its own, which shows as much of the child as its question needs."""


def _due(task: TaskRow, child: Row[Any] | None, subject: Row[Any] | None) -> TaskDue:
    return TaskDue(
        task=task,
        child_id=child.id if child else None,
        # Of a child whose case is offered to the reader's district, the transfer tells the code and no more.
        code=child.code if child else subject.code if subject else None,
        given_name=child.given_name if child else None,
        lives_as=PlacementKind(child.lives_as) if child and child.lives_as else None,
        lives_since=child.lives_since if child else None,
        about=subject.about if subject else None,
        children=subject.children if subject else None,
    )
