"""Every read of questions and joins; what is shown of the other child depends on whether its file may be opened."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.service import record
from app.cases.queries import fellows_of
from app.children.duplicates import duplicates_of
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.work import ChildAtWork, child_to_read, child_to_work_on
from app.core.errors import Forbidden, NotFound
from app.finding.events import JoinOpened, QuestionOpened, RecordsCompared
from app.finding.models import ChildJoin, DuplicateQuestion
from app.finding.schemas import DuplicatesOverview, JoinDetail, JoinRow, QuestionDetail, QuestionRow, Told
from app.finding.words import DuplicateAnswer, JoinState
from app.people.models import Account
from app.places.models import Place
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

MOST_ROWS = 25


def overview(db: Session, actor: Actor, child_id: UUID) -> DuplicatesOverview:
    """Who may be the same as a child, what was asked about it, and joins; that it was looked for is noted."""
    require(actor, Permission.CHILDREN_REGISTER)
    child_to_read(db, actor, child_id)
    return DuplicatesOverview(
        candidates=duplicates_of(db, actor, child_id, siblings=_siblings(db, actor, child_id)),
        questions=questions_of(db, child_id),
        joins=joins_of(db, child_id),
    )


def _siblings(db: Session, actor: Actor, child_id: UUID) -> list[str]:
    # Twins of one mother are alike in all but the given name: their own group says that they are two.
    return [fellow.code for fellow in fellows_of(db, actor, child_id)]


def questions_of(db: Session, child_id: UUID) -> list[QuestionRow]:
    """What was asked from a child whom the caller has opened already, the newest first; one statement."""
    columns: list[Any] = [
        DuplicateQuestion.id,
        DuplicateQuestion.other_code,
        DuplicateQuestion.asked_at,
        DuplicateQuestion.answer,
        DuplicateQuestion.other_child_id.label("other"),
    ]
    rows = select(*columns).where(DuplicateQuestion.child_id == child_id)
    rows = rows.order_by(DuplicateQuestion.asked_at.desc(), DuplicateQuestion.id).limit(MOST_ROWS)
    return [QuestionRow.model_validate(row) for row in db.execute(rows)]


def joins_of(db: Session, child_id: UUID) -> list[JoinRow]:
    """Joins of a child whom the caller has opened already, the newest first; one statement."""
    columns: list[Any] = [
        ChildJoin.id,
        ChildJoin.kept_code,
        ChildJoin.joined_code,
        ChildJoin.state,
        ChildJoin.created_at.label("asked_at"),
    ]
    rows = select(*columns).where(or_(ChildJoin.kept_id == child_id, ChildJoin.joined_id == child_id))
    rows = rows.order_by(ChildJoin.created_at.desc(), ChildJoin.id).limit(MOST_ROWS)
    return [JoinRow.model_validate(row) for row in db.execute(rows)]


def open_question(db: Session, actor: Actor, question_id: UUID) -> QuestionDetail:
    """What `read_question` finds, and the note that it was read; reading the answer ends the asker's task."""
    found = read_question(db, actor, question_id)
    side = found.child or found.other
    record(db, actor, QuestionOpened(question=question_id), subject_id=side, area_code=found.area_code)
    if found.child is not None and found.answer is not None:
        complete_tasks_of(db, question_id, TaskKind.READ_DUPLICATE, done_by_id=question_id)
    return found


def read_question(db: Session, actor: Actor, question_id: UUID) -> QuestionDetail:
    """A question, for who may open one of the two records; raises `NotFound` for everybody else."""
    require(actor, Permission.CASES_READ)
    question = db.get(DuplicateQuestion, question_id, populate_existing=True)
    if question is None:
        raise NotFound
    opens = ids_in_reach(db, actor, question.child_id, question.other_child_id)
    if not opens:
        raise NotFound
    answers = question.other_child_id in opens
    return QuestionDetail(
        id=question.id,
        child=question.child_id if question.child_id in opens else None,
        other=question.other_child_id if answers else None,
        other_code=question.other_code,
        told=Told.model_validate(question.told),
        reasons=question.reasons,
        note=question.note,
        asked_by=_name_of(db, question.created_by),
        asked_at=question.asked_at,
        answer=DuplicateAnswer(question.answer) if question.answer else None,
        answer_note=question.answer_note,
        answered_at=question.answered_at,
        may_answer=question.answer is None and answers and _works_on(db, actor, question.other_child_id),
        to_join=question.other_child_id if question.answer == DuplicateAnswer.SAME.value else None,
        area_code=question.area_code if answers else question.asked_from_area,
    )


def _works_on(db: Session, actor: Actor, child_id: UUID) -> bool:
    if not actor.may_ever(Permission.CASES_WRITE):
        return False
    try:
        child_to_work_on(db, actor, child_id)
    except Forbidden:
        return False
    return True


def open_join(db: Session, actor: Actor, join_id: UUID) -> JoinDetail:
    """What `read_join` finds, and the note that it was read."""
    found = read_join(db, actor, join_id)
    record(db, actor, JoinOpened(join=join_id), subject_id=found.kept or found.joined, area_code=found.area_code)
    return found


def read_join(db: Session, actor: Actor, join_id: UUID) -> JoinDetail:
    """A join, for who may open one of the two records; raises `NotFound` for everybody else."""
    require(actor, Permission.CASES_READ)
    join = db.get(ChildJoin, join_id, populate_existing=True)
    if join is None:
        raise NotFound
    opens = ids_in_reach(db, actor, join.kept_id, join.joined_id)
    if not opens:
        raise NotFound
    merges = actor.may_ever(Permission.CHILDREN_MERGE) and join.kept_id in opens
    return JoinDetail(
        id=join.id,
        kept=join.kept_id if join.kept_id in opens else None,
        kept_code=join.kept_code,
        joined=join.joined_id if join.joined_id in opens else None,
        joined_code=join.joined_code,
        reason=join.reason,
        question=_question_about(db, join.kept_id, join.joined_id),
        state=JoinState(join.state),
        asked_by=_name_of(db, join.created_by),
        asked_at=join.created_at,
        far_district=_district(db, join.far_area),
        near_agreed=join.near_agreed,
        far_agreed=join.far_agreed,
        joined_at=join.joined_at,
        parted_at=join.parted_at,
        parting_reason=join.parting_reason,
        rows=len(join.moved),
        stayed=len(join.stayed),
        may_part=merges and join.state == JoinState.JOINED.value,
        version=join.version,
        area_code=join.near_area,
    )


def ids_in_reach(db: Session, actor: Actor, *child_ids: UUID) -> set[UUID]:
    """Those of some children whose whole record the actor may open; one statement."""
    if view_of(actor) is not View.WHOLE:
        return set()
    return set(db.scalars(select(Child.id).where(Child.id.in_(child_ids), visible_children(actor))))


def two_records(db: Session, actor: Actor, *child_ids: UUID) -> dict[UUID, Row[Any]]:
    """What is compared of records that the actor may open, for the page on which they are joined; one statement."""
    columns: list[Any] = [
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
        Child.sex,
        Child.born_on,
        Child.birth_precision,
        Child.registered_on,
        Child.lives_as,
        Child.lives_since,
        Place.path.label("origin_path"),
    ]
    rows: Select[Any] = select(*columns).outerjoin(Place, Place.code == Child.origin_place_code)
    rows = rows.where(Child.id.in_(child_ids), visible_children(actor))
    return {row.id: row for row in db.execute(rows)}


def overview_noted(db: Session, actor: Actor, child: ChildAtWork) -> None:
    """The note that a child's record was read beside another one."""
    record(db, actor, RecordsCompared(), subject_id=child.id, area_code=child.area_code)


def said_to_be_same(db: Session, one: UUID, other: UUID) -> bool:
    """Whether the worker of one of two records has said that they are one child."""
    said = DuplicateQuestion.answer == DuplicateAnswer.SAME.value
    return db.scalar(_questions_about(one, other).where(said).limit(1)) is not None


def _question_about(db: Session, one: UUID, other: UUID) -> UUID | None:
    newest = _questions_about(one, other).order_by(DuplicateQuestion.asked_at.desc(), DuplicateQuestion.id)
    found: UUID | None = db.scalar(newest.limit(1))
    return found


def _questions_about(one: UUID, other: UUID) -> Select[Any]:
    pairs = or_(
        (DuplicateQuestion.child_id == one) & (DuplicateQuestion.other_child_id == other),
        (DuplicateQuestion.child_id == other) & (DuplicateQuestion.other_child_id == one),
    )
    return select(DuplicateQuestion.id).where(pairs)


def kept_for_code(db: Session, code: str) -> list[UUID]:
    """The record into which the one of this code was joined; whether the actor may open it is asked by the caller."""
    wanted = select(ChildJoin.kept_id).where(ChildJoin.joined_code == code, ChildJoin.state == JoinState.JOINED.value)
    return list(db.scalars(wanted))


def owner_of(db: Session, child_id: UUID) -> Row[Any] | None:
    """Code, district, post and whether it is restricted, of a record in any district: for asking, not for showing."""
    owner = func.duplicate_owner(child_id).table_valued("code", "district", "post", "sealed")
    return db.execute(select(owner)).one_or_none()


def _name_of(db: Session, account_id: UUID | None) -> str | None:
    return db.scalar(select(Account.display_name).where(Account.id == account_id)) if account_id else None


def _district(db: Session, area_code: int | None) -> str | None:
    return db.scalar(select(Place.name).where(Place.code == area_code // 1_000_000)) if area_code else None
