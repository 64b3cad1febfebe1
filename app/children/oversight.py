"""Reads beside the record itself: who may get a child into the caseload, who opened a record."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.models import AuditEvent
from app.audit.service import record
from app.children.events import OpeningsRead
from app.children.queries import DISTRICT_ROLES, holders_of, read_child
from app.children.rules import sees_openings
from app.children.schemas import ChildFile, Opening
from app.core import clock
from app.core.errors import Forbidden
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import ListQuery, Page
from app.people.models import Account, Post
from app.places.models import Place


def assignable_posts(db: Session, actor: Actor) -> list[Row[Any]]:
    """Posts of the actor's district that can carry a caseload: id, role, title and who holds it today."""
    today = clock.today()
    return list(
        db.execute(
            select(Post.id, Post.role, Post.title, holders_of(Post.id).label("holders"))
            .where(Post.role.in_(DISTRICT_ROLES), Post.place_code == actor.place_code)
            .where(or_(Post.closed_on.is_(None), Post.closed_on > today))
            .order_by(Post.role, Post.id)
        )
    )


def openings(db: Session, actor: Actor, child_id: UUID, query: ListQuery) -> tuple[ChildFile, Page[Opening]]:
    """Who opened or changed a child's record, newest first; that somebody looked is noted as well.

    Raises `Forbidden` for anybody but those who answer for the case and the supervisor where the child lives.
    """
    require(actor, Permission.CHILDREN_READ)
    child = read_child(db, actor, child_id)
    if not sees_openings(actor, child.facts):
        raise Forbidden(_("Only the responsible worker and the district's supervisor see who opened a record"))
    columns: list[Any] = [
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.kind,
        AuditEvent.role,
        Account.display_name.label("who"),
        Place.path.label("place"),
    ]
    statement = (
        select(*columns)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(Post, Post.id == AuditEvent.post_id)
        .outerjoin(Place, Place.code == Post.place_code)
        .where(AuditEvent.subject_kind == "child", AuditEvent.subject_id == child_id)
    )
    rows = db.execute(after(statement, (AuditEvent.id.expression,), query.cursor).limit(query.limit + 1)).all()
    record(db, actor, OpeningsRead(), subject_id=child_id, area_code=child.area_code)
    return child, page_of(rows, query.limit, Opening.model_validate, lambda row: (row.id,))
