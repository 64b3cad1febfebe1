"""Every read of referrals; each starts from `visible_referrals(actor)`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.area import Area
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Level
from app.access.scope import in_area
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.models import Case
from app.children.models import Child
from app.children.queries import place_words, visible_children
from app.core import clock
from app.core.db import kept
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import Account, Post
from app.places.models import Place
from app.places.queries import find_area, names_of
from app.referrals.events import ReferralOpened
from app.referrals.models import Notice, Referral, ReferralHop
from app.referrals.reach import inside, officers_of, visible_referrals, waiting_for
from app.referrals.rights import Standing, possible
from app.referrals.rules import id_for_child, ladder_places, level_above, level_below
from app.referrals.schemas import (
    Hop,
    KnownChild,
    NoticeRow,
    ReferralChild,
    ReferralDetail,
    ReferralQuery,
    ReferralRow,
    SuspectChoice,
)
from app.referrals.words import ReferralStatus, Rung, Verb

MOST_KNOWN_CHILDREN = 30

# Lists

_held = aliased(ReferralHop)
_columns: tuple[Any, ...] = (
    Referral.id,
    Referral.code,
    Referral.concern,
    Referral.urgency,
    Referral.status,
    Referral.level,
    Referral.place_code,
    Referral.village_name,
    Place.path,
    Referral.child_sex,
    Referral.child_age_band,
    Referral.restricted,
    Referral.filed_at,
    func.coalesce(_held.received_at, Referral.filed_at).label("received_at"),
    Referral.due_at,
    Referral.resolved_at,
    Referral.outcome,
    Referral.author_account_id,
    Referral.version,
)
_row: Select[Any] = (
    select(*_columns)
    .join(Place, Place.code == Referral.place_code)
    .outerjoin(
        _held,
        and_(_held.referral_id == Referral.id, _held.ended_at.is_(None), _held.is_copy.is_(False)),
    )
)


def list_referrals(db: Session, actor: Actor, query: ReferralQuery) -> Page[ReferralRow]:
    """The referrals in reach, newest first; the inbox has the soonest due first. Two statements at most."""
    require(actor, Permission.REFERRALS_READ)
    further = _filters(db, actor, query)
    if further or query.cursor:
        statement = _list(actor, *further, inbox=query.inbox, cursor=query.cursor)
    else:
        statement = _start_of_list(actor, query.inbox)
    rows: Sequence[Row[Any]] = db.execute(statement, {"most": query.limit + 1}).all()
    now = clock.now()
    return page_of(
        rows,
        query.limit,
        lambda row: _as_row(row, actor, now),
        lambda row: (row.due_at if query.inbox else row.filed_at, row.id),
    )


@kept
def _start_of_list(actor: Actor, inbox: bool) -> Select[Any]:
    return _list(actor, inbox=inbox, cursor=None)


def _list(actor: Actor, *further: ColumnElement[bool], inbox: bool, cursor: str | None) -> Select[Any]:
    statement = _row.where(visible_referrals(actor), *further).limit(bindparam("most", type_=Integer))
    if inbox:
        key: Sequence[ColumnElement[Any]] = (Referral.due_at.expression, Referral.id.expression)
        return after(statement.where(waiting_for(actor)), key, cursor, newest_first=False)
    return after(statement, (Referral.filed_at.expression, Referral.id.expression), cursor)


def _filters(db: Session, actor: Actor, query: ReferralQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.mine:
        wanted.append(Referral.author_account_id == actor.account_id)
    for column, value in (
        (Referral.status, query.status),
        (Referral.urgency, query.urgency),
        (Referral.concern, query.concern),
    ):
        if value is not None:
            wanted.append(column == value.value)
    if query.level is not None:
        wanted.append(Referral.level == query.level.level)
    if query.place is not None:
        wanted.append(inside(find_area(db, query.place)))
    return wanted


def _known(row: Row[Any], actor: Actor, now: datetime) -> dict[str, Any]:
    known: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return known | {
        "level": Rung.of(row.level),
        "place": place_words(row.village_name, row.path),
        "late": row.due_at is not None and row.due_at < now,
        "is_mine": row.author_account_id == actor.account_id,
    }


def _as_row(row: Row[Any], actor: Actor, now: datetime) -> ReferralRow:
    return ReferralRow.model_validate(_known(row, actor, now))


def referral_with_code(db: Session, actor: Actor, code: str) -> UUID | None:
    """The id of the referral with a code, or None where it is not in the actor's reach."""
    found: UUID | None = db.scalar(select(Referral.id).where(Referral.code == code, visible_referrals(actor)))
    return found


def count_waiting(db: Session, actor: Actor, most: int = 100) -> int:
    """How many referrals wait for the actor, counted up to `most`."""
    found = select(Referral.id).where(visible_referrals(actor), waiting_for(actor)).limit(most).subquery()
    return db.scalar(select(func.count()).select_from(found)) or 0


# One referral


def open_referral(db: Session, actor: Actor, referral_id: UUID) -> ReferralDetail:
    """The file of a referral, with the note that it was read; its notices to the reader count as read.

    Raises `NotFound` for one that is not there, out of reach, restricted to others, or kept from the actor.
    """
    require(actor, Permission.REFERRALS_READ)
    detail = read_referral(db, actor, referral_id)
    event = ReferralOpened(restricted=detail.restricted, level=detail.level.value)
    record(db, actor, event, subject_id=referral_id, area_code=detail.area_code)
    db.execute(
        update(Notice)
        .where(
            Notice.account_id == actor.account_id,
            Notice.referral_id == referral_id,
            Notice.read_at.is_(None),
        )
        .values(read_at=clock.now())
    )
    return detail


def read_referral(db: Session, actor: Actor, referral_id: UUID) -> ReferralDetail:
    """The same without the note: for answering somebody who has just written the record."""
    row = db.execute(_one(actor), {"referral_id": referral_id}).one_or_none()
    if row is None:
        raise NotFound
    hops = _hops(db, referral_id)
    standing = _standing(row, hops)
    kept_from = _names(db, row.suspect_account_ids) if row.suspect_account_ids else []
    can = possible(actor, standing)
    above = level_above(standing.level, row.area_code, frozenset()) if Verb.ESCALATE in can else None
    below = level_below(standing.level, row.area_code, standing.filed_level) if Verb.RETURN in can else None
    return ReferralDetail.model_validate(
        _known(row, actor, clock.now())
        | {
            "child": _child(row) if row.child_id is not None else None,
            "kept_from": kept_from,
            "hops": hops,
            "can": can,
            "escalates_to": Rung.of(above) if above else None,
            "returns_to": Rung.of(below) if below else None,
            "author_phone": row.author_phone if can else None,
        }
    )


def case_from(db: Session, actor: Actor, referral_id: UUID, child_id: UUID | None, filed_at: datetime) -> str | None:
    """The code of the child for whom a case was opened since a referral was filed, if the actor sees the child.

    A child whom the referral only described is known by the id under which it was registered from the referral.
    """
    opened = exists().where(Case.child_id == Child.id, Case.opened_on >= filed_at.astimezone(clock.KIGALI).date())
    wanted = select(Child.code).where(Child.id == (child_id or id_for_child(referral_id)), opened)
    return db.scalar(wanted.where(visible_children(actor)))


def is_registered(db: Session, referral_id: UUID) -> bool:
    """Whether a child was registered from a referral, as far as row-level security lets the actor know."""
    return db.scalar(select(Child.id).where(Child.id == id_for_child(referral_id))) is not None


_author, _author_post, _author_place = aliased(Account), aliased(Post), aliased(Place)


@kept
def _one(actor: Actor) -> Select[Any]:
    return _detail(actor).where(Referral.id == bindparam("referral_id"), visible_referrals(actor))


def _detail(actor: Actor) -> Select[Any]:
    # National staff see no names; the others of the ladder know the child by its given name.
    name = null() if actor.level is Level.NATIONAL else Child.given_name
    opens = (
        case((visible_children(actor), literal(value=True)), else_=literal(value=False))
        if actor.may_ever(Permission.CHILDREN_READ)
        else literal(value=False)
    )
    return (
        _row.add_columns(
            Referral.area_code,
            Referral.filed_level,
            Referral.child_id,
            Referral.narrative,
            Referral.suspect_name,
            Referral.suspect_account_ids,
            Referral.outcome_note,
            _author.display_name.label("author"),
            _author.phone.label("author_phone"),
            _author_post.role.label("author_role"),
            _author_place.name.label("author_place"),
            Child.code.label("child_code"),
            name.label("child_name"),
            opens.label("child_opens"),
        )
        .join(_author, _author.id == Referral.author_account_id)
        .join(_author_post, _author_post.id == Referral.author_post_id)
        .join(_author_place, _author_place.code == _author_post.place_code)
        .outerjoin(Child, Child.id == Referral.child_id)
    )


def _child(row: Row[Any]) -> ReferralChild | None:
    # A child who has moved out of the reader's reach is no longer told of; its sex and age still are.
    if row.child_code is None:
        return None
    return ReferralChild(id=row.child_id, code=row.child_code, given_name=row.child_name, may_open=row.child_opens)


_seen, _worked, _ended = aliased(Account), aliased(Account), aliased(Account)
_HOPS = (
    select(
        ReferralHop.seq,
        ReferralHop.level,
        ReferralHop.place_code,
        Place.name.label("place"),
        ReferralHop.is_copy,
        ReferralHop.received_at,
        ReferralHop.acknowledge_due_at,
        ReferralHop.due_at,
        ReferralHop.acknowledged_at,
        _seen.display_name.label("acknowledged_by"),
        ReferralHop.accepted_at,
        _worked.display_name.label("accepted_by"),
        ReferralHop.ended_at,
        ReferralHop.ended,
        _ended.display_name.label("ended_by"),
        ReferralHop.reason,
    )
    .join(Place, Place.code == ReferralHop.place_code)
    .outerjoin(_seen, _seen.id == ReferralHop.acknowledged_by)
    .outerjoin(_worked, _worked.id == ReferralHop.accepted_by)
    .outerjoin(_ended, _ended.id == ReferralHop.ended_by)
    .where(ReferralHop.referral_id == bindparam("referral_id"))
    .order_by(ReferralHop.seq)
)


def _hops(db: Session, referral_id: UUID) -> list[Hop]:
    rows = db.execute(_HOPS, {"referral_id": referral_id}).all()
    return [
        Hop.model_validate(
            dict(row._mapping) | {"level": Rung.of(row.level)}  # noqa: SLF001 - as above
        )
        for row in rows
    ]


def offices_of(db: Session, area_code: int) -> dict[Level, str]:
    """The names of the places that stand on the ladder of an area code."""
    codes = ladder_places(area_code)
    names = names_of(db, codes.values())
    return {level: names[code] for level, code in codes.items() if code in names}


def _standing(row: Row[Any], hops: Sequence[Hop]) -> Standing:
    copies = [hop for hop in hops if hop.is_copy and hop.ended_at is None]
    return Standing(
        status=ReferralStatus(row.status),
        level=Level(row.level),
        filed_level=Level(row.filed_level),
        area_code=row.area_code,
        author_id=row.author_account_id,
        touched=any(hop.acknowledged_at is not None for hop in hops),
        copy_open=bool(copies),
        copy_acknowledged=any(hop.acknowledged_at is not None for hop in copies),
    )


def _names(db: Session, accounts: Sequence[UUID]) -> list[str]:
    named = select(Account.display_name).where(Account.id.in_(accounts))
    return list(db.scalars(named.order_by(Account.display_name)))


# What an author can choose from


def suspect_choices(db: Session, actor: Actor, area_code: int) -> list[SuspectChoice]:
    """The officers whom an author may name as suspects: those of the cell, the sector and the district."""
    require(actor, Permission.REFERRALS_FILE)
    return [
        SuspectChoice(id=officer.account_id, name=officer.display_name, role=officer.role, place=officer.place_name)
        for officer in officers_of(db, area_code, clock.today())
        if officer.account_id != actor.account_id and officer.level < Level.NATIONAL
    ]


def known_children(db: Session, actor: Actor, area: Area) -> list[KnownChild]:
    """The children of a place whom the author may name, noted as read; empty where the role sees none, or too many."""
    if not actor.may_ever(Permission.CHILDREN_READ) or actor.level is Level.NATIONAL:
        return []
    rows = db.execute(
        select(Child.id, Child.code, Child.given_name, Child.sex)
        .where(visible_children(actor), in_area(Child.area_code, area))
        .order_by(Child.given_name, Child.id)
        .limit(MOST_KNOWN_CHILDREN + 1)
    ).all()
    if not rows or len(rows) > MOST_KNOWN_CHILDREN:
        return []
    listed = RecordsListed(what="children", filter={"for": "referral"}, rows=len(rows), ids=[row.id for row in rows])
    record(db, actor, listed)
    return [KnownChild.model_validate(row) for row in rows]


# Notices


def unread_notices(db: Session, actor: Actor, limit: int = 10) -> list[NoticeRow]:
    """The newest unread word to the actor on each referral that they still find, the newest first."""
    require(actor, Permission.REFERRALS_READ)
    rows = db.execute(_unread(actor), {"most": limit}).all()
    return [NoticeRow.model_validate(row) for row in rows]


@kept
def _unread(actor: Actor) -> Select[Any]:
    newest = (
        select(Notice.id, Notice.referral_id, Referral.code, Referral.concern, Notice.kind, Notice.at)
        .join(Referral, Referral.id == Notice.referral_id)
        .where(Notice.account_id == actor.account_id, Notice.read_at.is_(None), visible_referrals(actor))
        .ext(distinct_on(Notice.referral_id))
        .order_by(Notice.referral_id, Notice.at.desc(), Notice.id.desc())
        .subquery()
    )
    return select(newest).order_by(newest.c.at.desc(), newest.c.id.desc()).limit(bindparam("most", type_=Integer))
