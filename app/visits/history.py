"""A child's history as one list, newest first: placements, visits and referrals, as far as the reader sees each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.children.timeline import Item
from app.children.words import ConcernType
from app.core import clock
from app.core.i18n import N_, ngettext
from app.core.i18n import gettext as _
from app.core.words import Word
from app.placements.history import placement_items
from app.placements.schemas import PlacementRow
from app.referrals.models import Referral
from app.referrals.reach import visible_referrals
from app.referrals.words import Outcome, ReferralStatus, Rung
from app.visits.queries import visits_of
from app.visits.schemas import VisitRow
from app.visits.words import Safe, wellbeing_label

MOST_REFERRALS = 50
WORRYING = 2


class Show(Word):
    """What the history is narrowed to."""

    ALL = "all", N_("Everything")
    PLACEMENTS = "placements", N_("Placements")
    VISITS = "visits", N_("Visits")
    REFERRALS = "referrals", N_("Referrals")


def history(
    db: Session, actor: Actor, child_id: UUID, registered_at: datetime, placements: list[PlacementRow], show: Show
) -> list[Item]:
    """What happened to a child, newest first; two statements at most, whatever the length of the history."""
    items: list[Item] = []
    if show in {Show.ALL, Show.PLACEMENTS}:
        items += [item for placement in placements for item in placement_items(placement)]
    if show in {Show.ALL, Show.VISITS}:
        items += items_of(db, actor, child_id)
    if show in {Show.ALL, Show.REFERRALS} and actor.may_ever(Permission.REFERRALS_READ):
        items += _referral_items(db, actor, child_id)
    if show is Show.ALL:
        registered_on = registered_at.astimezone(clock.KIGALI).date()
        items.append(Item(when=registered_on, title=_("The child was registered"), icon="user-plus"))
    return sorted(items, key=lambda item: item.when.isoformat(), reverse=True)


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The newest visits to a child for the timeline of whoever has just opened the child; one statement."""
    return [_visit_item(visit) for visit in visits_of(db, actor, child_id)]


def _visit_item(visit: VisitRow) -> Item:
    if not visit.child_seen:
        reason = visit.not_seen_reason.label if visit.not_seen_reason else None
        return Item(
            when=visit.visited_on,
            title=_("%(visit)s, the child was not seen") % {"visit": visit.kind.label},
            text=reason,
            icon="eye",
            tone="due",
            href=f"/visits/{visit.id}",
        )
    worries = [
        f"{domain.label}: {wellbeing_label(score)}" for domain, score in visit.wellbeing.items() if score <= WORRYING
    ]
    assessed = len(visit.wellbeing)
    counted = ngettext("%(num)s thing assessed", "%(num)s things assessed", assessed) % {"num": assessed}
    meta = [counted] if assessed else []
    return Item(
        when=visit.visited_on,
        title=_("%(visit)s, the child was seen") % {"visit": visit.kind.label},
        text="; ".join(worries) or None,
        meta=[*meta, visit.safe.label] if visit.safe else meta,
        icon="footprints",
        tone="overdue" if worries or visit.safe is Safe.NOT_SAFE else "done",
        href=f"/visits/{visit.id}",
    )


def _referral_items(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    rows = db.execute(
        select(
            Referral.id,
            Referral.code,
            Referral.concern,
            Referral.status,
            Referral.level,
            Referral.outcome,
            Referral.filed_at,
        )
        .where(Referral.child_id == child_id, visible_referrals(actor))
        .order_by(Referral.filed_at.desc(), Referral.id.desc())
        .limit(MOST_REFERRALS)
    )
    return [
        Item(
            when=_day_of(row.filed_at),
            title=_("Referral: %(concern)s") % {"concern": ConcernType(row.concern).label},
            text=Outcome(row.outcome).label if row.outcome else None,
            meta=[row.code, ReferralStatus(row.status).label, Rung.of(row.level).label],
            icon="route",
            tone="quiet" if row.outcome else "info",
            href=f"/referrals/{row.id}",
        )
        for row in rows
    ]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.KIGALI).date()
