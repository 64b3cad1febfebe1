"""The words of fostering: stages, steps, kinds of care, and what a programme may set."""

from app.children.words import PlacementKind
from app.core.i18n import N_
from app.core.words import Word


class Stage(Word):
    """Where a family stands on its way."""

    APPLIED = "applied", N_("Applied")
    CHECKED = "checked", N_("Checked")
    TRAINED = "trained", N_("Trained")
    APPROVED = "approved", N_("Approved, not available yet")
    AVAILABLE = "available", N_("Available")
    PAUSED = "paused", N_("Paused")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class Step(Word):
    """One dated line of a family's way."""

    APPLIED = "applied", N_("The family applied")
    RECORD_CHECKED = "record_checked", N_("Criminal record checked")
    REFERENCES_TAKEN = "references_taken", N_("References taken")
    HOME_CHECKED = "home_checked", N_("Home checked")
    CHECKED = "checked", N_("The check is complete")
    TRAINED = "trained", N_("Trained")
    ASKED = "asked", N_("Approval asked for")
    APPROVED = "approved", N_("Approved")
    RETURNED = "returned", N_("Request returned")
    AVAILABLE = "available", N_("Made available")
    PAUSED = "paused", N_("Paused")
    RENEWED = "renewed", N_("Approval renewed")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    VISITED = "visited", N_("The family was visited")


RECORDED_STEPS = (
    Step.RECORD_CHECKED,
    Step.REFERENCES_TAKEN,
    Step.HOME_CHECKED,
    Step.CHECKED,
    Step.TRAINED,
    Step.VISITED,
    Step.APPLIED,
)
"""What a worker writes down; the other steps follow from verbs of their own."""


class Care(Word):
    """A kind of care that a family offers."""

    ORDINARY = "ordinary", N_("Ordinary foster care")
    EMERGENCY = "emergency", N_("Emergency, at any hour")
    SHORT_TERM = "short_term", N_("For a short time")
    SPECIALISED = "specialised", N_("Specialised in disability")

    @property
    def placement_kind(self) -> PlacementKind:
        """The kind of placement that this care is."""
        return _PLACEMENT_KINDS[self.value]


_PLACEMENT_KINDS = {
    "ordinary": PlacementKind.FOSTER_MALAYIKA_MURINZI,
    "emergency": PlacementKind.FOSTER_EMERGENCY,
    "short_term": PlacementKind.FOSTER_SHORT_TERM,
    "specialised": PlacementKind.FOSTER_SPECIALISED_DISABILITY,
}
CARE_OF = {kind: Care(code) for code, kind in _PLACEMENT_KINDS.items()}
"""The care that a kind of foster placement needs."""


class Term(Word):
    """A number or a day that the programme may set; none of them is law."""

    RECORD_MONTHS = "record_months", N_("Months for which a criminal-record check holds")
    APPROVAL_MONTHS = "approval_months", N_("Months for which a family's approval holds")
    RENEWAL_NOTICE_DAYS = "renewal_notice_days", N_("Days before its end on which a renewal is asked for")
    GATEKEEPING_FROM = "gatekeeping_from", N_("First day on which residential care needs an approved decision")
    STATE_BELOW_YEARS = "state_below_years", N_("Below this age residential care is the State's to decide")
    STATE_DECIDES_RESIDENTIAL = "state_decides_residential", N_("Residential care at any age is the State's to decide")
    EMERGENCY_HOURS = "emergency_hours", N_("Hours after an emergency entry in which the decision follows")
    ENTRY_DAYS = "entry_days", N_("Days for which an approved entry holds")
