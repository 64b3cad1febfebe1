"""The words of questions about duplicates, and of joins."""

from app.core.i18n import N_
from app.core.words import Word


class DuplicateAnswer(Word):
    """What the worker of the other record says."""

    SAME = "same", N_("It is the same child")
    NOT_SAME = "not_same", N_("It is another child")
    CANNOT_SAY = "cannot_say", N_("I cannot say")


class JoinState(Word):
    """How the joining of two records stands."""

    ASKED = "asked", N_("Waits for agreement")
    JOINED = "joined", N_("Joined")
    RETURNED = "returned", N_("Not agreed")
    PARTED = "parted", N_("Parted again")
