"""Plans the visits of a placement by the schedule of its kind and of what the child needs, and plans them again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, case, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.audit.service import record
from app.cases.listeners import on_risk_rated
from app.cases.models import Case
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.placements.words import PlacementKind
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.schemas import TaskPlan
from app.tasks.service import plan_tasks
from app.tasks.words import CancelReason, TaskKind
from app.visits.events import VisitsReplanned
from app.visits.models import VisitSchedule
from app.visits.rules import LONG_THERE_KINDS, TAIL_AHEAD_DAYS, Schedule, due_from, need_of, plan
from app.visits.words import Need

SUBJECT = "placement"


def plan_visits(
    db: Session,
    actor: Actor,
    *,
    placement_id: UUID,
    child_id: UUID,
    kind: PlacementKind,
    need: Need,
    started_on: date,
    post_id: UUID | None,
    area_code: int,
    restricted: bool,
) -> int:
    """Plans visits for the responsible post and light checks for the village; returns how many.

    A restricted child has no light checks: no volunteer may know of it.
    """
    found = _schedule(db, kind, need)
    if found is None:
        return 0
    schedule, _need = found
    planned = plan(
        schedule,
        started_on,
        clock.today(),
        long_there=kind in LONG_THERE_KINDS,
    )
    plans = [
        TaskPlan(
            kind=one.kind,
            due_on=one.due_on,
            tolerance_days=one.tolerance_days,
            post_id=post_id if one.kind is TaskKind.VISIT else None,
            area_code=area_code,
        )
        for one in planned
        if not (restricted and one.kind is TaskKind.IZU_CHECK)
    ]
    plan_tasks(db, actor, plans, subject_kind=SUBJECT, subject_id=placement_id, child_id=child_id)
    return len(plans)


def _schedule(db: Session, kind: PlacementKind, need: Need) -> tuple[Schedule, Need] | None:
    """The schedule of a kind for a need, or the usual one of the kind, and which of the two it is."""
    rows = {
        row.need: row
        for row in db.execute(
            select(
                VisitSchedule.need,
                VisitSchedule.due_days,
                VisitSchedule.first_tolerance_days,
                VisitSchedule.tolerance_days,
                VisitSchedule.check_days,
                VisitSchedule.repeat_days,
            ).where(
                VisitSchedule.placement_kind == kind.value,
                VisitSchedule.need.in_([need.value, Need.USUAL.value]),
            )
        )
    }
    row = rows.get(need.value) or rows.get(Need.USUAL.value)
    if row is None:
        return None
    schedule = Schedule(
        due_days=row.due_days,
        first_tolerance_days=row.first_tolerance_days,
        tolerance_days=row.tolerance_days,
        check_days=row.check_days,
        repeat_days=row.repeat_days,
    )
    return schedule, Need(row.need)


# Planned again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """An open placement whose visits are planned, and what decides how."""

    id: UUID
    child_id: UUID
    kind: PlacementKind
    started_on: date
    created_at: datetime
    visits_by: Need
    visits_from: date | None
    area_code: int
    post_id: UUID | None
    need: Need

    @property
    def begins(self) -> date:
        """The day from which the usual schedule is counted: that of the recording for who may be there for years."""
        recorded_on = self.created_at.astimezone(clock.KIGALI).date()
        return recorded_on if self.kind in LONG_THERE_KINDS else self.started_on


def _followed(*, where: ColumnElement[bool]) -> Select[Any]:
    columns: list[Any] = [
        Placement.id,
        Placement.child_id,
        Placement.kind,
        Placement.started_on,
        Placement.created_at,
        Placement.visits_by,
        Placement.visits_from,
        Placement.area_code,
        Child.responsible_post_id.label("post_id"),
        Child.has_disability,
        Case.risk,
    ]
    return (
        select(*columns)
        .join(Child, Child.id == Placement.child_id)
        .outerjoin(Case, and_(Case.child_id == Child.id, Case.closed_on.is_(None)))
        .where(Placement.ended_on.is_(None), where)
        .order_by(Placement.id)
        .with_for_update(of=Placement, key_share=True)
    )


def _as_followed(row: Any) -> _Followed:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    need = need_of(risk=values.pop("risk"), disability=values.pop("has_disability"))
    values |= {"kind": PlacementKind(row.kind), "visits_by": Need(row.visits_by)}
    return _Followed(**values, need=need)


def replan_visits(db: Session, actor: Actor | None, child_id: UUID) -> int:
    """Plans the visits to a child again where the risk or a disability asks for another schedule than it follows.

    What is due or overdue by today stays due; what lies ahead is replaced. Returns how many visits are new; 0 where
    nothing changes. Without an actor it is the service itself.
    """
    row = db.execute(_followed(where=Placement.child_id == child_id)).one_or_none()
    return _replan(db, actor, _as_followed(row)) if row is not None else 0


def _replan(db: Session, actor: Actor | None, placement: _Followed) -> int:
    found = _schedule(db, placement.kind, placement.need)
    if found is None:
        return 0
    schedule, need = found
    if need is placement.visits_by:
        return 0
    today = clock.today()
    closer = need is not Need.USUAL and (placement.visits_by is Need.USUAL or need is Need.HIGH_RISK)
    begins = today if closer else placement.begins
    dropped = _drop_ahead(db, placement.id, today)
    last = begins + timedelta(days=max(schedule.due_days, default=0))
    until = max(last, today + timedelta(days=TAIL_AHEAD_DAYS))
    planned = _plan_more(db, actor, placement, due_from(schedule, begins, after=today, until=until))
    db.execute(
        update(Placement)
        .where(Placement.id == placement.id)
        .values(visits_by=need.value, visits_from=begins, version=Placement.version + 1)
    )
    event = VisitsReplanned(placement=placement.id, schedule=need.value, planned=planned, dropped=dropped)
    record(db, actor, event, subject_id=placement.child_id, area_code=placement.area_code)
    return planned


def _drop_ahead(db: Session, placement_id: UUID, today: date) -> int:
    """Cancels the planned visits that lie ahead; one that a visitor wished for has a page of its own and stays."""
    dropped = db.execute(
        update(Task)
        .where(
            Task.subject_id == placement_id,
            Task.kind == TaskKind.VISIT.value,
            Task.path.is_(None),
            Task.due_on > today,
            IS_OPEN,
        )
        .values(cancelled_on=today, cancel_reason=CancelReason.NOT_NEEDED.value, version=Task.version + 1)
        .returning(Task.id)
    )
    return len(dropped.all())


def _plan_more(db: Session, actor: Actor | None, placement: _Followed, days: list[tuple[date, int]]) -> int:
    plans = [
        TaskPlan(
            kind=TaskKind.VISIT,
            due_on=due_on,
            tolerance_days=tolerance,
            post_id=placement.post_id,
            area_code=placement.area_code,
        )
        for due_on, tolerance in days
    ]
    plan_tasks(db, actor, plans, subject_kind=SUBJECT, subject_id=placement.id, child_id=placement.child_id)
    return len(plans)


# Every night


def replan_changed(db: Session, limit: int = 100) -> int:
    """Plans again where the risk or a disability changed and nobody has planned since; returns how many placements."""
    own = aliased(VisitSchedule)
    wanted = case(
        (Case.risk == "high", literal(Need.HIGH_RISK.value)),
        (Child.has_disability.is_(True), literal(Need.DISABILITY.value)),
        else_=literal(Need.USUAL.value),
    )
    has_one = exists().where(own.placement_kind == Placement.kind, own.need == wanted)
    differs = or_(
        and_(has_one, Placement.visits_by != wanted),
        and_(~has_one, Placement.visits_by != Need.USUAL.value),
    )
    rows = db.execute(_followed(where=differs).limit(limit)).all()
    for row in rows:
        _replan(db, None, _as_followed(row))
    return len(rows)


def extend_visits(db: Session, limit: int = 100) -> int:
    """Plans the visits that repeat as long as a placement lasts a year ahead; returns how many placements got some."""
    today = clock.today()
    until = today + timedelta(days=TAIL_AHEAD_DAYS)
    planned_until = (
        select(func.max(Task.due_on))
        .where(Task.subject_id == Placement.id, Task.kind == TaskKind.VISIT.value, Task.path.is_(None))
        .scalar_subquery()
    )
    reaches = exists().where(
        VisitSchedule.placement_kind == Placement.kind,
        VisitSchedule.need == Placement.visits_by,
        VisitSchedule.repeat_days.is_not(None),
        or_(planned_until.is_(None), cast(planned_until + VisitSchedule.repeat_days, Date) <= until),
    )
    rows = db.execute(_followed(where=reaches).limit(limit)).all()
    for row in rows:
        placement = _as_followed(row)
        found = _schedule(db, placement.kind, placement.visits_by)
        if found is None:
            continue
        last = db.scalar(
            select(func.max(Task.due_on)).where(
                Task.subject_id == placement.id, Task.kind == TaskKind.VISIT.value, Task.path.is_(None)
            )
        )
        begins = placement.visits_from or placement.begins
        _plan_more(db, None, placement, due_from(found[0], begins, after=max(last or today, today), until=until))
    return len(rows)


on_risk_rated(replan_visits)
