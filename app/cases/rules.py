"""When a case may change, when its tasks are due, and what closing it asks for. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.access.roles import Role
from app.cases.words import CaseState, ClosingCondition, ClosingReason, ContactOutcome, Risk
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.i18n import ngettext

CASE_PREFIX = "CASE"
MAJORITY = 18
DAYS_TO_ANSWER = 5
STABLE_AFTER_DAYS = 90
OLDEST_CONCERN_YEARS = 40
"""Adults who grew up in institutions bring concerns of their childhood along."""

ORDER = (
    CaseState.REGISTERED,
    CaseState.ASSESSED,
    CaseState.PLANNED,
    CaseState.IN_IMPLEMENTATION,
    CaseState.UNDER_FOLLOW_UP,
)
_SEVERITY = {Risk.LOW: 0, Risk.MEDIUM: 1, Risk.HIGH: 2}

# The steps


def is_behind(state: CaseState, wanted: CaseState) -> bool:
    """Whether an open case has not come as far as another step yet."""
    return state in ORDER and wanted in ORDER and ORDER.index(state) < ORDER.index(wanted)


def next_state(state: CaseState) -> CaseState | None:
    """The step after this one; None after the last, which only closing ends, and for a closed case."""
    here = ORDER.index(state) if state in ORDER else len(ORDER)
    return ORDER[here + 1] if here + 1 < len(ORDER) else None


def check_advance(state: CaseState, wanted: CaseState, reason: str | None) -> None:
    """Raises `FieldError` where a case cannot go to a step: closed, there already, or aside of the order unexplained.

    One step on needs no reason; leaving one out or going back does.
    """
    if state not in ORDER:
        raise FieldError("state", _("The case is closed: open it again first"))
    if wanted not in ORDER:
        raise FieldError("state", _("A case is closed by asking for it, with the reason"))
    if wanted is state:
        raise FieldError("state", _("The case stands there already"))
    if wanted is not next_state(state) and not reason:
        raise FieldError("reason", _("Say why a step is left out, or why the case goes back"))


# Risk and its clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How soon a risk is answered: the first contact, the assessment and the plan, and the reviews after it."""

    contact_hours: int
    assessment_days: int
    plan_days: int
    review_days: int


CLOCKS: dict[Risk, Clock] = {
    Risk.HIGH: Clock(contact_hours=24, assessment_days=2, plan_days=14, review_days=90),
    Risk.MEDIUM: Clock(contact_hours=72, assessment_days=7, plan_days=14, review_days=90),
    Risk.LOW: Clock(contact_hours=168, assessment_days=7, plan_days=14, review_days=90),
}
"""The clocks that the service begins with; the programme may change them."""

DEFAULT_RISK_CLOCKS: list[dict[str, object]] = [
    {
        "risk": risk.value,
        "contact_hours": clock.contact_hours,
        "assessment_days": clock.assessment_days,
        "plan_days": clock.plan_days,
        "review_days": clock.review_days,
    }
    for risk, clock in CLOCKS.items()
]


def rises(before: Risk | None, after: Risk) -> bool:
    """Whether the danger grew; a first rating is a rise."""
    return before is None or _SEVERITY[after] > _SEVERITY[before]


def days_of(hours: int) -> int:
    """A number of hours as days of a calendar, begun days counted whole."""
    return -(-hours // 24)


def moved_due(due_on: date, *, opened_on: date, rated_on: date, days: int, rose: bool) -> date:
    """When an open task of the clock is due after a new rating.

    A greater danger never gives more time, and starts its clock now; a smaller one counts from the opening again, and
    never takes time away.
    """
    if rose:
        return min(due_on, rated_on + timedelta(days=days))
    return max(due_on, opened_on + timedelta(days=days))


# Who holds it


def why_not_sector(risk: Risk | None, *, restricted: bool, grave: bool) -> str | None:
    """Why a sector may not hold a case, or None if it may: low risk, an open record, no grave concern."""
    if risk is not Risk.LOW:
        return _("Only a case of low risk may be held by the sector")
    if restricted:
        return _("A restricted record stays with the responsible worker")
    if grave:
        return _("A concern of sexual violence, exploitation or an early pregnancy stays with a social worker")
    return None


# Contacts


def attempts_without_answer(outcomes: Sequence[ContactOutcome]) -> int:
    """How many attempts, the newest first, reached nobody since somebody was reached."""
    count = 0
    for outcome in outcomes:
        if outcome is not ContactOutcome.NOT_REACHED:
            break
        count += 1
    return count


def check_day(day: date, *, today: date, field: str, since: date | None = None) -> None:
    """Raises `FieldError` for a day in the future, or before the case was opened."""
    if day > today:
        raise FieldError(field, _("This day lies in the future"))
    if since is not None and day < since:
        raise FieldError(field, _("This day lies before the case was opened"))
    if day.year < today.year - OLDEST_CONCERN_YEARS:
        raise FieldError(field, _("This is very long ago: check the year"))


# Closing

AT_ONCE = frozenset({ClosingReason.CHILD_DIED, ClosingReason.DUPLICATE})
"""Reasons that end a case without anybody's agreement: there is nothing left to decide."""

_EARLY = frozenset({CaseState.REGISTERED, CaseState.ASSESSED})
_ALL_IS_WELL = frozenset({ClosingReason.GOALS_MET, ClosingReason.AGED_OUT})
GRAVE_TO_REOPEN = frozenset({ClosingReason.CHILD_DIED, ClosingReason.DUPLICATE})
"""Closings that only the supervisor takes back: the record itself was said to be at its end."""


def needs_approval(reason: ClosingReason, state: CaseState) -> bool:
    """Whether the supervisor agrees before a case is closed for this reason."""
    if reason is ClosingReason.NOT_A_CASE:
        return state not in _EARLY
    return reason not in AT_ONCE


def asks_conditions(reason: ClosingReason) -> bool:
    """Whether a closing for this reason says that all is well, so that the conditions are looked at."""
    return reason in _ALL_IS_WELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a case when somebody wants it closed."""

    state: CaseState
    lives_as: str | None
    lives_since: date | None
    in_institution: bool
    overdue_checks: int = 0
    open_promises: int = 0


def unmet(reason: ClosingReason, standing: Standing, today: date) -> list[ClosingCondition]:
    """The conditions of a good end that are not met; none for reasons that do not say that all is well."""
    if not asks_conditions(reason):
        return []
    since = standing.lives_since
    found = {
        ClosingCondition.LIVES_SOMEWHERE: standing.lives_as is None,
        ClosingCondition.OUT_OF_INSTITUTION: standing.in_institution,
        ClosingCondition.STABLE: since is not None and (today - since).days < STABLE_AFTER_DAYS,
        ClosingCondition.FOLLOWED_UP: standing.state is not CaseState.UNDER_FOLLOW_UP,
        ClosingCondition.REVIEWED: standing.overdue_checks > 0,
        ClosingCondition.SERVED: standing.open_promises > 0,
    }
    return [condition for condition, missing in found.items() if missing]


def check_closing(
    reason: ClosingReason, *, age_years: int | None, attempts: int, least_attempts: int, other_code: str | None
) -> None:
    """Raises `FieldError` where a reason cannot be: too young, too few attempts, no other record."""
    if reason is ClosingReason.AGED_OUT and age_years is not None and age_years < MAJORITY:
        raise FieldError("reason", _("The child is not eighteen yet"))
    if attempts < least_attempts:
        missing = least_attempts - attempts
        message = ngettext(
            "Record %(num)s more attempt to reach the child first",
            "Record %(num)s more attempts to reach the child first",
            missing,
        )
        raise FieldError("reason", message % {"num": missing})
    if reason is ClosingReason.DUPLICATE and not other_code:
        raise FieldError("other_code", _("Write the code of the record that goes on"))


def why_not_reopen(role: Role, reason: ClosingReason | None) -> str | None:
    """Why somebody may not open a closed case again, or None if they may."""
    if reason in GRAVE_TO_REOPEN and role is not Role.DISTRICT_SUPERVISOR:
        return _("A case that ended with a death or as a duplicate is opened again by the district supervisor")
    return None


def years_after(day: date, years: int) -> date:
    """The same day some years later; 1 March for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))


def _rule(years: int, *months: int, attempts: int = 0) -> dict[str, object]:
    return {"retention_years": years, "aftercare_months": list(months), "least_attempts": attempts}


_CLOSING_RULES: dict[ClosingReason, dict[str, object]] = {
    ClosingReason.GOALS_MET: _rule(10, 1, 3, 6, 12),
    ClosingReason.AGED_OUT: _rule(10, 1, 3, 6, 12),
    ClosingReason.MOVED_OUT_TRANSFERRED: _rule(10),
    ClosingReason.TRANSFERRED_TO_OTHER_AGENCY: _rule(10, 3),
    ClosingReason.FAMILY_DECLINED: _rule(10, 3),
    ClosingReason.LOST_CONTACT: _rule(10, attempts=3),
    ClosingReason.MISSING: _rule(25),
    ClosingReason.CHILD_DIED: _rule(10),
    ClosingReason.DUPLICATE: _rule(1),
    ClosingReason.NOT_A_CASE: _rule(2),
}
DEFAULT_CLOSING_RULES: list[dict[str, object]] = [
    {"reason": reason.value} | rule for reason, rule in _CLOSING_RULES.items()
]
"""How long files are kept, when somebody asks again, and how often somebody tries before: proposals, not law."""
