"""What referrals add to the story of a child."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.children.words import ConcernType
from app.core import clock
from app.core.db import kept
from app.core.i18n import gettext as _
from app.referrals.models import Referral
from app.referrals.reach import visible_referrals
from app.referrals.words import Outcome, ReferralStatus, Rung


def items_of(db: Session, actor: Actor, child_id: UUID, most: int | None = None) -> list[Item]:
    """The referrals of a child whom the actor has opened, newest first, as far as they reach the actor."""
    rows = db.execute(_of_child(actor), {"child_id": child_id, "most": most})
    return [
        Item(
            when=row.filed_at.astimezone(clock.KIGALI).date(),
            noted_at=row.filed_at,
            title=_("Referral: %(concern)s") % {"concern": ConcernType(row.concern).label},
            text=Outcome(row.outcome).label if row.outcome else None,
            meta=[row.code, ReferralStatus(row.status).label, Rung.of(row.level).label],
            icon="route",
            tone="quiet" if row.outcome else "info",
            href=f"/referrals/{row.id}",
        )
        for row in rows
    ]


@kept
def _of_child(actor: Actor) -> Select[Any]:
    columns: list[Any] = [
        Referral.id,
        Referral.code,
        Referral.concern,
        Referral.status,
        Referral.level,
        Referral.outcome,
        Referral.filed_at,
    ]
    of_child = select(*columns).where(Referral.child_id == bindparam("child_id"), visible_referrals(actor))
    return of_child.order_by(Referral.filed_at.desc(), Referral.id.desc()).limit(bindparam("most", type_=Integer))
