"""Every read of places; they are public, so nothing here asks who is reading."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, bindparam, select
from sqlalchemy.orm import Session

from app.access.area import EVERYWHERE, Area, area_code_of, area_of
from app.access.scope import in_area
from app.core.errors import FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.places.models import Place, PlaceAlias, PlaceName, PlaceSuccession
from app.places.rules import level_of, lineage, spelling
from app.places.schemas import FormerName, PlaceDetail, PlaceRow, ResolvedPlace, Successor
from app.places.words import PlaceLevel

LARGEST_CODE = 99_999_999
_from, _to = PlaceSuccession.from_code.expression, PlaceSuccession.to_code.expression
_ROW: tuple[Any, ...] = (Place.code, Place.level, Place.name, Place.path)
_NAMES = select(Place.code, Place.name).where(Place.code == any_(bindparam("codes", type_=ARRAY(Integer))))
_WITH_ITS_END = select(*_ROW, Place.ended_on).where(Place.code == bindparam("code"))


def find_place(db: Session, code: int) -> PlaceRow | None:
    """The place of a code, also one that has ended; None where no list knows it."""
    if level_of(code) is None or code > LARGEST_CODE:
        return None
    row = db.execute(select(*_ROW).where(Place.code == code)).one_or_none()
    return None if row is None else PlaceRow.model_validate(row)


def names_of(db: Session, codes: Collection[int]) -> dict[int, str]:
    """The names of places by their codes; those that are not there are left out."""
    return {row.code: row.name for row in db.execute(_NAMES, {"codes": list(codes)}).all()}


def find_area(db: Session, code: int, field: str = "place") -> Area:
    """All that lies inside a place, for a filter; raises `FieldError` where no list knows the code."""
    if find_place(db, code) is None:
        raise FieldError(field, _("No place has the code %(code)d") % {"code": code})
    return area_of(code)


def resolve_place(
    db: Session,
    *,
    village: int | None,
    cell: int | None = None,
    village_name: str | None = None,
    field: str = "village",
) -> ResolvedPlace:
    """Where a record lies, from a village's code, or from its cell and a name that the list need not know.

    With both codes the village must lie in the cell. With a cell and a name, the name of a village that the
    list knows in that cell gives its code. Raises `FieldError` on `field`.
    """
    if village is not None:
        found = _open_place(db, village, PlaceLevel.VILLAGE, field)
        if cell is not None and village // 100 != cell:
            message = _("%(village)s is not in the cell that was named; it lies in %(path)s")
            raise FieldError(field, message % {"village": found.name, "path": found.path})
        return ResolvedPlace(place_code=found.code, area_code=area_code_of(found.code), path=found.path)
    if cell is None:
        raise FieldError(field, _("Choose the village"))
    holder = _open_place(db, cell, PlaceLevel.CELL, field)
    name = " ".join((village_name or "").split())
    if name:
        listed = [row for row in children_of(db, cell) if spelling(row.name) == spelling(name)]
        if len(listed) == 1:
            return resolve_place(db, village=listed[0].code, field=field)
    return ResolvedPlace(
        place_code=holder.code,
        area_code=area_code_of(holder.code),
        village_name=name or None,
        path=f"{name}, {holder.path}" if name else holder.path,
    )


def resolve_sector(db: Session, code: int, field: str = "sector") -> ResolvedPlace:
    """Where a record lies that is known to its sector only; raises `FieldError` on `field`."""
    found = _open_place(db, code, PlaceLevel.SECTOR, field)
    return ResolvedPlace(place_code=found.code, area_code=area_code_of(found.code), path=found.path)


def resolve_at(db: Session, code: int, *levels: PlaceLevel, field: str = "place") -> ResolvedPlace:
    """Where a record lies, at one of several levels (any if none is given); raises `FieldError`."""
    level = level_of(code)
    wanted = levels or tuple(PlaceLevel)
    found = _open_place(db, code, PlaceLevel(level) if level in wanted else wanted[0], field)
    return ResolvedPlace(place_code=found.code, area_code=area_code_of(found.code), path=found.path)


def _open_place(db: Session, code: int, level: PlaceLevel, field: str) -> PlaceRow:
    if level_of(code) != level or code > LARGEST_CODE:
        raise FieldError(field, _WRONG_LEVEL[level]())
    row = db.execute(_WITH_ITS_END, {"code": code}).one_or_none()
    if row is None:
        raise FieldError(field, _("No place has the code %(code)d") % {"code": code})
    if row.ended_on is not None:
        message = _("%(name)s is no longer in the list of places; choose the place that it became")
        raise FieldError(field, message % {"name": row.name})
    return PlaceRow.model_validate(row)


_WRONG_LEVEL = {
    PlaceLevel.COUNTRY: lambda: _("Choose the country"),
    PlaceLevel.PROVINCE: lambda: _("Choose a province"),
    PlaceLevel.DISTRICT: lambda: _("Choose a district; its code has 2 digits"),
    PlaceLevel.SECTOR: lambda: _("Choose a sector; its code has 4 digits"),
    PlaceLevel.CELL: lambda: _("Choose a cell; its code has 6 digits"),
    PlaceLevel.VILLAGE: lambda: _("Choose a village; its code has 8 digits"),
}


def children_of(db: Session, code: int) -> list[PlaceRow]:
    """The places directly inside one, by name; those that have ended are left out."""
    statement = (
        select(*_ROW).where(Place.parent_code == code, Place.ended_on.is_(None)).order_by(Place.name, Place.code)
    )
    return [PlaceRow.model_validate(row) for row in db.execute(statement)]


def list_places(
    db: Session, *, level: PlaceLevel | None, within: Area | None, limit: int, cursor: str | None
) -> Page[PlaceRow]:
    """All places that have not ended, by code. Raises `FieldError` for a cursor of another list."""
    statement: Select[Any] = select(*_ROW).where(
        Place.ended_on.is_(None), in_area(Place.area_code, within or EVERYWHERE)
    )
    if level is not None:
        statement = statement.where(Place.level == level.value)
    statement = after(statement, [Place.code.expression], cursor, newest_first=False).limit(limit + 1)
    return page_of(db.execute(statement).all(), limit, PlaceRow.model_validate, lambda row: (row.code,))


def place_detail(db: Session, code: int) -> PlaceDetail:
    """A place with its past, in five statements; raises `NotFound`."""
    if level_of(code) is None or code > LARGEST_CODE:
        raise NotFound
    codes = lineage(code)[1:] + ([0] if code else [])
    holding = {
        row.code: row
        for row in db.execute(
            select(*_ROW, Place.code_is_inferred, Place.began_on, Place.ended_on).where(Place.code.in_([code, *codes]))
        )
    }
    if code not in holding:
        raise NotFound
    here = holding[code]
    names = select(PlaceName.name, PlaceName.until_on).where(PlaceName.code == code)
    return PlaceDetail(
        code=here.code,
        level=here.level,
        name=here.name,
        path=here.path,
        code_is_inferred=here.code_is_inferred,
        began_on=here.began_on,
        ended_on=here.ended_on,
        holders=[PlaceRow.model_validate(holding[holder]) for holder in codes if holder in holding],
        aliases=list(db.scalars(select(PlaceAlias.alias).where(PlaceAlias.code == code).order_by(PlaceAlias.alias))),
        former_names=[
            FormerName.model_validate(row)
            for row in db.execute(names.order_by(PlaceName.until_on.desc(), PlaceName.id.desc()))
        ],
        successors=_linked(db, code, _from, _to),
        predecessors=_linked(db, code, _to, _from),
    )


def _linked(db: Session, code: int, here: ColumnElement[int], there: ColumnElement[int]) -> list[Successor]:
    statement = (
        select(*_ROW, PlaceSuccession.from_on)
        .join(PlaceSuccession, there == Place.code)
        .where(here == code)
        .order_by(PlaceSuccession.from_on, Place.code)
    )
    return [Successor.model_validate(row) for row in db.execute(statement)]
