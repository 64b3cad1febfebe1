"""What follows from plain facts of an institution."""

from datetime import date

from app.core.errors import FieldError
from app.core.i18n import gettext as _


def check_opening(opened_on: date | None, *, today: date) -> None:
    """Raises `FieldError` for an institution that opens in the future."""
    _not_ahead("opened_on", opened_on, today)


def check_finding(found_on: date | None, *, today: date) -> None:
    """Raises `FieldError` for a house that will be found in the future."""
    _not_ahead("found_on", found_on, today)


def _not_ahead(field: str, given: date | None, today: date) -> None:
    if given is not None and given > today:
        raise FieldError(field, _("This day lies in the future"))


def share_occupied(residents: int, capacity: int | None) -> float | None:
    """Residents as a share of the places; None where no places are known."""
    return residents / capacity if capacity else None
