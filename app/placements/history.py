"""What happened to where a child lives, as the timeline draws it: starts, ends, times away."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.placements.queries import placements_of
from app.placements.schemas import PlacementRow


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The starts and ends of a child's placements, for whoever has just opened the child; one statement."""
    return [item for placement in placements_of(db, actor, child_id) for item in placement_items(placement)]


def placement_items(placement: PlacementRow) -> list[Item]:
    """The start of a placement, and its end where it has one."""
    items = []
    if placement.ended_on is not None and placement.end_reason is not None:
        planned = _("Planned") if placement.end_was_planned else _("Not planned")
        items.append(
            Item(
                when=placement.ended_on,
                title=_("Ended: %(kind)s") % {"kind": placement.kind.label},
                text=placement.end_reason.label,
                meta=[planned],
                icon="flag",
                href=f"/placements/{placement.id}",
            )
        )
    meta = [placement.institution_name] if placement.institution_name else []
    if placement.entry_reason:
        meta.append(placement.entry_reason.label)
    items.append(
        Item(
            when=placement.started_on,
            title=_("Started: %(kind)s") % {"kind": placement.kind.label},
            meta=meta,
            icon="building-2" if placement.is_residential else "house-heart",
            tone="info" if placement.ended_on is None else "quiet",
            href=f"/placements/{placement.id}",
        )
    )
    return items
