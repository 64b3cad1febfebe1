"""What referrals add to the story of a child."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.access.actor import Actor
from app.access.permissions import Permission
from app.children.timeline import CHILD, Item, Teller, local_day, told
from app.children.words import ConcernType
from app.core.i18n import gettext as _
from app.referrals.models import Referral
from app.referrals.reach import visible_referrals
from app.referrals.words import Outcome, ReferralStatus, Rung


def _rows(actor: Actor) -> list[Select[Any]]:
    if not actor.may_ever(Permission.REFERRALS_READ):
        return []
    referrals = told(
        "referral",
        local_day(Referral.filed_at),
        Referral.filed_at,
        Referral.id,
        code=Referral.code,
        concern=Referral.concern,
        status=Referral.status,
        level=Referral.level,
        outcome=Referral.outcome,
    )
    return [referrals.where(Referral.child_id == CHILD, visible_referrals(actor))]


def _item(row: Any, _child_id: UUID) -> Item:
    facts = row.facts
    return Item(
        when=row.day,
        noted_at=row.noted_at,
        title=_("Referral: %(concern)s") % {"concern": ConcernType(facts["concern"]).label},
        text=Outcome(facts["outcome"]).label if facts["outcome"] else None,
        meta=[facts["code"], ReferralStatus(facts["status"]).label, Rung.of(facts["level"]).label],
        icon="route",
        tone="quiet" if facts["outcome"] else "info",
        href=f"/referrals/{row.id}",
    )


TELLS = Teller(_rows, _item)
"""The referrals that reach the reader."""
