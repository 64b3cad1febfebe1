"""Every read of the register of institutions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import Role
from app.access.scope import in_area
from app.core.errors import FieldError, NotFound
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.core.text import fold
from app.institutions.models import Institution
from app.institutions.schemas import InstitutionDetail, InstitutionQuery, InstitutionRow
from app.places.models import Place
from app.places.queries import find_area

SHORTEST_SEARCH = 2

_ROW = (
    Institution.id,
    Institution.name,
    Institution.kind,
    Institution.registration,
    Institution.capacity,
    Institution.closure_stage,
    Institution.place_code.label("sector"),
    Place.path.label("place"),
)
_DETAIL = (
    *_ROW,
    Institution.founder,
    Institution.opened_on,
    Institution.stage_reached_on,
    Institution.moratorium_on,
    Institution.services,
    Institution.found_by,
    Institution.found_on,
    Institution.children_seen,
    Institution.area_code,
    Institution.version,
    Institution.created_at,
)


def visible_institutions(actor: Actor) -> ColumnElement[bool]:
    """The condition that an institution lies in reach: a manager's own, else those of the area."""
    if actor.role is Role.INSTITUTION_MANAGER:
        return Institution.id == actor.institution_id
    if not actor.may_ever(Permission.INSTITUTIONS_READ):
        return false()
    return in_area(Institution.area_code, actor.area)


def list_institutions(db: Session, actor: Actor, query: InstitutionQuery) -> Page[InstitutionRow]:
    """Institutions in reach, by name."""
    statement = _from(*_ROW).where(visible_institutions(actor), *_conditions(db, query))
    key = (Institution.name.expression, Institution.id.expression)
    rows = db.execute(after(statement, key, query.cursor, newest_first=False).limit(query.limit + 1)).all()
    return page_of(rows, query.limit, InstitutionRow.model_validate, lambda row: (row.name, row.id))


def get_institution(db: Session, actor: Actor, institution_id: UUID) -> InstitutionDetail:
    """One institution; raises `NotFound` outside the actor's reach."""
    row = db.execute(_from(*_DETAIL).where(Institution.id == institution_id, visible_institutions(actor))).one_or_none()
    if row is None:
        raise NotFound
    return InstitutionDetail.model_validate(row)


def institution_choices(db: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Id and name of every institution in reach, by name, for a field that chooses one; with the moratorium."""
    found = db.execute(
        select(Institution.id, Institution.name, Institution.moratorium_on)
        .where(visible_institutions(actor))
        .order_by(Institution.name, Institution.id)
    )
    closed = _("No new admissions since %(day)s")
    return [
        (row.id, f"{row.name} · {closed % {'day': day(row.moratorium_on)}}" if row.moratorium_on else row.name)
        for row in found
    ]


def _from(*columns: Any) -> Select[Any]:
    return select(*columns).join(Place, Place.code == Institution.place_code)


def _conditions(db: Session, query: InstitutionQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.q and query.q.strip():
        folded = fold(query.q)
        if len(folded) < SHORTEST_SEARCH or "\x00" in folded:
            raise FieldError("q", _("Type at least two letters"))
        conditions.append(Institution.folded.contains(folded, autoescape=True))
    if query.place is not None:
        conditions.append(in_area(Institution.area_code, find_area(db, query.place)))
    if query.kind is not None:
        conditions.append(Institution.kind == query.kind)
    if query.registration is not None:
        conditions.append(Institution.registration == query.registration)
    return conditions or [true()]
