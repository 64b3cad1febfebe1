"""What must be so in plans, reviews and services. No database, no clock."""

from datetime import date, datetime, timedelta

from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.plans.words import PlanState, ReviewResult, ServiceKind, ServiceUrgency

REVIEW = "review"
DEFAULT_REVIEW_DAYS = 90
URGENCY_HOURS = {
    ServiceUrgency.EMERGENCY: 2,
    ServiceUrgency.HIGH: 24,
    ServiceUrgency.MEDIUM: 72,
    ServiceUrgency.LOW: 7 * 24,
    ServiceUrgency.ROUTINE: 30 * 24,
}
"""Hours until a provider should have answered; proposals that the programme may change."""

DEFAULT_PLAN_CLOCKS: list[dict[str, object]] = [
    {"name": REVIEW, "hours": DEFAULT_REVIEW_DAYS * 24},
    *({"name": f"service.{urgency.value}", "hours": hours} for urgency, hours in URGENCY_HOURS.items()),
]
"""The same as rows of the table, which the programme may change."""

EVIDENCE_HOURS = 72
"""After this time most evidence of sexual violence is lost, and medicine that prevents an infection comes too late."""


def clock_name(urgency: ServiceUrgency) -> str:
    """The name of the clock of an urgency."""
    return f"service.{urgency.value}"


def usual_urgency(kind: ServiceKind) -> ServiceUrgency:
    """What the form begins with: after sexual violence hours count."""
    return ServiceUrgency.EMERGENCY if kind.is_for_violence else ServiceUrgency.MEDIUM


def answer_due(sent_at: datetime, hours: int) -> datetime:
    """Until when the provider should answer."""
    return sent_at + timedelta(hours=hours)


def check_past(field: str, day: date, today: date, since: date | None = None) -> None:
    """Raises `FieldError` at `field` for a day in the future, or before `since`."""
    if day > today:
        raise FieldError(field, _("This day lies in the future"))
    if since is not None and day < since:
        raise FieldError(field, _("This day lies before the plan came into force"))


def check_review(reviewed_on: date, next_on: date | None, result: ReviewResult, *, limit_days: int) -> None:
    """Raises `FieldError` where the next review is missing, in the past of this one, or later than the limit."""
    if result is ReviewResult.END:
        if next_on is not None:
            raise FieldError("next_review_on", _("The plan ends: there is no next review"))
        return
    if next_on is None:
        raise FieldError("next_review_on", _("Say when the plan is reviewed next"))
    if next_on <= reviewed_on:
        raise FieldError("next_review_on", _("The next review comes after this one"))
    if (next_on - reviewed_on).days > limit_days:
        raise FieldError(
            "next_review_on",
            ngettext(
                "The next review is due within %(num)d day of this one",
                "The next review is due within %(num)d days of this one",
                limit_days,
            )
            % {"num": limit_days},
        )


def why_not_request(*, goals: int, actions: int) -> str | None:
    """Why a plan is not ready to be approved, or None."""
    if not goals:
        return _("A plan needs a goal: what shall be true for the child?")
    if not actions:
        return _("A plan needs an action: who does what, until when?")
    return None


def why_ended(state: PlanState, reason: str | None) -> str | None:
    """Why a plan was closed, in words: what somebody wrote, or that it ended with its case."""
    return reason or (_("The case was closed") if state is PlanState.CLOSED else None)
