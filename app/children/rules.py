"""What follows from plain facts of a child or household: ages, births, initials, fitness to foster."""

import re
from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.roles import Role
from app.access.rules import ChildFacts, answers_for, inside_area
from app.children.words import AgeBand, BirthPrecision, HouseholdKind, Vetting
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import CODE_ALPHABET

OLDEST_YEARS = 120
"""Residents of 45 were found in 2012, so only what no person reaches is refused."""

_BY_YEAR = frozenset({BirthPrecision.YEAR, BirthPrecision.ESTIMATED})
_BANDS = (
    (3, AgeBand.BABY),
    (6, AgeBand.NURSERY),
    (10, AgeBand.CHILD),
    (15, AgeBand.YOUNG_TEEN),
    (18, AgeBand.TEEN),
    (25, AgeBand.YOUTH),
)


def earliest_birth(born_on: date, precision: BirthPrecision) -> date:
    """The earliest day that a date of birth of this precision can mean."""
    if precision in _BY_YEAR:
        return date(born_on.year, 1, 1)
    return born_on.replace(day=1) if precision is BirthPrecision.MONTH else born_on


def age_on(born_on: date | None, on: date) -> int | None:
    """Full years of age on a day; None where the date of birth is not known, 0 before it."""
    if born_on is None:
        return None
    return max(0, on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))


def months_on(born_on: date, on: date) -> int:
    """Full months of age on a day, never below 0."""
    return max(0, (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day))


def age_band(born_on: date | None, on: date) -> AgeBand:
    """The age band of the statistics on a day."""
    years = age_on(born_on, on)
    if years is None:
        return AgeBand.UNKNOWN
    return next((band for below, band in _BANDS if years < below), AgeBand.ADULT)


def age_text(born_on: date | None, precision: BirthPrecision, on: date) -> str:
    """The age on a day in words: "14 months", "7 years", "about 7 years", "age not known"."""
    years = age_on(born_on, on)
    if born_on is None or years is None:
        return _("age not known")
    if precision in _BY_YEAR:
        if years == 0:
            return _("about one year or younger")
        return ngettext("about %(num)d year", "about %(num)d years", years) % {"num": years}
    months = months_on(born_on, on)
    if months == 0:
        return _("younger than one month")
    if months < 24:
        return ngettext("%(num)d month", "%(num)d months", months) % {"num": months}
    return ngettext("%(num)d year", "%(num)d years", years) % {"num": years}


def check_birth(born_on: date | None, precision: BirthPrecision, *, today: date, admission: date | None = None) -> None:
    """Raises `FieldError` for a birth in the future, after the admission, or longer ago than anybody lives.

    A date that is known to the year only is given the benefit of the doubt. Adults are welcome: many
    residents are.
    """
    if born_on is None:
        return
    earliest = earliest_birth(born_on, precision)
    if earliest > today:
        raise FieldError("born_on", _("The date of birth lies in the future"))
    if today.year - born_on.year > OLDEST_YEARS:
        raise FieldError("born_on", _("Nobody is that old: check the year"))
    if admission is not None and earliest > admission:
        raise FieldError("born_on", _("The date of birth lies after the day of admission"))


def initials(given_name: str, family_name: str) -> str:
    """The first letters of the names: "U. M."; of one name only: "U."."""
    return " ".join(f"{name[0].upper()}." for name in (given_name, family_name) if name)


def may_restrict(actor: Actor, child: ChildFacts) -> bool:
    """Who may mark a child's record as restricted: who answers for the case, and the supervisor where the child lives.

    So also the supervisor of a district that took the case over while the child stays placed elsewhere.
    """
    return answers_for(actor, child) or (actor.role is Role.DISTRICT_SUPERVISOR and inside_area(actor, child.area_code))


def may_assign(actor: Actor, child: ChildFacts) -> bool:
    """Who may give a child to another worker: the district's supervisor."""
    return actor.role is Role.DISTRICT_SUPERVISOR and inside_area(actor, child.area_code)


def sees_openings(actor: Actor, child: ChildFacts) -> bool:
    """Who may see who opened a child's record."""
    return may_restrict(actor, child)


def first_worker(actor: Actor) -> UUID | None:
    """The post in whose caseload a newly registered child is: the one of the worker who registers it."""
    return actor.post_id if actor.role in {Role.SOCIAL_WORKER, Role.PSYCHOLOGIST} else None


def may_foster(kind: HouseholdKind, vetting: Vetting) -> bool:
    """Whether a household may take a child in: a foster family only once approved, none after withdrawal."""
    if kind is HouseholdKind.FOSTER:
        return vetting is Vetting.APPROVED
    return vetting is not Vetting.WITHDRAWN


def plain_phone(typed: str | None) -> str | None:
    """A telephone number as it is dialled from anywhere: "0788 123 456" becomes "+250788123456".

    Raises `FieldError` on `phone` for what is no number.
    """
    if not typed:
        return None
    digits = re.sub(r"[\s().-]", "", typed)
    if re.fullmatch(r"0[27]\d{8}", digits):
        return f"+250{digits[1:]}"
    if re.fullmatch(r"\+[1-9]\d{7,14}", digits):
        return digits
    raise FieldError("phone", _("Write a telephone number, for example 0788 123 456"))


def code_in(typed: str, prefix: str) -> str | None:
    """The code that somebody typed in their own way ("tmm 7k3q9d"); None for anything else."""
    squeezed = re.sub(r"[\s-]", "", typed).upper()
    named = squeezed.startswith(prefix)
    letters = squeezed.removeprefix(prefix)
    if re.fullmatch(f"[{CODE_ALPHABET}]{{6}}", letters) and (named or re.search(r"\d", letters)):
        return f"{prefix}-{letters}"
    return None


def check_vetting(vetting: Vetting, vetted_on: date | None, *, today: date) -> date | None:
    """The day on which a family was found fit or not, today by default; none before anybody checked.

    Raises `FieldError` for a day in the future.
    """
    if vetting is Vetting.NOT_CHECKED:
        return None
    if vetted_on is not None and vetted_on > today:
        raise FieldError("vetted_on", _("This day lies in the future"))
    return vetted_on or today


def check_way_to_vetting(before: HouseholdKind | None, kind: HouseholdKind, was: Vetting, wanted: Vetting) -> Vetting:
    """What the record of a household says of its vetting after a change by hand; `before` is None for a new one.

    A foster family comes to its approval step by step and by a supervisor's word, never by a box in a form; whoever
    becomes one starts anew. All others keep the simple assessment of the worker. Raises `FieldError` on `vetting`, and
    on `kind` where a family would leave the steps without having been withdrawn.
    """
    if kind is HouseholdKind.FOSTER:
        starts = before is not HouseholdKind.FOSTER
        if wanted not in {was, Vetting.NOT_CHECKED} or (not starts and wanted is not was):
            raise FieldError(
                "vetting",
                _("A foster family is checked and approved on its way as a foster family: write the steps down there"),
            )
        return Vetting.NOT_CHECKED if starts else was
    if before is HouseholdKind.FOSTER and was in {Vetting.CHECKED, Vetting.APPROVED}:
        raise FieldError("kind", _("This family is on its way as a foster family: withdraw it there first"))
    return wanted
