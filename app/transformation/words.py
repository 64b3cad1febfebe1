"""Vocabularies of the way to a house's last day."""

from app.core.i18n import N_
from app.core.words import Word


class Readiness(Word):
    """How far a resident is on the way home, in the order of the way."""

    REGISTERED = "registered", N_("Registered")
    ASSESSED = "assessed", N_("Assessed")
    FAMILY_TRACED = "family_traced", N_("Family traced")
    OPTION_DECIDED = "option_decided", N_("Option decided")
    MATCHED = "matched", N_("Matched")
    PREPARED = "prepared", N_("Prepared")
    PLACED = "placed", N_("Placed")


class Obstacle(Word):
    """What stands in a resident's way."""

    NO_WORKER = "no_worker", N_("Nobody is responsible")
    NO_CASE = "no_case", N_("No case is open")
    NOT_ASSESSED = "not_assessed", N_("Not assessed yet")
    FAMILY_NOT_TRACED = "family_not_traced", N_("The family is not traced")
    NO_DECISION = "no_decision", N_("No option is decided")
    DECISION_WAITS = "decision_waits", N_("The decision waits for approval")
    NO_MATCH = "no_match", N_("No family is matched")
    NOT_PREPARED = "not_prepared", N_("Child and family are not prepared")
    NOT_MOVED = "not_moved", N_("Ready: the day of the move is open")


class PersonStatus(Word):
    """Where a person on a census sleeps that night."""

    PRESENT = "present", N_("Sleeps here")
    ABSENT = "absent", N_("Lives here, sleeps elsewhere tonight")
    LEFT = "left", N_("Has left for good")


class CensusState(Word):
    """How far a census is."""

    DRAFT = "draft", N_("Being counted")
    COUNTED = "counted", N_("Counted")
    RECONCILED = "reconciled", N_("Reconciled with the register")


class Difference(Word):
    """How the house and the register disagree about a person on the night of a census."""

    NOT_REGISTERED = "not_registered", N_("In the house, but nobody registered the child")
    NOT_PLACED = "not_placed", N_("In the house, but the register has no stay here")
    LEFT = "left", N_("On the register, but has left the house")
    RECORDED_LATER = "recorded_later", N_("On the register since the count")


class Settled(Word):
    """How a difference was settled."""

    REGISTERED = "registered", N_("Registered and admitted")
    KNOWN = "known", N_("It is a child whom the register knows")
    ENDED = "ended", N_("The placement was ended")
    EXPLAINED = "explained", N_("Explained in words")


class ClaimKind(Word):
    """What a manager reports."""

    ADMISSION = "admission", N_("Somebody came")
    EXIT = "exit", N_("Somebody left")


class ClaimState(Word):
    """How a claim stands."""

    REPORTED = "reported", N_("Waits for a worker's check")
    ACCEPTED = "accepted", N_("Checked and accepted")
    REJECTED = "rejected", N_("Checked and not accepted")
    WITHDRAWN = "withdrawn", N_("Withdrawn by its author")


class Becomes(Word):
    """What a house becomes after residential care."""

    SCHOOL = "school", N_("School or nursery")
    DAY_CENTRE = "day_centre", N_("Day centre")
    DISABILITY_SERVICES = "disability_services", N_("Services for children with disabilities, by day")
    HEALTH_CENTRE = "health_centre", N_("Health centre or post")
    VOCATIONAL_CENTRE = "vocational_centre", N_("Vocational training centre")
    FAMILY_SUPPORT_CENTRE = "family_support_centre", N_("Centre that helps families")
    MILK_COLLECTION = "milk_collection", N_("Milk collection centre")
    FARM_BUSINESS = "farm_business", N_("Farm or other business")
    HANDED_BACK = "handed_back", N_("The buildings go back to their owner")
    OTHER = "other", N_("Something else")


class StaffRole(Word):
    """The work that somebody does in a house."""

    DIRECTOR = "director", N_("Director or manager")
    CAREGIVER = "caregiver", N_("Caregiver, house mother or father")
    SOCIAL_WORKER = "social_worker", N_("Social worker")
    PSYCHOLOGIST = "psychologist", N_("Psychologist")
    NURSE = "nurse", N_("Nurse")
    TEACHER = "teacher", N_("Teacher or educator")
    THERAPIST = "therapist", N_("Therapist")
    COOK_CLEANER = "cook_cleaner", N_("Cook, cleaner")
    GUARD = "guard", N_("Guard")
    OFFICE = "office", N_("Office and accounts")
    OTHER = "other", N_("Other work")


class Currency(Word):
    """The money in which somebody funds a house."""

    RWF = "rwf", N_("Rwf")
    USD = "usd", N_("US dollars")


class NextStep(Word):
    """What stands between a house and its last day."""

    BREACHES = "breaches", N_("Children came after the moratorium, and nobody has looked into it")
    CLAIMS = "claims", N_("Reports of the institution wait for a check")
    NO_CENSUS = "no_census", N_("Nobody has counted who sleeps here in the last three months")
    CENSUS_OPEN = "census_open", N_("A census is not reconciled with the register yet")
    NO_WORKER = "no_worker", N_("Residents for whom nobody is responsible")
    NOT_ASSESSED = "not_assessed", N_("Residents who are not assessed yet")
    NOT_DECIDED = "not_decided", N_("Residents without a decision where they will live")
    NOT_READY = "not_ready", N_("Residents with a decision who are not ready to move")
    READY = "ready", N_("Residents who are ready to move")
    NO_PLAN = "no_plan", N_("There is no plan of what the house becomes")
    PLAN_WAITS = "plan_waits", N_("The plan waits for the national manager")
    PLAN_RETURNED = "plan_returned", N_("The plan came back from the national manager")
    PLAN_NOT_ASKED = "plan_not_asked", N_("The plan is written, and nobody has asked for its approval")
    STAFF = "staff", N_("Staff whose future is not decided")
    STEPS_LATE = "steps_late", N_("Steps of the plan are late")
