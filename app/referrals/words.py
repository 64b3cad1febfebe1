"""The vocabularies of referrals, in the order in which a volunteer should find them."""

from app.access.roles import Level
from app.core.i18n import N_
from app.core.words import Word


class Urgency(Word):
    """How soon somebody must act."""

    EMERGENCY = "emergency", N_("Emergency")
    HIGH = "high", N_("High")
    MEDIUM = "medium", N_("Medium")
    LOW = "low", N_("Low")


URGENCY_HINTS: dict[Urgency, str] = {
    Urgency.EMERGENCY: N_("The child is in danger now, or was abused sexually in the last three days"),
    Urgency.HIGH: N_("The child may be hurt soon: somebody should act today"),
    Urgency.MEDIUM: N_("The child suffers: somebody should act in the next three days"),
    Urgency.LOW: N_("The family needs help: this week is soon enough"),
}
"""What an urgency means, for whoever has to choose one."""


class ReferralStatus(Word):
    """How far the level that holds a referral has come with it."""

    SENT = "sent", N_("Sent")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    ACCEPTED = "accepted", N_("Accepted")
    RETURNED = "returned", N_("Returned")
    RESOLVED = "resolved", N_("Resolved")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


CLOSED = frozenset({ReferralStatus.RESOLVED, ReferralStatus.WITHDRAWN})


class Verb(Word):
    """What can be done with a referral: the words of its buttons, of the API and of the log."""

    ACKNOWLEDGE = "acknowledge", N_("Acknowledge")
    ACCEPT = "accept", N_("Accept")
    RETURN = "return", N_("Return")
    ESCALATE = "escalate", N_("Escalate")
    RESOLVE = "resolve", N_("Resolve")
    WITHDRAW = "withdraw", N_("Withdraw")
    ANSWER = "answer", N_("Answer")


class Outcome(Word):
    """What came of a referral that was resolved."""

    SERVICE_PROVIDED = "service_provided", N_("The child was helped")
    PARTLY = "partly", N_("The child was helped in part")
    CASE_OPENED = "case_opened", N_("A case was opened: a social worker follows the child")
    REFERRED_ONWARD = "referred_onward", N_("Another service has taken it over")
    SERVICE_UNAVAILABLE = "service_unavailable", N_("The help that is needed does not exist here")
    REFUSED_BY_FAMILY = "refused_by_family", N_("The family did not want help")
    NOT_ELIGIBLE = "not_eligible", N_("The help that was asked for is not meant for this child")
    CHILD_NOT_FOUND = "child_not_found", N_("The child was not found")


OF_A_SERVICE = tuple(outcome for outcome in Outcome if outcome is not Outcome.CASE_OPENED)
"""What may come of a service that was asked for: a case stands open already."""


class HopEnd(Word):
    """How a level's time with a referral ended."""

    RETURNED = "returned", N_("Returned")
    ANSWERED = "answered", N_("Answered")
    ESCALATED = "escalated", N_("Escalated")
    ESCALATED_BY_CLOCK = "escalated_by_clock", N_("Moved up when its time had passed")
    TAKEN_OVER = "taken_over", N_("Taken over by the district")
    JOINED = "joined", N_("The copy and the referral came together")
    RESOLVED = "resolved", N_("Resolved")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class NoticeKind(Word):
    """Why somebody is told of a referral."""

    RECEIVED = "received", N_("A referral waits for your office")
    COPIED = "copied", N_("An emergency: your district sees it at the same time as the office that holds it")
    ANSWERED = "answered", N_("Your question was answered, and the referral is back with you")
    RETURNED = "returned", N_("A referral was returned to your office with a question")
    ASKED = "asked", N_("Your referral was returned to you with a question")
    ACKNOWLEDGED = "acknowledged", N_("Your referral was seen")
    ACCEPTED = "accepted", N_("Somebody works on your referral")
    MOVED_DOWN = "moved_down", N_("Your referral was returned to an office nearer to you")
    MOVED_UP = "moved_up", N_("Your referral was sent to the next office")
    MOVED_UP_BY_CLOCK = (
        "moved_up_by_clock",
        N_("Your referral moved up to the next office, because it waited too long"),
    )
    LOST_BY_CLOCK = "lost_by_clock", N_("A referral left your office, because its time had passed")
    TAKEN_OVER = "taken_over", N_("The district has taken over a referral of your office")
    RESOLVED = "resolved", N_("Your referral was resolved")
    CLOSED = "closed", N_("A referral that your office has a copy of was closed")
    WITHDRAWN = "withdrawn", N_("A referral that waited for your office was withdrawn by its author")
    OVERDUE = "overdue", N_("The time for a referral of your office has passed, and no office is above it")


class Rung(Word):
    """The levels of the ladder, as the API and people call them."""

    VILLAGE = "village", N_("Village")
    CELL = "cell", N_("Cell")
    SECTOR = "sector", N_("Sector")
    DISTRICT = "district", N_("District")
    NATIONAL = "national", N_("Nation")

    @property
    def level(self) -> Level:
        """The number of this rung."""
        return Level[self.name]

    @classmethod
    def of(cls, level: int) -> "Rung":
        """The rung of a stored number."""
        return cls[Level(level).name]
