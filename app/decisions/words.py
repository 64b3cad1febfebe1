"""The words of a panel's decision: options in their order, states, nearness, why a child was not heard."""

from app.children.words import PlacementKind
from app.core.i18n import N_
from app.core.words import Word


class CareOption(Word):
    """What a panel considers, in the order of preference."""

    FAMILY = "family", N_("Back to the own family")
    KIN = "kin", N_("With kin")
    FOSTER = "foster", N_("Foster family")
    GUARDIANSHIP = "guardianship", N_("Guardianship")
    ADOPTION = "adoption_domestic", N_("Adoption in Rwanda")
    OTHER = "other", N_("Something else")


OPTION_OF = {
    PlacementKind.REUNIFICATION_BIOLOGICAL: CareOption.FAMILY,
    PlacementKind.KINSHIP_FORMAL: CareOption.KIN,
    PlacementKind.KINSHIP_INFORMAL: CareOption.KIN,
    PlacementKind.FOSTER_MALAYIKA_MURINZI: CareOption.FOSTER,
    PlacementKind.FOSTER_EMERGENCY: CareOption.FOSTER,
    PlacementKind.FOSTER_SHORT_TERM: CareOption.FOSTER,
    PlacementKind.FOSTER_SPECIALISED_DISABILITY: CareOption.FOSTER,
    PlacementKind.GUARDIANSHIP_INDIVIDUAL: CareOption.GUARDIANSHIP,
    PlacementKind.GUARDIANSHIP_STATE: CareOption.GUARDIANSHIP,
    PlacementKind.ADOPTION_DOMESTIC: CareOption.ADOPTION,
    PlacementKind.SUPPORTED_INDEPENDENT_LIVING: CareOption.OTHER,
    PlacementKind.SMALL_GROUP_HOME: CareOption.OTHER,
    PlacementKind.TEMPORARY_SHELTER: CareOption.OTHER,
    PlacementKind.TRANSIT_CENTRE: CareOption.OTHER,
    PlacementKind.REHABILITATION_CENTRE: CareOption.OTHER,
    PlacementKind.RESIDENTIAL_INSTITUTION: CareOption.OTHER,
    PlacementKind.ADOPTION_INTERCOUNTRY: CareOption.OTHER,
}
"""The option that a kind of placement is; kinds that are absent are not decided by a panel."""

EMERGENCY_KINDS = frozenset({PlacementKind.TEMPORARY_SHELTER, PlacementKind.TRANSIT_CENTRE})
"""Residential kinds that may start in an emergency; the decision follows."""


class DecisionState(Word):
    """Where a decision stands."""

    DRAFT = "draft", N_("Draft, not sent")
    REQUESTED = "requested", N_("Waiting for approval")
    APPROVED = "approved", N_("Approved")
    RETURNED = "returned", N_("Returned to its author")


class DecisionPart(Word):
    """The parts of a decision, in the order in which its form asks."""

    PANEL = "panel", N_("Who sat on the panel")
    NECESSITY = "necessity", N_("Why it is necessary")
    OPTIONS = "options", N_("What was decided")
    SUITABILITY = "suitability", N_("Why it is suitable")
    CHILD = "child", N_("What the child said")
    SIBLINGS = "siblings", N_("Brothers and sisters")


class DecisionNotHeard(Word):
    """Why the child was not heard."""

    TOO_YOUNG = "too_young", N_("Too young to say")
    NOT_REACHED = "not_reached", N_("Could not be reached")
    DID_NOT_WISH = "did_not_wish", N_("Did not wish to say anything")
    CANNOT_SAY = "cannot_say", N_("Cannot say it, also not with help")
    DANGER = "danger", N_("There was no time: the child was in danger")


class Siblings(Word):
    """What the decision means for brothers and sisters."""

    NONE = "none", N_("No brothers or sisters are known")
    TOGETHER = "together", N_("They stay together")
    APART = "apart", N_("They will live apart")


class Nearness(Word):
    """How near two places are: the smallest place that holds both."""

    VILLAGE = "village", N_("In the same village")
    CELL = "cell", N_("In the same cell")
    SECTOR = "sector", N_("In the same sector")
    DISTRICT = "district", N_("In the same district")
    ELSEWHERE = "elsewhere", N_("In another district")
