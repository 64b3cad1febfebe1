"""What must be so before child and relative meet, and before a relative's family is registered."""

from datetime import date

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.tracing.words import Alive, RelativeContactKind, Verification, Willingness, Wish


def check_past(field: str, day: date, today: date) -> None:
    """Raises `FieldError` at `field` for a day in the future."""
    if day > today:
        raise FieldError(field, _("This day lies in the future"))


def check_next_step(next_step: str | None, next_on: date | None, done_on: date, today: date) -> None:
    """Raises `FieldError` where a next step lacks its day, a day its step, or the day has passed already."""
    if next_step and next_on is None:
        raise FieldError("next_on", _("Say until when the next step is to be done"))
    if next_on is not None and not next_step:
        raise FieldError("next_step", _("Say what is to be done by that day"))
    if next_on is not None and next_on < max(done_on, today):
        raise FieldError("next_on", _("The day of the next step has passed already"))


def why_no_contact(
    kind: RelativeContactKind, *, alive: Alive, wish: Wish, verification: Verification, safety_concern: bool
) -> str | None:
    """Why child and relative may not have this contact now, or None.

    A letter or call may come before the verification; a meeting may not. The child's no is a no.
    """
    if alive is Alive.NO:
        return _("This relative has died")
    if verification is Verification.CONTRADICTED:
        return _("The relationship was contradicted; there is no contact until it is cleared up")
    if wish is Wish.NO_CONTACT:
        return _("The child wants no contact with this relative. If the wish has changed, write that down first")
    if safety_concern:
        return _("There is a worry about safety; there is no contact until it is cleared up")
    if kind.is_meeting and verification is not Verification.VERIFIED:
        return _("They meet only after somebody has verified that this is the child's relative")
    if kind.is_meeting and wish is Wish.NOT_ASKED:
        return _("Ask the child first, and write the wish down")
    return None


def why_no_household(
    *, alive: Alive, willing: Willingness, wish: Wish, verification: Verification, safety_concern: bool
) -> str | None:
    """Why a relative's family is not registered as one that may raise the child, or None."""
    if verification is not Verification.VERIFIED:
        return _("The relative is not verified yet")
    if alive is not Alive.YES:
        return _("It is not known that this relative lives")
    if willing is Willingness.NO:
        return _("The relative cannot care for the child, or does not want to")
    if wish is Wish.NO_CONTACT:
        return _("The child wants no contact with this relative")
    if safety_concern:
        return _("There is a worry about safety")
    return None
