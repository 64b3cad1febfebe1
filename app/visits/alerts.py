"""Alerts: what the supervisor of the district must know within the hour."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, insert, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.core import clock
from app.core.db import kept
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.visits.events import AlertAcknowledged, AlertRaised
from app.visits.models import ChildAlert
from app.visits.schemas import AlertQuery, AlertRow
from app.visits.words import AlertKind

MOST_ON_MY_DAY = 20
_KEY = (ChildAlert.created_at.expression, ChildAlert.id.expression)


def raise_alert(
    db: Session,
    actor: Actor,
    kind: AlertKind,
    *,
    child_id: UUID,
    area_code: int,
    path: str,
    visit_id: UUID | None = None,
) -> UUID:
    """Tells the supervisor of a child's district, in the transaction of what happened."""
    alert_id = new_id()
    db.execute(
        insert(ChildAlert).values(
            id=alert_id,
            created_by=actor.account_id,
            child_id=child_id,
            area_code=area_code,
            kind=kind.value,
            path=path,
            visit_id=visit_id,
        )
    )
    event = AlertRaised(alert=alert_id, alert_kind=kind.value)
    record(db, actor, event, subject_id=child_id, area_code=area_code)
    return alert_id


def visible_alerts(actor: Actor) -> ColumnElement[bool]:
    """The condition that an alert is the actor's to know: the supervisor's, about a child in reach."""
    return visible_children(actor) if actor.role is Role.DISTRICT_SUPERVISOR else false()


def _rows(actor: Actor) -> Select[Any]:
    columns: list[Any] = [
        ChildAlert.id,
        ChildAlert.kind,
        ChildAlert.child_id.label("child"),
        Child.code,
        ChildAlert.path,
        ChildAlert.created_at,
        ChildAlert.seen_at,
    ]
    return select(*columns).join(Child, Child.id == ChildAlert.child_id).where(visible_alerts(actor))


def alerts_for(db: Session, actor: Actor) -> Sequence[AlertRow]:
    """The alerts that wait for the actor, newest first, for My day; one statement, none for other roles."""
    if actor.role is not Role.DISTRICT_SUPERVISOR:
        return []
    return [AlertRow.model_validate(row) for row in db.execute(_waiting(actor))]


@kept
def _waiting(actor: Actor) -> Select[Any]:
    waiting = _rows(actor).where(ChildAlert.seen_at.is_(None))
    return waiting.order_by(*(column.desc() for column in _KEY)).limit(MOST_ON_MY_DAY)


def list_alerts(db: Session, actor: Actor, query: AlertQuery) -> Page[AlertRow]:
    """Alerts about children in reach, newest first, and the note that they were listed."""
    require(actor, Permission.CASELOADS_MANAGE)
    statement = _rows(actor)
    if query.waiting:
        statement = statement.where(ChildAlert.seen_at.is_(None))
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, AlertRow.model_validate, lambda row: (row.created_at, row.id))
    listed = RecordsListed(what="alerts", filter={}, rows=len(page.items), ids=[row.child for row in page.items])
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def read_alert(db: Session, actor: Actor, alert_id: UUID) -> AlertRow:
    """One alert; raises `NotFound` where it is not the actor's to know."""
    row = db.execute(_rows(actor).where(ChildAlert.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound
    return AlertRow.model_validate(row)


def acknowledge_alert(db: Session, actor: Actor, alert_id: UUID) -> None:
    """The supervisor has seen it and answers for what follows. Raises `Conflict` where somebody has before."""
    require(actor, Permission.CASELOADS_MANAGE)
    read_alert(db, actor, alert_id)
    alert = db.scalars(select(ChildAlert).where(ChildAlert.id == alert_id).with_for_update()).one()
    if alert.seen_at is not None:
        raise Conflict(_("This alert was acknowledged already"))
    alert.seen_at, alert.seen_by = clock.now(), actor.account_id
    alert.version += 1
    db.flush()
    event = AlertAcknowledged(alert=alert_id, alert_kind=alert.kind)
    record(db, actor, event, subject_id=alert.child_id, area_code=alert.area_code)
