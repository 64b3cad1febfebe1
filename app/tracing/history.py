"""What tracing tells the timeline of a child."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.tracing.queries import actions_of


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """What was done to find the family, for whoever has opened the child; one statement."""
    if not actor.may_ever(Permission.CASES_READ):
        return []
    return [
        Item(
            when=action.done_on,
            title=_("Tracing: %(what)s") % {"what": action.kind.label},
            text=action.outcome,
            meta=[fact for fact in (action.place, action.by_whom) if fact],
            icon="route",
            href=f"/children/{child_id}/tracing",
            noted_at=action.created_at,
        )
        for action in actions_of(db, child_id)
    ]
