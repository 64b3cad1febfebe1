"""What follows from plain facts of an institution."""

from datetime import date

from app.core.errors import FieldError
from app.core.i18n import gettext as _


def check_opening(opened_on: date | None, *, today: date) -> None:
    """Raises `FieldError` for an institution that opens in the future."""
    if opened_on is not None and opened_on > today:
        raise FieldError("opened_on", _("This day lies in the future"))


def check_stage(reached_on: date | None, *, today: date) -> date:
    """The day on which a stage was reached, today by default; raises `FieldError` for the future."""
    if reached_on is not None and reached_on > today:
        raise FieldError("stage_reached_on", _("This day lies in the future"))
    return reached_on or today


def share_occupied(residents: int, capacity: int | None) -> float | None:
    """Residents as a share of the places; None where no places are known."""
    return residents / capacity if capacity else None
