"""What the audit log is told about consent: never what was said in words."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class ConsentsOpened(Event, kind="consents.opened", subject="child", words=N_("Read what may be shared about a child")):
    """Somebody read the consents and what must not be told."""


class ConsentRecorded(Event, kind="consent.recorded", subject="child", words=N_("Wrote down a consent or refusal")):
    """An answer or another basis was written down."""

    consent: UUID
    purpose: str
    answer: str
    basis: str


class ConsentWithdrawn(Event, kind="consent.withdrawn", subject="child", words=N_("Wrote down a withdrawn consent")):
    """A consent was withdrawn."""

    consent: UUID
    purpose: str


class ExceptionDecided(
    Event, kind="consent.exception_decided", subject="child", words=N_("Decided on sharing without consent")
):
    """The supervisor agreed to another basis than consent, or did not."""

    consent: UUID
    agreed: bool


class WithholdingAdded(Event, kind="withholding.added", subject="child", words=N_("Wrote down what must not be told")):
    """Something must not be told to somebody."""

    withholding: UUID
    reason: str


class WithholdingLifted(Event, kind="withholding.lifted", subject="child", words=N_("Lifted what must not be told")):
    """Something may be told now."""

    withholding: UUID
