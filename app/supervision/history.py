"""What supervision adds to the story of a child: hand-overs and case conferences."""

from uuid import UUID

from sqlalchemy import Date, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.supervision.models import Conference, HandOver


def items_of(db: Session, _actor: Actor, child_id: UUID) -> list[Item]:
    """Hand-overs and conferences of a child whom the actor has opened whole; one statement."""
    handed_on = cast(func.timezone("Africa/Kigali", HandOver.created_at), Date)
    handed = select(
        literal("hand_over").label("what"),
        handed_on.label("day"),
        null().label("id"),
        cast(null(), String).label("who"),
        HandOver.created_at.label("noted_at"),
    ).where(HandOver.child_id == child_id)
    met = select(
        literal("conference"),
        Conference.held_on,
        Conference.id,
        func.array_to_string(Conference.attended, ", "),
        Conference.created_at,
    ).where(Conference.child_id == child_id)
    both = union_all(handed, met).subquery()
    rows = db.execute(select(both).order_by(both.c.day.desc()))
    return [
        Item(
            when=row.day,
            noted_at=row.noted_at,
            title=_("Case conference") if row.what == "conference" else _("Given to another worker"),
            text=row.who,
            icon="users" if row.what == "conference" else "refresh-cw",
            href=f"/conferences/{row.id}" if row.what == "conference" else f"/children/{child_id}/hand-overs",
        )
        for row in rows
    ]
