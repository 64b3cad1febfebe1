"""What the auditor reads for the codes of the log."""

from app.audit.events import EVENT_KINDS
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
    "account.appointed": N_("Appointed somebody to a post"),
    "account.appointment_ended": N_("Ended an appointment"),
    "account.changed": N_("Changed an account"),
    "account.created": N_("Created an account"),
    "account.disabled": N_("Disabled an account"),
    "account.enabled": N_("Enabled an account"),
    "account.language_chosen": N_("Chose a language"),
    "account.moved": N_("Moved somebody to another post"),
    "account.password_changed": N_("Changed the password"),
    "account.password_reset": N_("Gave a temporary password"),
    "account.post_switched": N_("Went on in another post"),
    "account.sessions_ended": N_("Ended sessions"),
    "account.sign_in_failed": N_("Failed to sign in"),
    "account.signed_in": N_("Signed in"),
    "account.signed_out": N_("Signed out"),
    "audit.event_opened": N_("Opened an event of the audit log"),
    "child.assigned": N_("Assigned a child"),
    "child.changed": N_("Changed a child's record"),
    "child.opened": N_("Opened a child's file"),
    "child.openings_read": N_("Looked at who opened a child's file"),
    "child.registered": N_("Registered a child"),
    "child.restricted": N_("Restricted a child's record, or lifted that"),
    "child.unsealed": N_("Saw a child's name, with a reason"),
    "demonstration.loaded": N_("Loaded the demonstration"),
    "household.changed": N_("Changed a family's record"),
    "household.opened": N_("Opened a family's file"),
    "household.registered": N_("Registered a family"),
    "indicator.records_opened": N_("Opened the list behind a number"),
    "institution.changed": N_("Changed an institution's record"),
    "institution.registered": N_("Registered an institution"),
    "placement.ended": N_("Ended a placement"),
    "placement.opened": N_("Opened a placement"),
    "placement.started": N_("Started a placement"),
    "places.loaded": N_("Loaded a list of places"),
    "post.opened": N_("Opened a post"),
    "records.listed": N_("Opened a list of records"),
    "referral.accepted": N_("Accepted a referral"),
    "referral.acknowledged": N_("Acknowledged a referral"),
    "referral.answered": N_("Answered a question about a referral"),
    "referral.escalated": N_("Escalated a referral"),
    "referral.filed": N_("Filed a referral"),
    "referral.opened": N_("Opened a referral's file"),
    "referral.overdue": N_("Was told of an overdue referral"),
    "referral.resolved": N_("Resolved a referral"),
    "referral.returned": N_("Returned a referral"),
    "referral.withdrawn": N_("Withdrew a referral"),
    "visit.logged": N_("Logged a visit"),
    "visit.opened": N_("Opened a visit"),
}
"""What an auditor reads for the kind of an event that does not say it itself; a test holds that none is missing."""

SUBJECTS: dict[str, str] = {
    "account": N_("Account"),
    "census": N_("Census"),
    "child": N_("Child"),
    "claim": N_("Report of an institution"),
    "household": N_("Family"),
    "institution": N_("Institution"),
    "post": N_("Post"),
    "provider": N_("Provider"),
    "referral": N_("Referral"),
}


def kind_label(kind: str) -> str:
    """The words for what happened; a kind that no longer exists is shown as it was stored."""
    event = EVENT_KINDS.get(kind)
    words = KINDS.get(kind) or (event.words if event else None)
    return gettext(words) if words else kind


def subject_label(kind: str | None) -> str:
    """The words for a kind of record."""
    return gettext(SUBJECTS[kind]) if kind in SUBJECTS else (kind or "")
