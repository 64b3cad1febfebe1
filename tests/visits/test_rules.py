from datetime import date, timedelta
from uuid import UUID

import pytest

from app.core.errors import FieldError
from app.placements.words import PlacementKind
from app.tasks.words import TaskKind
from app.visits.rules import (
    BACKLOG_DAYS,
    DEFAULT_SCHEDULES,
    SCHEDULES,
    OpenTask,
    check_visit_day,
    check_volunteer_visit,
    fulfilled,
    plan,
    task_of,
)
from app.visits.words import WELLBEING_SCALE, VisitKind, WellbeingDomain, wellbeing_choices

START = date(2026, 1, 1)
FOSTER = SCHEDULES[PlacementKind.FOSTER_MALAYIKA_MURINZI]


def visits(recorded_on: date = START) -> list[tuple[int, int]]:
    planned = plan(FOSTER, START, recorded_on, long_there=False)
    return [((one.due_on - START).days, one.tolerance_days) for one in planned if one.kind is TaskKind.VISIT]


def test_a_foster_placement_is_visited_after_a_week_and_in_the_months_after() -> None:
    assert visits() == [(7, 3), (30, 7), (61, 7), (91, 7), (183, 7), (274, 7), (365, 7)]


def test_a_volunteer_looks_in_between_the_visits() -> None:
    planned = plan(FOSTER, START, START, long_there=False)
    checks = [one for one in planned if one.kind is TaskKind.IZU_CHECK]
    assert len(checks) == len(FOSTER.check_days)
    assert [one.due_on for one in planned] == sorted(one.due_on for one in planned)
    assert not {one.due_on for one in checks} & {one.due_on for one in planned if one not in checks}


def test_what_was_due_long_before_the_recording_is_not_asked_for() -> None:
    late = START + timedelta(days=100)
    assert [days for days, _tolerance in visits(late)] == [30, 61, 91, 183, 274, 365]
    assert visits(START + timedelta(days=365 + BACKLOG_DAYS + 1)) == []


def test_visits_to_residents_are_counted_from_the_recording() -> None:
    recorded = date(2026, 3, 1)
    planned = plan(SCHEDULES[PlacementKind.RESIDENTIAL_INSTITUTION], date(2004, 5, 1), recorded, long_there=True)
    assert planned[0].due_on == recorded + timedelta(days=90)


def test_independent_living_is_followed_for_two_years() -> None:
    schedule = SCHEDULES[PlacementKind.SUPPORTED_INDEPENDENT_LIVING]
    assert (len(schedule.due_days), schedule.due_days[-1]) == (12, 730)


def test_the_schedules_are_rows() -> None:
    assert {row["placement_kind"] for row in DEFAULT_SCHEDULES} == {kind.value for kind in SCHEDULES}
    assert all(set(row) == set(DEFAULT_SCHEDULES[0]) for row in DEFAULT_SCHEDULES)


FIRST = OpenTask(UUID(int=1), START + timedelta(days=7), 3)
SECOND = OpenTask(UUID(int=2), START + timedelta(days=30), 7)
THIRD = OpenTask(UUID(int=3), START + timedelta(days=61), 7)
TASKS = [THIRD, FIRST, SECOND]


@pytest.mark.parametrize(
    ("after", "seen", "expected"),
    [
        (7, True, FIRST),
        (4, True, FIRST),
        (3, True, None),
        (10, True, FIRST),
        (11, True, FIRST),
        (22, True, FIRST),
        (23, True, SECOND),
        (37, True, SECOND),
        (38, True, FIRST),
        (200, True, FIRST),
        (7, False, None),
        (200, False, None),
    ],
)
def test_which_planned_visit_a_visit_was(after: int, expected: OpenTask | None, *, seen: bool) -> None:
    assert fulfilled(TASKS, START + timedelta(days=after), child_seen=seen) == expected


def test_the_nearer_of_two_planned_visits_is_done() -> None:
    near = OpenTask(UUID(int=4), START + timedelta(days=12), 7)
    far = OpenTask(UUID(int=5), START + timedelta(days=18), 7)
    assert fulfilled([near, far], START + timedelta(days=14), child_seen=True) == near
    assert fulfilled([near, far], START + timedelta(days=16), child_seen=True) == far


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        (VisitKind.FOLLOW_UP_FIRST, TaskKind.VISIT),
        (VisitKind.UNANNOUNCED, TaskKind.VISIT),
        (VisitKind.IZU_CHECK, TaskKind.IZU_CHECK),
        (VisitKind.PHONE, None),
        (VisitKind.SCHOOL, None),
    ],
)
def test_a_call_is_no_visit(kind: VisitKind, task: TaskKind | None) -> None:
    assert task_of(kind) is task


@pytest.mark.parametrize(
    ("visited", "ended", "message"),
    [
        (date(2026, 3, 21), None, "future"),
        (date(2025, 12, 31), None, "before"),
        (date(2026, 2, 2), date(2026, 2, 1), "after"),
        (date(2026, 2, 1), date(2026, 2, 1), None),
        (date(2026, 3, 20), None, None),
        (START, None, None),
    ],
)
def test_a_visit_lies_within_the_placement(visited: date, ended: date | None, message: str | None) -> None:
    if message is None:
        check_visit_day(visited, started_on=START, ended_on=ended, today=date(2026, 3, 20))
        return
    with pytest.raises(FieldError) as caught:
        check_visit_day(visited, started_on=START, ended_on=ended, today=date(2026, 3, 20))
    [(field, words)] = caught.value.errors
    assert field == "visited_on"
    assert message in words


@pytest.mark.parametrize(
    ("kind", "assessed", "note", "field"),
    [
        (VisitKind.IZU_CHECK, False, "All is well", None),
        (VisitKind.IZU_CHECK, False, None, None),
        (VisitKind.FOLLOW_UP_ROUTINE, False, None, "kind"),
        (VisitKind.IZU_CHECK, True, None, "wellbeing"),
        (VisitKind.IZU_CHECK, False, "x" * 301, "note"),
    ],
)
def test_a_light_check_is_light(kind: VisitKind, note: str | None, field: str | None, *, assessed: bool) -> None:
    if field is None:
        check_volunteer_visit(kind, assessed=assessed, note=note)
        return
    with pytest.raises(FieldError) as caught:
        check_volunteer_visit(kind, assessed=assessed, note=note)
    assert caught.value.errors[0][0] == field


def test_fifteen_domains_and_four_scores() -> None:
    assert len(WellbeingDomain) == 15
    assert list(WELLBEING_SCALE) == [1, 2, 3, 4]
    assert wellbeing_choices()[0] == ("", "Not assessed")
