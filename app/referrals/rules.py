"""The ladder: who receives a referral, where it may go, from whom it is kept, and when its time is over.

Pure functions over plain values. The clocks are defaults that the programme may change; the reference
offers them as proposals, since no Rwandan timing is published. Who may find and do what is in `rights.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from rapidfuzz import fuzz

from app.access.area import COUNTRY_CODE, ancestors
from app.access.permissions import Permission
from app.access.roles import ROLE_LEVEL, ROLE_PERMISSIONS, Level, Role
from app.children.words import RESTRICTED_CONCERNS, ConcernType
from app.core.text import fold
from app.referrals.words import Urgency

RECEIVING_ROLES: dict[Level, tuple[Role, ...]] = {
    level: tuple(
        role
        for role, stands_on in ROLE_LEVEL.items()
        if stands_on is level and Permission.REFERRALS_ACT in ROLE_PERMISSIONS[role]
    )
    for level in Level
    if level is not Level.VILLAGE
}
"""The roles that receive referrals at each level; the village has none: what is returned to it is its author's."""

DISTRICT_ROLES = frozenset(RECEIVING_ROLES[Level.DISTRICT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who receives referrals of a place, at a level."""

    account_id: UUID
    display_name: str
    role: Role
    level: Level
    place_name: str


def ladder_places(area_code: int) -> dict[Level, int]:
    """The codes of the places that stand on the ladder of an area code, as far down as it is known."""
    known = ancestors(area_code)
    places = {Level[name.upper()]: code for name, code in known.items()}
    return dict(sorted((places | {Level.NATIONAL: COUNTRY_CODE}).items()))


def first_level(author_level: Level, area_code: int, closed: frozenset[Level]) -> Level:
    """The level that receives a new referral: the one above its author's that is open to it.

    Whoever works for a district files to that district.
    """
    wanted = min(author_level + 1, Level.DISTRICT)
    open_levels = [level for level in ladder_places(area_code) if level > Level.VILLAGE and level not in closed]
    return next((level for level in open_levels if level >= wanted), Level.NATIONAL)


def copy_level(urgency: Urgency, holder: Level, closed: frozenset[Level]) -> Level | None:
    """The level that sees a new referral at the same time as its holder: the district, in an emergency."""
    emergency_below = urgency is Urgency.EMERGENCY and holder < Level.DISTRICT
    return Level.DISTRICT if emergency_below and Level.DISTRICT not in closed else None


def level_above(level: Level, area_code: int, closed: frozenset[Level]) -> Level | None:
    """The next level up whose receivers are not all suspects; None above the nation."""
    if level is Level.NATIONAL:
        return None
    above = (rung for rung in ladder_places(area_code) if rung > level and rung not in closed)
    return next(above, Level.NATIONAL)


def level_below(level: Level, area_code: int, filed_level: Level) -> Level | None:
    """The level that a return goes to; None where nobody is below.

    The village stands for the author, so only a referral that was filed in a village returns there.
    """
    below = [rung for rung in ladder_places(area_code) if Level.VILLAGE < rung < level]
    if below:
        return below[-1]
    return Level.VILLAGE if filed_level is Level.VILLAGE and level > Level.VILLAGE else None


def is_restricted(concern: ConcernType, *, child_is_restricted: bool = False) -> bool:
    """Whether only who must act may open the file."""
    return concern in RESTRICTED_CONCERNS or child_is_restricted


def id_for_child(referral_id: UUID) -> UUID:
    """The id under which the child is registered that a referral only described, so that the two find each other."""
    return uuid5(referral_id, "child")


# Suspects


def same_person(suspect_words: Iterable[str], officer_name: str) -> bool:
    """Whether a name that was written down may mean an officer; in doubt it does.

    All words of one name are among those of the other, or the two differ by a slip of the pen only.
    """
    written, known = set(suspect_words), set(fold(officer_name).split())
    if not written or not known:
        return False
    alike = fuzz.token_sort_ratio(" ".join(sorted(written)), " ".join(sorted(known)))
    return written <= known or known <= written or alike >= _SLIP_OF_THE_PEN


_SLIP_OF_THE_PEN = 88
"""Alike in per cent: one or two letters of a name of two words."""


def suspects_among(officers: Iterable[Officer], suspect_words: Iterable[str], author_id: UUID) -> set[UUID]:
    """The accounts of officers whom the name of a suspect may mean; its author is not among them."""
    words = tuple(suspect_words)
    return {
        officer.account_id
        for officer in officers
        if officer.account_id != author_id and same_person(words, officer.display_name)
    }


def closed_levels(officers: Iterable[Officer], suspects: Iterable[UUID]) -> frozenset[Level]:
    """The levels that have receivers, all of them suspects. An office that is vacant stays open: its clock runs."""
    kept_from = set(suspects)
    by_level: dict[Level, list[bool]] = {}
    for officer in officers:
        by_level.setdefault(officer.level, []).append(officer.account_id in kept_from)
    return frozenset(level for level, found in by_level.items() if all(found))


# Clocks


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a level may take to acknowledge a referral, and to be done with it, in hours from its arrival."""

    acknowledge_hours: int
    resolve_hours: int

    def acknowledge_due(self, received_at: datetime) -> datetime:
        """Until when it should be acknowledged."""
        return received_at + timedelta(hours=self.acknowledge_hours)

    def resolve_due(self, received_at: datetime) -> datetime:
        """Until when the level should be done with it."""
        return received_at + timedelta(hours=self.resolve_hours)


_HOURS: dict[Urgency, tuple[tuple[int, int], ...]] = {
    # Village (to answer a question), cell, sector, district, nation: to acknowledge, and to be done.
    Urgency.EMERGENCY: ((2, 2), (2, 24), (2, 24), (2, 72), (4, 72)),
    Urgency.HIGH: ((24, 24), (24, 72), (24, 72), (24, 168), (48, 336)),
    Urgency.MEDIUM: ((72, 72), (72, 168), (96, 336), (72, 720), (168, 720)),
    Urgency.LOW: ((168, 168), (168, 336), (168, 384), (168, 720), (168, 1440)),
}
CLOCKS: dict[tuple[Urgency, Level], Clock] = {
    (urgency, level): Clock(*hours)
    for urgency, by_level in _HOURS.items()
    for level, hours in zip(Level, by_level, strict=True)
}
"""Proposed, not law. Unacknowledged, a high one is with the sector after 24 hours and the district after 48, a medium
one after 3 and 7 days; acknowledged but not done, a low one after 14 and 30 days. Two hours in an emergency."""

DEFAULT_CLOCKS: list[dict[str, object]] = [
    {
        "urgency": urgency.value,
        "level": int(level),
        "acknowledge_hours": clock.acknowledge_hours,
        "resolve_hours": clock.resolve_hours,
    }
    for (urgency, level), clock in CLOCKS.items()
]
"""The same as rows of `ladder_clocks`."""


def runs_out_at(acknowledge_due_at: datetime, due_at: datetime, *, acknowledged: bool) -> datetime:
    """When a referral moves up by itself: while nobody has acknowledged it, much sooner."""
    return due_at if acknowledged else acknowledge_due_at
