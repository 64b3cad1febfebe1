"""What must be said before a sheet is made: pure, over plain values."""

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.paper.words import ForWhom

LEAST_REASON = 10


def check_receiver(for_whom: ForWhom, receiver: str | None) -> None:
    """Raises `FieldError` for a sheet that leaves the service to nobody in particular, or stays and names somebody."""
    if for_whom is ForWhom.OUTSIDE and not receiver:
        raise FieldError("receiver", _("Name the organisation or person who gets the sheet"))
    if for_whom is ForWhom.OWN and receiver:
        raise FieldError("for_whom", _("You named a receiver. Choose that the sheet is for somebody outside."))


def check_names(*, names: bool, reason: str | None) -> None:
    """Raises `FieldError` where the name is to stand on a sheet and nobody said why."""
    if names and len(reason or "") < LEAST_REASON:
        raise FieldError("reason", _("Write why the name is needed, in a sentence of at least 10 characters"))


def why_blocked(receiver: str, reason: str) -> str:
    """Why a sheet may not go to a receiver, and what to do."""
    return _(
        "Nothing may be given to %(receiver)s: %(reason)s. Write the answer of the family under Consent, or the danger "
        "to life or safety, which the supervisor then weighs."
    ) % {"receiver": receiver, "reason": reason}
