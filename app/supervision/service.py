"""The verbs of supervision: reassign, cover, hold a conference."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.cases.queries import open_case_id
from app.children.models import Child
from app.children.oversight import assignable_posts
from app.children.queries import visible_children
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import create_once
from app.people.models import Appointment, Post
from app.supervision.events import (
    ChildHandedOver,
    ConferenceActionDone,
    ConferenceActionReopened,
    ConferenceHeld,
    CoverEnded,
    PostCovered,
)
from app.supervision.handed import plan_reading_of_many, plan_reading_of_one
from app.supervision.models import Conference, ConferenceAction, HandOver
from app.supervision.queries import colleagues, worker_posts
from app.supervision.rules import check_conference, check_cover
from app.supervision.schemas import ActionGiven, ConferenceRecord, Cover, Reassign
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, give_tasks, plan_tasks
from app.tasks.words import TaskKind

ACTION = "conference_action"


def reassign(db: Session, actor: Actor, post_id: UUID, command: Reassign) -> int:
    """Gives children of a post to another post of the district, with one note for whoever goes on; returns how many.

    Their open tasks go with them, and reading the note becomes a task: one, however many children go. All of them go,
    or none: raises `FieldError` on `children` where one of them is not in this caseload any more, and on `post` for a
    post that carries none.
    """
    require(actor, Permission.CASELOADS_MANAGE)
    if command.post == post_id:
        raise FieldError("post", _("The children are with this post already"))
    if command.post not in {post.id for post in assignable_posts(db, actor)}:
        raise FieldError("post", _("Choose a worker of your district"))
    if db.scalar(select(Post.id).where(Post.id == post_id, worker_posts(actor))) is None:
        raise NotFound
    wanted = list(dict.fromkeys(command.children))
    children = db.execute(
        select(Child.id, Child.area_code, Child.supervising_post_id)
        .where(Child.id.in_(wanted), Child.responsible_post_id == post_id, visible_children(actor))
        .order_by(Child.id)
        .with_for_update()
    ).all()
    if len(children) < len(wanted):
        raise FieldError("children", _("Some of these children are not in this caseload any more: look again"))
    ids = [child.id for child in children]
    db.execute(
        update(Child).where(Child.id.in_(ids)).values(responsible_post_id=command.post, version=Child.version + 1)
    )
    handed_at = clock.now()
    for child in children:
        note_id = new_id()
        db.execute(
            insert(HandOver).values(
                id=note_id,
                created_at=handed_at,
                created_by=actor.account_id,
                child_id=child.id,
                from_post_id=post_id,
                to_post_id=command.post,
                note=command.note,
            )
        )
        give_tasks(db, child.id, command.post)
        if len(children) == 1:
            plan_reading_of_one(db, actor, command.post, note_id, child.id, child.area_code)
        event = ChildHandedOver(from_post=post_id, to_post=command.post, hand_over=note_id)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    if len(children) > 1:
        plan_reading_of_many(db, actor, command.post)
    return len(ids)


def cover_post(db: Session, actor: Actor, post_id: UUID, command: Cover) -> UUID:
    """Lets a colleague of the district hold a post as well, from a day until a day; returns the appointment's id.

    Raises `FieldError` for days that are no leave and for somebody who works elsewhere, `Conflict` where the colleague
    holds the post already.
    """
    require(actor, Permission.CASELOADS_MANAGE)
    _own_post(db, actor, post_id)
    check_cover(command.starts_on, command.ends_on, today=clock.today())
    holds = exists().where(
        Appointment.post_id == post_id,
        Appointment.account_id == command.account,
        Appointment.starts_on < command.ends_on,
        Appointment.ends_on.is_(None) | (Appointment.ends_on > command.starts_on),
    )
    if db.scalar(select(holds)):
        raise Conflict(_("This colleague holds the post already in these days"))
    if command.account not in {one.id for one in colleagues(db, actor, post_id)}:
        raise FieldError("account", _("Choose a worker of your district"))
    appointment = Appointment(
        id=new_id(),
        created_by=actor.account_id,
        account_id=command.account,
        post_id=post_id,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    db.add(appointment)
    db.flush()
    event = PostCovered(account=command.account, starts_on=command.starts_on, ends_on=command.ends_on)
    record(db, actor, event, subject_id=post_id, area_code=actor.area.lo)
    return appointment.id


def end_cover(db: Session, actor: Actor, post_id: UUID, appointment_id: UUID) -> None:
    """Ends a cover today, before its day; an appointment without an end is no cover and stays."""
    require(actor, Permission.CASELOADS_MANAGE)
    _own_post(db, actor, post_id)
    today = clock.today()
    cover = db.scalars(
        select(Appointment)
        .where(Appointment.id == appointment_id, Appointment.post_id == post_id, Appointment.ends_on > today)
        .with_for_update()
    ).one_or_none()
    if cover is None:
        raise NotFound
    cover.ends_on = max(today, cover.starts_on)
    cover.version += 1
    record(db, actor, CoverEnded(account=cover.account_id), subject_id=post_id, area_code=actor.area.lo)
    db.flush()


def record_conference(db: Session, actor: Actor, child_id: UUID, command: ConferenceRecord) -> tuple[UUID, bool]:
    """Records the minutes of a case conference, and gives out what it agreed; returns its id and whether it is new."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    check_conference(command.held_on, today=clock.today())
    posts = {post.id for post in assignable_posts(db, actor)} if command.actions else set()
    for number, action in enumerate(command.actions):
        if action.post not in posts:
            raise FieldError(f"actions.{number}.post", _("Choose a worker of your district"))
        if action.due_on < command.held_on:
            raise FieldError(f"actions.{number}.due_on", _("This lies before the conference"))
    conference_id, is_new = create_once(
        db,
        Conference,
        actor,
        command,
        child_id=child_id,
        case_id=open_case_id(db, child_id),
        held_on=command.held_on,
        attended=command.attended,
        child_took_part=command.child_took_part,
        minutes=command.minutes,
    )
    if is_new:
        for action in command.actions:
            _give(db, actor, conference_id, child_id, child.area_code, action)
        event = ConferenceHeld(conference=conference_id, actions=len(command.actions))
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    return conference_id, is_new


def _give(db: Session, actor: Actor, conference_id: UUID, child_id: UUID, area_code: int, action: ActionGiven) -> None:
    action_id = new_id()
    db.execute(
        insert(ConferenceAction).values(
            id=action_id,
            created_by=actor.account_id,
            conference_id=conference_id,
            child_id=child_id,
            what=action.what,
            post_id=action.post,
            due_on=action.due_on,
        )
    )
    plan = _due(conference_id, action.post, action.due_on, area_code)
    plan_tasks(db, actor, [plan], subject_kind=ACTION, subject_id=action_id, child_id=child_id)


def _due(conference_id: UUID, post_id: UUID, due_on: date, area_code: int) -> TaskPlan:
    return TaskPlan(
        kind=TaskKind.CONFERENCE,
        due_on=due_on,
        tolerance_days=0,
        post_id=post_id,
        area_code=area_code,
        path=f"/conferences/{conference_id}",
    )


def do_action(db: Session, actor: Actor, action_id: UUID) -> UUID:
    """Marks what a conference agreed as done today; the post that has it may, and the supervisor.

    Returns the conference's id; what is done already stays as it is.
    """
    action, child = _own_action(db, actor, action_id)
    if action.done_on is None:
        action.done_on = clock.today()
        action.version += 1
        db.flush()
        complete_tasks_of(db, action_id, TaskKind.CONFERENCE, done_by_id=action_id)
        record(db, actor, ConferenceActionDone(action=action_id), subject_id=child.id, area_code=child.area_code)
    return action.conference_id


def reopen_action(db: Session, actor: Actor, action_id: UUID) -> UUID:
    """Says that what a conference agreed is not done after all; it is due again for the post that has it.

    Returns the conference's id; what is open stays as it is.
    """
    action, child = _own_action(db, actor, action_id)
    if action.done_on is not None:
        action.done_on = None
        action.version += 1
        db.flush()
        plan = _due(action.conference_id, action.post_id, action.due_on, child.area_code)
        plan_tasks(db, actor, [plan], subject_kind=ACTION, subject_id=action_id, child_id=child.id)
        record(db, actor, ConferenceActionReopened(action=action_id), subject_id=child.id, area_code=child.area_code)
    return action.conference_id


def _own_action(db: Session, actor: Actor, action_id: UUID) -> tuple[ConferenceAction, ChildAtWork]:
    require(actor, Permission.CASES_WRITE)
    action = db.get(ConferenceAction, action_id, with_for_update=True)
    if action is None:
        raise NotFound
    child = child_to_read(db, actor, action.child_id)
    if action.post_id != actor.post_id and not actor.may_ever(Permission.CASELOADS_MANAGE):
        raise Forbidden(_("Only the post that has this, or the supervisor, says that it is done"))
    return action, child


def _own_post(db: Session, actor: Actor, post_id: UUID) -> None:
    if db.scalar(select(Post.id).where(Post.id == post_id, worker_posts(actor))) is None:
        raise NotFound
