"""What the audit log is told of placements; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event


class PlacementStarted(Event, kind="placement.started", subject="child"):
    """A child began to live somewhere."""

    placement: UUID
    placement_kind: str
    from_kind: str | None
    started_on: date
    institution: UUID | None
    household: UUID | None
    visits_planned: int


class PlacementEnded(Event, kind="placement.ended", subject="child"):
    """A placement ended; by itself, or because the next one started."""

    placement: UUID
    placement_kind: str
    ended_on: date
    reason: str
    planned: bool
    followed_by: UUID | None = None


class PlacementOpened(Event, kind="placement.opened", subject="child"):
    """A placement of a child was read by itself."""

    placement: UUID
