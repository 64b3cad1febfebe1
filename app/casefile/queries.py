"""Every read of the way home; each for a child whose file the caller has just opened."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.approvals.models import Approval
from app.approvals.words import ApprovalKind, ApprovalState
from app.casefile.rules import WayFacts
from app.cases.models import Case
from app.children.schemas import ChildFile
from app.placements.words import RESIDENTIAL_KINDS
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.words import TaskKind
from app.visits.models import Visit

_CHILD: Any = bindparam("child_id")


def way_facts(db: Session, child: ChildFile) -> WayFacts:
    """What the domains know of how far a child is, in one statement."""
    row = db.execute(_facts(), {"child_id": child.id}).one()
    residential = child.lives_as in RESIDENTIAL_KINDS
    return WayFacts(
        **row._mapping,  # noqa: SLF001 - SQLAlchemy's public way to a row's names
        residential=residential,
        in_family_since=child.lives_since if child.lives_as is not None and not residential else None,
    )


@cache
def _facts() -> Select[Any]:
    newest_case = select(Case.state).where(Case.child_id == _CHILD).order_by(Case.opened_on.desc(), Case.id.desc())
    return select(
        newest_case.limit(1).scalar_subquery().label("case_state"),
        _waits(ApprovalKind.CLOSURE).label("closing_asked"),
        _waits(ApprovalKind.ASSESSMENT).label("assessment_waits"),
        select(func.max(Visit.visited_on))
        .where(Visit.child_id == _CHILD, Visit.child_seen)
        .scalar_subquery()
        .label("last_seen_on"),
        select(func.min(Task.due_on))
        .where(Task.child_id == _CHILD, Task.kind == TaskKind.VISIT.value, IS_OPEN)
        .scalar_subquery()
        .label("visit_due_on"),
    )


def _waits(kind: ApprovalKind) -> Any:
    return exists().where(
        Approval.child_id == _CHILD,
        Approval.kind == kind.value,
        Approval.state == ApprovalState.REQUESTED.value,
    )
