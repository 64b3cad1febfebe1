"""What was handed over to a post, and that it was read.

Children who are handed over together bear the same moment, and whoever takes them on has one task for all of them.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.schemas import shown_name
from app.children.work import child_to_read
from app.core import clock
from app.people.models import Account, Appointment
from app.supervision.events import HandOverRead
from app.supervision.models import HandOver
from app.supervision.schemas import ChildHanded, HandedOver, HandOverRow, ReadUntil
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.rules import DAYS_TO_READ
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_read, complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

ONE, MANY = "hand_over", "post"
"""What the task to read belongs to: the note of one child, or the post to which many were given."""
MOST_NOTES = 100


def plan_reading_of_one(
    db: Session, actor: Actor, post_id: UUID, note_id: UUID, child_id: UUID, area_code: int
) -> None:
    """Reading the note of one child is a task about that child, and goes with it."""
    plan = _plan(post_id, area_code, f"/children/{child_id}/hand-overs")
    plan_tasks(db, actor, [plan], subject_kind=ONE, subject_id=note_id, child_id=child_id)


def plan_reading_of_many(db: Session, actor: Actor, post_id: UUID) -> None:
    """Reading what came with many children is one task of the post, also where more come before it is done."""
    waits = exists().where(Task.subject_id == post_id, Task.kind == TaskKind.READ_HANDOVER.value, IS_OPEN)
    if db.scalar(select(waits)):
        return
    plan = _plan(post_id, actor.area.lo, "/hand-overs")
    plan_tasks(db, actor, [plan], subject_kind=MANY, subject_id=post_id, child_id=None)


def _plan(post_id: UUID, area_code: int, path: str) -> TaskPlan:
    return TaskPlan(
        kind=TaskKind.READ_HANDOVER,
        due_on=clock.days_ahead(DAYS_TO_READ),
        tolerance_days=0,
        post_id=post_id,
        area_code=area_code,
        path=path,
    )


# What a post has to read


def is_unread(post_id: Any) -> ColumnElement[bool]:
    """The condition that a note waits for a post that still has the child; asked together with `Child`."""
    return and_(
        HandOver.read_at.is_(None), HandOver.to_post_id == post_id, Child.responsible_post_id == HandOver.to_post_id
    )


def handed_to_me(db: Session, actor: Actor) -> list[HandedOver]:
    """What was handed over to the actor's post and not read yet, the newest first; noted as listed.

    What is found here to be nothing any more, because the children went on, is no task any more either.
    """
    require(actor, Permission.CASES_WRITE)
    columns: list[Any] = [
        HandOver.created_at.label("at"),
        _held_then(HandOver.from_post_id).label("from_holder"),
        HandOver.note,
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
    ]
    rows = db.execute(
        select(*columns)
        .join(Child, Child.id == HandOver.child_id)
        .where(is_unread(actor.post_id), visible_children(actor))
        .order_by(HandOver.created_at.desc(), Child.given_name, Child.family_name, Child.id)
    ).all()
    listed = RecordsListed(what="hand-overs", filter={}, rows=len(rows), ids=[row.id for row in rows])
    record(db, actor, listed, area_code=actor.area.lo)
    if not rows:
        drop_tasks_of(db, actor.post_id, TaskKind.READ_HANDOVER)
    return [
        HandedOver(
            at=at,
            from_holder=from_holder,
            note=note,
            children=[
                ChildHanded(id=row.id, code=row.code, name=shown_name(row.given_name, row.family_name, row.code))
                for row in together
            ],
        )
        for (at, from_holder, note), together in groupby(rows, key=lambda row: (row.at, row.from_holder, row.note))
    ]


def read_handed_to_me(db: Session, actor: Actor, command: ReadUntil) -> int:
    """Notes that the worker has read what was handed over to their post until a moment; returns how much was new."""
    require(actor, Permission.CASES_WRITE)
    unread = db.execute(
        select(HandOver.id, HandOver.child_id, Child.area_code)
        .join(Child, Child.id == HandOver.child_id)
        .where(is_unread(actor.post_id), visible_children(actor), HandOver.created_at <= command.until)
        .order_by(HandOver.id)
        .with_for_update(of=HandOver)
    ).all()
    _read(db, actor, {note.id: (note.child_id, note.area_code) for note in unread})
    _end_if_all_read(db, actor)
    return len(unread)


def read_hand_overs(db: Session, actor: Actor, child_id: UUID) -> int:
    """Notes that the worker has read what was handed over with a child; returns how many notes were new.

    Whoever has the child now reads also what a worker before them has not read.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_read(db, actor, child_id)
    wanted = select(HandOver.id).where(HandOver.child_id == child_id, HandOver.read_at.is_(None))
    if child.responsible_post_id != actor.post_id:
        wanted = wanted.where(HandOver.to_post_id == actor.post_id)
    unread = db.scalars(wanted).all()
    _read(db, actor, dict.fromkeys(unread, (child_id, child.area_code)))
    _end_if_all_read(db, actor)
    return len(unread)


def _read(db: Session, actor: Actor, notes: Mapping[UUID, tuple[UUID, int]]) -> None:
    """Notes each as read, by its id with the child and the child's area; the log holds a line for each child."""
    if not notes:
        return
    db.execute(update(HandOver).where(HandOver.id.in_(notes)).values(read_at=clock.now(), read_by=actor.account_id))
    complete_read(db, notes.keys(), TaskKind.READ_HANDOVER)
    for note_id, (child_id, area_code) in notes.items():
        record(db, actor, HandOverRead(hand_over=note_id), subject_id=child_id, area_code=area_code)


def _end_if_all_read(db: Session, actor: Actor) -> None:
    unread = select(HandOver.id).join(Child, Child.id == HandOver.child_id).where(is_unread(actor.post_id)).limit(1)
    if db.scalar(unread) is None:
        complete_tasks_of(db, actor.post_id, TaskKind.READ_HANDOVER, done_by_id=actor.post_id)


# One child


def hand_overs_of(db: Session, child_id: UUID) -> list[HandOverRow]:
    """The hand-overs of a child whom the caller has opened, newest first."""
    columns: list[Any] = [
        HandOver.id,
        HandOver.created_at.label("at"),
        _held_then(HandOver.from_post_id).label("from_holder"),
        _held_then(HandOver.to_post_id).label("to_holder"),
        HandOver.note,
        HandOver.read_at,
    ]
    statement = select(*columns).where(HandOver.child_id == child_id)
    rows = db.execute(statement.order_by(HandOver.created_at.desc(), HandOver.id.desc()).limit(MOST_NOTES))
    return [HandOverRow.model_validate(row) for row in rows]


def _held_then(post_id: Any) -> ColumnElement[str | None]:
    """Who held a post when a child was handed over; whoever took or covers it since is not named."""
    handed_on = cast(func.timezone("Africa/Kigali", HandOver.created_at), Date)
    return (
        select(func.string_agg(Account.display_name, ", "))
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.post_id == post_id, Appointment.created_at <= HandOver.created_at)
        .where(Appointment.starts_on <= handed_on, or_(Appointment.ends_on.is_(None), Appointment.ends_on > handed_on))
        .correlate(HandOver)
        .scalar_subquery()
    )
