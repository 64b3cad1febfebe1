"""The referral from which a child's case begins."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import Role
from app.cases.words import Source
from app.cases.worries import Worry, on_worry
from app.children.words import ConcernType
from app.core import clock
from app.core.db import kept
from app.people.models import Post
from app.referrals.models import Referral
from app.referrals.reach import visible_referrals
from app.referrals.rules import id_for_child
from app.referrals.words import CLOSED

MOST = 200
"""The open referrals among which the child's is sought, the newest first."""


def worry_of(db: Session, actor: Actor, child_id: UUID) -> Worry | None:
    """The newest open referral that names the child, or from which the child was registered; one statement."""
    if not actor.may_ever(Permission.REFERRALS_READ):
        return None
    for row in db.execute(_open(actor)):
        if child_id in (row.child_id, id_for_child(row.id)):
            return Worry(
                concern=ConcernType(row.concern),
                # A place above the village ends with zeros.
                village=row.area_code if row.area_code % 100 else None,
                identified_on=row.filed_at.astimezone(clock.KIGALI).date(),
                source=Source.VOLUNTEER if row.role == Role.VOLUNTEER.value else None,
                code=row.code,
                href=f"/referrals/{row.id}",
            )
    return None


@kept
def _open(actor: Actor) -> Select[Any]:
    columns: list[Any] = [
        Referral.id,
        Referral.child_id,
        Referral.code,
        Referral.concern,
        Referral.area_code,
        Referral.filed_at,
        Post.role,
    ]
    still_open = Referral.status.not_in([status.value for status in CLOSED])
    found = select(*columns).join(Post, Post.id == Referral.author_post_id).where(visible_referrals(actor), still_open)
    return found.order_by(Referral.filed_at.desc(), Referral.id.desc()).limit(MOST)


on_worry(worry_of)
