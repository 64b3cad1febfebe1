"""The kinds of placement, why one ended, and who gives the child a home."""

from enum import Enum

from app.children.words import EntryReason, PlacementKind
from app.core.i18n import N_, gettext
from app.core.words import Word

__all__ = [
    "CAPACITY_KINDS",
    "DECIDED_ELSEWHERE",
    "FAMILY_KINDS",
    "FOSTER_KINDS",
    "HOUSEHOLD_KINDS",
    "PASSING_KINDS",
    "PLACED_KINDS",
    "PLANNED_REASONS",
    "RESIDENTIAL_KINDS",
    "TONIGHT_KINDS",
    "UNSEPARATED_KINDS",
    "AwayKind",
    "EndReason",
    "EntryReason",
    "FundSource",
    "Host",
    "LegalKind",
    "PlacementKind",
    "Setting",
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

UNSEPARATED_KINDS = frozenset(
    {
        PlacementKind.WITH_PARENTS,
        PlacementKind.HOSPITAL,
        PlacementKind.BOARDING_SCHOOL,
        PlacementKind.UNKNOWN,
    }
)
"""How a child may live, or have lived, who was never separated from the parents. At home is no placement into care."""

CAPACITY_KINDS = HOUSEHOLD_KINDS - {PlacementKind.REUNIFICATION_BIOLOGICAL, PlacementKind.ADOPTION_DOMESTIC}
"""Placements that a household takes up to its capacity; parents take all of their own children."""


def host_of(kind: PlacementKind) -> Host:
    """Who gives the child a home in a kind of placement."""
    if kind in RESIDENTIAL_KINDS:
        return Host.INSTITUTION
    if kind in HOUSEHOLD_KINDS:
        return Host.HOUSEHOLD
    either = {
        PlacementKind.WITH_PARENTS,
        PlacementKind.GUARDIANSHIP_STATE,
        PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
    }
    return Host.EITHER if kind in either else Host.NONE


def kind_groups(*, separated: bool = False) -> list[tuple[str, list[PlacementKind]]]:
    """All kinds for a person to choose from, families first, each group with its words.

    Who was `separated` from the parents comes back to them by a reunification only.
    """
    own = [
        PlacementKind.SUPPORTED_INDEPENDENT_LIVING,
        PlacementKind.CHILD_HEADED_HOUSEHOLD,
        PlacementKind.BOARDING_SCHOOL,
        PlacementKind.HOSPITAL,
        PlacementKind.STREET,
        PlacementKind.UNKNOWN,
    ]
    at_home = [] if separated else [(gettext("Never separated from the parents"), [PlacementKind.WITH_PARENTS])]
    return [
        *at_home,
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

DECIDED_ELSEWHERE = frozenset({EndReason.CHILD_DEATH, EndReason.DATA_CORRECTION, EndReason.COURT_ORDER})
"""Ends that nobody planned and that ask for no new decision: there is none to take, or a court took it."""

TONIGHT_KINDS = [
    PlacementKind.FOSTER_EMERGENCY,
    PlacementKind.KINSHIP_INFORMAL,
    PlacementKind.REUNIFICATION_BIOLOGICAL,
    PlacementKind.FOSTER_SHORT_TERM,
    PlacementKind.TEMPORARY_SHELTER,
    PlacementKind.TRANSIT_CENTRE,
    PlacementKind.RESIDENTIAL_INSTITUTION,
    PlacementKind.HOSPITAL,
    PlacementKind.STREET,
    PlacementKind.UNKNOWN,
]
"""Where a child may sleep on the night of an end that nobody planned, the better places first."""

PASSING_KINDS = frozenset(
    {
        PlacementKind.FOSTER_EMERGENCY,
        PlacementKind.TEMPORARY_SHELTER,
        PlacementKind.TRANSIT_CENTRE,
        PlacementKind.HOSPITAL,
        PlacementKind.STREET,
        PlacementKind.UNKNOWN,
    }
)
"""Where nobody means a child to stay: what has to be decided is still open."""


class AwayKind(Word):
    """Where a child is for a time, while the placement goes on."""

    HOSPITAL = "hospital", N_("In hospital")
    BOARDING_SCHOOL = "boarding_school", N_("At boarding school")
    RESPITE = "respite", N_("With another family, so that the caregivers rest")
    RELATIVES = "relatives", N_("With relatives for a while")
    DETENTION = "detention", N_("In detention")
    RAN_AWAY = "ran_away", N_("Ran away, and is looked for")
    OTHER = "other", N_("Elsewhere for a while")


class LegalKind(Word):
    """What makes a placement lawful."""

    ADMINISTRATIVE_DECISION = "administrative_decision", N_("Administrative decision")
    COURT_ORDER = "court_order", N_("Court order")
    GUARDIANSHIP_REGISTER = "guardianship_register", N_("Entry in the guardianship register")
    ADOPTION_JUDGMENT = "adoption_judgment", N_("Adoption judgment")


class FundSource(Word):
    """Who paid for what was given."""

    PROGRAMME = "programme", N_("The programme")
    DISTRICT = "district", N_("The district")
    PARTNER = "partner", N_("A partner organisation")
    FAITH = "faith", N_("A church or mosque")
    INSTITUTION = "institution", N_("The institution that the child left")
    COMMUNITY = "community", N_("Neighbours and community")
    OTHER = "other", N_("Somebody else")


class Setting(Word):
    """The numbers of placements that the programme may change."""

    LIVES_ALONE_FROM = "lives_alone_from", N_("Age in years from which somebody may live alone with support")
    DECIDE_AGAIN_DAYS = "decide_again_days", N_("Days until it is decided again where the child will live")
    PREPARE_BEFORE_END_DAYS = "prepare_before_end_days", N_("Days before a planned end that the next home is prepared")
