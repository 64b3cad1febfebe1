"""The steps of the way home and how each stands."""

from app.core.i18n import N_
from app.core.words import Word


class Show(Word):
    """What the story is narrowed to."""

    ALL = "all", N_("Everything")
    PLACEMENTS = "placements", N_("Placements")
    VISITS = "visits", N_("Visits")
    REFERRALS = "referrals", N_("Referrals")
    CASE = "case", N_("The case")
    PAPERS = "papers", N_("Papers and hand-overs")


class Step(Word):
    """What has to happen between the first word about a child and the day the file is closed, in its usual order."""

    CASE = "case", N_("Open the case")
    ASSESSMENT = "assessment", N_("Assess the child")
    TRACING = "tracing", N_("Find the family")
    DECISION = "decision", N_("Decide where the child will live")
    MATCHING = "matching", N_("Choose the family")
    PREPARATION = "preparation", N_("Prepare the child and the family")
    PLACEMENT = "placement", N_("Move into the family")
    PLAN = "plan", N_("Agree on the plan")
    VISITS = "visits", N_("Visit and see the child")
    REVIEW = "review", N_("Review the plan with the child")
    CLOSURE = "closure", N_("Close the case")


class Standing(Word):
    """How a step stands."""

    DONE = "done", N_("Done")
    WAITING = "waiting", N_("Waits for approval")
    UNDER_WAY = "under_way", N_("Under way")
    NEXT = "next", N_("Next")
    LATER = "later", N_("Later")
    NOT_NEEDED = "not_needed", N_("Not needed")
