"""The records that each indicator counts: one SELECT gives the number and the list behind it.

Every SELECT has the columns of `COLUMNS`: the record, whether it is in the numerator, its measure (days) where the
indicator is a median, where it lies, and by what it can be taken apart.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Float,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.children.models import Child
from app.indicators.rules import Period
from app.placements.models import Placement
from app.placements.words import FOSTER_KINDS, PLACED_KINDS, RESIDENTIAL_KINDS
from app.referrals.models import Referral, ReferralHop
from app.referrals.words import HopEnd, Rung
from app.tasks.models import Task
from app.tasks.words import CancelReason, TaskKind

_RESIDENTIAL = [kind.value for kind in RESIDENTIAL_KINDS]
_PLACED = [kind.value for kind in PLACED_KINDS]
_FOSTER = [kind.value for kind in FOSTER_KINDS]


def _text(value: str | None) -> ColumnElement[str | None]:
    return literal(value) if value is not None else cast(null(), String)


def age_band(born_on: Any, on: date) -> ColumnElement[str]:
    """The age band of the reference on a day; "unknown" without a birth date."""
    years = extract("year", func.age(literal(on, Date), born_on))
    return case(
        (born_on.is_(None), "unknown"),
        (years < 3, "0-2"),
        (years < 6, "3-5"),
        (years < 10, "6-9"),
        (years < 15, "10-14"),
        (years < 18, "15-17"),
        (years < 25, "18-24"),
        else_="25+",
    )


def _disability() -> ColumnElement[str]:
    return case((Child.has_disability.is_(None), "unknown"), (Child.has_disability.is_(True), "yes"), else_="no")


def _of_child(period: Period, day: Any) -> list[ColumnElement[Any]]:
    return [
        Child.sex.label("sex"),
        age_band(Child.born_on, period.last).label("age_band"),
        _disability().label("disability"),
        func.to_char(day, 'YYYY"-Q"Q').label("quarter"),
        day.label("on"),
    ]


def _placements(period: Period, *further: ColumnElement[Any]) -> Select[Any]:
    # An outer join: a child who has moved out of the reader's reach still counts where it was placed, so that the
    # districts add up to the country; and the planner leaves the join out where nobody asks for sex or age.
    return select(
        Placement.id.label("id"),
        Placement.child_id.label("child_id"),
        cast(null(), Uuid).label("referral_id"),
        Placement.area_code.label("area_code"),
        Placement.district_code.label("district"),
        (Placement.area_code // 10_000).label("sector"),
        cast(Placement.institution_id, String).label("institution"),
        Placement.kind.label("kind"),
        *_of_child(period, Placement.started_on),
        _text(None).label("level"),
        _text(None).label("urgency"),
        _text(None).label("concern"),
        _text(None).label("days_late"),
        *further,
    ).outerjoin(Child, Child.id == Placement.child_id)


_COUNTED: list[ColumnElement[Any]] = [true().label("counted"), cast(null(), Float).label("measure")]


def residents(period: Period) -> Select[Any]:
    """Open residential episodes at the end of the period's last day."""
    return _placements(period, *_COUNTED).where(
        Placement.is_residential,
        Placement.started_on <= period.last,
        or_(Placement.ended_on.is_(None), Placement.ended_on > period.last),
    )


def admissions(period: Period) -> Select[Any]:
    """Residential episodes that began in the period and did not come straight from another institution."""
    return _placements(period, *_COUNTED).where(
        Placement.is_residential,
        Placement.started_on.between(period.first, period.last),
        or_(Placement.from_kind.is_(None), Placement.from_kind.not_in(_RESIDENTIAL)),
    )


def _first_exits(period: Period, *further: ColumnElement[Any]) -> Select[Any]:
    earlier = aliased(Placement)
    before = exists().where(
        earlier.child_id == Placement.child_id,
        earlier.started_on < Placement.started_on,
        earlier.kind.in_(_PLACED),
        earlier.from_kind.in_(_RESIDENTIAL),
    )
    return _placements(period, *further).where(
        Placement.kind.in_(_PLACED),
        Placement.from_kind.in_(_RESIDENTIAL),
        Placement.started_on.between(period.first, period.last),
        ~before,
    )


def placed(period: Period) -> Select[Any]:
    """Persons whose first exit from an institution to family-based or alternative care fell in the period."""
    return _first_exits(period, *_COUNTED)


def placed_by_kind(period: Period) -> Select[Any]:
    """The same persons; in the numerator those who went to a foster family."""
    in_foster = Placement.kind.in_(_FOSTER).label("counted")
    return _first_exits(period, in_foster, cast(null(), Float).label("measure"))


def placed_with_days(period: Period) -> Select[Any]:
    """The same persons, each with the days from registration to placement."""
    known = Child.registered_on.is_not(None)
    days = case((known, cast(func.greatest(Placement.started_on - Child.registered_on, 0), Float))).label("measure")
    return _first_exits(period, true().label("counted"), days)


def _visit_tasks(period: Period, *further: ColumnElement[Any]) -> Select[Any]:
    late = period.last - Task.due_on - Task.tolerance_days
    return (
        select(
            Task.id.label("id"),
            Task.child_id.label("child_id"),
            cast(null(), Uuid).label("referral_id"),
            Task.area_code.label("area_code"),
            Task.district_code.label("district"),
            (Task.area_code // 10_000).label("sector"),
            cast(Child.institution_id, String).label("institution"),
            Placement.kind.label("kind"),
            *_of_child(period, Task.due_on),
            _text(None).label("level"),
            _text(None).label("urgency"),
            _text(None).label("concern"),
            case((late <= 7, "1-7"), (late <= 30, "8-30"), else_="31+").label("days_late"),
            *further,
        )
        .outerjoin(Child, Child.id == Task.child_id)
        .join(Placement, Placement.id == Task.subject_id)
        .where(Task.kind == TaskKind.VISIT.value)
    )


def visits_due(period: Period) -> Select[Any]:
    """Visits due in the period; in the numerator those done in tolerance, with the child seen.

    A visit fulfils its task only if the child was seen. One that may still be done in time is not counted yet; one
    that was already late when its placement ended is.
    """
    on_time = and_(Task.done_on.is_not(None), func.abs(Task.done_on - Task.due_on) <= Task.tolerance_days)
    return _visit_tasks(
        period, func.coalesce(on_time, False).label("counted"), cast(null(), Float).label("measure")
    ).where(
        Task.due_on.between(period.first, period.last),
        or_(Task.done_on.is_not(None), Task.due_on + Task.tolerance_days < period.last),
        or_(Task.cancelled_on.is_(None), Task.cancel_reason == CancelReason.MISSED.value),
    )


def visits_overdue(period: Period) -> Select[Any]:
    """Visits whose day, and the tolerance after it, had passed on the period's last day and that were not done."""
    return _visit_tasks(period, *_COUNTED).where(
        Task.due_on + Task.tolerance_days < period.last,
        or_(Task.done_on.is_(None), Task.done_on > period.last),
        or_(Task.cancelled_on.is_(None), Task.cancelled_on > period.last),
    )


def _hops(*further: ColumnElement[Any]) -> Select[Any]:
    on = cast(ReferralHop.received_at, Date)
    return (
        select(
            ReferralHop.id.label("id"),
            cast(null(), Uuid).label("child_id"),
            ReferralHop.referral_id.label("referral_id"),
            ReferralHop.area_code.label("area_code"),
            ReferralHop.district_code.label("district"),
            (ReferralHop.area_code // 10_000).label("sector"),
            _text(None).label("institution"),
            _text(None).label("kind"),
            func.coalesce(Referral.child_sex, "unknown").label("sex"),
            _text(None).label("age_band"),
            _text(None).label("disability"),
            func.to_char(on, 'YYYY"-Q"Q').label("quarter"),
            on.label("on"),
            case(*((ReferralHop.level == rung.level.value, rung.value) for rung in Rung), else_="unknown").label(
                "level"
            ),
            Referral.urgency.label("urgency"),
            Referral.concern.label("concern"),
            _text(None).label("days_late"),
            *further,
        )
        .join(Referral, Referral.id == ReferralHop.referral_id)
        .where(~ReferralHop.is_copy)
    )


def _in_period(instant: Any, period: Period) -> ColumnElement[bool]:
    # Days are Rwanda's: the instants are compared with the day's bounds there, so that the index is used.
    zone = "Africa/Kigali"
    return and_(
        instant >= func.timezone(zone, cast(literal(period.first, Date), DateTime)),
        instant < func.timezone(zone, cast(literal(period.last + timedelta(days=1), Date), DateTime)),
    )


def referrals_received(period: Period) -> Select[Any]:
    """Referrals that a level received in the period; one that climbed is counted once at each level."""
    return _hops(*_COUNTED).where(_in_period(ReferralHop.received_at, period))


def referrals_resolved(period: Period) -> Select[Any]:
    """Referrals that a level resolved in the period, each with the days since that level received it."""
    days = cast(extract("epoch", ReferralHop.ended_at - ReferralHop.received_at) / 86400, Float)
    return _hops(true().label("counted"), days.label("measure")).where(
        ReferralHop.ended == "resolved", _in_period(ReferralHop.ended_at, period)
    )


def referrals_timely(period: Period) -> Select[Any]:
    """Referrals received in the period that a level resolved, or whose clock there passed before it was resolved.

    In the numerator those resolved by their due time. What was handed on in time, or may still be resolved in time,
    is not counted: leaving out the unresolved and late would make delay disappear.
    """
    resolved = ReferralHop.ended == "resolved"
    in_time = and_(resolved, ReferralHop.ended_at <= ReferralHop.due_at)
    passed = or_(
        # The clock moves a referral up when nobody acknowledged it in time, before the time to resolve it is over.
        ReferralHop.ended == HopEnd.ESCALATED_BY_CLOCK.value,
        and_(
            ReferralHop.due_at < func.now(),
            or_(ReferralHop.ended_at.is_(None), ReferralHop.ended_at >= ReferralHop.due_at),
        ),
    )
    return _hops(func.coalesce(in_time, False).label("counted"), cast(null(), Float).label("measure")).where(
        _in_period(ReferralHop.received_at, period), or_(resolved, passed)
    )
