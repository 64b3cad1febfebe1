"""Vocabularies of consent. Legal bases are proposals after Law 058/2021, to be looked at by a lawyer."""

from app.core.i18n import N_
from app.core.words import Word


class Purpose(Word):
    """What is agreed to."""

    SERVICES = "services", N_("Services for the child and the family")
    SHARING = "sharing", N_("Sharing information with an organisation")
    TRACING = "tracing", N_("Searching for the family")
    REPORTING = "reporting", N_("Numbers and reports without names")


class Answer(Word):
    """What was said."""

    GIVEN = "given", N_("Consent given")
    REFUSED = "refused", N_("Refused")
    NOT_ASKED = "not_asked", N_("Not asked: it rests on another basis")


class LegalBasis(Word):
    """What the work rests on."""

    CONSENT = "consent", N_("Consent")
    VITAL_INTEREST = "vital_interest", N_("Vital interest: life or safety is in danger")
    LEGAL_OBLIGATION = "legal_obligation", N_("Legal obligation, such as an order of a court")
    PUBLIC_INTEREST = "public_interest", N_("Task in the public interest")


class How(Word):
    """In which form it was said."""

    ORAL = "oral", N_("By word of mouth")
    WRITTEN = "written", N_("In writing")


class Giver(Word):
    """Who said it."""

    CHILD = "child", N_("The child, or the grown person")
    CAREGIVER = "caregiver", N_("Parent or other holder of parental responsibility")
    OTHER = "other", N_("A guardian or somebody else")


class Assent(Word):
    """What the child says to it."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    NOT_ABLE = "not_able", N_("Not able to say")


class WithholdReason(Word):
    """Why something must not be told."""

    FEAR_OF_HARM = "fear_of_harm", N_("Somebody could come to harm")
    TELL_THEMSELVES = "tell_themselves", N_("They want to tell it themselves")
    ASKED = "asked", N_("The child asks for it")
    COURT = "court", N_("A court ordered it")
    OTHER = "other", N_("Another reason")


class ConsentState(Word):
    """Whether an entry holds."""

    HOLDS = "holds", N_("Holds")
    REFUSED = "refused", N_("Refused")
    CHILD_SAYS_NO = "child_says_no", N_("The child says no")
    WAITS = "waits", N_("Waits for the supervisor")
    NOT_AGREED = "not_agreed", N_("Not agreed")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
