"""What kinds of things are due, and why a task may never be done."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class TaskKind(Word):
    """What is to be done."""

    VISIT = "visit", N_("Visit the child")
    IZU_CHECK = "izu_check", N_("Look in on the child")
    SEE_CHILD = "see_child", N_("See the child")
    ASSESS = "assess", N_("Assess the child")
    PLAN = "plan", N_("Write the plan")
    REVIEW = "review", N_("Review the plan with the child")
    PLAN_ACTION = "plan_action", N_("Do what the plan says")
    SERVICE = "service", N_("Ask what became of the service")
    READ_ANSWER = "read_answer", N_("Read what came of the service")
    TRACE = "trace", N_("Follow the trace of the family")
    PREPARE = "prepare", N_("Prepare the placement")
    DECIDE_AGAIN = "decide_again", N_("Decide again where the child will live")
    CORRECT = "correct", N_("Correct what was returned")
    ACCEPT_TRANSFER = "accept_transfer", N_("Answer the transfer of a case")
    READ_HANDOVER = "read_handover", N_("Read the hand-over")
    CONFERENCE = "conference", N_("Do what the case conference agreed")
    FOLLOW_WORRY = "follow_worry", N_("Look into a worry")
    AFTERCARE = "aftercare", N_("Ask how life goes after the case")
    FIND_AGAIN = "find_again", N_("Try to reach the child again")
    RENEW_FAMILY = "renew_family", N_("Renew the approval of a foster family")
    CHECK_CLAIM = "check_claim", N_("Check what an institution reported")
    ANSWER_DUPLICATE = "answer_duplicate", N_("Say whether two records are one child")
    READ_DUPLICATE = "read_duplicate", N_("Read whether two records are one child")

    @property
    def why(self) -> str | None:
        """Why it is on somebody's list, for those kinds whose reason is always the same."""
        reason = _WHY.get(self.value)
        return gettext(reason) if reason else None


_WHY = {
    "see_child": N_("The risk asks for it"),
    "assess": N_("The case waits for the assessment; at high risk the supervisor approves it"),
    "plan": N_("The case has no plan yet"),
    "review": N_("A plan is reviewed at least every three months"),
    "plan_action": N_("The plan gives it to you until this day"),
    "service": N_("A service was asked for, and no answer has come"),
    "read_answer": N_("The provider has answered you"),
    "trace": N_("The search for the family goes on"),
    "prepare": N_("The child and the family are not prepared yet"),
    "decide_again": N_("It is not decided yet where the child will live"),
    "correct": N_("It was sent back with a reason"),
    "accept_transfer": N_("Another district gives this case to yours"),
    "read_handover": N_("The case came to you from another worker"),
    "conference": N_("A case conference gave it to you"),
    "follow_worry": N_("A visit brought a worry"),
    "aftercare": N_("The case is closed, and somebody still asks"),
    "find_again": N_("The contact is lost"),
    "renew_family": N_("The approval ends soon"),
    "check_claim": N_("A claim counts only when a worker has checked it"),
    "answer_duplicate": N_("A worker elsewhere thinks that it may be the same child"),
    "read_duplicate": N_("The worker of the other record has answered you"),
}


class CancelReason(Word):
    """Why nobody does the task any more. A missed one still counts among what was due, the other does not."""

    PLACEMENT_ENDED = "placement_ended", N_("The placement ended before it was due")
    MISSED = "missed", N_("The placement ended after it was due and not done")
    NOT_NEEDED = "not_needed", N_("It is not needed any more")


class Due(Word):
    """Where a task stands on My day."""

    OVERDUE = "overdue", N_("Overdue")
    TODAY = "today", N_("Today")
    THIS_WEEK = "this_week", N_("This week")
    LATER = "later", N_("Later")
