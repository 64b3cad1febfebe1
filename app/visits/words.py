"""Kinds of visit, why a child was not seen, and how the child is."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class VisitKind(Word):
    """What the visit was for."""

    FOLLOW_UP_FIRST = "follow_up_first", N_("First follow-up visit")
    FOLLOW_UP_ROUTINE = "follow_up_routine", N_("Follow-up visit")
    UNANNOUNCED = "unannounced", N_("Unannounced visit")
    IZU_CHECK = "izu_check", N_("Light check by a volunteer")
    PHONE = "phone", N_("Phone call")
    SCHOOL = "school", N_("Visit at school")
    ASSESSMENT = "assessment", N_("Assessment")
    PRE_PLACEMENT = "pre_placement", N_("Visit before a placement")
    INTRODUCTION = "introduction", N_("Introduction of child and family")
    PLACEMENT_DAY = "placement_day", N_("Day of the placement")
    REVIEW_CONFERENCE = "review_conference", N_("Review conference")
    CLOSURE = "closure", N_("Closing visit")


FULFILLING_KINDS = frozenset(
    {VisitKind.FOLLOW_UP_FIRST, VisitKind.FOLLOW_UP_ROUTINE, VisitKind.UNANNOUNCED, VisitKind.CLOSURE}
)
"""Visits that do a planned visit; a call, a meeting elsewhere or a volunteer's light check does not."""


class NotSeenReason(Word):
    """Why the child was not seen."""

    NOBODY_HOME = "nobody_home", N_("Nobody was at home")
    AT_SCHOOL = "at_school", N_("At school")
    VISITING_RELATIVES = "visiting_relatives", N_("Visiting relatives")
    WORKING = "working", N_("At work")
    IN_HOSPITAL = "in_hospital", N_("In hospital")
    MOVED_TO_ANOTHER_CAREGIVER = "moved_to_another_caregiver", N_("Moved to another caregiver")
    MOVED_TO_STREET = "moved_to_street", N_("Moved to the street or market")
    IN_DETENTION = "in_detention", N_("In detention")
    ABDUCTED = "abducted", N_("Abducted")
    BY_PHONE = "by_phone", N_("It was a phone call")
    NOT_LET_IN = "not_let_in", N_("The family did not let me see the child")
    OTHER = "other", N_("Another reason")


class WellbeingDomain(Word):
    """What is looked at on a visit, in the order of the form."""

    FOOD = "food", N_("Food")
    NUTRITION_GROWTH = "nutrition_growth", N_("Nutrition and growth")
    SHELTER = "shelter", N_("Home and bed")
    CARE = "care", N_("Care by the adults")
    SAFETY = "safety", N_("Safety")
    LEGAL = "legal", N_("Papers and rights")
    HEALTH = "health", N_("Health")
    HEALTH_ACCESS = "health_access", N_("Health care and insurance")
    EMOTIONAL = "emotional", N_("Feelings")
    SOCIAL = "social", N_("Friends and family ties")
    LEARNING = "learning", N_("Learning and development")
    SCHOOL_WORK = "school_work", N_("School or training")
    CAREGIVER_WELLBEING = "caregiver_wellbeing", N_("How the caregiver is")
    HOUSEHOLD_ECONOMY = "household_economy", N_("Money in the household")
    CHILD_VOICE = "child_voice", N_("What the child says")


WELLBEING_SCALE = {1: N_("Very bad"), 2: N_("Bad"), 3: N_("Fair"), 4: N_("Good")}
"""The four answers of a domain; not assessed is no answer at all."""


def wellbeing_label(score: int) -> str:
    """The words of a score from 1 (very bad) to 4 (good)."""
    return gettext(WELLBEING_SCALE[score])


def wellbeing_choices() -> list[tuple[str, str]]:
    """The answers of a domain for a form: not assessed first, then the scores with their words."""
    return [("", gettext("Not assessed")), *((str(score), wellbeing_label(score)) for score in WELLBEING_SCALE)]


class Safe(Word):
    """Whether the child is safe where it lives, as the visitor judges."""

    SAFE = "safe", N_("Safe")
    WORRIED = "worried", N_("I am worried")
    NOT_SAFE = "not_safe", N_("Not safe")

    @property
    def tone(self) -> str:
        """The colour of the word."""
        return {"safe": "done", "worried": "due", "not_safe": "overdue"}[self.value]


class Worry(Word):
    """What somebody saw or heard on a visit that must not be left."""

    BEATEN = "beaten", N_("Beaten, or marks of it")
    SEXUAL = "sexual", N_("Signs of sexual violence")
    HUNGRY = "hungry", N_("Hungry, or getting thinner")
    ILL = "ill", N_("Ill and not treated")
    NOT_AT_SCHOOL = "not_at_school", N_("Not at school")
    WORKS = "works", N_("Works too much")
    LEFT_ALONE = "left_alone", N_("Left alone")
    TREATED_DIFFERENTLY = "treated_differently", N_("Treated differently from the other children")
    CAREGIVER_STRUGGLES = "caregiver_struggles", N_("The caregiver cannot manage")
    WANTS_TO_LEAVE = "wants_to_leave", N_("Says that he or she wants to leave")
    DRINK_IN_HOUSE = "drink_in_house", N_("Drink or fights in the house")
    OTHER = "other", N_("Something else")


class Need(Word):
    """Which of the schedules of a kind of placement the visits follow."""

    USUAL = "usual", N_("As usual")
    HIGH_RISK = "high_risk", N_("Closer, because the risk is high")
    DISABILITY = "disability", N_("Closer, because of a disability")


class AlertKind(Word):
    """What a supervisor must know within the hour."""

    NOT_SAFE = "not_safe", N_("A visit says that a child is not safe")
    CAREGIVER_DIED = "caregiver_died", N_("A caregiver died")


class SessionKind(Word):
    """What a psychologist's session was."""

    FIRST_TALK = "first_talk", N_("First talk")
    INDIVIDUAL = "individual", N_("Session with the child")
    FAMILY = "family", N_("Session with the family")
    GROUP = "group", N_("Group session")
    CRISIS = "crisis", N_("Session in a crisis")
    LAST_TALK = "last_talk", N_("Last talk")
