"""What people do with a referral: the verbs of `app.referrals` once more, in memory and in the past.

Each act asks the same rules as the verb does; what they forbid is not done, nor what would lie in the future.
"""

from datetime import datetime

from app.access.roles import ROLE_LEVEL, Level
from app.demo.climbing import Climb
from app.demo.staff import Person
from app.referrals.rights import Standing, why_not
from app.referrals.rules import level_below
from app.referrals.words import HopEnd, NoticeKind, Outcome, ReferralStatus, Verb


class Told(Climb):
    """A referral with which somebody does something at a moment; before it the clock has run."""

    def acknowledge(self, at: datetime, *, by: Person | None = None) -> None:
        """The office has seen it; with `by` of the district it is its copy that was seen."""
        who = self._ready(Verb.ACKNOWLEDGE, at, by)
        if who is None:
            return
        hop = self.copy if self._acts_on_copy(who) else self.hop
        self._seen(hop or self.hop, who, at)
        if hop is self.hop:
            self.status = ReferralStatus.ACKNOWLEDGED
        self._tell(at, author=NoticeKind.ACKNOWLEDGED, not_to=who)

    def accept(self, at: datetime, *, by: Person | None = None) -> None:
        """The office begins to work on it; a district with a copy so takes it over."""
        who = self._ready(Verb.ACCEPT, at, by)
        if who is None:
            return
        taken_from = self.level if self._acts_on_copy(who) else None
        if taken_from is not None:
            self._move(Level.DISTRICT, HopEnd.TAKEN_OVER, at, by=who)
        self._seen(self.hop, who, at)
        self.hop.update(accepted_at=at, accepted_by=who.account_id)
        self.status = ReferralStatus.ACCEPTED
        offices = {taken_from: NoticeKind.TAKEN_OVER} if taken_from else {}
        self._tell(at, author=NoticeKind.ACCEPTED, offices=offices, not_to=who)

    def send_back(self, at: datetime, question: str) -> None:
        """The office returns it to the level below with a question; from the cell to its author."""
        who = self._ready(Verb.RETURN, at)
        below = level_below(self.level, self.area_code, self.filed_level) if who else None
        if who is None or below is None:
            return
        self._seen(self.hop, who, at)
        self._move(below, HopEnd.RETURNED, at, by=who, reason=question)
        if below is Level.VILLAGE:
            self._tell(at, author=NoticeKind.ASKED, not_to=who)
        else:
            self._tell(at, author=NoticeKind.MOVED_DOWN, offices={below: NoticeKind.RETURNED}, not_to=who)

    def answer(self, at: datetime, text: str) -> None:
        """Its author answers the question."""
        who = self._ready(Verb.ANSWER, at, self.concern.author)
        if who is not None:
            above = self._up(HopEnd.ANSWERED, at, by=who, reason=text)
            self._tell(at, offices={above: NoticeKind.ANSWERED}, not_to=who)

    def escalate(self, at: datetime, reason: str) -> None:
        """The office sends it up with a reason."""
        who = self._ready(Verb.ESCALATE, at)
        if who is None:
            return
        self._seen(self.hop, who, at)
        above = self._up(HopEnd.ESCALATED, at, by=who, reason=reason)
        self._tell(at, author=NoticeKind.MOVED_UP, offices={above: NoticeKind.RECEIVED}, not_to=who)

    def resolve(self, at: datetime, outcome: Outcome, note: str) -> None:
        """The office closes it with what came of it."""
        who = self._ready(Verb.RESOLVE, at)
        if who is None:
            return
        offices = {Level(self.copy["level"]): NoticeKind.CLOSED} if self.copy else {}
        self._close(ReferralStatus.RESOLVED, HopEnd.RESOLVED, at, who)
        self.outcome, self.outcome_note, self.resolved_at = outcome, note, at
        self._tell(at, author=NoticeKind.RESOLVED, offices=offices, not_to=who)

    def withdraw(self, at: datetime, reason: str) -> None:
        """Its author takes it back."""
        who = self._ready(Verb.WITHDRAW, at, self.concern.author)
        if who is None:
            return
        offices = {Level(hop["level"]): NoticeKind.WITHDRAWN for hop in self.hops if hop["ended_at"] is None}
        self._close(ReferralStatus.WITHDRAWN, HopEnd.WITHDRAWN, at, who, reason)
        self._tell(at, offices=offices, not_to=who)

    def _ready(self, verb: Verb, at: datetime, by: Person | None = None) -> Person | None:
        """Who does it, or None: in the future nobody, nor where the office is vacant or the rules say no."""
        if self.is_over or at > self.draft.now:
            return None
        self.run_clock(at)
        holders = [
            person
            for person in self.staff.holders(self.level, self.area_code)
            if person.account_id not in self.suspects
        ]
        who = by or (self.draft.pick(holders) if holders else None)
        if who is None or why_not(who.actor, verb, self._standing()) is not None:
            return None
        self.acts += 1
        return who

    def _standing(self) -> Standing:
        copy = self.copy
        return Standing(
            status=self.status,
            level=self.level,
            filed_level=self.filed_level,
            area_code=self.area_code,
            author_id=self.concern.author.account_id,
            touched=any(hop["acknowledged_at"] is not None for hop in self.hops),
            copy_open=copy is not None,
            copy_acknowledged=copy is not None and copy["acknowledged_at"] is not None,
        )

    def _acts_on_copy(self, who: Person) -> bool:
        return self.copy is not None and ROLE_LEVEL.get(who.role) is Level.DISTRICT
