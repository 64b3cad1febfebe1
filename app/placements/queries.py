"""Every read of placements: those of the children in reach, without the household where the role does not see it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, null, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import ChildFacts, View
from app.access.scope import in_area
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.models import Case
from app.children.models import Child, Household
from app.children.queries import view_of, visible_children
from app.core.db import kept
from app.core.errors import FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.institutions.models import Institution
from app.institutions.queries import visible_institutions
from app.placements.events import PlacementOpened
from app.placements.models import Placement, PlacementSetting
from app.placements.rules import SETTINGS, Episode
from app.placements.schemas import PlacementDetail, PlacementQuery, PlacementRow
from app.placements.words import EndReason, PlacementKind, Setting

_KEY = (Placement.started_on.expression, Placement.id.expression)
_TOLD: list[Any] = [
    Placement.note,
    Placement.brought_by,
    Placement.child_was,
    Placement.unprepared_reason,
    Placement.planned_end_on,
    Placement.address,
    Placement.rent_until,
    Placement.mentor,
]


def visible_placements(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a placement: that of a child in reach, whose history the role sees.

    An institution's manager sees the stays in that institution only; a volunteer sees no history.
    """
    view = view_of(actor)
    if view <= View.TASK:
        return false()
    of_child = exists().where(Child.id == Placement.child_id, visible_children(actor))
    if view is View.RESIDENT:
        return and_(of_child, Placement.institution_id == actor.institution_id)
    return of_child


def _columns(actor: Actor) -> tuple[Any, ...]:
    whole = view_of(actor) is View.WHOLE
    return (
        Placement.id,
        Placement.child_id.label("child"),
        Placement.kind,
        Placement.is_residential,
        Placement.started_on,
        Placement.ended_on,
        Placement.end_reason,
        Placement.end_was_planned,
        Placement.institution_id.label("institution"),
        Institution.name.label("institution_name"),
        (Placement.household_id if whole else null()).label("household"),
        Placement.entry_reason,
        Placement.from_kind,
        (Placement.undecided_reason if whole else null()).label("undecided_reason"),
        Placement.version,
        Placement.created_at,
    )


def _all(actor: Actor, *further: Any) -> Select[Any]:
    return select(*_columns(actor), *further).outerjoin(Institution, Institution.id == Placement.institution_id)


def _visible(actor: Actor, *further: Any) -> Select[Any]:
    return _all(actor, *further).where(visible_placements(actor))


def list_placements(db: Session, actor: Actor, query: PlacementQuery) -> Page[PlacementRow]:
    """Placements in reach, the newest start first; and the note that they were listed."""
    require(actor, Permission.CHILDREN_READ)
    statement = _visible(actor)
    if query.child is not None:
        statement = statement.where(Placement.child_id == query.child)
    if query.institution is not None:
        statement = statement.where(Placement.institution_id == query.institution)
    if query.household is not None:
        shown = view_of(actor) is View.WHOLE
        statement = statement.where(Placement.household_id == query.household if shown else false())
    if query.open is not None:
        statement = statement.where(Placement.ended_on.is_(None) if query.open else Placement.ended_on.is_not(None))
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, PlacementRow.model_validate, lambda row: (row.started_on, row.id))
    listed = RecordsListed(
        what="placements", filter=query.told(), rows=len(page.items), ids=[row.child for row in page.items]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def placements_of(db: Session, actor: Actor, child_id: UUID) -> list[PlacementRow]:
    """The placements of one child, newest first, for whoever has just opened the child."""
    return [PlacementRow.model_validate(row) for row in db.execute(_of_child(actor), {"child_id": child_id}).all()]


@kept
def _of_child(actor: Actor) -> Select[Any]:
    of_child = _visible(actor).where(Placement.child_id == bindparam("child_id"))
    return of_child.order_by(Placement.started_on.desc(), Placement.id.desc())


def read_placement(db: Session, actor: Actor, placement_id: UUID) -> PlacementDetail:
    """One placement; raises `NotFound` out of reach. The caller notes that it was read."""
    whole = view_of(actor) is View.WHOLE
    told = [column if whole else null().label(column.key) for column in _TOLD]
    row = db.execute(_visible(actor, *told).where(Placement.id == placement_id)).one_or_none()
    if row is None:
        raise NotFound
    return PlacementDetail.model_validate(row)


def read_written(db: Session, actor: Actor, placement_id: UUID) -> PlacementDetail:
    """The placement that the actor has just started, even where it took the child out of reach."""
    row = db.execute(_all(actor, *_TOLD).where(Placement.id == placement_id)).one()
    return PlacementDetail.model_validate(row)


def sees_child(db: Session, actor: Actor, child_id: UUID) -> bool:
    """Whether a child is in the actor's reach, for instance after a move."""
    return bool(db.scalar(select(exists().where(Child.id == child_id, visible_children(actor)))))


def open_placement(db: Session, actor: Actor, placement_id: UUID) -> PlacementDetail:
    """One placement, and the note that it was read."""
    require(actor, Permission.CHILDREN_READ)
    placement = read_placement(db, actor, placement_id)
    record(db, actor, PlacementOpened(placement=placement_id), subject_id=placement.child)
    return placement


# For the verbs


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildToMove:
    """What a verb needs to know of the child whose placements it changes."""

    id: UUID
    born_on: date | None
    birth_precision: str
    facts: ChildFacts
    has_disability: bool | None
    case_id: UUID | None
    """The open case."""
    risk: str | None


def lock_child(db: Session, actor: Actor, child_id: UUID) -> ChildToMove:
    """The child, locked until the end of the transaction, so that two moves wait for each other.

    Raises `NotFound` out of reach.
    """
    row = db.execute(
        select(
            Child.id,
            Child.born_on,
            Child.birth_precision,
            Child.area_code,
            Child.responsible_post_id,
            Child.institution_id,
            Child.restricted,
            Child.has_disability,
            Case.id.label("case_id"),
            Case.risk,
        )
        .outerjoin(Case, and_(Case.child_id == Child.id, Case.closed_on.is_(None)))
        .where(Child.id == child_id, visible_children(actor))
        .with_for_update(of=Child, key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return ChildToMove(
        id=row.id,
        born_on=row.born_on,
        birth_precision=row.birth_precision,
        facts=ChildFacts(
            area_code=row.area_code,
            responsible_post_id=row.responsible_post_id,
            institution_id=row.institution_id,
            restricted=row.restricted,
        ),
        has_disability=row.has_disability,
        case_id=row.case_id,
        risk=row.risk,
    )


def setting(db: Session, which: Setting) -> int:
    """A number of placements as the programme has set it, or as the service begins with it."""
    found = db.scalar(select(PlacementSetting.value).where(PlacementSetting.code == which.value))
    return found if found is not None else SETTINGS[which]


def episodes_of(db: Session, child_id: UUID) -> list[Episode]:
    """All placements of a child, oldest first, whoever asks: the rules of a move need every one."""
    rows = db.execute(
        select(Placement.id, Placement.kind, Placement.started_on, Placement.ended_on, Placement.end_reason)
        .where(Placement.child_id == child_id)
        .order_by(Placement.started_on, Placement.id)
    )
    return [
        Episode(
            id=row.id,
            kind=PlacementKind(row.kind),
            started_on=row.started_on,
            ended_on=row.ended_on,
            end_reason=EndReason(row.end_reason) if row.end_reason else None,
        )
        for row in rows
    ]


def kinds_lived(db: Session, child_id: UUID) -> list[PlacementKind]:
    """In which ways a child has lived, mistakes left out, for whoever has just opened the child; one statement."""
    wanted = select(Placement.kind).where(
        Placement.child_id == child_id, Placement.end_reason.is_distinct_from(EndReason.DATA_CORRECTION.value)
    )
    return [PlacementKind(kind) for kind in db.scalars(wanted.distinct())]


def institution_area(db: Session, actor: Actor, institution_id: UUID) -> int:
    """The area code of an institution in reach; raises `FieldError` on `institution`."""
    found = db.scalar(
        select(Institution.area_code).where(Institution.id == institution_id, visible_institutions(actor))
    )
    if found is None:
        raise FieldError("institution", _("No such institution is in your reach"))
    return found


@dataclass(frozen=True, slots=True)
class HostHousehold:
    """What a verb needs to know of a household that is to receive a child."""

    area_code: int
    family: str
    vetting: str
    capacity: int


def lock_household(db: Session, actor: Actor, household_id: UUID) -> HostHousehold:
    """A household in reach, locked so that its last place is given once.

    Raises `FieldError` on `household`.
    """
    found = db.execute(
        select(Household.area_code, Household.kind, Household.vetting, Household.capacity)
        .where(Household.id == household_id, reachable_households(actor))
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise FieldError("household", _("No such household is in your reach"))
    return HostHousehold(*found)


def reachable_households(actor: Actor) -> ColumnElement[bool]:
    """The households that an actor may place a child with: of the area, and those that the actor registered."""
    return or_(in_area(Household.area_code, actor.area), Household.created_by == actor.account_id)


def children_in(db: Session, household_id: UUID, *, but: UUID) -> int:
    """How many children live with a household now, leaving one out."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Placement)
            .where(Placement.household_id == household_id, Placement.ended_on.is_(None), Placement.child_id != but)
        )
        or 0
    )
