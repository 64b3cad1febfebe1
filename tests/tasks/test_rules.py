from datetime import date

import pytest

from app.tasks.rules import days_late, is_overdue, last_day, standing, was_in_time, why_cancelled
from app.tasks.words import CancelReason, Due

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("due_on", "tolerance", "expected", "late"),
    [
        (date(2026, 3, 10), 7, Due.OVERDUE, 3),
        (date(2026, 3, 13), 7, Due.TODAY, 0),
        (date(2026, 3, 20), 3, Due.TODAY, 0),
        (date(2026, 3, 21), 3, Due.THIS_WEEK, 0),
        (date(2026, 3, 27), 3, Due.THIS_WEEK, 0),
        (date(2026, 3, 28), 3, Due.LATER, 0),
    ],
)
def test_a_task_stands_where_its_tolerance_says(due_on: date, tolerance: int, expected: Due, late: int) -> None:
    assert standing(due_on, tolerance, TODAY) is expected
    assert is_overdue(due_on, tolerance, TODAY) is (expected is Due.OVERDUE)
    assert days_late(due_on, tolerance, TODAY) == late


@pytest.mark.parametrize(("done", "expected"), [(12, False), (13, True), (20, True), (27, True), (28, False)])
def test_in_time_is_within_the_tolerance_on_both_sides(done: int, *, expected: bool) -> None:
    assert was_in_time(TODAY, 7, date(2026, 3, done)) is expected


def test_what_was_due_long_before_the_end_was_missed() -> None:
    assert last_day(date(2026, 3, 10), 7) == date(2026, 3, 17)
    assert why_cancelled(date(2026, 3, 10), 7, TODAY) is CancelReason.MISSED
    assert why_cancelled(date(2026, 3, 14), 7, TODAY) is CancelReason.PLACEMENT_ENDED
