"""What the audit log is told of forms: which one, which version, which sections; never an answer."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class DraftStarted(Event, kind="instrument.started", subject="child", words=N_("Started a form about a child")):
    """A draft was begun; `replaces` is the set that it corrects or continues."""

    answers: UUID
    instrument: str
    instrument_version: int
    replaces: UUID | None = None


class DraftSaved(Event, kind="instrument.saved", subject="child", words=N_("Saved a part of a form")):
    """Sections of a draft were saved."""

    answers: UUID
    instrument: str
    sections: list[str]


class AnswersSubmitted(Event, kind="instrument.submitted", subject="child", words=N_("Submitted a form")):
    """A set of answers was submitted and stays as it is."""

    answers: UUID
    instrument: str
    instrument_version: int
    replaces: UUID | None


class AnswersOpened(Event, kind="instrument.opened", subject="child", words=N_("Opened a form about a child")):
    """Somebody read answers."""

    answers: UUID
    instrument: str


class AnswersListed(
    Event, kind="instrument.listed", subject="child", words=N_("Listed or compared the forms of a child")
):
    """Somebody read which forms there are, or compared some."""

    instrument: str | None = None
    answers: tuple[UUID, ...] = ()


class DerivationTakenOver(
    Event, kind="instrument.taken_over", subject="child", words=N_("Took what follows from a form into the record")
):
    """What answers say about a disability was taken into the child's record."""

    answers: UUID
    instrument: str


class VersionSwitchedOn(Event, kind="instrument.switched_on", words=N_("Switched a version of a form on")):
    """A district uses a version from a day on."""

    instrument: str
    instrument_version: int
    starts_on: date
