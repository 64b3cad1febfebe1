"""Every read of children: what lies in reach, as much of it as the reader's role sees, who read it.

A role has one view of every child in its reach (`view_of`), so a statement selects only the columns of that
view: what may not be seen never leaves the database.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    null,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy import column as named
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.area import EVERYWHERE, Area, area_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import CASE_WORKERS, NATIONAL_ROLES, Role
from app.access.rules import View
from app.access.scope import in_area, reach
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.events import ChildOpened
from app.children.models import Child, Household
from app.children.rules import age_on, age_text, code_in
from app.children.schemas import ChildFile, ChildQuery, ChildRow
from app.children.spelling import sound
from app.children.words import BirthPrecision
from app.core import clock
from app.core.db import kept
from app.core.errors import FieldError, NotFound
from app.core.i18n import N_
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.core.text import fold
from app.institutions.models import Institution
from app.people.models import Account, Appointment
from app.places.models import Place
from app.places.queries import find_area
from app.places.words import path_in_words

PREFIX = "TMM"
SHORTEST_SEARCH = 2
MOST_FOUND = 200
LEAST_VILLAGE = 10_000_000
"""Codes of villages have eight digits."""
A_DISTRICT, SECTOR_DIGITS = 1_000_000, 4
DISTRICT_ROLES = CASE_WORKERS | {Role.DISTRICT_SUPERVISOR}
HOLDING_ROLES = DISTRICT_ROLES | {Role.SECTOR_OFFICER}
"""Roles that may hold a case; a sector's officer sees the children of the own post and no others."""


def view_of(actor: Actor) -> View:
    """How much of any child in reach an actor's role sees."""
    if actor.role in HOLDING_ROLES:
        return View.WHOLE
    if actor.role in NATIONAL_ROLES:
        return View.CODED
    return {Role.VOLUNTEER: View.TASK, Role.INSTITUTION_MANAGER: View.RESIDENT}.get(actor.role, View.NOTHING)


@kept
def visible_children(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a child at all; agrees with `app.access.rules.view_of_child`.

    A record that was joined into another is seen by nobody.
    """
    return and_(_in_sight(actor), Child.joined_into.is_(None))


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    return or_(*_ways_to_see(actor))


def _ways_to_see(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """The reasons for which an actor sees a child, each with an index of its own."""
    held = Child.responsible_post_id == actor.post_id
    supervised = Child.supervising_post_id == actor.post_id
    open_to_all = Child.restricted.is_(False)
    match actor.role:
        case Role.DISTRICT_SUPERVISOR:
            return inside(actor), held, supervised
        case role if role in CASE_WORKERS:
            return and_(inside(actor), open_to_all), held, supervised
        case Role.SECTOR_OFFICER:
            return (and_(held, open_to_all),)
        case role if role in NATIONAL_ROLES:
            return (open_to_all,)
        case Role.VOLUNTEER:
            return (and_(inside(actor), open_to_all, Child.institution_id.is_(None)),)
        case Role.INSTITUTION_MANAGER if actor.institution_id is not None:
            return (and_(Child.institution_id == actor.institution_id, open_to_all),)
        case _:
            return (false(),)


def inside(actor: Actor) -> ColumnElement[bool]:
    """The condition that a child lives in the actor's area; a district has an index of its own."""
    area = reach(actor)
    if area == area_of(actor.place_code) and len(str(actor.place_code)) == len("11"):
        return Child.district_code == actor.place_code
    return in_area(Child.area_code, area)


# One child


def open_child(db: Session, actor: Actor, child_id: UUID) -> ChildFile:
    """A child's record as far as the actor sees it, and the note that they opened it.

    Raises `NotFound` for a child that is not there, out of reach, or restricted to others.
    """
    require(actor, Permission.CHILDREN_READ)
    child = read_child(db, actor, child_id)
    record(db, actor, ChildOpened(view=child.view), subject_id=child_id, area_code=child.area_code)
    return child


def read_child(db: Session, actor: Actor, child_id: UUID) -> ChildFile:
    """The same without the note: for answering somebody who has just written the record."""
    row = db.execute(_one(actor), {"child_id": child_id}).one_or_none()
    if row is None:
        raise not_found(db, actor, child_id)
    return _as_file(row, view_of(actor), clock.today())


class JoinedInto(NotFound):
    """A record that was joined into another one, which the actor may open."""

    title = N_("This record was joined into another one of the same child: go on there")

    def __init__(self, joined_id: UUID, kept_id: UUID) -> None:
        super().__init__()
        self.joined_id, self.kept_id = joined_id, kept_id


def not_found(db: Session, actor: Actor, child_id: UUID) -> NotFound:
    """Why a child is not there: out of reach, or joined into another record that the actor may open."""
    kept_id = db.scalar(select(func.joined_into(child_id)))
    if kept_id is None or db.scalar(select(Child.id).where(Child.id == kept_id, visible_children(actor))) is None:
        return NotFound()
    return JoinedInto(child_id, kept_id)


@kept
def _one(actor: Actor) -> Select[Any]:
    return _file(view_of(actor)).where(Child.id == bindparam("child_id"), visible_children(actor))


@cache
def _file(view: View) -> Select[Any]:
    columns: list[Any] = [
        Child.id,
        _initials().label("initials"),
        Child.restricted,
        Child.area_code,
        Child.version,
        Child.created_at,
        (Child.given_name if view is not View.CODED else null()).label("given_name"),
        *_beyond_the_name(view),
    ]
    statement = select(*columns)
    if view is View.TASK:
        return statement
    statement = statement.add_columns(Child.institution_id, Institution.name.label("institution_name")).outerjoin(
        Institution, Institution.id == Child.institution_id
    )
    if view is View.CODED:
        return statement
    origin = aliased(Place)
    statement = statement.add_columns(
        Child.family_name,
        Child.has_disability,
        Child.origin_place_code,
        Child.origin_village_name,
        origin.path.label("origin_path"),
        Child.responsible_post_id,
        Child.supervising_post_id,
        holders_of(Child.responsible_post_id).label("responsible"),
    ).outerjoin(origin, origin.code == Child.origin_place_code)
    if view is View.RESIDENT:
        return statement
    home = aliased(Place)
    return (
        statement.add_columns(
            Child.household_id,
            Household.head_name.label("household_name"),
            Household.village_name.label("household_village"),
            home.path.label("household_path"),
        )
        .outerjoin(Household, Household.id == Child.household_id)
        .outerjoin(home, home.code == Household.place_code)
    )


def _beyond_the_name(view: View) -> list[Any]:
    """What a volunteer's task does not need: for its view the columns are there and empty."""
    columns = (Child.code, Child.sex, Child.born_on, Child.birth_precision, Child.lives_as, Child.lives_since)
    return [column if view > View.TASK else null().label(column.key) for column in columns]


def _age(born_on: date | None, precision: str | None, today: date) -> str | None:
    return None if precision is None else age_text(born_on, BirthPrecision(precision), today)


def _as_file(row: Row[Any], view: View, today: date) -> ChildFile:
    known: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    born_on = known["born_on"] if view >= View.RESIDENT else None
    # Whoever sees a code and no address is told the district.
    area_code = known["area_code"] // A_DISTRICT * A_DISTRICT if view is View.CODED else known["area_code"]
    return ChildFile.model_validate(
        known
        | {
            "view": view.name.lower(),
            "born_on": born_on,
            "area_code": area_code,
            "age_years": age_on(known["born_on"], today),
            "age_text": _age(known["born_on"], known["birth_precision"], today),
            "origin": place_words(known.get("origin_village_name"), known.get("origin_path")),
            "household_place": place_words(known.get("household_village"), known.get("household_path")),
        }
    )


def place_words(village_name: str | None, path: str | None) -> str | None:
    """A place in the reader's language, with the name of a village that no list knows in front."""
    return ", ".join(part for part in (village_name, path_in_words(path or "")) if part) or None


def _initials() -> ColumnElement[str]:
    return func.concat_ws(
        " ",
        *(
            func.nullif(func.concat(func.upper(func.left(name, 1)), "."), ".")
            for name in (Child.given_name, Child.family_name)
        ),
    )


def holders_of(post_id: Any) -> ColumnElement[str | None]:
    """Who holds a post today, as a subquery for a statement that has the post's id."""
    # The day is asked for when the statement runs, because statements are kept.
    today = bindparam("holders_today", type_=Date, unique=True, callable_=clock.today)
    return (
        select(func.string_agg(Account.display_name, ", "))
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.post_id == post_id, Appointment.starts_on <= today)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on > today))
        .scalar_subquery()
    )


# Lists

_NEWEST: tuple[ColumnElement[Any], ...] = (Child.created_at.expression, Child.id.expression)
_ROWS = bindparam("rows", type_=Integer)


def list_children(db: Session, actor: Actor, query: ChildQuery) -> Page[ChildRow]:
    """Children in reach, newest first, or the closest names first; and the note that they were listed."""
    require(actor, Permission.CHILDREN_LIST)
    today = clock.today()
    typed = " ".join((query.q or "").split())
    code = code_in(typed, PREFIX)
    by_rank = bool(typed) and code is None
    sought = _sought(typed, view_of(actor)) if by_rank else None
    further = _filters(db, actor, query) + ([Child.code == code] if code is not None else [])
    if further or query.cursor:
        statement = _list(actor, *further, cursor=query.cursor, by_rank=by_rank)
    else:
        statement = _start_of_list(actor, by_rank)
    rows = db.execute(statement, {"rows": query.limit + 1} | ({"sought": sought} if by_rank else {})).all()
    page = page_of(
        rows,
        query.limit,
        lambda row: _as_row(row, today),
        lambda row: (row.rank,) if by_rank else (row.created_at, row.id),
    )
    listed = RecordsListed(
        what="children", filter=_told(query, code), rows=len(page.items), ids=[row.id for row in page.items]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def list_these(db: Session, actor: Actor, ids: Collection[UUID], *, found_by: str) -> list[ChildRow]:
    """Those of some children who are in reach, newest first; noted with what they were found by, never its value."""
    require(actor, Permission.CHILDREN_LIST)
    if not ids:
        return []
    today = clock.today()
    statement = _list(actor, Child.id.in_(ids), cursor=None, by_rank=False)
    rows = [_as_row(row, today) for row in db.execute(statement, {"rows": len(ids)})]
    listed = RecordsListed(
        what="children", filter={"q": f"(a {found_by})"}, rows=len(rows), ids=[row.id for row in rows]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return rows


@kept
def _start_of_list(actor: Actor, by_rank: bool) -> Select[Any]:
    return _list(actor, cursor=None, by_rank=by_rank)


def _list(actor: Actor, *further: ColumnElement[bool], cursor: str | None, by_rank: bool) -> Select[Any]:
    if not by_rank and not further:
        return _newest(actor, cursor)
    statement = _row(view_of(actor)).where(visible_children(actor), *further).limit(_ROWS)
    if not by_rank:
        return after(statement, _NEWEST, cursor)
    found = search_ids(func.search_children, bindparam("sought", type_=String), EVERYWHERE)
    statement = statement.add_columns(found.c.rank).join(found, found.c.id == Child.id)
    return after(statement, (found.c.rank,), cursor, newest_first=False)


def _newest(actor: Actor, cursor: str | None) -> Select[Any]:
    """All who are in sight, the newest first: the newest in each way to see them, and the newest of these.

    Asked for all ways at once, the database walks through the children of the whole country until a page is full.
    """
    walks = (
        after(select(*_NEWEST).where(way, Child.joined_into.is_(None)).limit(_ROWS), _NEWEST, cursor)
        for way in _ways_to_see(actor)
    )
    newest = union(*walks).subquery("newest")
    statement = _row(view_of(actor)).join(newest, newest.c.id == Child.id).limit(_ROWS)
    return after(statement, (newest.c.created_at, newest.c.id), None)


def _told(query: ChildQuery, code: str | None) -> dict[str, str | None]:
    """The filter for the log; a name that was sought stays out of it."""
    told = query.told("q")
    if query.q:
        told["q"] = code or "(a name)"
    return told


@cache
def _row(view: View) -> Select[Any]:
    given = Child.given_name if view is not View.CODED else null()
    family = Child.family_name if view >= View.RESIDENT else null()
    columns: list[Any] = [
        Child.id,
        given.label("given_name"),
        family.label("family_name"),
        _initials().label("initials"),
        *_beyond_the_name(view),
        Child.institution_id,
        Institution.name.label("institution_name"),
        Child.restricted,
        Child.created_at,
    ]
    return select(*columns).outerjoin(Institution, Institution.id == Child.institution_id)


def _as_row(row: Row[Any], today: date) -> ChildRow:
    known = row._asdict()
    born_on, precision = known["born_on"], known["birth_precision"]
    # What a list does not show, such as the day of birth, the model leaves out.
    return ChildRow(**known, age_years=age_on(born_on, today), age_text=_age(born_on, precision, today))


def _filters(db: Session, actor: Actor, query: ChildQuery) -> list[ColumnElement[bool]]:
    # A filter tells what it filters by: so each asks only for what the role's view shows as well.
    view = view_of(actor)
    conditions: list[ColumnElement[bool]] = []
    if query.mine:
        conditions.append(Child.responsible_post_id == actor.post_id)
    if query.place is not None:
        check_place_may_be_asked(actor, query.place)
        conditions.append(in_area(Child.area_code, find_area(db, query.place)))
    if query.institution is not None:
        conditions.append(Child.institution_id == query.institution)
    if query.household is not None:
        conditions.append(Child.household_id == query.household if view is View.WHOLE else false())
    if query.lives_as is not None:
        conditions.append(Child.lives_as == query.lives_as if view is not View.TASK else false())
    return conditions


def check_place_may_be_asked(actor: Actor, place_code: int) -> None:
    """Raises `FieldError` on `place` where children listed or counted in it would tell an address beyond the role."""
    if view_of(actor) is View.CODED and len(str(place_code)) > SECTOR_DIGITS:
        raise FieldError("place", _("Your role does not see in which cell or village a child lives"))


def _sought(typed: str, view: View) -> str:
    if view < View.RESIDENT:
        raise FieldError("q", _("Search by the whole code, such as TMM-7K3Q9D: your role does not see names"))
    folded = searchable(typed)
    return sound(folded) or folded


def searchable(typed: str) -> str:
    """What is looked for by name; raises `FieldError` on `q` for too few letters."""
    folded = fold(typed)
    if len(folded) < SHORTEST_SEARCH or "\x00" in folded:
        raise FieldError("q", _("Type at least two letters"))
    return folded


def search_ids(function: Any, folded: Any, area: Area) -> Any:
    """The subquery `id, rank` of a search by name, from a function that searches under the same limits."""
    found = (
        function(folded, area.lo, area.hi, MOST_FOUND)
        .table_valued(named("id", UuidType), with_ordinality="rank")
        .render_derived("hit")
    )
    return select(found.c.id, type_coerce(found.c.rank, BigInteger).label("rank")).subquery("found")
