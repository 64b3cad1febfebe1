"""What the audit log is told: ids, numbers, codes of states; never names or what somebody wrote."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class StageMoved(Event, kind="institution.stage_moved", subject="institution", words=N_("Moved the stage of closure")):
    """A house reached another stage."""

    from_stage: int
    stage: int
    reached_on: str


class BoardOpened(
    Event, kind="institution.board_opened", subject="institution", words=N_("Opened the board of a house")
):
    """The residents of a house were shown by readiness."""

    rows: int
    ids: list[UUID]


class BreachAnswered(
    Event,
    kind="institution.breach_answered",
    subject="child",
    words=N_("Looked into an admission after the moratorium"),
):
    """A supervisor said what came of an admission."""

    placement: UUID
    institution: UUID


class PlanWritten(Event, kind="institution.plan_written", subject="institution", words=N_("Wrote the plan of a house")):
    """The transformation plan was written or changed."""

    plan: UUID
    fields: list[str]


class PlanDecided(
    Event, kind="institution.plan_decided", subject="institution", words=N_("Decided on the plan of a house")
):
    """The national manager decided on the plan."""

    plan: UUID
    state: str


class ResourceChanged(
    Event, kind="institution.resource_changed", subject="institution", words=N_("Changed funders, staff or steps")
):
    """A funder, a line of staff or a step of the plan was added or changed."""

    what: str
    record: UUID | None
    fields: tuple[str, ...] = ()


class CensusStarted(Event, kind="census.started", subject="census", words=N_("Started a census")):
    """Somebody began to count who sleeps in a house."""

    institution: UUID
    counted_on: str
    listed: int


class CensusOpened(Event, kind="census.opened", subject="census", words=N_("Opened a census")):
    """A census, or a line of it, was read."""

    institution: UUID


class CensusTicked(Event, kind="census.ticked", subject="census", words=N_("Said on a census who is there")):
    """People of a census were marked present, absent or gone."""

    people: list[UUID]


class CensusPersonAdded(Event, kind="census.person_added", subject="census", words=N_("Added somebody to a census")):
    """A person whom nobody registered was added."""

    person: UUID


class CensusMoved(Event, kind="census.moved", subject="census", words=N_("Finished a step of a census")):
    """A census was counted, or reconciled with the register."""

    state: str
    people: int
    differences: int


class DifferenceSettled(
    Event, kind="census.settled", subject="census", words=N_("Settled a difference between house and register")
):
    """A difference was settled."""

    person: UUID
    settled_as: str
    child: UUID | None


class ClaimReported(Event, kind="claim.reported", subject="claim", words=N_("Reported who came or left")):
    """A manager reported an admission or an exit."""

    claim_kind: str
    institution: UUID


class ClaimOpened(Event, kind="claim.opened", subject="claim", words=N_("Opened a report of an institution")):
    """A claim was read."""

    institution: UUID


class ClaimDecided(Event, kind="claim.decided", subject="claim", words=N_("Checked a report of an institution")):
    """A claim was accepted or rejected."""

    state: str
    child: UUID | None


class ClaimWithdrawn(Event, kind="claim.withdrawn", subject="claim", words=N_("Withdrew a report of an institution")):
    """Whoever reported it took it back before a worker had checked it."""

    institution: UUID
