"""What the audit log is told about foster families: steps and stages, never what was found."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class FamilyApplied(Event, kind="fostering.applied", subject="household", words=N_("A family applied to foster")):
    """A household applied to be a foster family."""

    family: UUID
    stage: str


class FamilyChanged(Event, kind="fostering.changed", subject="household", words=N_("Changed what a family offers")):
    """What a foster family offers changed."""

    family: UUID
    fields: list[str]


class FamilyStepped(Event, kind="fostering.stepped", subject="household", words=N_("Wrote down a step of a family")):
    """A step on a family's way was written down."""

    family: UUID
    step: str
    stepped_on: date
    stage: str


class FamilyOpened(Event, kind="fostering.opened", subject="household", words=N_("Opened a foster family")):
    """Somebody read how far a foster family is."""

    children: list[UUID]
