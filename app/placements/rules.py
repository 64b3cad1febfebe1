"""Whether a placement may start or end so. Pure: days of Rwanda and facts as values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.roles import CASE_WORKERS, Role
from app.access.rules import ChildFacts, inside_area, is_responsible
from app.core.errors import FieldError
from app.core.formats import day
from app.core.i18n import N_, ngettext
from app.core.i18n import gettext as _
from app.placements.words import (
    CAPACITY_KINDS,
    DECIDED_ELSEWHERE,
    FOSTER_KINDS,
    PLACED_KINDS,
    RESIDENTIAL_KINDS,
    UNSEPARATED_KINDS,
    EndReason,
    Host,
    PlacementKind,
    Setting,
    host_of,
)

LONGEST_YEARS = 120
"""No placement of a person on record began longer ago; it keeps a slip in the year out."""


SETTINGS = {
    Setting.LIVES_ALONE_FROM: 16,
    Setting.DECIDE_AGAIN_DAYS: 7,
    Setting.PREPARE_BEFORE_END_DAYS: 30,
}
"""What the service begins with; the programme may change each."""

DEFAULT_SETTINGS: list[dict[str, object]] = [{"code": code.value, "value": value} for code, value in SETTINGS.items()]

PREPARATION_ITEMS = [
    ("child_told", N_("The child was told and asked, and has answered")),
    ("child_visited", N_("The child has visited the family")),
    ("family_told", N_("The family knows the child's habits and health")),
    ("school_arranged", N_("The school expects the child")),
    ("papers_ready", N_("The papers are ready: birth, health, school")),
    ("belongings", N_("The child's belongings and life-story book are packed")),
    ("siblings", N_("It is agreed how the siblings stay in touch")),
    ("start_package", N_("The start package is ready")),
]
"""The steps of a preparation that the service begins with: code and words, in their order."""

DEFAULT_PREPARATION_ITEMS: list[dict[str, object]] = [
    {"code": code, "position": position, "label": label}
    for position, (code, label) in enumerate(PREPARATION_ITEMS, start=1)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A placement that is on record already."""

    id: UUID
    kind: PlacementKind
    started_on: date
    ended_on: date | None = None
    end_reason: EndReason | None = None


def why_not_theirs(actor: Actor, child: ChildFacts) -> str | None:
    """Why an actor may not move a child, or None if they may.

    The responsible worker may, and the district's supervisor; where nobody is responsible, any case worker there.
    """
    if is_responsible(actor, child):
        return None
    if not inside_area(actor, child.area_code):
        return _("The child lives in another district now; the worker responsible there decides")
    if actor.role is Role.DISTRICT_SUPERVISOR:
        return None
    if actor.role in CASE_WORKERS and child.responsible_post_id is None:
        return None
    return _("Only the worker who is responsible for this child, or the supervisor, starts and ends placements")


def check_start_day(started_on: date, *, today: date, born_on: date | None, birth_precision: str) -> None:
    """Raises `FieldError` on `started_on` for a start in the future, before the birth, or in no lifetime."""
    if started_on > today:
        raise FieldError("started_on", _("The start of the placement cannot lie in the future"))
    if today.year - started_on.year > LONGEST_YEARS:
        raise FieldError("started_on", _("The start of the placement lies too long ago: check the year"))
    if born_on is not None and _surely_before(started_on, born_on, birth_precision):
        raise FieldError("started_on", _("The start of the placement lies before the child was born"))


def _surely_before(given: date, born_on: date, precision: str) -> bool:
    match precision:
        case "day":
            return given < born_on
        case "month":
            return (given.year, given.month) < (born_on.year, born_on.month)
        case "year":
            return given.year < born_on.year
        case _:
            return False


def check_host(kind: PlacementKind, *, institution: bool, household: bool) -> None:
    """Raises `FieldError` on `institution` or `household` where the host does not fit the kind."""
    host = host_of(kind)
    if host is Host.INSTITUTION and not institution:
        raise FieldError("institution", _("Choose the institution where the child lives"))
    if host is Host.HOUSEHOLD and not household:
        raise FieldError("household", _("Choose the household where the child lives"))
    if institution and host is not Host.INSTITUTION:
        raise FieldError("institution", _("This kind of placement is not in an institution"))
    if household and host not in {Host.HOUSEHOLD, Host.EITHER}:
        raise FieldError("household", _("This kind of placement is not with a household"))


def check_age(kind: PlacementKind, *, born_on: date | None, started_on: date, from_age: int) -> None:
    """Raises `FieldError` on `started_on` for somebody who is too young to live alone, as far as the birth is known."""
    if kind is not PlacementKind.SUPPORTED_INDEPENDENT_LIVING or born_on is None:
        return
    old_enough_in = born_on.year + from_age
    age = started_on.year - born_on.year - ((started_on.month, started_on.day) < (born_on.month, born_on.day))
    if age < from_age:
        raise FieldError(
            "started_on",
            _("To live alone with support one is at least %(age)d years old; that is in %(year)d")
            % {"age": from_age, "year": old_enough_in},
        )


def was_separated(kinds: Iterable[PlacementKind]) -> bool:
    """Whether a child that lived in these ways, mistakes left out, was ever separated from the parents."""
    return any(kind not in UNSEPARATED_KINDS for kind in kinds)


def check_at_home(kind: PlacementKind, before: Sequence[Episode]) -> None:
    """Raises `FieldError` on `kind` where a child comes back to the parents from elsewhere: that is a reunification."""
    if kind is PlacementKind.WITH_PARENTS and was_separated(episode.kind for episode in _true(before)):
        raise FieldError(
            "kind",
            _(
                "At home with the parents is for a child who was never separated from them. A child who comes back is "
                "reunited with the family of birth: choose that"
            ),
        )


def check_later_days(*, started_on: date, planned_end_on: date | None, rent_until: date | None) -> None:
    """Raises `FieldError` for a planned end, or an end of the rent, before the placement begins."""
    if planned_end_on is not None and planned_end_on <= started_on:
        raise FieldError("planned_end_on", _("The planned end lies after the start of the placement"))
    if rent_until is not None and rent_until < started_on:
        raise FieldError("rent_until", _("The rent is paid until a day after the start of the placement"))
    for name, given in (("planned_end_on", planned_end_on), ("rent_until", rent_until)):
        if given is not None and given.year - started_on.year > LONGEST_YEARS:
            raise FieldError(name, _("This day lies too far ahead: check the year"))


def check_time_away(
    from_on: date, until_on: date | None, *, started_on: date, ended_on: date | None, today: date
) -> None:
    """Raises `FieldError` unless a time away lies inside the placement and not in the future."""
    if from_on > today:
        raise FieldError("from_on", _("The first day away cannot lie in the future"))
    if from_on < started_on or (ended_on is not None and from_on > ended_on):
        raise FieldError("from_on", _("The first day away lies outside the placement"))
    if until_on is None:
        if ended_on is not None:
            raise FieldError("until_on", _("The placement has ended: say until when the child was away"))
        return
    if until_on > today:
        raise FieldError("until_on", _("The day of the return cannot lie in the future"))
    if until_on < from_on:
        raise FieldError("until_on", _("The day of the return lies before the first day away"))
    if ended_on is not None and until_on > ended_on:
        raise FieldError("until_on", _("The day of the return lies after the placement ended"))


def check_not_future(field: str, given: date, today: date) -> None:
    """Raises `FieldError` at a field for a day that is still to come, or in no lifetime."""
    if given > today:
        raise FieldError(field, _("This day lies in the future"))
    if today.year - given.year > LONGEST_YEARS:
        raise FieldError(field, _("This day lies too long ago: check the year"))


def check_prepared(undone: int, reason: str | None) -> None:
    """Raises `FieldError` on `unprepared_reason` where steps of the preparation are open and nobody says why."""
    if undone and not reason:
        raise FieldError(
            "unprepared_reason",
            ngettext(
                "%(num)d step of the preparation is not done: say why the placement starts all the same",
                "%(num)d steps of the preparation are not done: say why the placement starts all the same",
                undone,
            )
            % {"num": undone},
        )


def check_next(reason: EndReason) -> None:
    """Raises `FieldError` on `next.kind` where no other place can follow an end."""
    if reason in {EndReason.CHILD_DEATH, EndReason.DATA_CORRECTION}:
        raise FieldError("next.kind", _("After this reason no other placement starts; leave the next place out"))


def asks_where(reason: EndReason) -> bool:
    """Whether an end asks at once where the child sleeps tonight."""
    return not reason.is_planned and reason not in {EndReason.CHILD_DEATH, EndReason.DATA_CORRECTION}


def asks_again(reason: EndReason) -> bool:
    """Whether an end asks for a new decision on where the child will live."""
    return not reason.is_planned and reason not in DECIDED_ELSEWHERE


def check_household(kind: PlacementKind, *, family: str, vetting: str, capacity: int, children: int) -> None:
    """Raises `FieldError` on `household` where it may not receive one child more in this kind of placement.

    `family` is the kind of the household.
    """
    if kind in FOSTER_KINDS and family != "foster":
        raise FieldError("household", _("This household is no foster family: it has to apply as one first"))
    if kind in FOSTER_KINDS and vetting != "approved":
        raise FieldError("household", _("This family has not been approved as a foster family yet"))
    if kind in CAPACITY_KINDS and children >= capacity:
        raise FieldError("household", _("This household has no room for one child more"))


def check_sequence(started_on: date, episodes: Sequence[Episode], end_previous: EndReason | None) -> Episode | None:
    """The open placement that the new one ends, or None. Raises `FieldError` where the two would overlap.

    A placement that was recorded by mistake takes no time at all and stands in nobody's way.
    """
    if any(episode.end_reason is EndReason.CHILD_DEATH for episode in episodes):
        raise FieldError("child", _("The record says that this child has died"))
    former = next((episode for episode in episodes if episode.ended_on is None), None)
    if former is not None and end_previous is None:
        raise FieldError(
            "end_previous.reason", _("The child has an open placement: say why it ends on the day this one starts")
        )
    if former is None and end_previous is not None:
        raise FieldError("end_previous.reason", _("The child has no open placement that could end"))
    in_the_way = [
        episode.ended_on or episode.started_on
        for episode in episodes
        if not (episode is former and end_previous is EndReason.DATA_CORRECTION) and not _takes_no_time(episode)
    ]
    if in_the_way and started_on < max(in_the_way):
        raise FieldError(
            "started_on",
            _("The start overlaps another placement of this child; it can be %(day)s or later")
            % {"day": day(max(in_the_way))},
        )
    return former


def end_day(started_on: date, ended_on: date, reason: EndReason) -> date:
    """The last day of a placement; one that was recorded by mistake ends on the day it started."""
    return started_on if reason is EndReason.DATA_CORRECTION else ended_on


def check_end(ended_on: date, *, started_on: date, today: date) -> None:
    """Raises `FieldError` on `ended_on` for an end in the future or before the start."""
    if ended_on > today:
        raise FieldError("ended_on", _("The end of the placement cannot lie in the future"))
    if ended_on < started_on:
        raise FieldError(
            "ended_on", _("The end of the placement lies before its start, %(day)s") % {"day": day(started_on)}
        )


def _takes_no_time(episode: Episode) -> bool:
    return episode.ended_on == episode.started_on


def latest(episodes: Sequence[Episode]) -> Episode | None:
    """The placement before a new one: the last by its start, mistakes left out."""
    return max(_true(episodes), key=lambda episode: (episode.started_on, episode.id), default=None)


def _true(episodes: Sequence[Episode]) -> list[Episode]:
    return [episode for episode in episodes if episode.end_reason is not EndReason.DATA_CORRECTION]


def is_exit(kind: PlacementKind, from_kind: PlacementKind | None) -> bool:
    """Whether a placement is an exit from an institution into a family or independent living."""
    return from_kind is not None and from_kind in RESIDENTIAL_KINDS and kind in PLACED_KINDS


def first_exit(episodes: Sequence[Episode]) -> Episode | None:
    """The first exit from an institution; a person counts as placed once, later moves are other things."""
    former: Episode | None = None
    for episode in sorted(_true(episodes), key=lambda one: (one.started_on, one.id)):
        if is_exit(episode.kind, former.kind if former else None):
            return episode
        former = episode
    return None
