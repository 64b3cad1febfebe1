"""The kinds of placement, why one ended, and who gives the child a home."""

from enum import Enum

from app.core.i18n import N_
from app.core.words import Word


class Host(Enum):
    """Who gives the child a home in a kind of placement."""

    INSTITUTION = "institution"
    HOUSEHOLD = "household"
    EITHER = "either"
    """A household if it is known, or none."""
    NONE = "none"


class PlacementKind(Word):
    """How a child lives."""

    REUNIFICATION_BIOLOGICAL = "reunification_biological", N_("Back with the birth family")
    KINSHIP_FORMAL = "kinship_formal", N_("With relatives, formally placed")
    KINSHIP_INFORMAL = "kinship_informal", N_("With relatives, by the family's own arrangement")
    FOSTER_MALAYIKA_MURINZI = "foster_malayika_murinzi", N_("Foster family (Malayika Murinzi)")
    FOSTER_EMERGENCY = "foster_emergency", N_("Emergency foster family")
    FOSTER_SHORT_TERM = "foster_short_term", N_("Short-term foster family")
    FOSTER_SPECIALISED_DISABILITY = "foster_specialised_disability", N_("Foster family trained for disability")
    GUARDIANSHIP_INDIVIDUAL = "guardianship_individual", N_("Guardianship by a person")
    GUARDIANSHIP_STATE = "guardianship_state", N_("Guardianship by the State")
    ADOPTION_DOMESTIC = "adoption_domestic", N_("Adopted in Rwanda")
    ADOPTION_INTERCOUNTRY = "adoption_intercountry", N_("Adopted abroad")
    SUPPORTED_INDEPENDENT_LIVING = "supported_independent_living", N_("Independent living with support")
    SMALL_GROUP_HOME = "small_group_home", N_("Small group home")
    RESIDENTIAL_INSTITUTION = "residential_institution", N_("Institution")
    TEMPORARY_SHELTER = "temporary_shelter", N_("Temporary shelter")
    TRANSIT_CENTRE = "transit_centre", N_("Transit centre")
    REHABILITATION_CENTRE = "rehabilitation_centre", N_("Rehabilitation centre")
    HOSPITAL = "hospital", N_("Hospital")
    BOARDING_SCHOOL = "boarding_school", N_("Boarding school")
    CHILD_HEADED_HOUSEHOLD = "child_headed_household", N_("Household headed by a child")
    STREET = "street", N_("On the street")
    UNKNOWN = "unknown", N_("Not known where")

    @property
    def is_residential(self) -> bool:
        """Whether the child lives in institutional care."""
        return self in RESIDENTIAL_KINDS

    @property
    def host(self) -> Host:
        """Who gives the child a home: an institution, a household, or neither."""
        if self in RESIDENTIAL_KINDS:
            return Host.INSTITUTION
        if self in HOUSEHOLD_KINDS:
            return Host.HOUSEHOLD
        return Host.EITHER if self is PlacementKind.GUARDIANSHIP_STATE else Host.NONE


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


class EntryReason(Word):
    """Why a child came into care; poverty alone is never a sufficient one."""

    DEATH_BOTH = "death_both", N_("Both parents died")
    DEATH_ONE = "death_one", N_("One parent died")
    PARENT_ILLNESS_MENTAL = "parent_illness_mental", N_("Mental illness of a parent")
    PARENT_ILLNESS_PHYSICAL = "parent_illness_physical", N_("Illness of a parent")
    PARENT_IMPRISONED = "parent_imprisoned", N_("A parent is in prison")
    ABANDONED = "abandoned", N_("Abandoned")
    FOUNDLING = "foundling", N_("Found as a baby")
    VIOLENCE_ABUSE = "violence_abuse", N_("Violence or abuse at home")
    NEGLECT = "neglect", N_("Neglect")
    POVERTY = "poverty", N_("Poverty (never the only reason)")
    FAMILY_CONFLICT_DIVORCE = "family_conflict_divorce", N_("Conflict or divorce")
    BORN_OF_ADOLESCENT_MOTHER = "born_of_adolescent_mother", N_("Born to a mother who was a child")
    REJECTION_BY_STEP_PARENT = "rejection_by_step_parent", N_("Rejected by a step-parent")
    DISABILITY_OF_CHILD = "disability_of_child", N_("The child's disability")
    EDUCATION_ACCESS = "education_access", N_("To go to school")
    STREET = "street", N_("Lived on the street")
    PARENT_DEPRIVED_OF_AUTHORITY = "parent_deprived_of_authority", N_("A parent lost parental authority")
    LOST_SEPARATED = "lost_separated", N_("Lost or separated from the family")
    GENOCIDE_1994_LEGACY = "genocide_1994_legacy", N_("Consequence of the 1994 genocide against the Tutsi")
    REFUGEE_FLIGHT = "refugee_flight", N_("Flight")
    UNKNOWN = "unknown", N_("Not known")
