"""The verbs on duplicates: ask, answer, join, part."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.scope import hand_over
from app.approvals.models import Approval
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.duplicates import duplicates_of, keep_findable
from app.children.matching import explain
from app.children.models import Child
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import create_once
from app.core.schemas import Create
from app.finding.events import ChildrenJoined, ChildrenParted, DuplicateAnswered, DuplicateAsked, JoinAsked
from app.finding.models import ChildJoin, DuplicateQuestion
from app.finding.queries import ids_in_reach, owner_of, said_to_be_same
from app.finding.rules import agreed_at_once
from app.finding.schemas import AnswerQuestion, AskDuplicate, JoinRecords, Keep, PartRecords
from app.finding.words import JoinState
from app.people.models import Post
from app.placements.models import Placement
from app.places.models import Place
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "duplicate_question"
DAYS_TO_ANSWER = 7
"""A proposal of the programme: a week to look into one's own file."""
_DISTRICT = 1_000_000


# Asking the worker of another record


def ask_duplicate(db: Session, actor: Actor, child_id: UUID, command: AskDuplicate) -> tuple[UUID, bool]:
    """Asks the worker of a likely record in another district; returns the question's id and whether it is new.

    Raises `FieldError` for a record that is not among the likely ones, or that the actor may open.
    """
    require(actor, Permission.CHILDREN_REGISTER)
    child = child_to_work_on(db, actor, child_id)
    made = db.get(DuplicateQuestion, command.id) if command.id else None
    if made is not None:
        return _the_same_again(actor, made, command), False
    _nothing_asked_yet(db, child_id, command.other)
    candidate = next((one for one in duplicates_of(db, actor, child_id) if one.id == command.other), None)
    owner = owner_of(db, command.other)
    if candidate is None or owner is None:
        raise FieldError("other", _("Choose one of the records that may be of the same child"))
    if candidate.in_reach:
        raise FieldError("other", _("You may open this record yourself: look whether it is the same child"))
    to_post = owner.post or _supervisors_post(db, owner.district)
    area_code = owner.district * _DISTRICT
    question_id, is_new = create_once(
        db,
        DuplicateQuestion,
        actor,
        command,
        child_id=child_id,
        other_child_id=command.other,
        other_code=candidate.code,
        told=_told(db, child),
        reasons=explain(candidate.reasons),
        note=command.note,
        asked_by_post_id=actor.post_id,
        asked_from_area=child.area_code,
        to_post_id=to_post,
        area_code=area_code,
    )
    if is_new:
        plan = TaskPlan(
            kind=TaskKind.ANSWER_DUPLICATE,
            due_on=clock.days_ahead(DAYS_TO_ANSWER),
            tolerance_days=0,
            post_id=to_post,
            area_code=area_code,
            path=f"/duplicate-questions/{question_id}",
        )
        plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=question_id, child_id=command.other)
        event = DuplicateAsked(question=question_id, other=command.other)
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    return question_id, is_new


def _the_same_again(actor: Actor, made: DuplicateQuestion | ChildJoin, command: Create) -> UUID:
    """The id of what the same command made before: once joined, the other record is not there to be asked about."""
    if made.digest != command.digest() or made.created_by != actor.account_id:
        raise Conflict(_("Something else is already recorded under this id"))
    return made.id


def _nothing_asked_yet(db: Session, child_id: UUID, other: UUID) -> None:
    asked = select(DuplicateQuestion.id).where(
        DuplicateQuestion.child_id == child_id,
        DuplicateQuestion.other_child_id == other,
        DuplicateQuestion.answer.is_(None),
    )
    if db.scalar(asked) is not None:
        raise Conflict(_("This was asked already, and nobody has answered yet"))


def _supervisors_post(db: Session, district: int) -> UUID | None:
    """Who answers for a record that nobody is responsible for."""
    wanted = select(Post.id).where(Post.role == Role.DISTRICT_SUPERVISOR.value, Post.place_code == district)
    return db.scalar(wanted.where(Post.closed_on.is_(None)).order_by(Post.id).limit(1))


def _told(db: Session, child: ChildAtWork) -> dict[str, Any]:
    origin, district = select(Place.path), select(Place.name)
    code = select(Child.origin_place_code).where(Child.id == child.id).scalar_subquery()
    return {
        "name": child.name,
        "sex": child.sex,
        "born_on": child.born_on.isoformat() if child.born_on else None,
        "birth_precision": child.birth_precision,
        "origin": db.scalar(origin.where(Place.code == code)),
        "district": db.scalar(district.where(Place.code == child.area_code // _DISTRICT)),
    }


def answer_question(db: Session, actor: Actor, question_id: UUID, command: AnswerQuestion) -> None:
    """Says whether it is the same child; the asker is told. Raises `Conflict` where it was answered before."""
    require(actor, Permission.CASES_WRITE)
    question = db.scalar(
        select(DuplicateQuestion)
        .where(DuplicateQuestion.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if question is None:
        raise NotFound
    opens = ids_in_reach(db, actor, question.child_id, question.other_child_id)
    if not opens:
        raise NotFound
    if question.other_child_id not in opens:
        raise Forbidden(_("The worker of the other record answers this"))
    other = child_to_work_on(db, actor, question.other_child_id)
    if question.answer is not None:
        raise Conflict(_("This was answered already"))
    question.answer, question.answer_note = command.answer.value, command.note
    question.answered_at, question.answered_by = clock.now(), actor.account_id
    question.version += 1
    db.flush()
    complete_tasks_of(db, question_id, TaskKind.ANSWER_DUPLICATE, done_by_id=question_id)
    told = TaskPlan(
        kind=TaskKind.READ_DUPLICATE,
        due_on=clock.days_ahead(DAYS_TO_ANSWER),
        tolerance_days=0,
        post_id=question.asked_by_post_id,
        area_code=question.asked_from_area,
        path=f"/duplicate-questions/{question_id}",
    )
    plan_tasks(db, actor, [told], subject_kind=SUBJECT, subject_id=question_id, child_id=question.child_id)
    event = DuplicateAnswered(question=question_id, answer=command.answer.value)
    record(db, actor, event, subject_id=other.id, area_code=other.area_code)
    record(db, actor, event, subject_id=question.child_id, area_code=question.asked_from_area)


# Joining


def join_records(db: Session, actor: Actor, child_id: UUID, command: JoinRecords) -> tuple[UUID, bool]:
    """Asks to join two records of one child, or joins them where the actor alone decides; its id, and whether new.

    A supervisor joins two records of the own district. A worker asks; the supervisor of each district concerned agrees.
    A record in another district must have been said to be the same child by its worker.
    """
    require(actor, Permission.CHILDREN_REGISTER)
    child = child_to_work_on(db, actor, child_id)
    made = db.get(ChildJoin, command.id) if command.id else None
    if made is not None:
        return _the_same_again(actor, made, command), False
    other = _other_side(db, actor, child_id, command.other)
    near, far = child.area_code // _DISTRICT, other.district
    agreement = agreed_at_once(actor, near, far)
    this_first = command.keep is Keep.THIS
    kept_id, joined_id = (child_id, command.other) if this_first else (command.other, child_id)
    kept_code, joined_code = (child.code, other.code) if this_first else (other.code, child.code)
    _may_become_one(db, kept_id, joined_id)
    join_id, is_new = create_once(
        db,
        ChildJoin,
        actor,
        command,
        kept_id=kept_id,
        joined_id=joined_id,
        kept_code=kept_code,
        joined_code=joined_code,
        reason=command.reason,
        asked_by_post_id=actor.post_id,
        near_area=near * _DISTRICT,
        far_area=far * _DISTRICT if far != near else None,
        far_side_id=new_id() if far != near else None,
        near_agreed=agreement.near,
        far_agreed=agreement.far,
    )
    if not is_new:
        return join_id, False
    for one in (child_id, command.other):
        event = JoinAsked(join=join_id, kept=kept_code, joined=joined_code)
        record(db, actor, event, subject_id=one, area_code=near * _DISTRICT)
    join = db.get_one(ChildJoin, join_id)
    if agreement.complete:
        _perform(db, actor, join)
        return join_id, True
    path = f"/joins/{join_id}"
    if not agreement.near:
        ask_approval(
            db, actor, ApprovalKind.MERGE, join_id, path=path, area_code=near * _DISTRICT, child_id=child_id,
            note=command.reason,
        )  # fmt: skip
    if not agreement.far and join.far_side_id is not None:
        ask_approval(
            db, actor, ApprovalKind.MERGE, join.far_side_id, path=path, area_code=far * _DISTRICT,
            child_id=command.other, note=command.reason,
        )  # fmt: skip
    return join_id, True


def _other_side(db: Session, actor: Actor, child_id: UUID, other_id: UUID) -> Any:
    owner = owner_of(db, other_id) if other_id != child_id else None
    if owner is None or not (ids_in_reach(db, actor, other_id) or said_to_be_same(db, child_id, other_id)):
        raise FieldError("other", _("Choose a record that you may open, or that its worker says is the same child"))
    return owner


def _may_become_one(db: Session, kept_id: UUID, joined_id: UUID) -> None:
    """Raises `Conflict` with what to do first, where it can be seen already that two records cannot become one."""
    both = (kept_id, joined_id)
    waiting = or_(ChildJoin.joined_id.in_(both), ChildJoin.kept_id.in_(both))
    if db.scalar(select(ChildJoin.id).where(waiting, ChildJoin.state == JoinState.ASKED.value).limit(1)):
        raise Conflict(_("One of the two records waits already to be joined: have that decided first"))
    if db.scalar(
        select(ChildJoin.id).where(ChildJoin.kept_id == joined_id, ChildJoin.state == JoinState.JOINED.value).limit(1)
    ):
        raise Conflict(_("Another record was joined into this one: keep this one, or part those two first"))
    stays = db.execute(
        select(Placement.child_id, Placement.started_on, Placement.ended_on)
        .where(Placement.child_id.in_(both))
        .order_by(Placement.started_on)
    ).all()
    for here in stays:
        for there in stays:
            if here.child_id == kept_id and there.child_id == joined_id and _overlap(here, there):
                raise Conflict(_overlapping() % {"day": max(here.started_on, there.started_on).isoformat()})


def _overlap(one: Any, other: Any) -> bool:
    return (other.ended_on is None or one.started_on < other.ended_on) and (
        one.ended_on is None or other.started_on < one.ended_on
    )


def _overlapping() -> str:
    return _(
        "Both records say where the child lived on %(day)s. End or correct the placement in the record that is "
        "joined, so that only one says where the child was, then join them"
    )


def _perform(db: Session, actor: Actor, join: ChildJoin) -> None:
    db.flush()
    try:
        with db.begin_nested():
            db.execute(select(func.join_children(join.id, clock.today())))
    except DBAPIError as error:
        if violated(error) == "ex_placements_one_residence":
            raise Conflict(
                _("Both records say where the child lived at one time. End or correct one of the two placements first")
            ) from error
        if getattr(error.orig, "sqlstate", None) == "55006":
            raise Conflict(
                _(
                    "Each record is decided together with other brothers and sisters. Take one of the two out of its "
                    "group first, so that it is clear with whom the child belongs"
                )
            ) from error
        if getattr(error.orig, "sqlstate", None) == "55000":
            raise Conflict(_("One of the two records was joined with another one meanwhile")) from error
        raise
    db.expire_all()
    event = ChildrenJoined(join=join.id, kept=join.kept_code, joined=join.joined_code, rows=len(join.moved))
    for one in (join.kept_id, join.joined_id):
        record(db, actor, event, subject_id=one, area_code=join.near_area)


def _after_decision(db: Session, actor: Actor, approval: Approval) -> None:
    """One side of a join has agreed or not: when all have, the records are joined."""
    wanted = or_(ChildJoin.id == approval.subject_id, ChildJoin.far_side_id == approval.subject_id)
    join = db.scalar(select(ChildJoin).where(wanted).with_for_update().execution_options(populate_existing=True))
    if join is None:
        raise NotFound
    if approval.state != ApprovalState.APPROVED.value:
        if join.state == JoinState.ASKED.value:
            join.state = JoinState.RETURNED.value
            join.version += 1
            db.flush()
        return
    if join.state != JoinState.ASKED.value:
        raise Conflict(_("The other side has not agreed: send this back"))
    if approval.subject_id == join.id:
        join.near_agreed = True
    else:
        join.far_agreed = True
    join.version += 1
    db.flush()
    if join.near_agreed and join.far_agreed:
        _perform(db, actor, join)


def part_records(db: Session, actor: Actor, join_id: UUID, command: PartRecords) -> None:
    """Parts two joined records: every entry that had moved goes back, what was written since stays with the kept one.

    Raises `Conflict` where they are not joined.
    """
    require(actor, Permission.CHILDREN_MERGE)
    join = db.scalar(
        select(ChildJoin).where(ChildJoin.id == join_id).with_for_update().execution_options(populate_existing=True)
    )
    if join is None or not ids_in_reach(db, actor, join.kept_id, join.joined_id):
        raise NotFound
    if join.state != JoinState.JOINED.value:
        raise Conflict(_("These records are not joined"))
    kept = child_to_work_on(db, actor, join.kept_id)
    if kept.area_code not in actor.area:
        raise Forbidden(_("The supervisor of the district in which the child lives parts the records"))
    join.parting_reason = command.reason
    db.flush()
    # Where the child lived by the other record, the kept one leaves this district with the parting.
    hand_over(db, join.kept_id)
    with db.begin_nested():
        db.execute(select(func.part_children(join.id)))
    db.expire_all()
    # By what the record says now: its names may have been changed since.
    keep_findable(db.get_one(Child, join.kept_id))
    db.flush()
    event = ChildrenParted(join=join.id, kept=join.kept_code, joined=join.joined_code)
    for one in (join.kept_id, join.joined_id):
        record(db, actor, event, subject_id=one, area_code=join.near_area)


on_decision(ApprovalKind.MERGE, _after_decision)
