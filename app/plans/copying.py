"""What a new version of a plan takes over from the one in force: goals and all that is still to be done."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core.ids import new_id
from app.plans.models import PlanAction, PlanGoal, SupportPackage

_NOT_COPIED = {"id", "created_at", "created_by", "version", "digest", "plan_id", "origin_id"}


def copy_content(db: Session, actor: Actor, from_id: UUID, to_id: UUID) -> None:
    """Copies open and reached goals, open actions and planned packages; each copy knows its origin."""
    goals = _copy(db, actor, PlanGoal, from_id, to_id, ("open", "reached"))
    _copy(db, actor, PlanAction, from_id, to_id, ("open",), goals)
    _copy(db, actor, SupportPackage, from_id, to_id, ("planned",))


def _copy(
    db: Session,
    actor: Actor,
    table: type[Any],
    from_id: UUID,
    to_id: UUID,
    states: tuple[str, ...],
    goals: dict[UUID, UUID] | None = None,
) -> dict[UUID, UUID]:
    """Copies the rows of a table in some states; returns the new id of each."""
    columns = [column for column in table.__table__.columns if column.name not in _NOT_COPIED]
    rows = db.execute(
        select(table.__table__.c.id, *columns)
        .where(table.plan_id == from_id, table.state.in_(states))
        .order_by(table.id)
    ).all()
    ids = {row.id: new_id() for row in rows}
    copies = [
        {column.name: getattr(row, column.name) for column in columns}
        | {"id": ids[row.id], "plan_id": to_id, "origin_id": row.id, "created_by": actor.account_id}
        for row in rows
    ]
    if goals is not None:
        copies = [copy | {"goal_id": goals.get(copy["goal_id"])} for copy in copies]
    if copies:
        db.execute(insert(table).values(copies))
    return ids
