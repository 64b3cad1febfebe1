"""What sheets read beyond the reads of the domains."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.models import Case
from app.children.models import Child
from app.children.queries import visible_children
from app.children.rules import initials
from app.children.schemas import ChildFile
from app.record.queries import other_names_of, read_group
from app.record.schemas import ParentsPart
from app.record.words import RecordGroup
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tracing.queries import relatives_of
from app.visits.models import Visit

MOST_IN_CASELOAD = 200


def caseload_rows(db: Session, actor: Actor, post_id: UUID) -> list[Row[Any]]:
    """The children of a post whom the actor sees: code, name, birth, where they live, risk, last seen, next due."""
    last_seen = select(func.max(Visit.visited_on)).where(Visit.child_id == Child.id, Visit.child_seen)
    next_due = select(func.min(Task.due_on)).where(Task.child_id == Child.id, Task.post_id == post_id, IS_OPEN)
    columns: list[Any] = [
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
        Child.born_on,
        Child.birth_precision,
        Child.lives_as,
        Child.lives_since,
        Case.state.label("case_state"),
        Case.risk,
        last_seen.scalar_subquery().label("last_seen_on"),
        next_due.scalar_subquery().label("next_due_on"),
    ]
    statement = (
        select(*columns)
        .outerjoin(Case, (Case.child_id == Child.id) & Case.closed_on.is_(None))
        .where(visible_children(actor), Child.responsible_post_id == post_id)
        .order_by(Child.code)
        .limit(MOST_IN_CASELOAD)
    )
    return list(db.execute(statement))


def own_names(db: Session, child_ids: Sequence[UUID]) -> list[tuple[list[str], str, str]]:
    """For children whose sheet is made: every name of each, to be left out of it; the code; the initials."""
    others = other_names_of(db, list(child_ids))
    columns: list[Any] = [Child.id, Child.code, Child.given_name, Child.family_name]
    rows = db.execute(select(*columns).where(Child.id.in_(child_ids)).order_by(Child.code))
    return [
        (
            [
                f"{row.given_name} {row.family_name}",
                row.given_name,
                row.family_name,
                *(name for _kind, name in others.get(row.id, [])),
            ],
            row.code,
            initials(row.given_name, row.family_name),
        )
        for row in rows
    ]


def kin_names(db: Session, child: ChildFile) -> list[tuple[list[str], str]]:
    """The names of those around a child, whose names would say whose sheet it is, each with its initials.

    Relatives, parents, and the head of the household; two statements.
    """
    parents = read_group(db, child.id, RecordGroup.PARENTS, ParentsPart)
    names = [relative.name for relative in relatives_of(db, child.id)]
    names += filter(None, (parents.mother_name, parents.father_name, child.household_name))
    return [([name], " ".join(initials(part, "") for part in name.split())) for name in names]
