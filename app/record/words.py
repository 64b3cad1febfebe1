"""Vocabularies of the record. Birth registration and school follow the Rwandan system."""

from app.core.i18n import N_
from app.core.words import Word


class RecordGroup(Word):
    """A part of the record that is written at once."""

    NAMES = "names", N_("Other names")
    BIRTH = "birth", N_("Birth")
    PARENTS = "parents", N_("Parents")
    LANGUAGES = "languages", N_("Languages and religion")
    SCHOOL = "school", N_("School")


class NameKind(Word):
    """What another name is."""

    ALIAS = "alias", N_("Called so by others")
    NICKNAME = "nickname", N_("Pet name")
    BAPTISMAL = "baptismal", N_("Name of baptism")
    FORMER = "former", N_("Former name")
    SPELLING = "spelling", N_("Another spelling")


class BirthRegistration(Word):
    """Whether the birth stands in the civil register."""

    REGISTERED = "registered", N_("Registered")
    NOT_REGISTERED = "not_registered", N_("Not registered")
    UNDER_WAY = "under_way", N_("Being registered")
    UNKNOWN = "unknown", N_("Not known")


class BirthSource(Word):
    """How the date of birth is known."""

    CERTIFICATE = "certificate", N_("Birth certificate")
    REGISTER = "register", N_("Civil register")
    HEALTH_CARD = "health_card", N_("Health or vaccination card")
    BAPTISM = "baptism", N_("Certificate of baptism")
    PARENT = "parent", N_("A parent said it")
    KIN = "kin", N_("A relative said it")
    CHILD = "child", N_("The child said it")
    INSTITUTION = "institution", N_("Papers of the institution")
    SCHOOL = "school", N_("Papers of the school")
    COURT = "court", N_("Judgment of a court")
    ESTIMATE = "estimate", N_("Estimated by a worker or doctor")
    UNKNOWN = "unknown", N_("Not known")


class ParentStatus(Word):
    """What is known of a mother or father."""

    ALIVE = "alive", N_("Alive")
    DEAD = "dead", N_("Dead")
    MISSING = "missing", N_("Missing, nobody knows where")
    IMPRISONED = "imprisoned", N_("In prison")
    ABROAD = "abroad", N_("Abroad")
    ILL = "ill", N_("Alive, too ill to care")
    NOT_KNOWN_WHO = "not_known_who", N_("Nobody knows who it is")
    UNKNOWN = "unknown", N_("Not known")


class Language(Word):
    """A language that the child speaks or signs."""

    KINYARWANDA = "rw", N_("Kinyarwanda")
    SWAHILI = "sw", N_("Swahili")
    FRENCH = "fr", N_("French")
    ENGLISH = "en", N_("English")
    KIRUNDI = "rn", N_("Kirundi")
    LUGANDA = "lg", N_("Luganda")
    LINGALA = "ln", N_("Lingala")
    SIGN = "rsl", N_("Rwandan Sign Language")
    NONE = "none", N_("Does not speak yet, or not with words")
    OTHER = "other", N_("Another language")


class SchoolLevel(Word):
    """A level of the Rwandan school system."""

    NONE = "none", N_("Never went to school")
    TOO_YOUNG = "too_young", N_("Too young for school")
    NURSERY = "nursery", N_("Nursery school or early childhood centre")
    PRIMARY = "primary", N_("Primary school")
    LOWER_SECONDARY = "lower_secondary", N_("Lower secondary school")
    UPPER_SECONDARY = "upper_secondary", N_("Upper secondary school")
    TVET = "tvet", N_("Vocational school (TVET)")
    UNIVERSITY = "university", N_("University or college")
    SPECIAL = "special", N_("Special school")
    CATCH_UP = "catch_up", N_("Catch-up or literacy classes")
    UNKNOWN = "unknown", N_("Not known")


class IdentityKind(Word):
    """What a number stands on."""

    NATIONAL_ID = "national_id", N_("National identity number")
    BIRTH_CERTIFICATE = "birth_certificate", N_("Number of the birth certificate")
    REFUGEE = "refugee", N_("Refugee number")
    PASSPORT = "passport", N_("Passport")
    HEALTH_INSURANCE = "health_insurance", N_("Health insurance (mutuelle)")
    SCHOOL = "school", N_("School (SDMS) code")
    INSTITUTION = "institution", N_("Number in an institution's papers")
    OTHER = "other", N_("Another number")


class HivStatus(Word):
    """What is known of HIV; never in any list, print or number."""

    POSITIVE = "positive", N_("Lives with HIV")
    NEGATIVE = "negative", N_("Tested, does not live with HIV")
    EXPOSED = "exposed", N_("Exposed as a baby, not yet certain")
    NOT_KNOWN = "not_known", N_("Not known, or not asked")
