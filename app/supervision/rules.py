"""What a caseload means, from plain numbers."""

from datetime import date

from app.core.errors import FieldError
from app.core.i18n import gettext as _

MOST_CASES = 25
"""Open professional cases from which a caseload is too heavy (CPMS 2019, standard 18); a default, not law."""
LONGEST_COVER_DAYS = 180
LONGEST_BACK_DAYS = 366


def weeks_since(day: date | None, today: date) -> int | None:
    """Full weeks since a day; None where there was none."""
    return None if day is None else max(0, (today - day).days // 7)


def check_cover(starts_on: date, ends_on: date, *, today: date) -> None:
    """Raises `FieldError` for a cover that ends before it starts, lies in the past, or lasts longer than a leave."""
    if starts_on < today:
        raise FieldError("starts_on", _("A cover begins today or later"))
    if ends_on <= starts_on:
        raise FieldError("ends_on", _("The cover ends before it starts"))
    if (ends_on - starts_on).days > LONGEST_COVER_DAYS:
        raise FieldError("ends_on", _("Longer than half a year is no leave: appoint somebody to the post"))


def check_conference(held_on: date, *, today: date) -> None:
    """Raises `FieldError` for a conference in the future or long ago."""
    if held_on > today:
        raise FieldError("held_on", _("The conference has not been held yet"))
    if (today - held_on).days > LONGEST_BACK_DAYS:
        raise FieldError("held_on", _("This lies more than a year back: check the year"))
