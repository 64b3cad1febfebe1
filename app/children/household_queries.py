"""Every read of households: addresses and telephone numbers, for the workers of the district only."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.scope import in_area, reach
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.events import HouseholdOpened
from app.children.household_schemas import HouseholdDetail, HouseholdQuery, HouseholdRow, MemberRow
from app.children.models import Child, Household, HouseholdMember
from app.children.queries import place_words, search_ids, searchable, visible_children
from app.children.rules import code_in
from app.core.db import kept
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.places.models import Place
from app.places.queries import find_area

PREFIX = "FAM"

_children = (
    select(func.count(Child.id)).where(Child.household_id == Household.id).correlate(Household).scalar_subquery()
)
MOST_OF_A_PHONE = 25
_ROW = (
    Household.id,
    Household.code,
    Household.kind,
    Household.head_name,
    Household.vetting,
    Household.capacity,
    _children.label("children"),
    Household.place_code,
    Household.village_name,
    Place.path,
    Household.created_at,
)
_DETAIL = (*_ROW, Household.phone, Household.vetted_on, Household.area_code, Household.version)


def visible_households(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a household: in the area, or home of a child of the own caseload."""
    if not actor.may_ever(Permission.HOUSEHOLDS_READ):
        return false()
    # Children of its own, so that a statement that reads a child as well may ask for the same.
    child = aliased(Child)
    mine = exists().where(child.household_id == Household.id, child.responsible_post_id == actor.post_id)
    return or_(in_area(Household.area_code, reach(actor)), mine)


def list_households(db: Session, actor: Actor, query: HouseholdQuery) -> Page[HouseholdRow]:
    """Households in reach, newest first, or the closest names first; and the note that they were listed."""
    require(actor, Permission.HOUSEHOLDS_READ)
    typed = " ".join((query.q or "").split())
    code = code_in(typed, PREFIX)
    by_rank = bool(typed) and code is None
    further = _filters(db, query) + ([Household.code == code] if code is not None else [])
    if further or query.cursor:
        statement = _list(actor, *further, cursor=query.cursor, by_rank=by_rank)
    else:
        statement = _start_of_list(actor, by_rank)
    sought = {"sought": searchable(typed)} if by_rank else {}
    rows = db.execute(statement, {"rows": query.limit + 1} | sought).all()
    page = page_of(
        rows,
        query.limit,
        lambda row: HouseholdRow.model_validate(_dump(row)),
        lambda row: (row.rank,) if by_rank else (row.created_at, row.id),
    )
    told = query.told("q")
    if typed:
        told["q"] = code or "(a name)"
    listed = RecordsListed(what="households", filter=told, rows=len(page.items), ids=[row.id for row in page.items])
    record(db, actor, listed, area_code=actor.area.lo)
    return page


@kept
def _start_of_list(actor: Actor, by_rank: bool) -> Select[Any]:
    return _list(actor, cursor=None, by_rank=by_rank)


def _list(actor: Actor, *further: ColumnElement[bool], cursor: str | None, by_rank: bool) -> Select[Any]:
    statement = _from(*_ROW).where(visible_households(actor), *further).limit(bindparam("rows", type_=Integer))
    if not by_rank:
        return after(statement, (Household.created_at.expression, Household.id.expression), cursor)
    found = search_ids(func.search_households, bindparam("sought", type_=String), reach(actor))
    statement = statement.add_columns(found.c.rank).join(found, found.c.id == Household.id)
    return after(statement, (found.c.rank,), cursor, newest_first=False)


def households_with_phone(db: Session, actor: Actor, phone: str) -> tuple[list[HouseholdRow], list[UUID]]:
    """Families in reach with exactly this number, and the children in reach who live with them; noted."""
    require(actor, Permission.HOUSEHOLDS_READ)
    statement = _from(*_ROW).where(visible_households(actor), Household.phone == phone)
    rows = [HouseholdRow.model_validate(_dump(row)) for row in db.execute(statement.limit(MOST_OF_A_PHONE))]
    ids = [row.id for row in rows]
    listed = RecordsListed(what="households", filter={"q": "(a telephone number)"}, rows=len(rows), ids=ids)
    record(db, actor, listed, area_code=actor.area.lo)
    if not ids:
        return rows, []
    living = select(Child.id).where(Child.household_id.in_(ids), visible_children(actor)).limit(MOST_OF_A_PHONE)
    return rows, list(db.scalars(living))


def open_household(db: Session, actor: Actor, household_id: UUID) -> HouseholdDetail:
    """A household with who lives in it, and the note that it was opened; raises `NotFound` out of reach."""
    require(actor, Permission.HOUSEHOLDS_READ)
    household = read_household(db, actor, household_id)
    record(db, actor, HouseholdOpened(), subject_id=household_id, area_code=household.area_code)
    return household


def read_household(db: Session, actor: Actor, household_id: UUID) -> HouseholdDetail:
    """The same without the note: for answering somebody who has just written the record."""
    row = db.execute(_from(*_DETAIL).where(Household.id == household_id, visible_households(actor))).one_or_none()
    if row is None:
        raise NotFound
    members = db.execute(
        select(
            HouseholdMember.id,
            HouseholdMember.name,
            HouseholdMember.relation,
            HouseholdMember.sex,
            HouseholdMember.birth_year,
            HouseholdMember.is_caregiver,
        )
        .where(HouseholdMember.household_id == household_id, HouseholdMember.left_on.is_(None))
        .order_by(HouseholdMember.created_at, HouseholdMember.id)
    )
    return HouseholdDetail.model_validate(
        _dump(row) | {"members": [MemberRow.model_validate(member) for member in members]}
    )


def _from(*columns: Any) -> Select[Any]:
    return select(*columns).join(Place, Place.code == Household.place_code)


def _dump(row: Any) -> dict[str, Any]:
    known: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    return known | {"place": place_words(known["village_name"], known["path"])}


def _filters(db: Session, query: HouseholdQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.place is not None:
        conditions.append(in_area(Household.area_code, find_area(db, query.place)))
    if query.kind is not None:
        conditions.append(Household.kind == query.kind)
    if query.vetting is not None:
        conditions.append(Household.vetting == query.vetting)
    return conditions
