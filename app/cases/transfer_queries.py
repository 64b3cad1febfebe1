"""Reads of transfers between districts: before it accepts, the receiver sees a code and no name."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import CASE_WORKERS, Role
from app.access.scope import in_area
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.events import TransferRead
from app.cases.models import CaseTransfer
from app.cases.schemas import TransferQuery, TransferRow
from app.cases.words import TransferState
from app.children.models import Child
from app.children.queries import holders_of, visible_children
from app.children.rules import age_text
from app.children.words import BirthPrecision
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import Post
from app.places.models import Place

_KEY = (CaseTransfer.created_at.expression, CaseTransfer.id.expression)
_DISTRICTS = 1_000_000


def is_incoming(actor: Actor) -> ColumnElement[bool]:
    """The condition that a transfer is the actor's to answer: of the district that is asked."""
    if actor.role is not Role.DISTRICT_SUPERVISOR:
        return CaseTransfer.id.is_(None)
    return in_area(CaseTransfer.to_area_code, actor.area)


def visible_transfers(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a transfer: asked of their district, or of a child whose file they open."""
    waiting = and_(is_incoming(actor), CaseTransfer.state == TransferState.REQUESTED.value)
    answered = and_(is_incoming(actor), CaseTransfer.answered_by == actor.account_id)
    return or_(waiting, answered, _of_seen_child(actor))


def _of_seen_child(actor: Actor) -> ColumnElement[bool]:
    return exists().where(Child.id == CaseTransfer.child_id, visible_children(actor)).correlate(CaseTransfer)


def list_transfers(db: Session, actor: Actor, query: TransferQuery) -> Page[TransferRow]:
    """Transfers that wait, into and out of the actor's district; the oldest first, and noted."""
    require(actor, Permission.CASELOADS_MANAGE)
    statement = _rows(actor).where(visible_transfers(actor), CaseTransfer.state == TransferState.REQUESTED.value)
    statement = after(statement, _KEY, query.cursor, newest_first=False)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, _row, lambda row: (row.created_at, row.id))
    told = [row.child_id for row in rows[: query.limit]]
    listed = RecordsListed(what="transfers", filter={}, rows=len(page.items), ids=told)
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def open_transfer(db: Session, actor: Actor, transfer_id: UUID) -> TransferRow:
    """One transfer, and the note that it was read; raises `NotFound` where neither side is the actor's."""
    require(actor, Permission.CASES_READ)
    row = db.execute(_rows(actor).where(CaseTransfer.id == transfer_id, visible_transfers(actor))).one_or_none()
    if row is None:
        raise NotFound
    record(db, actor, TransferRead(transfer=transfer_id), subject_id=row.child_id, area_code=row.from_area_code)
    return _row(row)


def read_transfer(db: Session, actor: Actor, transfer_id: UUID) -> TransferRow:
    """A transfer that the actor has just asked for or answered."""
    return _row(db.execute(_rows(actor).where(CaseTransfer.id == transfer_id)).one())


def transfers_of(db: Session, actor: Actor, case_id: UUID) -> list[TransferRow]:
    """The transfers of a case that the actor has just opened, the newest first."""
    wanted = _rows(actor).where(CaseTransfer.case_id == case_id)
    return [_row(row) for row in db.execute(wanted.order_by(*(column.desc() for column in _KEY)))]


def receiving_posts(db: Session, actor: Actor) -> list[Row[Any]]:
    """Posts of the actor's district that can take a case: id, role, title and who holds it today."""
    wanted = (
        select(Post.id, Post.role, Post.title, holders_of(Post.id).label("holders"))
        .where(Post.role.in_([role.value for role in CASE_WORKERS]), Post.place_code == actor.place_code)
        .where(or_(Post.closed_on.is_(None), Post.closed_on > clock.today()))
        .order_by(Post.role, Post.id)
    )
    return list(db.execute(wanted))


def supervisors_of(db: Session, district: int) -> list[UUID]:
    """The posts of a district's supervisors."""
    wanted = select(Post.id).where(Post.role == Role.DISTRICT_SUPERVISOR.value, Post.place_code == district)
    return list(db.scalars(wanted.where(or_(Post.closed_on.is_(None), Post.closed_on > clock.today()))))


def other_districts(db: Session, but: int) -> list[Row[Any]]:
    """All districts but one, by name."""
    wanted = select(Place.code, Place.name).where(Place.level == "district", Place.ended_on.is_(None))
    return list(db.execute(wanted.where(Place.code != but).order_by(Place.name)))


def _rows(actor: Actor) -> Select[Any]:
    sender, receiver = aliased(Place), aliased(Place)
    seen = _of_seen_child(actor)
    columns: list[Any] = [
        CaseTransfer.id,
        CaseTransfer.case_id.label("case"),
        CaseTransfer.child_id,
        CaseTransfer.child_code,
        CaseTransfer.sex,
        CaseTransfer.born_on,
        CaseTransfer.birth_precision,
        CaseTransfer.concerns,
        CaseTransfer.risk,
        CaseTransfer.reason,
        CaseTransfer.from_area_code,
        sender.name.label("from_district"),
        receiver.name.label("to_district"),
        CaseTransfer.state,
        CaseTransfer.created_at,
        CaseTransfer.answered_at,
        CaseTransfer.answer,
        func.coalesce(is_incoming(actor), False).label("incoming"),
        seen.label("seen"),
        CaseTransfer.note,
    ]
    return (
        select(*columns)
        .outerjoin(sender, sender.code == CaseTransfer.from_area_code // _DISTRICTS)
        .outerjoin(receiver, receiver.code == CaseTransfer.to_area_code // _DISTRICTS)
    )


def _row(row: Row[Any]) -> TransferRow:
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return TransferRow.model_validate(
        known
        | {
            "age_text": age_text(row.born_on, BirthPrecision(row.birth_precision), clock.today()),
            "child": row.child_id if row.seen else None,
            "note": row.note if row.seen else None,
        }
    )
