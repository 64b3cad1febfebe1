"""Reads of supervision: the loads of a district, the children of a post, the conferences of a child."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import CASE_WORKERS
from app.approvals.models import Approval
from app.approvals.words import ApprovalState
from app.audit.service import record
from app.cases.models import Case
from app.cases.words import Risk, Tier
from app.children.models import Child
from app.children.queries import holders_of, visible_children
from app.children.schemas import shown_name
from app.children.work import child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.people.models import Account, Appointment, Post
from app.supervision.events import CaseloadRead, CaseloadsRead, ConferenceOpened
from app.supervision.models import Conference, ConferenceAction
from app.supervision.schemas import (
    Caseload,
    CaseloadChild,
    CaseloadRow,
    ConferenceActionRow,
    ConferenceRow,
    CoverRow,
)
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.words import TaskKind
from app.visits.models import Visit

MOST_CHILDREN = 100


def worker_posts(actor: Actor) -> ColumnElement[bool]:
    """The open posts of social workers and psychologists in the actor's district."""
    open_today = or_(Post.closed_on.is_(None), Post.closed_on > clock.today())
    return and_(Post.role.in_(sorted(CASE_WORKERS)), Post.place_code == actor.place_code, open_today)


def list_caseloads(db: Session, actor: Actor) -> list[CaseloadRow]:
    """The load of every worker's post of the district, the heaviest first; one statement, and noted."""
    require(actor, Permission.CASELOADS_MANAGE)
    rows = [CaseloadRow.model_validate(row) for row in db.execute(_loads(actor).where(worker_posts(actor)))]
    record(db, actor, CaseloadsRead(), area_code=actor.area.lo)
    return sorted(rows, key=lambda row: (-row.cases, -row.late, str(row.post)))


def open_caseload(db: Session, actor: Actor, post_id: UUID) -> Caseload:
    """One post and its children, what is late first; raises `NotFound` for a post of another district."""
    require(actor, Permission.CASELOADS_MANAGE)
    post = read_post(db, actor, post_id)
    today = clock.today()
    rows = db.execute(_children_of(actor, post_id)).all()
    record(db, actor, CaseloadRead(children=[row.id for row in rows]), subject_id=post_id, area_code=actor.area.lo)
    items = sorted((_child(row, today) for row in rows), key=_latest_first)
    return Caseload(post=post, items=items)


def read_post(db: Session, actor: Actor, post_id: UUID) -> CaseloadRow:
    """One post of the district with its load; raises `NotFound` for any other. The caller has its event to record."""
    post = db.execute(_loads(actor).where(worker_posts(actor), Post.id == post_id)).one_or_none()
    if post is None:
        raise NotFound
    return CaseloadRow.model_validate(post)


_RISKS = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2, None: 3}


def _latest_first(child: CaseloadChild) -> tuple[bool, int, date, str]:
    """What is late first, then by risk, then who was not seen for longest."""
    return not child.late, _RISKS[child.risk], child.last_seen_on or date.min, child.code


def unassigned_children(db: Session, actor: Actor) -> list[CaseloadChild]:
    """Children of the district who are in nobody's caseload, the longest waiting first."""
    statement = _child_rows(actor).where(Child.responsible_post_id.is_(None), Child.district_code == actor.place_code)
    today = clock.today()
    return [
        _child(row, today)
        for row in db.execute(statement.order_by(Child.created_at, Child.id).limit(MOST_CHILDREN)).all()
    ]


def _loads(actor: Actor) -> Select[Any]:
    today = clock.today()
    case_of = and_(Case.child_id == Child.id, Case.closed_on.is_(None), Case.tier == Tier.PROFESSIONAL.value)
    seen = (
        select(func.max(Visit.visited_on)).where(Visit.child_id == Child.id, Visit.child_seen).correlate(Child)
    ).scalar_subquery()
    per_child = (
        select(Child.responsible_post_id.label("post"), Case.id.label("case"), Case.risk, seen.label("seen_on"))
        .outerjoin(Case, case_of)
        .where(visible_children(actor), Child.responsible_post_id.is_not(None))
        .subquery()
    )
    has_case = per_child.c.case.is_not(None)
    by_post = (
        select(
            per_child.c.post,
            func.count().label("children"),
            *(func.count().filter(per_child.c.risk == risk.value).label(risk.value) for risk in Risk),
            func.count().filter(has_case, per_child.c.risk.is_(None)).label("unrated"),
            func.min(per_child.c.seen_on).filter(has_case).label("longest_unseen_on"),
            func.count().filter(has_case, per_child.c.seen_on.is_(None)).label("never_seen"),
        )
        .group_by(per_child.c.post)
        .subquery()
    )
    late = select(func.count(Task.id)).where(
        Task.post_id == Post.id, IS_OPEN, Task.due_on + Task.tolerance_days < today
    )
    late_visits = late.where(Task.kind == TaskKind.VISIT.value)
    asked = select(func.count(Approval.id)).where(
        Approval.asked_by_post_id == Post.id, Approval.state == ApprovalState.REQUESTED.value
    )
    columns: list[Any] = [
        Post.id.label("post"),
        Post.role,
        Post.title,
        holders_of(Post.id).label("holders"),
        *(func.coalesce(by_post.c[name], 0).label(name) for name in ("children", "high", "medium", "low")),
        func.coalesce(by_post.c.unrated, 0).label("unrated"),
        func.coalesce(by_post.c.never_seen, 0).label("never_seen"),
        by_post.c.longest_unseen_on,
        late.scalar_subquery().label("late"),
        late_visits.scalar_subquery().label("late_visits"),
        asked.scalar_subquery().label("approvals"),
    ]
    return select(*columns).outerjoin(by_post, by_post.c.post == Post.id)


def _child_rows(actor: Actor) -> Select[Any]:
    last_seen = select(func.max(Visit.visited_on)).where(Visit.child_id == Child.id, Visit.child_seen)
    last_day = Task.due_on + Task.tolerance_days
    next_due = select(last_day).where(Task.child_id == Child.id, IS_OPEN).order_by(last_day, Task.id).limit(1)
    columns: list[Any] = [
        Child.id,
        Child.code,
        Child.given_name,
        Child.family_name,
        Case.state.label("case_state"),
        Case.risk,
        last_seen.scalar_subquery().label("last_seen_on"),
        next_due.scalar_subquery().label("next_due_on"),
        next_due.with_only_columns(Task.kind).scalar_subquery().label("next_due"),
    ]
    return (
        select(*columns)
        .outerjoin(Case, and_(Case.child_id == Child.id, Case.closed_on.is_(None)))
        .where(visible_children(actor))
    )


def _children_of(actor: Actor, post_id: UUID) -> Select[Any]:
    wanted = _child_rows(actor).where(Child.responsible_post_id == post_id)
    return wanted.order_by(Child.lives_since.nulls_first(), Child.id).limit(MOST_CHILDREN)


def _child(row: Row[Any], today: date) -> CaseloadChild:
    return CaseloadChild(
        id=row.id,
        code=row.code,
        name=shown_name(row.given_name, row.family_name, ""),
        case_state=row.case_state,
        risk=row.risk,
        last_seen_on=row.last_seen_on,
        next_due=row.next_due,
        next_due_on=row.next_due_on,
        late=row.next_due_on is not None and row.next_due_on < today,
    )


# Covers


def covers_of(db: Session, post_id: UUID) -> list[CoverRow]:
    """Who covers a post today or later: appointments that end."""
    rows = db.execute(
        select(
            Appointment.id,
            Appointment.account_id.label("account"),
            Account.display_name.label("name"),
            Appointment.starts_on,
            Appointment.ends_on,
        )
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.post_id == post_id, Appointment.ends_on > clock.today())
        .order_by(Appointment.starts_on, Appointment.id)
    )
    return [CoverRow.model_validate(row) for row in rows]


def colleagues(db: Session, actor: Actor, post_id: UUID) -> list[Row[Any]]:
    """Those who may cover a post: who holds another worker's post of the district today, by id and name.

    Who holds the post itself for good is not among them.
    """
    today = clock.today()
    held = and_(Appointment.starts_on <= today, or_(Appointment.ends_on.is_(None), Appointment.ends_on > today))
    own = aliased(Appointment)
    holds_it = exists().where(
        own.account_id == Account.id, own.post_id == post_id, own.starts_on <= today, own.ends_on.is_(None)
    )
    return list(
        db.execute(
            select(Account.id, Account.display_name.label("name"))
            .join(Appointment, and_(Appointment.account_id == Account.id, held))
            .join(Post, Post.id == Appointment.post_id)
            .where(worker_posts(actor), Account.disabled_at.is_(None), ~holds_it)
            .distinct()
            .order_by(Account.display_name, Account.id)
        )
    )


# One child


def conferences_of(db: Session, actor: Actor, child_id: UUID) -> list[ConferenceRow]:
    """The case conferences of a child, newest first, with what each agreed; and the note that they were read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = db.scalars(
        select(Conference)
        .where(Conference.child_id == child_id)
        .order_by(Conference.held_on.desc(), Conference.id.desc())
        .limit(MOST_CHILDREN)
    ).all()
    actions = _actions(db, [conference.id for conference in found])
    record(db, actor, ConferenceOpened(conference=None), subject_id=child_id, area_code=child.area_code)
    return [_conference(conference, actions) for conference in found]


def open_conference(db: Session, actor: Actor, conference_id: UUID) -> ConferenceRow:
    """One conference; raises `NotFound` where the child is out of reach."""
    require(actor, Permission.CASES_READ)
    found = db.get(Conference, conference_id)
    if found is None:
        raise NotFound
    child = child_to_read(db, actor, found.child_id)
    opened = ConferenceOpened(conference=conference_id)
    record(db, actor, opened, subject_id=child.id, area_code=child.area_code)
    return _conference(found, _actions(db, [found.id]))


def _conference(conference: Conference, actions: dict[UUID, list[ConferenceActionRow]]) -> ConferenceRow:
    return ConferenceRow(
        id=conference.id,
        child=conference.child_id,
        held_on=conference.held_on,
        attended=conference.attended,
        child_took_part=conference.child_took_part,
        minutes=conference.minutes,
        actions=actions.get(conference.id, []),
    )


def _actions(db: Session, conference_ids: Collection[UUID]) -> dict[UUID, list[ConferenceActionRow]]:
    if not conference_ids:
        return {}
    action = aliased(ConferenceAction)
    rows = db.execute(
        select(
            action.conference_id,
            action.id,
            action.what,
            action.post_id.label("post"),
            holders_of(action.post_id).label("holder"),
            action.due_on,
            action.done_on,
        )
        .where(action.conference_id.in_(conference_ids))
        .order_by(action.due_on, action.id)
    )
    found: dict[UUID, list[ConferenceActionRow]] = {}
    for row in rows:
        found.setdefault(row.conference_id, []).append(ConferenceActionRow.model_validate(row))
    return found
