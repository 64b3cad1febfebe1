"""What the audit log is told about decisions and matches: kinds and states, never what was found or said."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class DecisionMade(Event, kind="decision.written", subject="child", words=N_("Wrote a decision of the panel")):
    """A panel's decision was written down."""

    decision: UUID
    placement_kind: str | None
    siblings: list[UUID]


class DecisionChanged(Event, kind="decision.changed", subject="child", words=N_("Changed a draft decision")):
    """A draft, or a returned decision, was changed."""

    decision: UUID
    fields: list[str]


class DecisionRequested(Event, kind="decision.requested", subject="child", words=N_("Sent a decision for approval")):
    """Somebody sent a decision for approval."""

    decision: UUID
    approval_kind: str


class DecisionDecided(Event, kind="decision.decided", subject="child", words=N_("A decision was approved or not")):
    """A decision was approved, returned, or taken back by its author."""

    decision: UUID
    state: str


class DecisionOpened(Event, kind="decision.opened", subject="child", words=N_("Opened a decision of the panel")):
    """Somebody read one decision."""

    decision: UUID
    coded: bool


class DecisionsRead(Event, kind="decision.listed", subject="child", words=N_("Looked at a child's decisions")):
    """Somebody read the list of a child's decisions."""

    decisions: list[UUID]


class MatchingRead(Event, kind="match.proposed", subject="child", words=N_("Looked for a foster family for a child")):
    """Somebody saw which families are proposed for a child."""

    decision: UUID | None
    households: list[UUID]


class FamilyChosen(Event, kind="match.chosen", subject="child", words=N_("Chose a foster family for a child")):
    """A person chose a family among those that were proposed."""

    match: UUID
    decision: UUID
    household: UUID
    score: int
    others: list[UUID]


class EntryUndecided(
    Event, kind="decision.entry_before", subject="child", words=N_("An entry came before its decision")
):
    """A child entered residential care in an emergency; the decision is to follow."""

    placement: UUID
    due_on: str


class MoveUndecided(Event, kind="decision.move_before", subject="child", words=N_("A move came before its decision")):
    """A child left residential care for a family or for independence; the decision is to follow."""

    placement: UUID
    due_on: str


class GatekeepingSet(Event, kind="decision.gatekeeping_set", words=N_("Set the day of gatekeeping")):
    """An operator set the day from which residential care needs an approved decision, or switched the gate off."""

    since: date | None
