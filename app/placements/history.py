"""What happened to where a child lives, as the timeline draws it: starts and ends."""

from datetime import date, datetime

from app.children.timeline import Item
from app.core.i18n import gettext as _
from app.placements.schemas import PlacementRow


def placement_items(placements: list[PlacementRow]) -> list[Item]:
    """The start of each placement and its end where it has one, newest first; a move ends one and starts another."""
    moved_at = {placement.started_on: placement.created_at for placement in placements}
    return [item for placement in placements for item in _items(placement, moved_at)]


def _items(placement: PlacementRow, moved_at: dict[date, datetime]) -> list[Item]:
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
                noted_at=moved_at.get(placement.ended_on),
            )
        )
    meta = [placement.institution_name] if placement.institution_name else []
    if placement.entry_reason:
        meta.append(placement.entry_reason.label)
    items.append(
        Item(
            when=placement.started_on,
            title=_("Started: %(kind)s") % {"kind": placement.kind.label},
            text=_("Without a decision: %(reason)s") % {"reason": placement.undecided_reason}
            if placement.undecided_reason
            else None,
            meta=meta,
            icon="building-2" if placement.is_residential else "house-heart",
            tone="info" if placement.ended_on is None else "quiet",
            href=f"/placements/{placement.id}",
            noted_at=placement.created_at,
        )
    )
    return items
