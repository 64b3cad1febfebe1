"""What the audit log is told of placements; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


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


class PlacementChanged(Event, kind="placement.changed", subject="child", words=N_("Changed a placement")):
    """What is told of a placement was changed."""

    placement: UUID
    fields: tuple[str, ...]


class PreparationStarted(Event, kind="preparation.started", subject="child", words=N_("Began to prepare a placement")):
    """The preparation of a placement began."""

    preparation: UUID
    placement_kind: str
    planned_on: date


class PreparationStepDone(
    Event, kind="preparation.step_done", subject="child", words=N_("Did a step of the preparation")
):
    """A step of the preparation is done, or what was said of it was corrected."""

    preparation: UUID
    step: str
    done_on: date


class PreparationDropped(
    Event, kind="preparation.dropped", subject="child", words=N_("Gave up the preparation of a placement")
):
    """The preparation of a placement was given up."""

    preparation: UUID


class PreparationOpened(Event, kind="preparation.opened", subject="child", words=N_("Opened the preparation")):
    """The preparations of a child were read."""

    preparations: int


class SupportGiven(Event, kind="support.given", subject="child", words=N_("Recorded a start package")):
    """Something was given for the start of a placement."""

    placement: UUID
    amount_rwf: int
    source: str


class SupportCorrected(Event, kind="support.corrected", subject="child", words=N_("Corrected a start package")):
    """What was recorded of a start package was put right."""

    placement: UUID
    support: UUID
    fields: tuple[str, ...]


class LegalActRecorded(Event, kind="legal_act.recorded", subject="child", words=N_("Recorded a legal act")):
    """What makes a placement lawful was recorded."""

    placement: UUID
    act_kind: str
    decided_on: date


class TimeAwayStarted(Event, kind="time_away.started", subject="child", words=N_("Recorded a time away")):
    """A child is elsewhere for a time."""

    placement: UUID
    time_away: UUID
    away_kind: str
    from_on: date
    until_on: date | None


class TimeAwayEnded(Event, kind="time_away.ended", subject="child", words=N_("Recorded a return")):
    """A child came back from a time away."""

    placement: UUID
    time_away: UUID
    until_on: date


class CaregiverDied(Event, kind="caregiver.died", subject="household", words=N_("Recorded a caregiver's death")):
    """A caregiver of a household with children in placements died."""

    death: UUID
    died_on: date
    children: int


class WhereaboutsRead(Event, kind="whereabouts.read", subject="child", words=N_("Asked where a child was on a day")):
    """Somebody asked where a child was on a day."""

    on: date


class VisitsTakenOver(
    Event, kind="visits.taken_over", subject="child", words=N_("Put visits into the placement of their days")
):
    """Visits logged before a placement was recorded belong to it now."""

    placement: UUID
    visits: int


class ResidentsFollowed(
    Event, kind="residents.followed", subject="institution", words=N_("Moved residents with their institution")
):
    """The sector of an institution was corrected, and its residents' records followed."""

    area_code: int
    residents: int
