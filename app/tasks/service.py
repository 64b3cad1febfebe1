"""What other domains do with tasks. They ask who may and record the event; a task is never an end in itself."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Date, case, cast, insert, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.core import clock
from app.core.ids import new_id
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.schemas import TaskPlan
from app.tasks.words import CancelReason, TaskKind

NOT_THE_WORKERS = frozenset({TaskKind.IZU_CHECK, TaskKind.ACCEPT_TRANSFER})
"""Tasks about a child that are not its worker's: they stay where they are when the worker changes."""

OUTLIVE_THE_CASE = frozenset({TaskKind.CHECK_CLAIM, TaskKind.ANSWER_DUPLICATE, TaskKind.READ_DUPLICATE})
"""Tasks about a child that are not part of its case, and go on when that is closed."""


def plan_tasks(
    db: Session,
    actor: Actor | None,
    plans: Sequence[TaskPlan],
    *,
    subject_kind: str,
    subject_id: UUID,
    child_id: UUID | None,
) -> None:
    """Plans the tasks of a subject, in one statement; without an actor it is the service itself that plans."""
    if not plans:
        return
    db.execute(
        insert(Task).values(
            [
                {
                    "id": new_id(),
                    "created_by": actor.account_id if actor else None,
                    "kind": plan.kind.value,
                    "subject_kind": subject_kind,
                    "subject_id": subject_id,
                    "child_id": child_id,
                    "post_id": plan.post_id,
                    "area_code": plan.area_code,
                    "due_on": plan.due_on,
                    "tolerance_days": plan.tolerance_days,
                    "path": plan.path,
                }
                for plan in plans
            ]
        )
    )


def complete_task(db: Session, task_id: UUID, *, done_on: date, done_by_id: UUID) -> None:
    """Marks a task as done on a day by a record; one that was cancelled is no longer."""
    db.execute(
        update(Task)
        .where(Task.id == task_id, Task.done_on.is_(None))
        .values(
            done_on=done_on,
            done_by_id=done_by_id,
            cancelled_on=None,
            cancel_reason=None,
            version=Task.version + 1,
        )
    )


def complete_tasks_of(
    db: Session,
    subject_id: UUID,
    kind: TaskKind,
    *,
    done_by_id: UUID,
    done_on: date | None = None,
    post_id: UUID | None = None,
) -> None:
    """Marks the open tasks of a kind of a subject as done by a record, today unless said otherwise.

    With `post_id` only those of that post, where nobody else's doing is the post's.
    """
    wanted = [Task.subject_id == subject_id, Task.kind == kind.value, IS_OPEN]
    if post_id is not None:
        wanted.append(Task.post_id == post_id)
    db.execute(
        update(Task)
        .where(*wanted)
        .values(done_on=done_on or clock.today(), done_by_id=done_by_id, version=Task.version + 1)
    )


def complete_read(db: Session, subject_ids: Collection[UUID], kind: TaskKind) -> None:
    """Marks the open tasks of a kind as done where the subject of each was read; one statement for all of them."""
    db.execute(
        update(Task)
        .where(Task.subject_id.in_(subject_ids), Task.kind == kind.value, IS_OPEN)
        .values(done_on=clock.today(), done_by_id=Task.subject_id, version=Task.version + 1)
    )


def drop_tasks_of(db: Session, subject_id: UUID, *kinds: TaskKind) -> None:
    """Cancels the open tasks of a subject that nobody needs any more: those of some kinds, or all of them."""
    wanted = update(Task).where(Task.subject_id == subject_id, IS_OPEN)
    if kinds:
        wanted = wanted.where(Task.kind.in_([kind.value for kind in kinds]))
    db.execute(
        wanted.values(cancelled_on=clock.today(), cancel_reason=CancelReason.NOT_NEEDED.value, version=Task.version + 1)
    )


def cancel_tasks(db: Session, subject_id: UUID, ended_on: date) -> None:
    """Ends the open tasks of a subject that ended: those whose time had passed by then as missed, the others not."""
    last_day = cast(Task.due_on + Task.tolerance_days, Date)
    db.execute(
        update(Task)
        .where(Task.subject_id == subject_id, IS_OPEN)
        .values(
            cancelled_on=ended_on,
            cancel_reason=case(
                (last_day < ended_on, CancelReason.MISSED.value), else_=CancelReason.PLACEMENT_ENDED.value
            ),
            version=Task.version + 1,
        )
    )


def give_tasks(db: Session, child_id: UUID, post_id: UUID | None) -> None:
    """Gives what is open about a child to another post, when its worker changes; light checks stay the village's."""
    db.execute(
        update(Task)
        .where(Task.child_id == child_id, Task.kind.not_in([kind.value for kind in NOT_THE_WORKERS]), IS_OPEN)
        .values(post_id=post_id, version=Task.version + 1)
    )


def stop_tasks_about(db: Session, child_id: UUID) -> int:
    """Cancels what is open about a child whose case ends, whoever's it is; returns how much that was.

    What is asked of an institution, or about two records being one child, goes on.
    """
    stopped = db.execute(
        update(Task)
        .where(Task.child_id == child_id, Task.kind.not_in([kind.value for kind in OUTLIVE_THE_CASE]), IS_OPEN)
        .values(cancelled_on=clock.today(), cancel_reason=CancelReason.NOT_NEEDED.value, version=Task.version + 1)
        .returning(Task.id)
    )
    return len(stopped.all())


def move_tasks(db: Session, child_id: UUID, area_code: int) -> None:
    """Says of what is open about a child that it is due elsewhere now; a volunteer's light checks stay."""
    db.execute(
        update(Task)
        .where(Task.child_id == child_id, Task.kind.not_in([kind.value for kind in NOT_THE_WORKERS]), IS_OPEN)
        .values(area_code=area_code, version=Task.version + 1)
    )
