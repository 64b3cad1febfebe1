"""What a family may do next, and until when. Pure: days and facts as values."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.errors import Conflict, FieldError
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.fostering.words import Care, Stage, Step, Term

# Proposals of the programme, not law.
DEFAULT_TERMS: list[dict[str, object]] = [
    {"key": Term.RECORD_MONTHS.value, "number": 24, "day": None},
    {"key": Term.APPROVAL_MONTHS.value, "number": 24, "day": None},
    {"key": Term.RENEWAL_NOTICE_DAYS.value, "number": 60, "day": None},
    {"key": Term.GATEKEEPING_FROM.value, "number": None, "day": None},
    {"key": Term.STATE_BELOW_YEARS.value, "number": 3, "day": None},
    {"key": Term.STATE_DECIDES_RESIDENTIAL.value, "number": 1, "day": None},
    {"key": Term.EMERGENCY_HOURS.value, "number": 72, "day": None},
    {"key": Term.ENTRY_DAYS.value, "number": 90, "day": None},
]
PIPELINE = (Stage.APPLIED, Stage.CHECKED, Stage.TRAINED, Stage.APPROVED, Stage.AVAILABLE, Stage.PAUSED, Stage.WITHDRAWN)
APPROVED_STAGES = frozenset({Stage.APPROVED, Stage.AVAILABLE, Stage.PAUSED})
LONGEST_YEARS = 80
_FACT_STEPS = frozenset({Step.RECORD_CHECKED, Step.REFERENCES_TAKEN, Step.HOME_CHECKED})


@dataclass(frozen=True, slots=True)
class Terms:
    """The programme's numbers and days, with the proposals where a row is missing."""

    numbers: Mapping[str, int | None]
    days: Mapping[str, date | None]

    def number(self, term: Term) -> int:
        """The number of a term."""
        found = self.numbers.get(term.value)
        return found if found is not None else _PROPOSED[term.value]

    def day(self, term: Term) -> date | None:
        """The day of a term; None where it is not set."""
        return self.days.get(term.value)


_PROPOSED = {str(row["key"]): row["number"] for row in DEFAULT_TERMS if isinstance(row["number"], int)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How far a family is: its stage and the newest day of each check that was in order."""

    stage: Stage
    record_checked_on: date | None = None
    references_on: date | None = None
    home_checked_on: date | None = None
    approved_until: date | None = None


def months_after(start: date, months: int) -> date:
    """The day so many months after another; the last of the month where that month is shorter."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def record_until(checked_on: date | None, months: int) -> date | None:
    """The day on which a criminal-record check runs out."""
    return None if checked_on is None else months_after(checked_on, months)


def renewal_due(approved_until: date, notice_days: int) -> date:
    """The day on which a renewal is asked for."""
    return approved_until - timedelta(days=notice_days)


def check_day(given: date, *, today: date, field: str = "stepped_on") -> None:
    """Raises `FieldError` for a day in the future or in no working life."""
    if given > today:
        raise FieldError(field, _("This day lies in the future"))
    if today.year - given.year > LONGEST_YEARS:
        raise FieldError(field, _("This day lies too long ago: check the year"))


def missing_checks(way: Way, *, today: date, record_months: int) -> list[str]:
    """What has still to be found in order before a family is checked."""
    missing = []
    until = record_until(way.record_checked_on, record_months)
    if until is None:
        missing.append(_("the criminal record is not checked"))
    elif until < today:
        missing.append(_("the check of the criminal record ran out on %(day)s") % {"day": day(until)})
    if way.references_on is None:
        missing.append(_("no references were taken"))
    if way.home_checked_on is None:
        missing.append(_("the home was not checked"))
    return missing


def check_step(step: Step, way: Way, *, in_order: bool, note: str | None, today: date, record_months: int) -> None:
    """Raises `FieldError` on `step`, `in_order` or `note` where a step cannot come now."""
    if step is Step.APPLIED:
        if way.stage is not Stage.WITHDRAWN:
            raise FieldError("step", _("The family has applied already"))
        return
    if way.stage is Stage.WITHDRAWN:
        raise FieldError("step", _("The family is withdrawn: write down first that it applied again"))
    if not in_order and step not in _FACT_STEPS | {Step.VISITED}:
        raise FieldError("in_order", _("This step is only taken when all is in order"))
    if not in_order and not note:
        raise FieldError("note", _("Write what was not in order"))
    if step is Step.CHECKED:
        if way.stage is not Stage.APPLIED:
            raise FieldError("step", _("The check of this family is complete already"))
        _nothing_missing("step", way, today=today, record_months=record_months)
    if step is Step.TRAINED and way.stage is Stage.APPLIED:
        raise FieldError("step", _("The check comes before the training"))


def _nothing_missing(field: str, way: Way, *, today: date, record_months: int) -> None:
    missing = missing_checks(way, today=today, record_months=record_months)
    if missing:
        raise FieldError(field, _("Not yet: %(missing)s") % {"missing": "; ".join(missing)})


def stage_after(step: Step, stage: Stage, *, in_order: bool = True) -> Stage:
    """The stage of a family after a recorded step; a further training or visit moves nothing.

    Whatever is found against an approved family pauses it, so that no child comes before somebody has looked at it.
    """
    if not in_order:
        return Stage.PAUSED if stage in APPROVED_STAGES else stage
    if step is Step.APPLIED:
        return Stage.APPLIED
    if step is Step.CHECKED:
        return Stage.CHECKED
    return Stage.TRAINED if step is Step.TRAINED and stage is Stage.CHECKED else stage


def check_request(way: Way, *, today: date, record_months: int) -> None:
    """Raises `FieldError` unless the approval, or its renewal, may be asked for."""
    if way.stage in {Stage.APPLIED, Stage.CHECKED}:
        raise FieldError("", _("The family is checked and trained before its approval is asked for"))
    if way.stage is Stage.WITHDRAWN:
        raise FieldError("", _("The family is withdrawn: write down first that it applied again"))
    _nothing_missing("", way, today=today, record_months=record_months)


def check_available(way: Way, *, today: date, record_months: int) -> None:
    """Raises `FieldError` unless a family may be made available for a child."""
    if way.stage is Stage.AVAILABLE:
        raise FieldError("", _("The family is available already"))
    if way.stage not in APPROVED_STAGES:
        raise FieldError("", _("Only an approved family is made available"))
    if way.approved_until is not None and way.approved_until < today:
        raise FieldError("", _("The approval ended on %(day)s: renew it first") % {"day": day(way.approved_until)})
    _nothing_missing("", way, today=today, record_months=record_months)


def check_pause(way: Way) -> None:
    """Raises `FieldError` unless there is something to pause."""
    if way.stage not in {Stage.APPROVED, Stage.AVAILABLE}:
        raise FieldError("reason", _("Only an approved family can be paused"))


def check_withdrawal(way: Way, *, children: int) -> None:
    """Raises `Conflict` where children live with the family, saying what must happen first."""
    if way.stage is Stage.WITHDRAWN:
        raise Conflict(_("The family is withdrawn already"))
    if children:
        raise Conflict(
            ngettext(
                "%(num)d child lives with this family. Decide first where the child will live and move the child; "
                "then withdraw the family. Pause it meanwhile, so that no other child comes.",
                "%(num)d children live with this family. Decide first where each of them will live and move them; "
                "then withdraw the family. Pause it meanwhile, so that no other child comes.",
                children,
            )
            % {"num": children}
        )


def check_offer(
    *, age_from: int | None, age_to: int | None, cares: list[Care], disability_training: str | None
) -> None:
    """Raises `FieldError` where what a family offers contradicts itself."""
    if age_from is not None and age_to is not None and age_from > age_to:
        raise FieldError("age_to", _("The oldest age is below the youngest"))
    if Care.SPECIALISED in cares and not disability_training:
        raise FieldError("disability_training", _("Specialised care asks for training or experience: write down which"))


def why_closed(stage: Stage, approved_until: date | None, *, today: date) -> str | None:
    """Why no further child comes to a family now; None where one may."""
    if stage is Stage.PAUSED:
        return _("This family is paused: no further child comes for a while")
    if stage not in APPROVED_STAGES:
        return _("This family has not been approved as a foster family yet")
    if approved_until is not None and approved_until < today:
        return _("The approval ended on %(day)s: renew it first") % {"day": day(approved_until)}
    return None


def free_places(capacity: int, children: int) -> int:
    """Places that are left, never below 0."""
    return max(0, capacity - children)
