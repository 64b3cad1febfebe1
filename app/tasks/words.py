"""What kinds of things are due, and why a task may never be done."""

from app.core.i18n import N_
from app.core.words import Word


class TaskKind(Word):
    """What is to be done."""

    VISIT = "visit", N_("Visit the child")
    IZU_CHECK = "izu_check", N_("Look in on the child")


class CancelReason(Word):
    """Why nobody does the task any more. A missed one still counts among what was due, the other does not."""

    PLACEMENT_ENDED = "placement_ended", N_("The placement ended before it was due")
    MISSED = "missed", N_("The placement ended after it was due and not done")


class Due(Word):
    """Where a task stands on My day."""

    OVERDUE = "overdue", N_("Overdue")
    TODAY = "today", N_("Today")
    THIS_WEEK = "this_week", N_("This week")
    LATER = "later", N_("Later")
