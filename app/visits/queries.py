"""Every read of visits: those in the placements in reach; notes and wellbeing for the child's district only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, func, literal, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.events import RecordsListed
from app.audit.service import record
from app.cases.models import Case
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.core.db import kept
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.placements.models import Placement
from app.placements.queries import visible_placements
from app.placements.words import PlacementKind
from app.tasks.models import Task
from app.tasks.rules import last_day
from app.visits.events import VisitOpened
from app.visits.follow_rules import Scored, compared
from app.visits.models import Visit
from app.visits.schemas import VisitDetail, VisitQuery, VisitRow
from app.visits.words import WellbeingDomain

_WHOLE: list[Any] = [
    Visit.seen_alone,
    Visit.safe_why,
    Visit.worries,
    Visit.worry_words,
    Visit.agreed,
    Visit.next_visit_on,
    Visit.suggests_risk,
]
_KEY = (Visit.visited_on.expression, Visit.id.expression)


def visible_visits(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees a visit: one in a placement that they see, or their own light check."""
    if view_of(actor) is View.TASK:
        own = Visit.created_by == actor.account_id
        return own & exists().where(Child.id == Visit.child_id, visible_children(actor))
    if view_of(actor) is View.NOTHING:
        return false()
    return exists().where(Placement.id == Visit.placement_id, visible_placements(actor))


def _columns(actor: Actor) -> tuple[Any, ...]:
    whole = view_of(actor) is View.WHOLE
    return (
        Visit.id,
        Visit.placement_id.label("placement"),
        Visit.child_id.label("child"),
        Visit.kind,
        Visit.visited_on,
        Visit.child_seen,
        Visit.not_seen_reason,
        (Visit.wellbeing if whole else literal({}, JSONB)).label("wellbeing"),
        (Visit.safe if whole else null()).label("safe"),
        Visit.created_at,
    )


def _visible(actor: Actor, *further: Any) -> Select[Any]:
    return select(*_columns(actor), *further).where(visible_visits(actor))


def list_visits(db: Session, actor: Actor, query: VisitQuery) -> Page[VisitRow]:
    """Visits in reach, the newest day first; and the note that they were listed."""
    require(actor, Permission.CHILDREN_READ)
    statement = _visible(actor)
    if query.placement is not None:
        statement = statement.where(Visit.placement_id == query.placement)
    if query.child is not None:
        statement = statement.where(Visit.child_id == query.child)
    rows = db.execute(after(statement, _KEY, query.cursor).limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, VisitRow.model_validate, lambda row: (row.visited_on, row.id))
    listed = RecordsListed(
        what="visits", filter=query.told(), rows=len(page.items), ids=[row.child for row in page.items]
    )
    record(db, actor, listed, area_code=actor.area.lo)
    return page


def visits_of(db: Session, actor: Actor, child_id: UUID) -> list[VisitRow]:
    """The visits to one child, newest first, for whoever has just opened the child."""
    return [VisitRow.model_validate(row) for row in db.execute(_of_child(actor), {"child_id": child_id})]


@kept
def _of_child(actor: Actor) -> Select[Any]:
    of_child = _visible(actor).where(Visit.child_id == bindparam("child_id"))
    return of_child.order_by(Visit.visited_on.desc(), Visit.id.desc())


def worried_visits_of(db: Session, child_id: UUID) -> list[Any]:
    """Day and words of the visits that found something wrong, newest first, of a child whose whole file is open."""
    told = select(Visit.visited_on, Visit.safe_why, Visit.worry_words).where(
        Visit.child_id == child_id, or_(Visit.safe_why.is_not(None), Visit.worry_words.is_not(None))
    )
    return list(db.execute(told.order_by(Visit.visited_on.desc(), Visit.id.desc())))


def read_visit(db: Session, actor: Actor, visit_id: UUID) -> VisitDetail:
    """One visit; raises `NotFound` out of reach. The caller notes that it was read."""
    mine = view_of(actor) in {View.WHOLE, View.TASK}
    whole = [column if view_of(actor) is View.WHOLE else null().label(column.key) for column in _WHOLE]
    row = db.execute(
        _visible(
            actor,
            (Visit.note if mine else null()).label("note"),
            *whole,
            Task.id.label("task"),
            Task.due_on,
            Task.tolerance_days,
        )
        .outerjoin(Task, (Task.done_by_id == Visit.id) & (Task.subject_id == Visit.placement_id))
        .where(Visit.id == visit_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    visit = VisitDetail.model_validate(row)
    late = None if row.task is None else row.visited_on > last_day(row.due_on, row.tolerance_days)
    before = _wellbeing_before(db, visit) if view_of(actor) is View.WHOLE and visit.wellbeing else {}
    return visit.model_copy(update={"late": late, "wellbeing_before": before})


def _wellbeing_before(db: Session, visit: VisitDetail) -> dict[WellbeingDomain, int]:
    """How the child was on the last visit before this one on which anything was assessed."""
    found = db.scalar(
        select(Visit.wellbeing)
        .where(
            Visit.child_id == visit.child,
            tuple_(Visit.visited_on, Visit.created_at) < tuple_(visit.visited_on, visit.created_at),
            Visit.wellbeing != literal({}, JSONB),
        )
        .order_by(Visit.visited_on.desc(), Visit.created_at.desc())
        .limit(1)
    )
    return {WellbeingDomain(domain): score for domain, score in (found or {}).items()}


_LOOKED_AT = (
    select(Visit.wellbeing)
    .where(Visit.child_id == bindparam("child_id"), Visit.wellbeing != literal({}, JSONB))
    .order_by(Visit.visited_on.desc(), Visit.created_at.desc())
    .limit(2)
    .subquery()
)
LOOKED_AT = select(func.coalesce(func.jsonb_agg(_LOOKED_AT.c.wellbeing), literal([], JSONB))).scalar_subquery()
"""The wellbeing on the last two visits on which it was looked at, the newest first, of the child `child_id`."""


def wellbeing_of(looked_at: Sequence[dict[str, int]]) -> list[Scored]:
    """How a child was on the last visit on which that was looked at, against the visit before: from `LOOKED_AT`."""
    now, before = (*looked_at, {}, {})[:2]
    return compared(domain_labels(), now, before)


def domain_labels() -> list[tuple[str, str]]:
    """The domains of wellbeing with their words, in the order of the form."""
    return [(domain.value, domain.label) for domain in WellbeingDomain]


def open_visit(db: Session, actor: Actor, visit_id: UUID) -> VisitDetail:
    """One visit, and the note that it was read."""
    require(actor, Permission.CHILDREN_READ)
    visit = read_visit(db, actor, visit_id)
    record(db, actor, VisitOpened(visit=visit_id), subject_id=visit.child)
    return visit


@dataclass(frozen=True, slots=True)
class CaseRisk:
    """The open case of a child and its risk."""

    id: UUID
    risk: str | None


def case_risk_of(db: Session, child_id: UUID) -> CaseRisk | None:
    """The open case of a child that the caller may read, with its risk; None where there is none."""
    row = db.execute(
        select(Case.id, Case.risk).where(Case.child_id == child_id, Case.closed_on.is_(None))
    ).one_or_none()
    return CaseRisk(row.id, row.risk) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """The placement that a visit is logged in."""

    id: UUID
    child_id: UUID
    kind: PlacementKind
    started_on: date
    ended_on: date | None
    area_code: int
    household_id: UUID | None
    post_id: UUID | None
    """The post that is responsible for the child."""


def placement_to_visit(db: Session, actor: Actor, placement_id: UUID) -> Visited:
    """A placement whose child the actor may visit; raises `NotFound` out of reach.

    A volunteer looks in on children who live with a household of the village now.
    """
    owner = aliased(Child)
    statement = (
        select(
            Placement.id,
            Placement.child_id,
            Placement.kind,
            Placement.started_on,
            Placement.ended_on,
            Placement.area_code,
            Placement.household_id,
            owner.responsible_post_id.label("post_id"),
        )
        .select_from(Placement)
        .join(owner, owner.id == Placement.child_id)
        .where(Placement.id == placement_id)
    )
    if view_of(actor) is View.TASK:
        lives_here = exists().where(Child.id == Placement.child_id, visible_children(actor))
        statement = statement.where(lives_here, Placement.ended_on.is_(None))
    else:
        statement = statement.where(visible_placements(actor))
    row = db.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Visited(**(dict(row._mapping) | {"kind": PlacementKind(row.kind)}))  # noqa: SLF001 - SQLAlchemy's public way


def placement_to_check(db: Session, child_id: UUID) -> UUID | None:
    """The id of the open placement of a child whom a volunteer has just opened; it tells nothing of the placement."""
    return db.scalar(select(Placement.id).where(Placement.child_id == child_id, Placement.ended_on.is_(None)))
