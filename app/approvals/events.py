"""What the audit log is told about approvals: never a reason's words."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class ApprovalRequested(Event, kind="approval.requested", subject="child", words=N_("Asked for an approval")):
    """Somebody asked for an approval."""

    approval: UUID
    approval_kind: str
    record: UUID
    of_role: str


class ApprovalDecided(Event, kind="approval.decided", subject="child", words=N_("Approved or returned a record")):
    """An approval was given, or the record returned to its author."""

    approval: UUID
    approval_kind: str
    record: UUID
    state: str


class ApprovalWithdrawn(Event, kind="approval.withdrawn", subject="child", words=N_("Took a request back")):
    """The author took the request back."""

    approval: UUID
    approval_kind: str
    record: UUID


class ApprovalOpened(Event, kind="approval.opened", subject="child", words=N_("Opened a request for approval")):
    """Somebody read what is asked."""

    approval: UUID
    approval_kind: str
