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
from app.visits.words import FULFILLING_KINDS, VisitKind

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


_FAMILY = Schedule(due_days=(7, 30, 61, 91, 183, 274, 365), check_days=(14, 45, 76, 137, 228, 320))
_RESIDENTIAL = Schedule(due_days=(90, 180, 270, 360, 450, 540, 630, 720), first_tolerance_days=14, tolerance_days=14)

SCHEDULES: dict[PlacementKind, Schedule] = {
    **dict.fromkeys(sorted(HOUSEHOLD_KINDS), _FAMILY),
    PlacementKind.GUARDIANSHIP_STATE: _FAMILY,
    PlacementKind.CHILD_HEADED_HOUSEHOLD: _FAMILY,
    PlacementKind.SUPPORTED_INDEPENDENT_LIVING: Schedule(
        due_days=(30, 61, 91, 122, 152, 183, 274, 365, 457, 548, 639, 730), first_tolerance_days=7
    ),
    PlacementKind.ADOPTION_INTERCOUNTRY: Schedule(
        due_days=(183, 365, 548, 730, 1096, 1461, 1826), first_tolerance_days=30, tolerance_days=30
    ),
    **dict.fromkeys(sorted(RESIDENTIAL_KINDS), _RESIDENTIAL),
}
"""The schedules that the service begins with; kinds that are absent have no visits of their own."""

DEFAULT_SCHEDULES: list[dict[str, object]] = [
    {
        "placement_kind": kind.value,
        "due_days": list(schedule.due_days),
        "first_tolerance_days": schedule.first_tolerance_days,
        "tolerance_days": schedule.tolerance_days,
        "check_days": list(schedule.check_days),
    }
    for kind, schedule in SCHEDULES.items()
]
"""The same as rows of the table, which the programme may change."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit or light check that is due on a day."""

    kind: TaskKind
    due_on: date
    tolerance_days: int


def plan(schedule: Schedule, started_on: date, recorded_on: date, *, residential: bool) -> list[Planned]:
    """What is due in a placement, in the order of the days.

    Residents are often recorded years after they came, so their visits are counted from the day of the recording.
    """
    begins = recorded_on if residential else started_on
    oldest = recorded_on - timedelta(days=BACKLOG_DAYS)
    planned = [
        Planned(
            TaskKind.VISIT,
            begins + timedelta(days=days),
            schedule.tolerance_days if position else schedule.first_tolerance_days,
        )
        for position, days in enumerate(sorted(schedule.due_days))
    ]
    planned += [
        Planned(TaskKind.IZU_CHECK, begins + timedelta(days=days), schedule.tolerance_days)
        for days in schedule.check_days
    ]
    return sorted((one for one in planned if one.due_on >= oldest), key=lambda one: (one.due_on, one.kind))


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


def check_volunteer_visit(kind: VisitKind, *, assessed: bool, note: str | None) -> None:
    """Raises `FieldError` where a volunteer's light check holds more than seen or not and a short note."""
    if kind is not VisitKind.IZU_CHECK:
        raise FieldError("kind", _("A volunteer logs light checks; other visits are the social worker's"))
    if assessed:
        raise FieldError("wellbeing", _("A light check has no wellbeing scores; write a short note instead"))
    if note and len(note) > VOLUNTEER_NOTE_LENGTH:
        raise FieldError("note", _("At most %(num)d characters for a light check") % {"num": VOLUNTEER_NOTE_LENGTH})
