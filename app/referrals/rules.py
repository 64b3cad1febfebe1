"""The ladder: who receives a referral, where it may go, when its time is over, and who may find and do what.

Pure functions over plain values. The clocks are defaults that the programme may change; the reference offers them as
proposals, since no Rwandan timing is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapidfuzz import fuzz

from app.access.actor import Actor
from app.access.area import COUNTRY_CODE, ancestors
from app.access.permissions import Permission
from app.access.roles import ROLE_LEVEL, ROLE_PERMISSIONS, Level, Role
from app.core.i18n import gettext as _
from app.core.text import fold
from app.referrals.words import CLOSED, RESTRICTED_CONCERNS, ConcernType, ReferralStatus, Urgency, Verb

# The ladder of a place

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
    open_levels = [
        level for level in ladder_places(area_code) if level > Level.VILLAGE and level not in closed
    ]
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


# Who may do what

TRANSITIONS: dict[tuple[ReferralStatus, Verb], ReferralStatus] = {
    (ReferralStatus.SENT, Verb.ACKNOWLEDGE): ReferralStatus.ACKNOWLEDGED,
    (ReferralStatus.SENT, Verb.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.SENT, Verb.RETURN): ReferralStatus.RETURNED,
    (ReferralStatus.SENT, Verb.ESCALATE): ReferralStatus.SENT,
    (ReferralStatus.SENT, Verb.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.ACKNOWLEDGED, Verb.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.ACKNOWLEDGED, Verb.RETURN): ReferralStatus.RETURNED,
    (ReferralStatus.ACKNOWLEDGED, Verb.ESCALATE): ReferralStatus.SENT,
    (ReferralStatus.ACKNOWLEDGED, Verb.RESOLVE): ReferralStatus.RESOLVED,
    (ReferralStatus.ACCEPTED, Verb.RETURN): ReferralStatus.RETURNED,
    (ReferralStatus.ACCEPTED, Verb.ESCALATE): ReferralStatus.SENT,
    (ReferralStatus.ACCEPTED, Verb.RESOLVE): ReferralStatus.RESOLVED,
    (ReferralStatus.RETURNED, Verb.ACKNOWLEDGE): ReferralStatus.ACKNOWLEDGED,
    (ReferralStatus.RETURNED, Verb.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.RETURNED, Verb.RETURN): ReferralStatus.RETURNED,
    (ReferralStatus.RETURNED, Verb.ESCALATE): ReferralStatus.SENT,
    (ReferralStatus.RETURNED, Verb.ANSWER): ReferralStatus.SENT,
}
"""Where a verb leads from a status. What stands here and nowhere else is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the rules need to know of a referral as it stands. `touched`: somebody acknowledged it, at any level."""

    status: ReferralStatus
    level: Level
    filed_level: Level
    area_code: int
    author_id: UUID
    touched: bool
    copy_open: bool = False
    copy_acknowledged: bool = False


def holds(actor: Actor, standing: Standing) -> bool:
    """Whether the referral is with the actor's office."""
    return (
        actor.level is standing.level
        and actor.level is not Level.VILLAGE
        and actor.may_ever(Permission.REFERRALS_ACT)
        and standing.area_code in actor.area
    )


def has_copy(actor: Actor, standing: Standing) -> bool:
    """Whether the actor's district sees an emergency beside the office that holds it."""
    return standing.copy_open and actor.role in DISTRICT_ROLES and standing.area_code in actor.area


def why_not(actor: Actor, verb: Verb, standing: Standing) -> str | None:
    """The reason why an actor may not do something with a referral now, or None where it may be done."""
    if standing.status is ReferralStatus.RESOLVED:
        return _("This referral is resolved.")
    if standing.status is ReferralStatus.WITHDRAWN:
        return _("This referral was withdrawn.")
    if verb in {Verb.WITHDRAW, Verb.ANSWER}:
        return _why_not_as_author(actor, verb, standing)
    if has_copy(actor, standing):
        return _why_not_with_copy(verb, standing)
    if not holds(actor, standing):
        return _("Only the office that holds this referral can do that.")
    if (standing.status, verb) not in TRANSITIONS:
        return _("Acknowledge it first.") if verb is Verb.RESOLVE else _("This is done already.")
    if verb is Verb.ESCALATE and standing.level is Level.NATIONAL:
        return _("No office is above yours.")
    if verb is Verb.RETURN and level_below(standing.level, standing.area_code, standing.filed_level) is None:
        return _("No office and no volunteer is below yours.")
    return None


def _why_not_as_author(actor: Actor, verb: Verb, standing: Standing) -> str | None:
    if actor.account_id != standing.author_id:
        return _("Only the person who sent this referral can do that.")
    if verb is Verb.WITHDRAW:
        acted = standing.touched or standing.status is not ReferralStatus.SENT
        return _("Somebody has acted on it already, so it can no longer be withdrawn.") if acted else None
    asked = standing.status is ReferralStatus.RETURNED and standing.level is Level.VILLAGE
    return None if asked else _("Nobody has asked you anything about this referral.")


def _why_not_with_copy(verb: Verb, standing: Standing) -> str | None:
    if verb is Verb.ACCEPT or (verb is Verb.ACKNOWLEDGE and not standing.copy_acknowledged):
        return None
    if verb is Verb.ACKNOWLEDGE:
        return _("This is done already.")
    return _("Your district has a copy only: accept the referral first, then it is yours.")


def possible(actor: Actor, standing: Standing) -> list[Verb]:
    """What an actor may do with a referral now."""
    if standing.status in CLOSED:
        return []
    return [verb for verb in Verb if why_not(actor, verb, standing) is None]


def is_restricted(concern: ConcernType, *, child_is_restricted: bool = False) -> bool:
    """Whether only who must act may open the file."""
    return concern in RESTRICTED_CONCERNS or child_is_restricted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFacts:
    """What decides who may find a referral. `levels` are those that held it, `hands` who handed it on or worked on it."""

    area_code: int
    level: Level
    filed_level: Level
    reached_level: Level
    restricted: bool
    author_id: UUID
    levels: frozenset[Level]
    hands: frozenset[UUID] = frozenset()
    suspects: frozenset[UUID] = frozenset()
    suspect_words: frozenset[str] = frozenset()


def may_read(actor: Actor, facts: ReaderFacts) -> bool:
    """Who finds and opens a referral; `queries.visible_referrals` says the same to the database.

    - Nobody whom it names as a suspect, ever.
    - Its author, always.
    - The cell and the sector: what was filed below them in their place, or has been with them.
    - The district's workers and supervisor: all in the district.
    - National staff: what reached the nation.
    - A restricted one only: its author, the district's workers and supervisor, the office that holds it now, and
      whoever acted on it, who knows its content and should learn what came of it.
    """
    if actor.account_id in facts.suspects:
        return False
    if actor.account_id == facts.author_id:
        return True
    if _bears_name(actor.display_name, facts.suspect_words) or facts.area_code not in actor.area:
        return False
    level = actor.level
    if level is None or level is Level.VILLAGE:
        return False
    if level is Level.DISTRICT:
        return True
    reached = (
        level in facts.levels
        if level is Level.NATIONAL
        else facts.filed_level < level or level in facts.levels
    )
    if not facts.restricted:
        return reached
    return reached and (facts.level is level or actor.account_id in facts.hands)


def _bears_name(name: str, suspect_words: frozenset[str]) -> bool:
    words = set(fold(name).split())
    return bool(suspect_words) and bool(words) and (words <= suspect_words or suspect_words <= words)
