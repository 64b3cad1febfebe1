"""What the auditor reads for the codes of the log."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class FindingKind(Word):
    """What verification can find."""

    EDITED = "edited", N_("Edited")
    DELETED = "deleted", N_("Deleted")
    REORDERED = "reordered", N_("Reordered")
    GAP = "gap", N_("Seals taken out")
    CUT_OFF = "cut_off", N_("Cut off")
    REWRITTEN = "rewritten", N_("Chain rewritten")
    UNSEALED = "unsealed", N_("Never sealed")
    WAITING = "waiting", N_("Waiting too long for a seal")
    NO_HEAD = "no_head", N_("No head file")
    TOO_MANY = "too_many", N_("Too much to list")


class HeadState(Word):
    """How the last line of the head file stands to the chain."""

    EMPTY = "empty", N_("Nothing is sealed yet")
    AGREES = "agrees", N_("The head file agrees with the chain")
    BEHIND = "behind", N_("The head file agrees, and its next line is on its way")
    MISSING = "missing", N_("The head file cannot be read from here")
    CUT_OFF = "cut_off", N_("The chain ends before the last line of the head file: its end was cut off")
    DIFFERS = "differs", N_("The chain is not the one that the head file knows: it was rewritten")


KINDS: dict[str, str] = {
    "access.refused": N_("Was refused"),
    "account.signed_in": N_("Signed in"),
    "account.sign_in_failed": N_("Failed to sign in"),
    "audit.event_opened": N_("Opened an event of the audit log"),
    "records.listed": N_("Opened a list of records"),
}
"""What an auditor reads for the kind of an event."""

SUBJECTS: dict[str, str] = {
    "account": N_("Account"),
    "child": N_("Child"),
    "household": N_("Family"),
    "institution": N_("Institution"),
    "placement": N_("Placement"),
    "referral": N_("Referral"),
    "visit": N_("Visit"),
}


def kind_label(kind: str) -> str:
    """The words for what happened; a kind that no longer exists is shown as it was stored."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


def subject_label(kind: str | None) -> str:
    """The words for a kind of record."""
    return gettext(SUBJECTS[kind]) if kind in SUBJECTS else (kind or "")
