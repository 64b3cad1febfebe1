"""What the audit log is told about records: groups and names of fields, never what stands in them."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class RecordOpened(Event, kind="record.opened", subject="child", words=N_("Read the child's record in full")):
    """Somebody read the record in full, without health."""


class RecordGroupChanged(Event, kind="record.changed", subject="child", words=N_("Changed the child's record in full")):
    """Fields of a group changed."""

    group: str
    fields: list[str]


class HealthOpened(Event, kind="record.health_opened", subject="child", words=N_("Read a child's health notes")):
    """The responsible worker or the supervisor read the health notes."""


class HealthChanged(Event, kind="record.health_changed", subject="child", words=N_("Changed a child's health notes")):
    """The responsible worker or the supervisor changed the health notes."""

    fields: list[str]


class IdentityAdded(Event, kind="identity.added", subject="child", words=N_("Added an identity number")):
    """An identity number was sealed into the record."""

    identity: UUID
    identity_kind: str


class IdentityRevealed(Event, kind="identity.revealed", subject="child", words=N_("Saw an identity number")):
    """An identity number was shown in full."""

    identity: UUID
    identity_kind: str


class IdentityWithdrawn(Event, kind="identity.withdrawn", subject="child", words=N_("Withdrew an identity number")):
    """An identity number was wrong."""

    identity: UUID


class AddressAdded(Event, kind="address.added", subject="child", words=N_("Added a previous address")):
    """A previous address was added."""

    address: UUID


class AddressWithdrawn(Event, kind="address.withdrawn", subject="child", words=N_("Withdrew a previous address")):
    """A previous address was wrong."""

    address: UUID
