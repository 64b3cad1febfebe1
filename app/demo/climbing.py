"""How a referral climbs in memory: hops, the clock that moves it up, who is told, and the rows in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.area import area_code_of
from app.access.roles import ROLE_LEVEL, Level
from app.children.words import AgeBand, ConcernType, Sex
from app.core.text import fold
from app.demo.draft import Draft, known
from app.demo.staff import Person, Staff
from app.referrals.models import Notice, Referral, ReferralHop
from app.referrals.rules import (
    CLOCKS,
    closed_levels,
    copy_level,
    first_level,
    is_restricted,
    ladder_places,
    level_above,
    runs_out_at,
    suspects_among,
)
from app.referrals.words import HopEnd, NoticeKind, Outcome, ReferralStatus, Urgency

_NOTICES_DAYS, _UNREAD_DAYS = 10, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What somebody files."""

    author: Person
    village: int
    concern: ConcernType
    urgency: Urgency
    narrative: str
    child: UUID | None = None
    child_is_restricted: bool = False
    sex: Sex | None = None
    band: AgeBand | None = None
    suspects: frozenset[UUID] = field(default=frozenset())
    suspect_name: str | None = None


class Climb:
    """A referral from its filing on, as the rules of the ladder move it."""

    def __init__(self, draft: Draft, staff: Staff, concern: Concern, filed_at: datetime) -> None:
        self.draft, self.staff, self.concern = draft, staff, concern
        self.id = draft.id()
        self.filed_at = filed_at
        self.area_code = area_code_of(concern.village)
        officers = staff.officers(self.area_code)
        words = fold(concern.suspect_name or "").split()
        self.suspect_words = words
        self.suspects = concern.suspects | suspects_among(officers, words, concern.author.account_id)
        self.closed = closed_levels(officers, self.suspects)
        self.filed_level = ROLE_LEVEL[concern.author.role]
        self.status = ReferralStatus.SENT
        self.hops: list[dict[str, Any]] = []
        self.notices: list[tuple[UUID, NoticeKind, datetime]] = []
        self.outcome: Outcome | None = None
        self.outcome_note: str | None = None
        self.resolved_at: datetime | None = None
        self.acts = 0
        first = first_level(self.filed_level, self.area_code, self.closed)
        self._arrive(first, filed_at)
        offices = {first: NoticeKind.RECEIVED}
        copied_to = copy_level(concern.urgency, first, self.closed)
        if copied_to is not None:
            self._arrive(copied_to, filed_at, is_copy=True)
            offices[copied_to] = NoticeKind.COPIED
        self._tell(filed_at, offices=offices, not_to=concern.author)

    @property
    def is_over(self) -> bool:
        """Whether nobody has anything to do with it any more."""
        return self.status in {ReferralStatus.RESOLVED, ReferralStatus.WITHDRAWN}

    @property
    def hop(self) -> dict[str, Any]:
        """The hop of the level that holds it."""
        return next(hop for hop in self.hops if hop["ended_at"] is None and not hop["is_copy"])

    @property
    def copy(self) -> dict[str, Any] | None:
        """The open hop of a district's copy."""
        return next((hop for hop in self.hops if hop["ended_at"] is None and hop["is_copy"]), None)

    @property
    def level(self) -> Level:
        """The level that holds it."""
        return Level(self.hop["level"])

    @property
    def due_at(self) -> datetime:
        """When it moves up by itself."""
        hop = self.hop
        acknowledged = hop["acknowledged_at"] is not None
        return runs_out_at(hop["acknowledge_due_at"], hop["due_at"], acknowledged=acknowledged)

    def after(self, hours: float) -> datetime:
        """So many hours after its holder received it."""
        received: datetime = self.hop["received_at"]
        return received + timedelta(hours=hours)

    def run_clock(self, until: datetime) -> None:
        """Moves it up as often as a level's time passed before a moment, as the worker does within a minute."""
        while not self.is_over and self.level < Level.NATIONAL and self.due_at < until:
            at = self.due_at + timedelta(seconds=self.draft.rng.randint(2, 58))
            if at >= until:
                return
            left = self.level
            above = self._up(HopEnd.ESCALATED_BY_CLOCK, at)
            offices = {above: NoticeKind.RECEIVED}
            if left is not Level.VILLAGE:
                offices[left] = NoticeKind.LOST_BY_CLOCK
            self._tell(at, author=NoticeKind.MOVED_UP_BY_CLOCK, offices=offices)

    def write(self, *, clock_until: datetime) -> UUID:
        """Lets the clock run up to a moment, and draws up the rows."""
        self.run_clock(clock_until)
        concern, draft = self.concern, self.draft
        draft.add(
            Referral,
            id=self.id,
            code=draft.code("REF"),
            concern=concern.concern.value,
            urgency=concern.urgency.value,
            status=self.status.value,
            level=max(self.hops, key=lambda hop: (not hop["is_copy"], hop["seq"]))["level"],
            filed_level=int(self.filed_level),
            reached_level=max(hop["level"] for hop in self.hops if not hop["is_copy"]),
            place_code=concern.village,
            area_code=self.area_code,
            child_id=concern.child,
            child_sex=concern.sex.value if concern.sex else None,
            child_age_band=concern.band.value if concern.band else None,
            narrative=concern.narrative,
            restricted=is_restricted(concern.concern, child_is_restricted=concern.child_is_restricted),
            suspect_name=concern.suspect_name,
            suspect_words=self.suspect_words,
            suspect_account_ids=sorted(self.suspects),
            author_account_id=concern.author.account_id,
            author_post_id=concern.author.post_id,
            filed_at=self.filed_at,
            due_at=None if self.is_over else self.due_at,
            resolved_at=self.resolved_at,
            outcome=self.outcome.value if self.outcome else None,
            outcome_note=self.outcome_note,
            created_at=self.filed_at,
            created_by=concern.author.account_id,
            version=1 + self.acts,
        )
        for hop in self.hops:
            draft.add(ReferralHop, referral_id=self.id, **hop)
        for account_id, kind, at in self.notices:
            if at > draft.now - timedelta(days=_NOTICES_DAYS):
                read_at = at + timedelta(hours=5) if at < draft.now - timedelta(days=_UNREAD_DAYS) else None
                draft.add(Notice, account_id=account_id, referral_id=self.id, kind=kind.value, at=at, read_at=read_at)
        return self.id

    def _arrive(self, level: Level, at: datetime, *, is_copy: bool = False) -> None:
        clock = CLOCKS[self.concern.urgency, level]
        self.hops.append(
            {
                "seq": len(self.hops) + 1,
                "level": int(level),
                "place_code": ladder_places(self.area_code).get(level, self.concern.village),
                "area_code": self.area_code,
                "is_copy": is_copy,
                "received_at": at,
                "acknowledge_due_at": clock.acknowledge_due(at),
                "due_at": clock.resolve_due(at),
                "acknowledged_at": None,
                "ended_at": None,
            }
        )

    def _seen(self, hop: dict[str, Any], who: Person, at: datetime) -> None:
        if hop["acknowledged_at"] is None:
            hop.update(acknowledged_at=at, acknowledged_by=who.account_id)

    def _end(
        self, hop: dict[str, Any], how: HopEnd, at: datetime, by: Person | None, reason: str | None = None
    ) -> None:
        hop.update(ended=how.value, ended_at=at, ended_by=by.account_id if by else None, reason=reason)

    def _move(
        self, to: Level, how: HopEnd, at: datetime, *, by: Person | None = None, reason: str | None = None
    ) -> None:
        copy = self.copy
        self._end(self.hop, how, at, by, reason)
        if copy is not None and copy["level"] == to:
            self._end(copy, HopEnd.JOINED, at, by)
        self.status = ReferralStatus.RETURNED if how is HopEnd.RETURNED else ReferralStatus.SENT
        self._arrive(to, at)

    def _up(self, how: HopEnd, at: datetime, *, by: Person | None = None, reason: str | None = None) -> Level:
        above = known(level_above(self.level, self.area_code, self.closed))
        self._move(above, how, at, by=by, reason=reason)
        self.acts += by is None
        return above

    def _close(self, status: ReferralStatus, how: HopEnd, at: datetime, by: Person, reason: str | None = None) -> None:
        for hop in self.hops:
            if hop["ended_at"] is None:
                self._end(hop, how, at, by, None if hop["is_copy"] else reason)
        self.status = status

    def _tell(
        self,
        at: datetime,
        *,
        author: NoticeKind | None = None,
        offices: Mapping[Level, NoticeKind] | None = None,
        not_to: Person | None = None,
    ) -> None:
        told = {(self.concern.author.account_id, author)} if author else set()
        for level, kind in (offices or {}).items():
            told |= {(person.account_id, kind) for person in self.staff.holders(level, self.area_code)}
        kept_from = self.suspects | ({not_to.account_id} if not_to else set())
        self.notices += [(account, kind, at) for account, kind in sorted(told) if account not in kept_from]
