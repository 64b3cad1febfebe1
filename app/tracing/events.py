"""What the audit log is told of tracing; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class TracingOpened(Event, kind="tracing.opened", subject="child", words=N_("Opened the search for a family")):
    """The search for a family began."""

    tracing: UUID


class TracingRead(Event, kind="tracing.read", subject="child", words=N_("Read about the search for a family")):
    """A child's tracing was read; `relative` where one relative was."""

    relative: UUID | None = None


class TracingActed(Event, kind="tracing.acted", subject="child", words=N_("Recorded an action of a search")):
    """Something was done to find the family."""

    tracing: UUID
    action: UUID
    action_kind: str
    next_on: date | None


class TracingEnded(Event, kind="tracing.ended", subject="child", words=N_("Ended the search for a family")):
    """The search ended."""

    tracing: UUID
    state: str


class RelativeRecorded(Event, kind="relative.recorded", subject="child", words=N_("Recorded a relative")):
    """A relative was recorded."""

    relative: UUID
    relationship: str


class RelativeChanged(Event, kind="relative.changed", subject="child", words=N_("Changed a relative's record")):
    """What is known of a relative changed: the names of the fields."""

    relative: UUID
    fields: list[str]


class RelativeVerified(Event, kind="relative.verified", subject="child", words=N_("Verified a relative")):
    """Somebody checked whether this is the child's relative."""

    relative: UUID
    verification: str


class RelativeContacted(
    Event, kind="relative.contacted", subject="child", words=N_("Recorded a contact of child and relative")
):
    """Child and relative had contact."""

    relative: UUID
    contact: UUID
    contact_kind: str
    worry: bool
