"""Rules of the record: how a number is written, how much of it is shown, which years can be."""

import unicodedata
from datetime import date

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.record.words import IdentityKind

NATIONAL_ID_LENGTH = 16
SHOWN_OF_A_NUMBER = 3
LEAST_TO_SHOW = 8
EARLIEST_YEAR = 1900


def one_way_of_writing(number: str) -> str:
    """A number without blanks, dots and dashes, in capitals: as it is compared."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def check_number(kind: IdentityKind, number: str) -> str:
    """The number as it is kept. Raises `FieldError` for one that cannot be of its kind."""
    written = one_way_of_writing(number)
    if kind is IdentityKind.NATIONAL_ID and not (
        written.isascii() and written.isdigit() and len(written) == NATIONAL_ID_LENGTH
    ):
        raise FieldError("number", _("A national identity number has 16 digits"))
    if not written:
        raise FieldError("number", _("Write the number with its letters and digits"))
    return written


def masked(number: str) -> str:
    """A number as it is shown: its last signs, or none of a short one."""
    shown = number[-SHOWN_OF_A_NUMBER:] if len(number) >= LEAST_TO_SHOW else ""
    return "\u2022" * 4 + shown


def check_years(from_year: int | None, until_year: int | None, *, born_on: date | None, today: date) -> None:
    """Raises `FieldError` for years of an address that cannot be."""
    earliest = born_on.year if born_on else EARLIEST_YEAR
    for field, year in (("from_year", from_year), ("until_year", until_year)):
        if year is not None and year > today.year:
            raise FieldError(field, _("This year lies in the future"))
        if year is not None and year < earliest:
            raise FieldError(field, _("This is before the child was born"))
    if from_year is not None and until_year is not None and until_year < from_year:
        raise FieldError("until_year", _("The end comes before the beginning"))


def check_religion(religion: str | None, *, family_asks: bool) -> None:
    """Raises `FieldError` for a religion that nobody asked to have recorded."""
    if religion and not family_asks:
        raise FieldError("religion", _("Record the religion only where the family asks for it, and say that they do"))


def check_somewhere(place: int | None, words: str | None) -> None:
    """Raises `FieldError` for an address that names no place."""
    if place is None and not words:
        raise FieldError("words", _("Choose the place, or write it in words"))
