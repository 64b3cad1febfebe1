"""What the audit log is told of visits; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class VisitLogged(Event, kind="visit.logged", subject="child"):
    """Somebody visited a child; `task` is the planned visit that it did, `because` what its answers met."""

    visit: UUID
    placement: UUID
    visit_kind: str
    visited_on: date
    child_seen: bool
    task: UUID | None
    suggests_risk: str | None = None
    because: tuple[str, ...] = ()


class VisitOpened(Event, kind="visit.opened", subject="child"):
    """A visit to a child was read by itself."""

    visit: UUID


class VisitsReplanned(Event, kind="visits.replanned", subject="child", words=N_("Planned the visits again")):
    """The visits of a placement follow another schedule from now on."""

    placement: UUID
    schedule: str
    planned: int
    dropped: int


class VisitRiskConfirmed(
    Event, kind="visit.risk_confirmed", subject="child", words=N_("Took over the risk that a visit suggested")
):
    """The risk that a visit suggested was taken over into the case."""

    visit: UUID
    risk: str


class AlertRaised(Event, kind="alert.raised", subject="child", words=N_("Raised an alert")):
    """The supervisor of the district was told."""

    alert: UUID
    alert_kind: str


class AlertAcknowledged(Event, kind="alert.acknowledged", subject="child", words=N_("Acknowledged an alert")):
    """The supervisor has seen an alert."""

    alert: UUID
    alert_kind: str


class SessionRecorded(
    Event, kind="psych_session.recorded", subject="child", words=N_("Recorded a psychological session")
):
    """A psychologist wrote that a session took place."""

    session: UUID
    session_kind: str
    held_on: date
    has_note: bool


class SessionsOpened(Event, kind="psych_sessions.opened", subject="child", words=N_("Opened the list of sessions")):
    """Somebody read that sessions took place."""

    sessions: int


class SessionOpened(Event, kind="psych_session.opened", subject="child", words=N_("Opened a psychological session")):
    """Somebody opened a session; `with_note` where its note was shown."""

    session: UUID
    with_note: bool
