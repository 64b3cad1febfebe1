"""What the audit log is told about cases: never a reason's words."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class CaseOpened(Event, kind="case.opened", subject="child", words=N_("Opened a case")):
    """A case was opened for a child."""

    case: UUID
    code: str
    risk: str
    tier: str
    concerns: list[str]


class CaseRead(Event, kind="case.read", subject="child", words=N_("Read a case")):
    """Somebody read a child's case; `beside` are other children of its group whose names were shown."""

    case: UUID | None
    beside: list[UUID]


class ConcernAdded(Event, kind="case.concern_added", subject="child", words=N_("Added a concern to a case")):
    """A further concern was written down."""

    case: UUID
    concern: str


class RiskRated(Event, kind="case.risk_rated", subject="child", words=N_("Rated the risk")):
    """The risk was rated, the first time or again."""

    case: UUID
    before: str | None
    risk: str


class CaseAdvanced(Event, kind="case.advanced", subject="child", words=N_("Moved a case to another step")):
    """A case went on or back a step."""

    case: UUID
    before: str
    state: str


class CaseHeld(Event, kind="case.held", subject="child", words=N_("Gave a case to a sector, or took it back")):
    """Another tier holds the case."""

    case: UUID
    tier: str
    from_post: UUID | None
    to_post: UUID | None


class ContactRecorded(Event, kind="case.contact_recorded", subject="child", words=N_("Recorded a contact")):
    """Somebody tried to reach a child or family."""

    case: UUID
    contacted_on: date
    outcome: str
    aftermath: str | None


class TransferRequested(Event, kind="case.transfer_requested", subject="child", words=N_("Asked for a transfer")):
    """A district asked another one to take a case."""

    case: UUID
    transfer: UUID
    to_district: int


class TransferRead(Event, kind="case.transfer_read", subject="child", words=N_("Read a transfer")):
    """Somebody read what another district asks."""

    transfer: UUID


class TransferAnswered(Event, kind="case.transfer_answered", subject="child", words=N_("Answered a transfer")):
    """A transfer was accepted, declined or taken back."""

    case: UUID
    transfer: UUID
    state: str
    from_post: UUID | None = None
    to_post: UUID | None = None
    approvals_withdrawn: int = 0


class ClosingRequested(Event, kind="case.closing_requested", subject="child", words=N_("Asked to close a case")):
    """Somebody asked for a case to be closed."""

    case: UUID
    closing: UUID
    reason: str
    unmet: list[str]


class CaseClosed(Event, kind="case.closed", subject="child", words=N_("Closed a case")):
    """A case was closed, and what was due about it stopped."""

    case: UUID
    closing: UUID
    reason: str
    retain_until: date
    tasks_stopped: int
    aftercare: int


class CaseReopened(Event, kind="case.reopened", subject="child", words=N_("Opened a case again")):
    """A closed case was opened again."""

    case: UUID
    closed_as: str


class GroupChanged(Event, kind="case.group_changed", subject="child", words=N_("Changed a group of cases")):
    """A case joined others whose decisions are shared, or left them."""

    case: UUID
    group: UUID
    joined: bool
