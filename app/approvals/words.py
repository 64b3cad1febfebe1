"""What may need somebody's agreement, and how it stands."""

from app.core.i18n import N_
from app.core.words import Word


class ApprovalKind(Word):
    """What is to be approved."""

    ASSESSMENT = "assessment", N_("Assessment")
    DECISION = "decision", N_("Decision of the panel")
    RESIDENTIAL_ENTRY = "residential_entry", N_("Entry into residential care")
    PLAN = "plan", N_("Plan of the case")
    CLOSURE = "closure", N_("Closing the case")
    SHARING = "sharing", N_("Sharing against a refusal")
    FOSTER_FAMILY = "foster_family", N_("Foster family")
    CLOSURE_PLAN = "closure_plan", N_("Closure plan of an institution")
    MERGE = "merge", N_("Joining two records")


class ApprovalState(Word):
    """How an approval stands."""

    REQUESTED = "requested", N_("Waiting for approval")
    APPROVED = "approved", N_("Approved")
    RETURNED = "returned", N_("Returned")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
