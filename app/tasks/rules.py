"""When a task is late, and where it stands on the day's page. Days are those of Rwanda, given as values."""

from datetime import date, timedelta

from app.tasks.words import CancelReason, Due

WEEK = timedelta(days=7)
DAYS_TO_READ = 3
"""In which what came from somebody else is read."""


def last_day(due_on: date, tolerance_days: int) -> date:
    """The last day on which the task is still done in time."""
    return due_on + timedelta(days=tolerance_days)


def is_overdue(due_on: date, tolerance_days: int, today: date) -> bool:
    """Whether an open task is late: its day and the tolerance after it have passed."""
    return last_day(due_on, tolerance_days) < today


def days_late(due_on: date, tolerance_days: int, today: date) -> int:
    """Days since the last day in time; 0 while there is still time."""
    return max(0, (today - last_day(due_on, tolerance_days)).days)


def standing(due_on: date, tolerance_days: int, today: date) -> Due:
    """Overdue, due by now and still in time, due within a week, or later."""
    if is_overdue(due_on, tolerance_days, today):
        return Due.OVERDUE
    if due_on <= today:
        return Due.TODAY
    return Due.THIS_WEEK if due_on <= today + WEEK else Due.LATER


def was_in_time(due_on: date, tolerance_days: int, done_on: date) -> bool:
    """Whether the task was done on its day, or at most the tolerance before or after it."""
    return abs((done_on - due_on).days) <= tolerance_days


def why_cancelled(due_on: date, tolerance_days: int, ended_on: date) -> CancelReason:
    """What an open task becomes when its placement ends: missed, unless there was still time."""
    return CancelReason.MISSED if is_overdue(due_on, tolerance_days, ended_on) else CancelReason.PLACEMENT_ENDED
