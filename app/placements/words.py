"""The kinds of placement, why one ended, and who gives the child a home."""

from enum import Enum

from app.children.words import EntryReason, PlacementKind
from app.core.i18n import N_, gettext
from app.core.words import Word

__all__ = [
    "CAPACITY_KINDS",
    "FAMILY_KINDS",
    "FOSTER_KINDS",
    "HOUSEHOLD_KINDS",
    "PLACED_KINDS",
    "PLANNED_REASONS",
    "RESIDENTIAL_KINDS",
    "EndReason",
    "EntryReason",
    "Host",
    "PlacementKind",
    "host_of",
    "kind_groups",
]


class Host(Enum):
    """Who gives the child a home in a kind of placement."""

    INSTITUTION = "institution"
    HOUSEHOLD = "household"
    EITHER = "either"
    """A household if it is known, or none."""
    NONE = "none"


RESIDENTIAL_KINDS = frozenset(
    {
        PlacementKind.SMALL_GROUP_HOME,
        PlacementKind.RESIDENTIAL_INSTITUTION,
        PlacementKind.TEMPORARY_SHELTER,
        PlacementKind.TRANSIT_CENTRE,
        PlacementKind.REHABILITATION_CENTRE,
    }
)
"""Institutional care: whoever lives so is a resident."""

FOSTER_KINDS = frozenset(
    {
        PlacementKind.FOSTER_MALAYIKA_MURINZI,
        PlacementKind.FOSTER_EMERGENCY,
        PlacementKind.FOSTER_SHORT_TERM,
        PlacementKind.FOSTER_SPECIALISED_DISABILITY,
    }
)
"""Families that are not the child's own: only vetted ones receive a child."""

HOUSEHOLD_KINDS = FOSTER_KINDS | {
    PlacementKind.REUNIFICATION_BIOLOGICAL,
    PlacementKind.KINSHIP_FORMAL,
    PlacementKind.KINSHIP_INFORMAL,
    PlacementKind.GUARDIANSHIP_INDIVIDUAL,
    PlacementKind.ADOPTION_DOMESTIC,
}
"""Placements that need a household."""

FAMILY_KINDS = HOUSEHOLD_KINDS | {PlacementKind.GUARDIANSHIP_STATE, PlacementKind.ADOPTION_INTERCOUNTRY}
"""Placements in a family, wherever it lives."""

PLACED_KINDS = FAMILY_KINDS | {PlacementKind.SUPPORTED_INDEPENDENT_LIVING}
"""What counts as placed when a child leaves an institution: a family, or independent living with support."""

CAPACITY_KINDS = HOUSEHOLD_KINDS - {PlacementKind.REUNIFICATION_BIOLOGICAL, PlacementKind.ADOPTION_DOMESTIC}
"""Placements that a household takes up to its capacity; parents take all of their own children."""


def host_of(kind: PlacementKind) -> Host:
    """Who gives the child a home in a kind of placement."""
    if kind in RESIDENTIAL_KINDS:
        return Host.INSTITUTION
    if kind in HOUSEHOLD_KINDS:
        return Host.HOUSEHOLD
    return Host.EITHER if kind is PlacementKind.GUARDIANSHIP_STATE else Host.NONE


def kind_groups() -> list[tuple[str, list[PlacementKind]]]:
    """All kinds for a person to choose from, families first, each group with its words."""
    own = [
        PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
        PlacementKind.CHILD_HEADED_HOUSEHOLD,
        PlacementKind.BOARDING_SCHOOL,
        PlacementKind.HOSPITAL,
        PlacementKind.STREET,
        PlacementKind.UNKNOWN,
    ]
    return [
        (gettext("In a family"), [kind for kind in PlacementKind if kind in FAMILY_KINDS]),
        (gettext("In residential care"), [kind for kind in PlacementKind if kind in RESIDENTIAL_KINDS]),
        (gettext("Elsewhere"), own),
    ]


class EndReason(Word):
    """Why a placement ended."""

    REUNIFIED = "reunified", N_("Went back to the birth family")
    MOVED_TO_PERMANENT = "moved_to_permanent", N_("Moved to a lasting home")
    ADOPTED = "adopted", N_("Was adopted")
    GUARDIANSHIP_GRANTED = "guardianship_granted", N_("Got a guardian")
    AGE_OUT_INDEPENDENT = "age_out_independent", N_("Grew up and lives independently")
    EDUCATION_MOVE = "education_move", N_("Moved for school")
    CAREGIVER_REQUEST = "caregiver_request", N_("The caregiver asked for it")
    CAREGIVER_DEATH = "caregiver_death", N_("The caregiver died")
    CAREGIVER_ILLNESS = "caregiver_illness", N_("The caregiver is ill")
    ABUSE_IN_PLACEMENT = "abuse_in_placement", N_("The child was abused there")
    CHILD_RAN_AWAY = "child_ran_away", N_("The child ran away")
    RELATIONSHIP_BREAKDOWN = "relationship_breakdown", N_("They did not get on")
    HOUSEHOLD_MOVED = "household_moved", N_("The household moved away")
    POVERTY = "poverty", N_("Poverty")
    COURT_ORDER = "court_order", N_("A court decided it")
    DETENTION = "detention", N_("The child was detained")
    RETURN_TO_INSTITUTION = "return_to_institution", N_("Went back to an institution")
    CHILD_DEATH = "child_death", N_("The child died")
    LOST_CONTACT = "lost_contact", N_("Contact was lost")
    DATA_CORRECTION = "data_correction", N_("It was recorded by mistake")

    @property
    def is_planned(self) -> bool:
        """Whether the end was prepared for, as against an end that happened to the child."""
        return self in PLANNED_REASONS


PLANNED_REASONS = frozenset(
    {
        EndReason.REUNIFIED,
        EndReason.MOVED_TO_PERMANENT,
        EndReason.ADOPTED,
        EndReason.GUARDIANSHIP_GRANTED,
        EndReason.AGE_OUT_INDEPENDENT,
        EndReason.EDUCATION_MOVE,
    }
)
