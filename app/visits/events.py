"""What the audit log is told of visits; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event


class VisitLogged(Event, kind="visit.logged", subject="child"):
    """Somebody visited a child; `task` is the planned visit that it did."""

    visit: UUID
    placement: UUID
    visit_kind: str
    visited_on: date
    child_seen: bool
    task: UUID | None


class VisitOpened(Event, kind="visit.opened", subject="child"):
    """A visit to a child was read by itself."""

    visit: UUID
