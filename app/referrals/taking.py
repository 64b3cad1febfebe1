"""Taking a referral in hand: its row is locked, what others did meanwhile is told, and the rules are asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Level
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound, Stale
from app.core.schemas import Command
from app.referrals import moving
from app.referrals.models import Referral, ReferralHop
from app.referrals.reach import handed_on, visible_referrals
from app.referrals.rights import Standing, has_copy, why_not
from app.referrals.story import Act, acts_of, already
from app.referrals.words import ReferralStatus, Rung, Verb


@dataclass(frozen=True, slots=True)
class Taken:
    """A referral whose row is locked, with its hops, as an actor may act on it at this moment."""

    referral: Referral
    hops: list[ReferralHop]
    at: datetime

    @property
    def hop(self) -> ReferralHop:
        return moving.open_hop(self.hops)

    @property
    def level(self) -> Level:
        return Level(self.referral.level)


def take(
    db: Session,
    actor: Actor,
    referral_id: UUID,
    verb: Verb,
    version: int | None,
    command: Command | None = None,
) -> Taken | None:
    """Locks a referral for a verb, or gives None where the actor has done the same already.

    Raises `NotFound` out of reach, `Stale` where it has changed since the actor read it, `Conflict` where a
    colleague did it first, `Forbidden` where the rules say no; each in words.
    """
    referral = db.execute(
        select(Referral)
        .where(Referral.id == referral_id, or_(visible_referrals(actor), handed_on(actor)))
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if referral is None:
        raise NotFound
    hops = moving.hops_of(db, referral_id)
    latest = _latest_act(actor, referral, hops)
    seen_newest = version is not None and version == referral.version
    mine = latest is not None and latest.what is verb and latest.by == actor.account_id
    if not seen_newest and mine and not _has_new_words(command, referral, hops):
        return None
    if version is not None and not seen_newest:
        raise Stale(
            already(latest) if latest else None,
            current=_current(referral),
            typed=command.model_dump(mode="json") if command else {},
        )
    standing = standing_of(referral, hops)
    reason = why_not(actor, verb, standing)
    if reason is not None:
        lost = latest is not None and actor.level is not standing.level and not has_copy(actor, standing)
        if version is None and latest is not None and lost and latest.by != actor.account_id:
            raise Conflict(already(latest))
        raise Forbidden(reason)
    return Taken(referral, hops, clock.now())


def _has_new_words(command: Command | None, referral: Referral, hops: list[ReferralHop]) -> bool:
    """Whether something was written that stands nowhere yet: then it is no second click, and must not get lost."""
    written = (getattr(command, name, "") for name in ("reason", "answer", "note"))
    return bool({words for words in written if words} - {hop.reason for hop in hops} - {referral.outcome_note})


def standing_of(referral: Referral, hops: list[ReferralHop]) -> Standing:
    """What the rules need to know of a referral."""
    copy = moving.open_copy(hops)
    return Standing(
        status=ReferralStatus(referral.status),
        level=Level(referral.level),
        filed_level=Level(referral.filed_level),
        area_code=referral.area_code,
        author_id=referral.author_account_id,
        touched=any(hop.acknowledged_at is not None for hop in hops),
        copy_open=copy is not None,
        copy_acknowledged=copy is not None and copy.acknowledged_at is not None,
    )


def _latest_act(actor: Actor, referral: Referral, hops: list[ReferralHop]) -> Act | None:
    """The newest thing that was done where the actor stands: at their level, or by them as its author."""
    is_author = actor.account_id == referral.author_account_id
    for act in acts_of(hops):
        if act.level is actor.level or (is_author and act.by == actor.account_id) or act.what is Verb.WITHDRAW:
            return act
    return None


def _current(referral: Referral) -> dict[str, object]:
    return {
        "status": referral.status,
        "level": Rung.of(referral.level).value,
        "version": referral.version,
    }
