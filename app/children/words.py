"""Vocabularies of children and households.

The kinds of placement stand here, because a child's row says how the child lives now; the kinds of concern, because
both a referral and a case are about some.
"""

from app.core.i18n import N_
from app.core.words import Word


class Sex(Word):
    """As recorded at birth."""

    FEMALE = "female", N_("Female")
    MALE = "male", N_("Male")


class BirthPrecision(Word):
    """How well the date of birth is known."""

    DAY = "day", N_("To the day")
    MONTH = "month", N_("To the month")
    YEAR = "year", N_("To the year")
    ESTIMATED = "estimated", N_("Estimated")
    UNKNOWN = "unknown", N_("Not known")


class AgeBand(Word):
    """Age bands of the statistics."""

    BABY = "0-2", N_("0 to 2 years")
    NURSERY = "3-5", N_("3 to 5 years")
    CHILD = "6-9", N_("6 to 9 years")
    YOUNG_TEEN = "10-14", N_("10 to 14 years")
    TEEN = "15-17", N_("15 to 17 years")
    YOUTH = "18-24", N_("18 to 24 years")
    ADULT = "25+", N_("25 years and older")
    UNKNOWN = "unknown", N_("Age not known")


class HouseholdKind(Word):
    """Whose family it is to the child."""

    BIRTH = "birth", N_("Family of birth")
    KIN = "kin", N_("Family of kin")
    FOSTER = "foster", N_("Foster family (Malayika Murinzi)")
    GUARDIAN = "guardian", N_("Guardian's family")
    INDEPENDENT = "independent", N_("Own home of a young person")


class Vetting(Word):
    """Whether a family was found fit to raise a child that is not its own."""

    NOT_CHECKED = "not_checked", N_("Not checked yet")
    CHECKED = "checked", N_("Checked, waiting for approval")
    APPROVED = "approved", N_("Approved")
    WITHDRAWN = "withdrawn", N_("Approval withdrawn")


class MemberRelation(Word):
    """What a member of a household is to its head."""

    HEAD = "head", N_("Head of the household")
    SPOUSE = "spouse", N_("Wife, husband or partner")
    CHILD = "child", N_("Son or daughter")
    GRANDCHILD = "grandchild", N_("Grandchild")
    PARENT = "parent", N_("Mother or father")
    GRANDPARENT = "grandparent", N_("Grandparent")
    SIBLING = "sibling", N_("Sister or brother")
    AUNT_UNCLE = "aunt_uncle", N_("Aunt or uncle")
    OTHER_KIN = "other_kin", N_("Other kin")
    NOT_KIN = "not_kin", N_("Not kin")


class PlacementKind(Word):
    """How a child lives: with whom, or in what kind of house; at home is who was never separated from the parents."""

    WITH_PARENTS = "with_parents", N_("At home with the parents")
    REUNIFICATION_BIOLOGICAL = "reunification_biological", N_("Reunited with the family of birth")
    KINSHIP_FORMAL = "kinship_formal", N_("With kin, formally")
    KINSHIP_INFORMAL = "kinship_informal", N_("With kin, informally")
    FOSTER_MALAYIKA_MURINZI = "foster_malayika_murinzi", N_("Foster family (Malayika Murinzi)")
    FOSTER_EMERGENCY = "foster_emergency", N_("Foster family in an emergency")
    FOSTER_SHORT_TERM = "foster_short_term", N_("Foster family for a short time")
    FOSTER_SPECIALISED_DISABILITY = (
        "foster_specialised_disability",
        N_("Foster family specialised in disability"),
    )
    GUARDIANSHIP_INDIVIDUAL = "guardianship_individual", N_("With a guardian")
    GUARDIANSHIP_STATE = "guardianship_state", N_("Under guardianship of the State")
    ADOPTION_DOMESTIC = "adoption_domestic", N_("Adopted in Rwanda")
    ADOPTION_INTERCOUNTRY = "adoption_intercountry", N_("Adopted abroad")
    SUPPORTED_INDEPENDENT_LIVING = "supported_independent_living", N_("Supported independent living")
    SMALL_GROUP_HOME = "small_group_home", N_("Small group home")
    RESIDENTIAL_INSTITUTION = "residential_institution", N_("Institution")
    TEMPORARY_SHELTER = "temporary_shelter", N_("Temporary shelter")
    TRANSIT_CENTRE = "transit_centre", N_("Transit centre")
    REHABILITATION_CENTRE = "rehabilitation_centre", N_("Rehabilitation centre")
    HOSPITAL = "hospital", N_("Hospital")
    BOARDING_SCHOOL = "boarding_school", N_("Boarding school")
    CHILD_HEADED_HOUSEHOLD = "child_headed_household", N_("Household headed by a child")
    STREET = "street", N_("On the street")
    UNKNOWN = "unknown", N_("Not known")


class EntryReason(Word):
    """Why a child came into care; poverty is never a sufficient reason by itself."""

    DEATH_BOTH = "death_both", N_("Both parents died")
    DEATH_ONE = "death_one", N_("One parent died")
    PARENT_ILLNESS_MENTAL = "parent_illness_mental", N_("Mental illness of a parent")
    PARENT_ILLNESS_PHYSICAL = "parent_illness_physical", N_("Physical illness of a parent")
    PARENT_IMPRISONED = "parent_imprisoned", N_("A parent is in prison")
    ABANDONED = "abandoned", N_("Left by the family")
    FOUNDLING = "foundling", N_("Found, parents unknown")
    VIOLENCE_ABUSE = "violence_abuse", N_("Violence or abuse")
    NEGLECT = "neglect", N_("Neglect")
    POVERTY = "poverty", N_("Poverty")
    FAMILY_CONFLICT_DIVORCE = "family_conflict_divorce", N_("Conflict in the family or divorce")
    BORN_OF_ADOLESCENT_MOTHER = "born_of_adolescent_mother", N_("Born to an adolescent mother")
    REJECTION_BY_STEP_PARENT = "rejection_by_step_parent", N_("Not accepted by a step-parent")
    DISABILITY_OF_CHILD = "disability_of_child", N_("Disability of the child")
    EDUCATION_ACCESS = "education_access", N_("To go to school")
    STREET = "street", N_("Lived on the street")
    PARENT_DEPRIVED_OF_AUTHORITY = "parent_deprived_of_authority", N_("A court took parental authority away")
    LOST_SEPARATED = "lost_separated", N_("Lost or separated from the family")
    GENOCIDE_1994_LEGACY = (
        "genocide_1994_legacy",
        N_("Orphaned or separated by the Genocide against the Tutsi"),
    )
    REFUGEE_FLIGHT = "refugee_flight", N_("Flight as a refugee")
    UNKNOWN = "unknown", N_("Not known")


class ConcernType(Word):
    """What the worry is: the most common first, "other" last."""

    NEGLECT = "neglect", N_("Neglect")
    SCHOOL_DROPOUT = "school_dropout", N_("Dropped out of school")
    PHYSICAL_VIOLENCE = "physical_violence", N_("Physical violence")
    SEXUAL_VIOLENCE = "sexual_violence", N_("Sexual violence, defilement")
    FAMILY_CONFLICT = "family_conflict", N_("Conflict in the family")
    EARLY_PREGNANCY = "early_pregnancy", N_("Early pregnancy")
    CHILD_LABOUR = "child_labour", N_("Child labour")
    ABANDONMENT = "abandonment", N_("Abandoned child")
    STREET_CONNECTED = "street_connected", N_("Child living on the street")
    MALNUTRITION = "malnutrition", N_("Malnutrition")
    SEPARATION_RISK = "separation_risk", N_("May be separated from the family")
    EMOTIONAL_VIOLENCE = "emotional_violence", N_("Emotional violence")
    GBV_OTHER = "gbv_other", N_("Other gender-based violence")
    CHILD_MARRIAGE = "child_marriage", N_("Child marriage")
    DISABILITY_EXCLUSION = "disability_exclusion", N_("Hidden or left out because of a disability")
    UNACCOMPANIED_SEPARATED = "unaccompanied_separated", N_("Alone, without parents or family")
    LACK_DOCUMENTATION = "lack_documentation", N_("Birth not registered")
    SUBSTANCE_ABUSE = "substance_abuse", N_("Alcohol or drugs")
    CONFLICT_WITH_LAW = "conflict_with_law", N_("In conflict with the law")
    EXPLOITATION_TRAFFICKING = "exploitation_trafficking", N_("Exploitation, trafficking")
    REFUGEE_ASYLUM = "refugee_asylum", N_("Refugee or asylum seeker")
    OTHER = "other", N_("Something else")


CONCERN_HINTS: dict[ConcernType, str] = {
    ConcernType.NEGLECT: N_("Nobody gives the child food, clothes, care or a doctor"),
    ConcernType.SCHOOL_DROPOUT: N_("The child no longer goes to school"),
    ConcernType.PHYSICAL_VIOLENCE: N_("Somebody beats or hurts the child"),
    ConcernType.SEXUAL_VIOLENCE: N_("Somebody touched or abused the child sexually"),
    ConcernType.FAMILY_CONFLICT: N_("The adults at home fight, and the child suffers"),
    ConcernType.EARLY_PREGNANCY: N_("A girl under 18 is pregnant or has a baby"),
    ConcernType.CHILD_LABOUR: N_("The child does hard or dangerous work"),
    ConcernType.ABANDONMENT: N_("The family left the child"),
    ConcernType.STREET_CONNECTED: N_("The child sleeps or spends the days on the street"),
    ConcernType.MALNUTRITION: N_("The child is thin, weak or does not grow"),
}
"""The concerns that a volunteer meets most, in plain words. The form shows these first, the others on request."""

RESTRICTED_CONCERNS = frozenset(
    {
        ConcernType.SEXUAL_VIOLENCE,
        ConcernType.GBV_OTHER,
        ConcernType.EARLY_PREGNANCY,
        ConcernType.EXPLOITATION_TRAFFICKING,
    }
)
"""Concerns whose file opens only to who must act on it. A pregnancy under 18 is by law a sign of defilement."""


class Opened(Word):
    """What somebody did with a child's record, in the words of the list of openings; the code is the event's kind."""

    REGISTERED = "child.registered", N_("Registered the child")
    CHANGED = "child.changed", N_("Changed the record")
    OPENED = "child.opened", N_("Opened the record")
    RESTRICTED = "child.restricted", N_("Changed who may open the record")
    ASSIGNED = "child.assigned", N_("Gave the child to a worker")
    UNSEALED = "child.unsealed", N_("Saw the name, with a reason")
    OPENINGS_READ = "child.openings_read", N_("Looked at who opened the record")
