"""Who may find a referral, and who may do what with it as it stands: pure functions over plain values."""

from dataclasses import dataclass
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import Level
from app.core.i18n import gettext as _
from app.core.text import fold
from app.referrals.rules import DISTRICT_ROLES, level_below
from app.referrals.words import CLOSED, ReferralStatus, Verb

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
    if standing.status in CLOSED:
        resolved = standing.status is ReferralStatus.RESOLVED
        return _("This referral is resolved.") if resolved else _("This referral was withdrawn.")
    if verb in {Verb.WITHDRAW, Verb.ANSWER}:
        return _why_not_as_author(actor, verb, standing)
    if has_copy(actor, standing):
        return _why_not_with_copy(verb, standing)
    if not holds(actor, standing):
        return _("Only the office that holds this referral can do that.")
    return _why_not_as_holder(verb, standing)


def _why_not_as_holder(verb: Verb, standing: Standing) -> str | None:
    if (standing.status, verb) not in TRANSITIONS:
        return _("Acknowledge it first.") if verb is Verb.RESOLVE else _("This is done already.")
    if verb is Verb.ESCALATE and standing.level is Level.NATIONAL:
        return _("No office is above yours.")
    below = level_below(standing.level, standing.area_code, standing.filed_level)
    if verb is Verb.RETURN and below is None:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFacts:
    """What decides who may find a referral. `levels` have held it, `hands` acknowledged, accepted or sent it on."""

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
    reached = level in facts.levels if level is Level.NATIONAL else facts.filed_level < level or level in facts.levels
    if not facts.restricted:
        return reached
    return reached and (facts.level is level or actor.account_id in facts.hands)


def _bears_name(name: str, suspect_words: frozenset[str]) -> bool:
    words = set(fold(name).split())
    return bool(suspect_words) and bool(words) and (words <= suspect_words or suspect_words <= words)
