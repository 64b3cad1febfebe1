"""The words of tracing."""

from app.core.i18n import N_
from app.core.words import Word


class TracingState(Word):
    """How a search stands."""

    OPEN = "open", N_("The search goes on")
    FOUND = "found", N_("Family found")
    NOT_FOUND = "not_found", N_("Family not found")
    CLOSED = "closed", N_("Search closed")

    @property
    def is_end(self) -> bool:
        """Whether the search is over."""
        return self is not TracingState.OPEN


class ActionKind(Word):
    """What was done to find the family."""

    VISIT = "visit", N_("Visit")
    PHONE = "phone", N_("Phone call")
    RADIO = "radio", N_("Radio")
    POSTER = "poster", N_("Poster or photo")
    LOCAL_LEADER = "local_leader", N_("Local leader asked")
    VOLUNTEER = "volunteer", N_("Volunteer of the village asked")
    INSTITUTION_RECORDS = "institution_records", N_("Records of the institution")
    HOSPITAL_RECORDS = "hospital_records", N_("Records of a hospital")
    CHURCH_RECORDS = "church_records", N_("Records of a church or mosque")
    COURT_RECORDS = "court_records", N_("Records of a court")
    OTHER_DISTRICT = "other_district", N_("Officer of another district asked")
    OTHER = "other", N_("Something else")


class Relationship(Word):
    """What a relative is to the child."""

    MOTHER = "mother", N_("Mother")
    FATHER = "father", N_("Father")
    GRANDPARENT = "grandparent", N_("Grandparent")
    SIBLING = "sibling", N_("Sister or brother")
    AUNT_UNCLE = "aunt_uncle", N_("Aunt or uncle")
    COUSIN = "cousin", N_("Cousin")
    STEP_PARENT = "step_parent", N_("Step-parent")
    GODPARENT = "godparent", N_("Godparent")
    OTHER_KIN = "other_kin", N_("Other kin")
    NOT_KIN = "not_kin", N_("Not kin, but close to the child")

    @property
    def is_parent(self) -> bool:
        """Whether this is the child's own mother or father."""
        return self in {Relationship.MOTHER, Relationship.FATHER}


class Alive(Word):
    """Whether a relative lives."""

    YES = "yes", N_("Alive")
    NO = "no", N_("Has died")
    UNKNOWN = "unknown", N_("Not known whether alive")


class Willingness(Word):
    """Whether a relative would care for the child."""

    YES = "yes", N_("Would care for the child")
    WITH_HELP = "with_help", N_("Would care for the child with help")
    NO = "no", N_("Cannot or does not want to")
    UNSURE = "unsure", N_("Not sure yet")


class Wish(Word):
    """What the child wishes about a relative."""

    LIVE_WITH = "live_with", N_("Wants to live with them")
    CONTACT = "contact", N_("Wants contact")
    UNSURE = "unsure", N_("Not sure")
    NO_CONTACT = "no_contact", N_("Wants no contact")
    NOT_ASKED = "not_asked", N_("Not asked yet")


class Verification(Word):
    """Whether somebody checked that this is the child's relative."""

    NOT_YET = "not_yet", N_("Not verified")
    VERIFIED = "verified", N_("Verified")
    CONTRADICTED = "contradicted", N_("Contradicted")


class RelativeContactKind(Word):
    """How child and relative met before a reunion."""

    LETTER = "letter", N_("Letter or photo")
    CALL = "call", N_("Call")
    SUPERVISED_VISIT = "supervised_visit", N_("Supervised visit")
    HOME_VISIT = "home_visit", N_("Day at the relative's home")

    @property
    def is_meeting(self) -> bool:
        """Whether they meet face to face."""
        return self in {RelativeContactKind.SUPERVISED_VISIT, RelativeContactKind.HOME_VISIT}
