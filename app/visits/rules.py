"""When visits are due, which one a visit was, and whether it counts. Days are those of Rwanda, given as values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.placements.words import HOUSEHOLD_KINDS, RESIDENTIAL_KINDS, PlacementKind
from app.tasks.rules import is_overdue, was_in_time
from app.tasks.words import TaskKind
from app.visits.words import FULFILLING_KINDS, Need, VisitKind

BACKLOG_DAYS = 90
"""How far back visits are asked for when a placement is recorded late; what was due earlier nobody can make good."""

VOLUNTEER_NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """After how many days of a placement visits and light checks are due; how many days they may be off."""

    due_days: Sequence[int]
    first_tolerance_days: int = 3
    tolerance_days: int = 7
    check_days: Sequence[int] = ()
    repeat_days: int | None = None


_FAMILY = Schedule(due_days=(7, 30, 61, 91, 183, 274, 365), check_days=(14, 45, 76, 137, 228, 320))
_RESIDENTIAL = Schedule(
    due_days=(90, 180, 270, 360, 450, 540, 630, 720), first_tolerance_days=14, tolerance_days=14, repeat_days=90
)

_HOME = Schedule(due_days=(30, 91, 183, 274, 365), first_tolerance_days=7, check_days=(14, 60, 137, 228, 320))

SCHEDULES: dict[PlacementKind, Schedule] = {
    PlacementKind.WITH_PARENTS: _HOME,
    **dict.fromkeys(sorted(HOUSEHOLD_KINDS), _FAMILY),
    PlacementKind.GUARDIANSHIP_STATE: _FAMILY,
    PlacementKind.CHILD_HEADED_HOUSEHOLD: _FAMILY,
    PlacementKind.SUPPORTED_INDEPENDENT_LIVING: Schedule(
        due_days=(30, 61, 91, 122, 152, 183, 274, 365, 457, 548, 639, 730), first_tolerance_days=7
    ),
    PlacementKind.ADOPTION_INTERCOUNTRY: Schedule(
        due_days=(183, 365, 548, 730, 1096, 1461, 1826), first_tolerance_days=30, tolerance_days=30, repeat_days=365
    ),
    **dict.fromkeys(sorted(RESIDENTIAL_KINDS), _RESIDENTIAL),
}
"""The schedules that the service begins with; kinds that are absent have no visits of their own."""

# Weekly in the first month, fortnightly in the second and third, monthly to the sixth, then as usual.
_WEEKS = (7, 14, 21, 28, 42, 56, 70, 84, 91, 122, 152, 183)
_CLOSE = Schedule(due_days=(*_WEEKS, 274, 365), tolerance_days=3, check_days=_FAMILY.check_days)
_ALONE = SCHEDULES[PlacementKind.SUPPORTED_INDEPENDENT_LIVING]
_CLOSE_ALONE = Schedule(due_days=(*_WEEKS, *_ALONE.due_days[6:]), tolerance_days=3)

LONG_THERE_KINDS = RESIDENTIAL_KINDS | {PlacementKind.WITH_PARENTS}
"""Where a child has often lived for years when it is recorded: visits are counted from the day of the recording."""

CLOSER_SCHEDULES: dict[tuple[PlacementKind, Need], Schedule] = {
    **{
        (kind, need): _CLOSE_ALONE if kind is PlacementKind.SUPPORTED_INDEPENDENT_LIVING else _CLOSE
        for kind, usual in SCHEDULES.items()
        if usual in (_FAMILY, _ALONE)
        for need in (Need.HIGH_RISK, Need.DISABILITY)
    },
    **{
        (kind, Need.HIGH_RISK): Schedule(due_days=(14, 30), tolerance_days=7, repeat_days=30)
        for kind in sorted(RESIDENTIAL_KINDS)
    },
    (PlacementKind.WITH_PARENTS, Need.HIGH_RISK): _CLOSE,
}
"""The schedules of children who need closer visits; where none stands, the usual one of the kind counts."""

DEFAULT_SCHEDULES: list[dict[str, object]] = [
    {
        "placement_kind": kind.value,
        "need": need.value,
        "due_days": list(schedule.due_days),
        "first_tolerance_days": schedule.first_tolerance_days,
        "tolerance_days": schedule.tolerance_days,
        "check_days": list(schedule.check_days),
        "repeat_days": schedule.repeat_days,
    }
    for (kind, need), schedule in (
        *(((kind, Need.USUAL), schedule) for kind, schedule in SCHEDULES.items()),
        *CLOSER_SCHEDULES.items(),
    )
]
"""The same as rows of the table, which the programme may change."""

TAIL_AHEAD_DAYS = 365
"""How far ahead the visits that repeat are planned; every night what has come into this reach is added."""


def need_of(*, risk: str | None, disability: bool | None) -> Need:
    """Which schedule a child needs: a high risk comes before a disability."""
    if risk == "high":
        return Need.HIGH_RISK
    return Need.DISABILITY if disability else Need.USUAL


def due_from(schedule: Schedule, begins: date, *, after: date, until: date) -> list[tuple[date, int]]:
    """The days of the professional visits after one day and until another, each with its tolerance.

    The last interval repeats until then where the schedule says so.
    """
    days = sorted(schedule.due_days)
    if schedule.repeat_days:
        last = days[-1] if days else 0
        reach = (until - begins).days
        days += list(range(last + schedule.repeat_days, reach + 1, schedule.repeat_days))
    found = [
        (begins + timedelta(days=count), schedule.tolerance_days if position else schedule.first_tolerance_days)
        for position, count in enumerate(days)
    ]
    return [(due_on, tolerance) for due_on, tolerance in found if after < due_on <= until]


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit or light check that is due on a day."""

    kind: TaskKind
    due_on: date
    tolerance_days: int


def plan(schedule: Schedule, started_on: date, recorded_on: date, *, long_there: bool) -> list[Planned]:
    """What is due in a placement, in the order of the days.

    `long_there` counts from the day of the recording: residents, and children at home, came years before it.
    """
    begins = recorded_on if long_there else started_on
    oldest = recorded_on - timedelta(days=BACKLOG_DAYS)
    furthest = max(begins + timedelta(days=max(schedule.due_days, default=0)), _ahead(recorded_on))
    planned = [
        Planned(TaskKind.VISIT, due_on, tolerance)
        for due_on, tolerance in due_from(schedule, begins, after=oldest - timedelta(days=1), until=furthest)
    ]
    planned += [
        Planned(TaskKind.IZU_CHECK, begins + timedelta(days=days), schedule.tolerance_days)
        for days in schedule.check_days
    ]
    return sorted((one for one in planned if one.due_on >= oldest), key=lambda one: (one.due_on, one.kind))


def _ahead(day: date) -> date:
    return day + timedelta(days=TAIL_AHEAD_DAYS)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open visit task: its id, its day and its tolerance."""

    id: UUID
    due_on: date
    tolerance_days: int


def task_of(kind: VisitKind) -> TaskKind | None:
    """The kind of task that a kind of visit can do, or None."""
    if kind is VisitKind.IZU_CHECK:
        return TaskKind.IZU_CHECK
    return TaskKind.VISIT if kind in FULFILLING_KINDS else None


def fulfilled(tasks: Iterable[OpenTask], visited_on: date, *, child_seen: bool) -> OpenTask | None:
    """The task that a visit was: the nearest whose tolerance it meets, else the oldest that was overdue by then.

    A visit without the child does none; one that comes long before anything is due is an extra visit.
    """
    if not child_seen:
        return None
    known = sorted(tasks, key=lambda task: (task.due_on, task.id))
    in_time = [task for task in known if was_in_time(task.due_on, task.tolerance_days, visited_on)]
    if in_time:
        return min(in_time, key=lambda task: abs((task.due_on - visited_on).days))
    return next((task for task in known if is_overdue(task.due_on, task.tolerance_days, visited_on)), None)


def check_visit_day(visited_on: date, *, started_on: date, ended_on: date | None, today: date) -> None:
    """Raises `FieldError` on `visited_on` unless the visit lies within the placement and not in the future."""
    if visited_on > today:
        raise FieldError("visited_on", _("The day of the visit cannot lie in the future"))
    if visited_on < started_on:
        raise FieldError("visited_on", _("The day of the visit lies before the placement began"))
    if ended_on is not None and visited_on > ended_on:
        raise FieldError("visited_on", _("The day of the visit lies after the placement ended"))


MOST_AHEAD_DAYS = 366
NEAR_DAYS = 3


def check_next_visit(wished: date | None, *, visited_on: date, today: date) -> None:
    """Raises `FieldError` on `next_visit_on` for a day that is past or further than a year away."""
    if wished is None:
        return
    if wished <= visited_on or wished < today:
        raise FieldError("next_visit_on", _("The next visit lies ahead: choose a day after this one"))
    if (wished - today).days > MOST_AHEAD_DAYS:
        raise FieldError("next_visit_on", _("The next visit lies too far ahead: check the year"))


def is_planned_near(planned: Iterable[date], wished: date) -> bool:
    """Whether a visit is planned already within a few days of the one that is wished for."""
    return any(abs((due_on - wished).days) <= NEAR_DAYS for due_on in planned)


def check_volunteer_visit(kind: VisitKind, *, assessed: bool, note: str | None, more: bool = False) -> None:
    """Raises `FieldError` where a volunteer's light check holds more than seen, safe, and a short note."""
    if kind is not VisitKind.IZU_CHECK:
        raise FieldError("kind", _("A volunteer logs light checks; other visits are the social worker's"))
    if assessed:
        raise FieldError("wellbeing", _("A light check has no wellbeing scores; write a short note instead"))
    if more:
        raise FieldError("note", _("A light check says whether the child is safe, and holds a short note; no more"))
    if note and len(note) > VOLUNTEER_NOTE_LENGTH:
        raise FieldError("note", _("At most %(num)d characters for a light check") % {"num": VOLUNTEER_NOTE_LENGTH})
