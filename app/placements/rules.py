"""Whether a placement may start or end so. Pure: days of Rwanda and facts as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.actor import Actor
from app.access.roles import CASE_WORKERS, Role
from app.access.rules import ChildFacts, inside_area, is_responsible
from app.core.errors import FieldError
from app.core.formats import day
from app.core.i18n import gettext as _
from app.placements.words import (
    CAPACITY_KINDS,
    FOSTER_KINDS,
    PLACED_KINDS,
    RESIDENTIAL_KINDS,
    EndReason,
    Host,
    PlacementKind,
    host_of,
)

LONGEST_YEARS = 120
"""No placement of a person on record began longer ago; it keeps a slip in the year out."""


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


def check_household(kind: PlacementKind, *, vetting: str, capacity: int, children: int) -> None:
    """Raises `FieldError` on `household` where it may not receive one child more in this kind of placement."""
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
