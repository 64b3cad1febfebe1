"""Vocabularies of institutions."""

from app.core.i18n import N_
from app.core.words import Word


class InstitutionKind(Word):
    """What kind of house it is."""

    ORPHANAGE = "orphanage", N_("Orphanage")
    CHILDREN_HOME = "children_home", N_("Children's home")
    BABY_HOME = "baby_home", N_("Baby home")
    SMALL_GROUP_HOME = "small_group_home", N_("Small group home")
    DISABILITY_RESIDENTIAL = "disability_residential", N_("Residential centre for disability")
    DISABILITY_MIXED = "disability_mixed", N_("Centre for disability, residential and day")
    DISABILITY_DAY = "disability_day", N_("Day centre for disability")
    STREET_CHILD_CENTRE = "street_child_centre", N_("Centre for street-connected children")
    TRANSIT_CENTRE = "transit_centre", N_("Transit centre")
    REHABILITATION_CENTRE = "rehabilitation_centre", N_("Rehabilitation centre")
    SAFE_HOUSE_ISANGE = "safe_house_isange", N_("Safe house (Isange)")
    BOARDING_SCHOOL_WITH_RESIDENTS = "boarding_school_with_residents", N_("Boarding school with residents")
    UNREGISTERED_HOME = "unregistered_home", N_("Home outside the register")


class Registration(Word):
    """How an institution stands with the authorities."""

    REGISTERED = "registered", N_("Registered")
    PROVISIONAL = "provisional", N_("Registered for now")
    EXPIRED = "expired", N_("Registration has ended")
    UNREGISTERED = "unregistered", N_("Not registered")
    REFUSED = "refused", N_("Registration was refused")
    DEREGISTERED = "deregistered", N_("Taken off the register")
    UNKNOWN = "unknown", N_("Registration is not known")


class Founder(Word):
    """Who founded it."""

    FAITH_LOCAL = "faith_local", N_("Faith-based, Rwandan")
    FAITH_INTERNATIONAL = "faith_international", N_("Faith-based, international")
    NGO_LOCAL = "ngo_local", N_("Organisation, Rwandan")
    NGO_INTERNATIONAL = "ngo_international", N_("Organisation, international")
    INDIVIDUAL = "individual", N_("A person")
    STATE = "state", N_("The State")
    COMMUNITY = "community", N_("The community")


class HouseService(Word):
    """What a house does for children, whether they live there or come by day."""

    FULL_CARE = "full_care", N_("Children live there")
    DAY_CARE = "day_care", N_("Children come by day")
    SCHOOL = "school", N_("School or nursery")
    HEALTH = "health", N_("Health care")
    REHABILITATION = "rehabilitation", N_("Therapy for children with disabilities")
    VOCATIONAL = "vocational", N_("Vocational training")
    FAMILY_SUPPORT = "family_support", N_("Help for families in the community")


class ClosureStage(Word):
    """How far an institution is on the way to its closure; the code is the number of the stage."""

    IDENTIFIED = "0", N_("Identified")
    ENGAGED = "1", N_("Engaged")
    NO_NEW_ADMISSIONS = "2", N_("No new admissions agreed")
    ASSESSED = "3", N_("All residents assessed")
    PLAN_APPROVED = "4", N_("Closure plan approved")
    PLACING = "5", N_("Children are moving to families")
    CARE_ENDED = "6", N_("Residential care has ended")
    TRANSFORMED = "7", N_("Transformed to other services")
    DEREGISTERED = "8", N_("Taken off the register")

    @property
    def number(self) -> int:
        """The stage as it is stored and sent, 0 to 8."""
        return int(self)
