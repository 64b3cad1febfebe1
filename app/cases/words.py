"""The words of a case: its steps, its risk, its tiers, how it moves and how it ends."""

from app.core.i18n import N_, gettext
from app.core.words import Word


class CaseState(Word):
    """Where a case stands among the six steps."""

    REGISTERED = "registered", N_("Registered")
    ASSESSED = "assessed", N_("Assessed")
    PLANNED = "planned", N_("Planned")
    IN_IMPLEMENTATION = "in_implementation", N_("In implementation")
    UNDER_FOLLOW_UP = "under_follow_up", N_("Under follow-up")
    CLOSED = "closed", N_("Closed")


class Risk(Word):
    """How much danger the child is in; it starts the clock of the first answer."""

    HIGH = "high", N_("High risk")
    MEDIUM = "medium", N_("Medium risk")
    LOW = "low", N_("Low risk")


RISK_HINTS: dict[Risk, str] = {
    Risk.HIGH: N_("The child may be hurt or is alone: somebody must act at once"),
    Risk.MEDIUM: N_("The child suffers, and is not in danger today"),
    Risk.LOW: N_("The family needs help, and the child is safe"),
}


class Tier(Word):
    """Who holds a case: a sector with its volunteers under a worker's eye, or a professional."""

    SECTOR = "sector", N_("Held by the sector, supervised by a social worker")
    PROFESSIONAL = "professional", N_("Held by a social worker or psychologist")


class Source(Word):
    """Through whom a concern was identified."""

    VOLUNTEER = "volunteer", N_("A friend of the family (IZU)")
    WORKER = "worker", N_("A social worker or psychologist")
    LOCAL_AUTHORITY = "local_authority", N_("A local authority")
    INSTITUTION = "institution", N_("An institution")
    SCHOOL = "school", N_("A school")
    HEALTH = "health", N_("A health centre or hospital")
    POLICE = "police", N_("RIB, police or Isange")
    FAMILY = "family", N_("The family")
    CHILD = "child", N_("The child")
    NEIGHBOUR = "neighbour", N_("A neighbour or somebody else in the village")
    HELPLINE = "helpline", N_("A helpline")
    OTHER = "other", N_("Somebody else")


class CaseContactKind(Word):
    """How somebody tried to reach a child or a family."""

    VISIT = "visit", N_("Went there")
    PHONE = "phone", N_("By telephone")
    OFFICE = "office", N_("At the office")
    THROUGH_OTHERS = "through_others", N_("Through neighbours, school or a local leader")


class ContactOutcome(Word):
    """What came of an attempt."""

    CHILD_SEEN = "child_seen", N_("The child was seen")
    REACHED = "reached", N_("Somebody was reached, the child was not seen")
    NOT_REACHED = "not_reached", N_("Nobody was reached")


class Aftermath(Word):
    """How life goes after a case was closed."""

    WELL = "well", N_("It goes well")
    WORRIES = "worries", N_("There are worries")
    NEEDS_HELP = "needs_help", N_("Help is needed again")


class ClosingReason(Word):
    """Why a case is closed."""

    GOALS_MET = "goals_met", N_("The goals are met, and the child is well cared for")
    AGED_OUT = "aged_out", N_("Grown up and living an own life")
    MOVED_OUT_TRANSFERRED = "moved_out_transferred", N_("Moved out of the country or the programme")
    TRANSFERRED_TO_OTHER_AGENCY = "transferred_to_other_agency", N_("Another organisation goes on")
    FAMILY_DECLINED = "family_declined", N_("The family does not wish to go on")
    LOST_CONTACT = "lost_contact", N_("The contact is lost")
    MISSING = "missing", N_("The child is missing")
    CHILD_DIED = "child_died", N_("The child died")
    DUPLICATE = "duplicate", N_("The child has another record")
    NOT_A_CASE = "not_a_case", N_("It turned out not to be a case")

    @property
    def hint(self) -> str | None:
        """What this reason asks for, where it asks for something."""
        words = _CLOSING_HINTS.get(self.value)
        return gettext(words) if words else None


_CLOSING_HINTS = {
    "goals_met": N_("The placement is stable and the reviews are done; the supervisor approves"),
    "aged_out": N_("Eighteen or older; the supervisor approves"),
    "lost_contact": N_("Only after the attempts to reach the child are recorded; the supervisor approves"),
    "missing": N_("Reported to RIB; the supervisor approves"),
    "child_died": N_("Closes at once"),
    "duplicate": N_("Closes at once; write the code of the record that goes on"),
    "not_a_case": N_("Closes at once while the case is registered or assessed; later the supervisor approves"),
}


class ClosingCondition(Word):
    """What should be so before a case is closed because all is well."""

    LIVES_SOMEWHERE = "lives_somewhere", N_("Where the child lives is recorded")
    OUT_OF_INSTITUTION = "out_of_institution", N_("The child lives in no institution any more")
    STABLE = "stable", N_("The placement has lasted three months")
    FOLLOWED_UP = "followed_up", N_("The case is under follow-up")
    REVIEWED = "reviewed", N_("No review and no visit is overdue")
    SERVED = "served", N_("Nothing that was promised is still open")


class TransferState(Word):
    """How a transfer stands."""

    REQUESTED = "requested", N_("Waiting for the other district")
    ACCEPTED = "accepted", N_("Accepted")
    DECLINED = "declined", N_("Declined")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class StepKind(Word):
    """What changed in a case, for its history."""

    OPENED = "opened", N_("Opened the case")
    ADVANCED = "advanced", N_("Went on")
    WENT_BACK = "went_back", N_("Went back a step")
    TO_SECTOR = "to_sector", N_("Given to the sector")
    TO_PROFESSIONAL = "to_professional", N_("Taken back from the sector")
    TRANSFERRED = "transferred", N_("Moved to another district")
    CLOSED = "closed", N_("Closed the case")
    REOPENED = "reopened", N_("Opened the case again")
