"""Every read of approvals; each starts from `visible_approvals(actor)`, but the state of one record's."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.area import area_code_of, district_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.scope import in_area
from app.approvals.events import ApprovalOpened
from app.approvals.models import Approval
from app.approvals.rules import why_not_decide
from app.approvals.schemas import ApprovalQuery, ApprovalRow
from app.approvals.words import ApprovalState
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.core.db import kept
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import Account, Post

MOST_ON_MY_DAY = 25
_KEY = (Approval.asked_at.expression, Approval.id.expression)


def decidable(actor: Actor) -> ColumnElement[bool]:
    """The condition that an approval is the actor's to decide: of their role, in their area, asked by another."""
    return and_(
        Approval.of_role == actor.role.value,
        in_area(Approval.area_code, actor.area),
        Approval.created_by != actor.account_id,
    )


def visible_approvals(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor may read an approval: theirs to decide, or asked from their post."""
    in_office = and_(Approval.of_role == actor.role.value, in_area(Approval.area_code, actor.area))
    return or_(in_office, Approval.asked_by_post_id == actor.post_id)


def waiting_for(db: Session, actor: Actor) -> list[ApprovalRow]:
    """What waits for the actor's decision, the oldest first; one statement, none for who decides nothing."""
    if not actor.may_ever(Permission.APPROVALS_DECIDE):
        return []
    return [_row(row) for row in db.execute(_waiting(actor)).all()]


@kept
def _waiting(actor: Actor) -> Select[Any]:
    waiting = _rows().where(decidable(actor), Approval.state == ApprovalState.REQUESTED.value)
    return waiting.order_by(*_KEY).limit(MOST_ON_MY_DAY)


def list_approvals(db: Session, actor: Actor, query: ApprovalQuery) -> Page[ApprovalRow]:
    """What waits for the actor, or was asked from their post and still waits; oldest first, and noted."""
    require(actor, Permission.CASES_WRITE, Permission.APPROVALS_DECIDE)
    statement = _rows().where(visible_approvals(actor), Approval.state == ApprovalState.REQUESTED.value)
    statement = after(statement, _KEY, query.cursor, newest_first=False)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, _row, lambda row: (row.asked_at, row.id))
    children = [row.child for row in page.items if row.child is not None]
    listed = RecordsListed(what="approvals", filter={}, rows=len(page.items), ids=children)
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def open_approval(db: Session, actor: Actor, approval_id: UUID) -> ApprovalRow:
    """What `read_approval` finds, and the note that it was read."""
    found = read_approval(db, actor, approval_id)
    opened = ApprovalOpened(approval=found.id, approval_kind=found.kind.value)
    record(db, actor, opened, subject_id=found.child or found.record, area_code=actor.area.lo)
    return found


def read_approval(db: Session, actor: Actor, approval_id: UUID) -> ApprovalRow:
    """One approval; raises `NotFound` where it is neither the actor's to decide nor asked from their post."""
    require(actor, Permission.CASES_WRITE, Permission.APPROVALS_DECIDE)
    row = db.execute(_rows().where(Approval.id == approval_id, visible_approvals(actor))).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def approvals_of(db: Session, subject_ids: Collection[UUID]) -> dict[UUID, ApprovalRow]:
    """The newest approval of each of some records, for whoever has just read these records; one statement."""
    if not subject_ids:
        return {}
    statement = _rows().where(Approval.subject_id.in_(subject_ids)).ext(distinct_on(Approval.subject_id))
    statement = statement.order_by(Approval.subject_id, Approval.created_at.desc(), Approval.id.desc())
    return {row.record: _row(row) for row in db.execute(statement).all()}


def all_approvals_of(db: Session, subject_id: UUID) -> list[ApprovalRow]:
    """Every approval of one record, the oldest first, for whoever has just read this record; one statement."""
    statement = _rows().where(Approval.subject_id == subject_id)
    return [_row(row) for row in db.execute(statement.order_by(Approval.created_at, Approval.id)).all()]


def is_mine_to_decide(db: Session, actor: Actor, approval_id: UUID) -> bool:
    """Whether the actor may decide a request that waits: what every page with a decision asks, and the verb itself."""
    if not actor.may_ever(Permission.APPROVALS_DECIDE):
        return False
    approval = db.get(Approval, approval_id)
    return approval is not None and refusal(actor, approval) is None


def refusal(actor: Actor, approval: Approval) -> str | None:
    """Why an actor may not decide a request, in words, or None if they may; agrees with `decidable`."""
    return why_not_decide(
        actor,
        of_role=Role(approval.of_role),
        author_account_id=approval.created_by or approval.id,
        in_reach=approval.area_code in actor.area,
    )


def deciding_area(db: Session, child_id: UUID, area_code: int) -> int:
    """Where the supervisor works who decides about a child that lives in an area.

    A case that another district took over while the child stays placed here is that district's: the post there
    watches over it, and reads the file.
    """
    watching = select(Post.place_code).join(Child, Child.supervising_post_id == Post.id).where(Child.id == child_id)
    return area_of_watching(db.scalar(watching), area_code)


def area_of_watching(place_code: int | None, area_code: int) -> int:
    """The same, for who has read already at which place the post stands that watches over the case, if one does."""
    elsewhere = area_code_of(place_code) if place_code else area_code
    return area_code if district_of(elsewhere) == district_of(area_code) else elsewhere


def _rows() -> Select[Any]:
    author, decider = aliased(Account), aliased(Account)
    columns: list[Any] = [
        Approval.id,
        Approval.kind,
        Approval.subject_id.label("record"),
        Approval.child_id.label("child"),
        Child.code.label("child_code"),
        Approval.path,
        Approval.asked_at,
        author.display_name.label("asked_by"),
        Approval.asked_by_post_id.label("asked_by_post"),
        Approval.note,
        Approval.state,
        Approval.decided_at,
        decider.display_name.label("decided_by"),
        Approval.reason,
        Approval.version,
    ]
    return (
        select(*columns)
        .outerjoin(Child, Child.id == Approval.child_id)
        .outerjoin(author, author.id == Approval.created_by)
        .outerjoin(decider, decider.id == Approval.decided_by)
    )


def _row(row: Row[Any]) -> ApprovalRow:
    return ApprovalRow.model_validate(row)
