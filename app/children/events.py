"""What the audit log is told about children and households: never a name."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class ChildRegistered(Event, kind="child.registered", subject="child"):
    """A child was registered."""

    code: str
    restricted: bool


class ChildChanged(Event, kind="child.changed", subject="child"):
    """Fields of a child's record changed."""

    fields: list[str]


class ChildOpened(Event, kind="child.opened", subject="child"):
    """Somebody read a child's record, in this view."""

    view: str


class ChildRestricted(Event, kind="child.restricted", subject="child"):
    """A record was restricted, or opened to the district again."""

    restricted: bool


class ChildAssigned(Event, kind="child.assigned", subject="child"):
    """A child went from one caseload into another."""

    from_post: UUID | None
    to_post: UUID


class ChildUnsealed(Event, kind="child.unsealed", subject="child"):
    """A name was shown to somebody whose role sees codes only, for this reason."""

    reason: str


class OpeningsRead(Event, kind="child.openings_read", subject="child"):
    """Somebody looked at who had opened a child's record."""


class HouseholdRegistered(Event, kind="household.registered", subject="household"):
    """A household was registered."""

    code: str
    household: str
    vetting: str


class HouseholdChanged(Event, kind="household.changed", subject="household"):
    """Fields of a household changed."""

    fields: list[str]


class HouseholdOpened(Event, kind="household.opened", subject="household"):
    """Somebody read a household's record."""


class DuplicatesSought(
    Event, kind="child.duplicates_sought", subject="child", words=N_("Looked for records of the same child")
):
    """Somebody looked who may be the same; without a subject, before a child was registered."""

    found: list[UUID]
    elsewhere: int
