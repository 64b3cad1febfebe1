"""The words of plans, packages, reviews and services."""

from app.core.i18n import N_
from app.core.words import Word


class PlanState(Word):
    """How a plan stands."""

    DRAFT = "draft", N_("Draft")
    REQUESTED = "requested", N_("Waiting for approval")
    RETURNED = "returned", N_("Returned")
    IN_FORCE = "in_force", N_("In force")
    SUPERSEDED = "superseded", N_("Replaced by a newer version")
    CLOSED = "closed", N_("Closed")

    @property
    def is_editable(self) -> bool:
        """Whether its author may still write in it."""
        return self in {PlanState.DRAFT, PlanState.RETURNED}


OPEN_DRAFTS = (PlanState.DRAFT, PlanState.REQUESTED, PlanState.RETURNED)
"""The states of a version that is not in force yet; a case has one such version at most."""


class GoalState(Word):
    """How a goal stands."""

    OPEN = "open", N_("Open")
    REACHED = "reached", N_("Reached")
    DROPPED = "dropped", N_("Taken out")


class Responsible(Word):
    """Who does an action."""

    OFFICE = "office", N_("An office of the programme")
    FAMILY = "family", N_("The family")
    CHILD = "child", N_("The child")
    INSTITUTION = "institution", N_("The institution")
    OTHER = "other", N_("Somebody else")


class ActionState(Word):
    """How an action stands."""

    OPEN = "open", N_("To be done")
    DONE = "done", N_("Done")
    NOT_DONE = "not_done", N_("Not done")
    DROPPED = "dropped", N_("Taken out")


class PackageKind(Word):
    """What strengthens a family."""

    CASH = "cash", N_("Cash")
    MUTUELLE = "mutuelle", N_("Health insurance (mutuelle)")
    SCHOOL_FEES = "school_fees", N_("School fees")
    SCHOOL_MATERIALS = "school_materials", N_("School materials, uniform")
    GIRINKA = "girinka", N_("Cow (Girinka) or other livestock")
    VUP = "vup", N_("Work or support of VUP")
    BUSINESS_START = "business_start", N_("Start of a small business, savings group")
    SHELTER_REPAIR = "shelter_repair", N_("Repair of the home")
    FOOD = "food", N_("Food")
    ECD = "ecd", N_("Early childhood centre (ECD)")
    COUNSELLING = "counselling", N_("Counselling")
    PARENTING = "parenting", N_("Parenting course")
    ASSISTIVE_DEVICE = "assistive_device", N_("Assistive device")
    BIRTH_CERTIFICATE = "birth_certificate", N_("Birth certificate")
    OTHER = "other", N_("Something else")


class PackageSource(Word):
    """Whose money pays for a package."""

    DISTRICT = "district", N_("District")
    STATE = "state", N_("State programme")
    PARTNER = "partner", N_("Partner organisation")
    CHURCH = "church", N_("Church or mosque")
    COMMUNITY = "community", N_("Community")
    FAMILY = "family", N_("The family itself")
    INSTITUTION = "institution", N_("The institution")
    OTHER = "other", N_("Another source")


class PackageState(Word):
    """How a package stands."""

    PLANNED = "planned", N_("Planned")
    GIVEN = "given", N_("Given")
    DROPPED = "dropped", N_("Taken out")


class ReviewNotHeard(Word):
    """Why a child was not heard in a review."""

    TOO_YOUNG = "too_young", N_("Too young to speak; observed instead")
    DID_NOT_WANT = "did_not_want", N_("Did not want to speak")
    AWAY = "away", N_("Away on the day")
    ILL = "ill", N_("Ill")
    NO_INTERPRETER = "no_interpreter", N_("Nobody who understands the child's way of speaking")
    OTHER = "other", N_("Another reason")


class ReviewResult(Word):
    """What a review decided."""

    CONTINUE = "continue", N_("The plan goes on as it is")
    CHANGE = "change", N_("The plan has to change")
    END = "end", N_("The goals are reached; the plan can be closed")


class ServiceKind(Word):
    """What is asked of a provider."""

    HEALTH = "health", N_("Health care")
    ISANGE = "isange_one_stop", N_("Isange One Stop Centre")
    RIB = "rib_police", N_("Investigation bureau (RIB), police")
    MAJ = "legal_aid_maj", N_("Legal aid (MAJ)")
    PSYCHOSOCIAL = "psychosocial", N_("Psychosocial support")
    EDUCATION = "education", N_("School, training")
    VUP = "social_protection_vup", N_("Social protection (VUP)")
    NUTRITION = "nutrition", N_("Nutrition")
    SHELTER = "shelter_safety", N_("Safe shelter")
    ALTERNATIVE_CARE = "alternative_care", N_("Alternative care")
    REHABILITATION = "disability_rehab", N_("Rehabilitation, disability")
    CIVIL_REGISTRATION = "civil_registration", N_("Civil registration")
    LIVELIHOOD = "livelihood", N_("Livelihood of the family")
    MEDIATION = "family_mediation", N_("Family mediation")
    TRACING = "tracing", N_("Tracing of the family")
    COURT = "court_prosecution", N_("Court, prosecution")
    OTHER = "other", N_("Another service")

    @property
    def is_for_violence(self) -> bool:
        """Whether it is what a child needs within hours after sexual violence."""
        return self in {ServiceKind.ISANGE, ServiceKind.RIB}


class ServiceUrgency(Word):
    """How soon the provider must answer; the words of referrals, and one that can wait."""

    EMERGENCY = "emergency", N_("Emergency")
    HIGH = "high", N_("High")
    MEDIUM = "medium", N_("Medium")
    LOW = "low", N_("Low")
    ROUTINE = "routine", N_("Routine")


class ServiceStatus(Word):
    """How far the provider has come."""

    SENT = "sent", N_("Sent")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    ANSWERED = "answered", N_("Answered")
    WITHDRAWN = "withdrawn", N_("Withdrawn")

    @property
    def waits(self) -> bool:
        """Whether the provider has still to answer."""
        return self in {ServiceStatus.SENT, ServiceStatus.ACKNOWLEDGED}


class FeedbackBy(Word):
    """Who says how a service was."""

    CHILD = "child", N_("The child")
    CAREGIVER = "caregiver", N_("The caregiver")


class Helped(Word):
    """Whether a service helped, as the child or the caregiver sees it."""

    YES = "yes", N_("It helped")
    PARTLY = "partly", N_("It helped in part")
    NO = "no", N_("It did not help")
    HARM = "harm", N_("It did harm")
