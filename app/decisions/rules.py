"""What makes a decision complete, who decides it, and whether an entry into residential care may happen. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.access.area import ancestors
from app.approvals.words import ApprovalKind
from app.children.words import EntryReason, PlacementKind
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.decisions.words import (
    EMERGENCY_KINDS,
    OPTION_OF,
    CareOption,
    DecisionNotHeard,
    DecisionState,
    Nearness,
    Siblings,
)
from app.placements.rules import is_exit
from app.placements.words import FAMILY_KINDS, RESIDENTIAL_KINDS

OF_AGE = 18
_NOT_FOR_ADULTS = frozenset({CareOption.FOSTER, CareOption.GUARDIANSHIP, CareOption.ADOPTION})
OPEN_STATES = frozenset({DecisionState.DRAFT, DecisionState.RETURNED})


@dataclass(frozen=True, slots=True)
class Weighed:
    """One option as the panel saw it."""

    option: CareOption
    considered: bool
    finding: str | None
    why_not: str | None


def check_grounds(grounds: Collection[EntryReason]) -> None:
    """Raises `FieldError` on `grounds` where poverty stands alone: it may be said, but a family is helped for it."""
    if not set(grounds) - {EntryReason.POVERTY}:
        raise FieldError(
            "grounds",
            _(
                "Poverty is never the only ground for living away from the family: name the other ground, or decide "
                "for the own family and plan the help that it needs"
            ),
        )


def check_days(decided_on: date, *, today: date, born_on: date | None, birth_precision: str) -> None:
    """Raises `FieldError` for a panel in the future or before the child was born."""
    if decided_on > today:
        raise FieldError("decided_on", _("This day lies in the future"))
    if today.year - decided_on.year > 20:
        raise FieldError("decided_on", _("This day lies too long ago: check the year"))
    if born_on is not None and birth_precision == "day" and decided_on < born_on:
        raise FieldError("decided_on", _("This day lies before the child was born"))


def check_kind(kind: PlacementKind, *, age: int | None) -> None:
    """Raises `FieldError` on `kind` for what no panel decides, or what is not for a grown person."""
    option = OPTION_OF.get(kind)
    if option is None:
        raise FieldError("kind", _("This is not decided by a panel; choose where the child will live"))
    if age is not None and age >= OF_AGE and option in _NOT_FOR_ADULTS:
        raise FieldError("kind", _("This is for children; choose what fits a grown person"))


def check_options(kind: PlacementKind, weighed: Sequence[Weighed], *, age: int | None) -> None:
    """Raises `FieldError` where an option that comes first was not weighed: what was found, and why not.

    Foster care, guardianship and adoption are not asked about for a grown person.
    """
    decided = OPTION_OF[kind]
    order = list(CareOption)
    at = {one.option: number for number, one in reversed(list(enumerate(weighed)))}
    errors: list[tuple[str, str]] = []
    for option in order[: order.index(decided)]:
        if age is not None and age >= OF_AGE and option in _NOT_FOR_ADULTS:
            continue
        if option not in at:
            errors.append(("options", _("Say why not: %(option)s") % {"option": option.label}))
            continue
        one, field = weighed[at[option]], f"options.{at[option]}"
        if one.considered and not one.finding:
            errors.append((f"{field}.finding", _("Write what was found: %(option)s") % {"option": option.label}))
        if not one.why_not:
            errors.append((f"{field}.why_not", _("Say why not: %(option)s") % {"option": option.label}))
    if errors:
        raise FieldError(*errors[0], *errors[1:])


def check_heard(*, heard: bool, said: str | None, not_heard: DecisionNotHeard | None) -> None:
    """Raises `FieldError` unless the decision says what the child said, or why nobody heard it."""
    if heard and not said:
        raise FieldError("child_said", _("Write what the child said, in the child's words if you can"))
    if not heard and not_heard is None:
        raise FieldError("not_heard", _("Say why the child was not heard"))


def check_siblings(siblings: Siblings, why: str | None, *, shared: int) -> None:
    """Raises `FieldError` where brothers and sisters are parted without a reason, or named and unknown at once."""
    if siblings is Siblings.APART and not why:
        raise FieldError("siblings_why", _("Say why they will live apart, and how they stay in touch"))
    if siblings is Siblings.NONE and shared:
        raise FieldError("siblings", _("The decision names other children: say whether they stay together"))


def check_distance(nearness: Nearness | None, why: str | None) -> None:
    """Raises `FieldError` on `far_why` where a home in another district is not explained."""
    if nearness is Nearness.ELSEWHERE and not why:
        raise FieldError("far_why", _("This home lies in another district than the child's own: say why"))


def check_host(kind: PlacementKind, *, household: bool, institution: bool) -> None:
    """Raises `FieldError` where the named home does not fit the kind."""
    if household and kind in RESIDENTIAL_KINDS:
        raise FieldError("household_code", _("Residential care is not with a household"))
    if institution and kind not in RESIDENTIAL_KINDS:
        raise FieldError("institution", _("This kind of placement is not in an institution"))
    if kind in RESIDENTIAL_KINDS and not institution:
        raise FieldError("institution", _("Choose the institution"))


def check_open(state: DecisionState) -> None:
    """Raises `Conflict` where a decision can no longer be changed or asked for."""
    if state not in OPEN_STATES:
        raise Conflict(_("This cannot be changed any more: %(state)s") % {"state": state.label})


def decided_as(
    kind: PlacementKind, ages: Collection[int | None], *, state_below_years: int, always_state: bool
) -> ApprovalKind:
    """Whose approval a decision needs: the State's for residential care, at any age or below a certain one.

    An age that nobody knows counts as a small child's.
    """
    if kind not in RESIDENTIAL_KINDS:
        return ApprovalKind.DECISION
    small = any(age is None or age < state_below_years for age in ages)
    return ApprovalKind.RESIDENTIAL_ENTRY if always_state or small else ApprovalKind.DECISION


def needs_family(lives_as: PlacementKind | None) -> bool:
    """Whether a child who lives so needs a family: in none, or in one only for a while."""
    if lives_as is PlacementKind.WITH_PARENTS:
        return False
    return lives_as not in FAMILY_KINDS or lives_as in {
        PlacementKind.FOSTER_EMERGENCY,
        PlacementKind.FOSTER_SHORT_TERM,
    }


def nearness(one: int | None, other: int | None) -> Nearness | None:
    """How near two area codes are, as far as both are known; None where one lies in no known district."""
    if not one or not other:
        return None
    here, there = ancestors(one), ancestors(other)
    if "district" not in here or "district" not in there:
        return None
    found = Nearness.ELSEWHERE
    for level in ("district", "sector", "cell", "village"):
        if level not in here or here[level] != there.get(level):
            break
        found = Nearness(level)
    return found


def is_admission(
    kind: PlacementKind, started_on: date, *, gate_from: date | None, registered_on: date, corrects: bool
) -> bool:
    """Whether a start is a new admission into residential care that the gate looks at.

    Who lived there before the programme knew of the child is stock, not an admission.
    """
    if gate_from is None or kind not in RESIDENTIAL_KINDS or corrects:
        return False
    return started_on >= gate_from and started_on >= registered_on


def is_move_home(
    kind: PlacementKind,
    from_kind: PlacementKind | None,
    started_on: date,
    *,
    gate_from: date | None,
    registered_on: date,
) -> bool:
    """Whether a start takes a child from residential care into a family or independence, while a decision is wanted.

    Who had moved before the programme knew of the child moved without it.
    """
    if gate_from is None or not is_exit(kind, from_kind):
        return False
    return started_on >= gate_from and started_on >= registered_on


def check_why_undecided(reason: str | None) -> None:
    """Raises `FieldError` on `undecided_reason` where a child moves before the decision, and nobody says why."""
    if not reason:
        raise FieldError("undecided_reason", _("Say why the child moves before a decision for it is approved"))


def may_start_unasked(kind: PlacementKind) -> bool:
    """Whether an admission may come before its decision: a roof for the night."""
    return kind in EMERGENCY_KINDS


def follow_up_day(started_on: date, *, hours: int, today: date) -> date:
    """The day until which the decision after an emergency entry is due, never before today."""
    return max(today, started_on + timedelta(days=max(1, hours // 24)))
