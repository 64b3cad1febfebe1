"""The words of a case: its steps, its risk, its tiers."""

from app.core.i18n import N_
from app.core.words import Word


class CaseState(Word):
    """Where a case stands among the six steps."""

    REGISTERED = "registered", N_("Registered")
    ASSESSED = "assessed", N_("Assessed")
    PLANNED = "planned", N_("Planned")
    IN_IMPLEMENTATION = "in_implementation", N_("In implementation")
    UNDER_FOLLOW_UP = "under_follow_up", N_("Under follow-up")
    CLOSED = "closed", N_("Closed")


class Risk(Word):
    """How much danger the child is in; it starts the clock of the first answer."""

    HIGH = "high", N_("High risk")
    MEDIUM = "medium", N_("Medium risk")
    LOW = "low", N_("Low risk")


class Tier(Word):
    """Who holds a case: a sector with its volunteers under a worker's eye, or a professional."""

    SECTOR = "sector", N_("Held by the sector, supervised by a social worker")
    PROFESSIONAL = "professional", N_("Held by a social worker or psychologist")
