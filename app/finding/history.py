"""What happened between this record and others, as the timeline draws it."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.finding.models import ChildJoin
from app.finding.queries import MOST_ROWS


def items_of(db: Session, _actor: Actor, child_id: UUID) -> list[Item]:
    """Joins and partings of a child whom the caller has opened already; one statement."""
    columns: list[Any] = [
        ChildJoin.id,
        ChildJoin.kept_code,
        ChildJoin.joined_code,
        ChildJoin.joined_at,
        ChildJoin.parted_at,
    ]
    rows = select(*columns).where(
        or_(ChildJoin.kept_id == child_id, ChildJoin.joined_id == child_id), ChildJoin.joined_at.is_not(None)
    )
    items = []
    for row in db.execute(rows.order_by(ChildJoin.joined_at.desc()).limit(MOST_ROWS)):
        codes = {"joined": row.joined_code, "kept": row.kept_code}
        href = f"/joins/{row.id}"
        title = _("Record %(joined)s was joined into %(kept)s") % codes
        items.append(Item(when=row.joined_at, title=title, icon="copy", href=href))
        if row.parted_at:
            title = _("Records %(joined)s and %(kept)s were parted again") % codes
            items.append(Item(when=row.parted_at, title=title, icon="users", href=href))
    return items
