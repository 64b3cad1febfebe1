"""How a referral moves: a level's time with it ends, another's begins, and whoever must know is told.

Every function changes rows that its caller has locked; nothing here asks who may.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, func, insert, literal, select, tuple_, union
from sqlalchemy import Uuid as UuidType
from sqlalchemy.orm import Session

from app.access.roles import Level
from app.core import clock
from app.people.models import Account, Appointment, Post
from app.people.queries import held_on
from app.places.schemas import ResolvedPlace
from app.referrals.models import LadderClock, Notice, Referral, ReferralHop
from app.referrals.reach import officers_of, receivers_of
from app.referrals.rules import CLOCKS, Clock, closed_levels, ladder_places, runs_out_at, suspects_among
from app.referrals.words import HopEnd, NoticeKind, ReferralStatus, Urgency

_CLOCKS = select(LadderClock.level, LadderClock.acknowledge_hours, LadderClock.resolve_hours).where(
    LadderClock.urgency == bindparam("urgency")
)


def clocks_of(db: Session, urgency: str) -> dict[Level, Clock]:
    """How long each level may hold a referral of an urgency: as the programme set it, or the default."""
    rows = db.execute(_CLOCKS, {"urgency": urgency})
    set_ones = {Level(row.level): Clock(row.acknowledge_hours, row.resolve_hours) for row in rows}
    return {level: CLOCKS[Urgency(urgency), level] for level in Level} | set_ones


def hops_of(db: Session, referral_id: UUID) -> list[ReferralHop]:
    """All hops of a referral, the first one first."""
    statement = select(ReferralHop).where(ReferralHop.referral_id == referral_id).order_by(ReferralHop.seq)
    return list(db.scalars(statement.execution_options(populate_existing=True)))


def open_hop(hops: Iterable[ReferralHop]) -> ReferralHop:
    """The hop of the level that holds the referral."""
    return next(hop for hop in hops if hop.ended_at is None and not hop.is_copy)


def open_copy(hops: Iterable[ReferralHop]) -> ReferralHop | None:
    """The hop of the district's copy, while it is one."""
    return next((hop for hop in hops if hop.ended_at is None and hop.is_copy), None)


def keep_from_suspects(db: Session, referral: Referral) -> frozenset[Level]:
    """Looks again who of today's officers the suspect's name may mean; returns the levels that are all suspects."""
    if not referral.suspect_words and not referral.suspect_account_ids:
        return frozenset()
    officers = officers_of(db, referral.area_code, clock.today())
    known = set(referral.suspect_account_ids)
    found = suspects_among(officers, referral.suspect_words, referral.author_account_id)
    if found - known:
        referral.suspect_account_ids = sorted(known | found)
    return closed_levels(officers, known | found)


def begin(place: ResolvedPlace | Referral, level: Level, held: Clock, at: datetime) -> dict[str, Any]:
    """What is known of a level's time with a referral of a place when it begins."""
    return {
        "level": int(level),
        # A village that no list knows stands under its cell's code.
        "place_code": ladder_places(place.area_code).get(level, place.place_code),
        "area_code": place.area_code,
        "received_at": at,
        "acknowledge_due_at": held.acknowledge_due(at),
        "due_at": held.resolve_due(at),
    }


def arrive(db: Session, referral: Referral, hops: list[ReferralHop], level: Level, at: datetime) -> ReferralHop:
    """Begins a level's time with a referral."""
    begun = begin(referral, level, clocks_of(db, referral.urgency)[level], at)
    hop = ReferralHop(referral_id=referral.id, seq=max(hop.seq for hop in hops) + 1, is_copy=False, **begun)
    db.add(hop)
    hops.append(hop)
    referral.level = int(level)
    referral.reached_level = max(referral.reached_level, int(level))
    reset_clock(referral, hop)
    return hop


def reset_clock(referral: Referral, hop: ReferralHop) -> None:
    """Repeats on the referral when its holder's time runs out."""
    referral.due_at = runs_out_at(hop.acknowledge_due_at, hop.due_at, acknowledged=hop.acknowledged_at is not None)


def acknowledged(hop: ReferralHop, by: UUID, at: datetime) -> None:
    """Notes that a level has seen a referral; whoever acts on it has."""
    if hop.acknowledged_at is None:
        hop.acknowledged_at, hop.acknowledged_by = at, by


def end(hop: ReferralHop, how: HopEnd, at: datetime, *, by: UUID | None = None, reason: str | None = None) -> None:
    """Ends a level's time with a referral."""
    hop.ended, hop.ended_at, hop.ended_by, hop.reason = how.value, at, by, reason or None


def move(
    db: Session,
    referral: Referral,
    hops: list[ReferralHop],
    to: Level,
    how: HopEnd,
    at: datetime,
    *,
    by: UUID | None = None,
    reason: str | None = None,
) -> ReferralHop:
    """Ends the holder's time and begins that of another level; a copy that is there already becomes part of it."""
    end(open_hop(hops), how, at, by=by, reason=reason)
    copy = open_copy(hops)
    if copy is not None and copy.level == to:
        end(copy, HopEnd.JOINED, at, by=by)
    referral.status = (ReferralStatus.RETURNED if how is HopEnd.RETURNED else ReferralStatus.SENT).value
    return arrive(db, referral, hops, to, at)


def close(
    referral: Referral,
    hops: list[ReferralHop],
    status: ReferralStatus,
    how: HopEnd,
    at: datetime,
    *,
    by: UUID,
    reason: str | None = None,
) -> None:
    """Ends all that is open: nothing waits any longer, and no clock runs."""
    for hop in hops:
        if hop.ended_at is None:
            end(hop, how, at, by=by, reason=None if hop.is_copy else reason)
    referral.status = status.value
    referral.due_at = None


def tell(
    db: Session,
    referral: Referral,
    at: datetime,
    *,
    author: NoticeKind | None = None,
    offices: Mapping[Level, NoticeKind] | None = None,
    not_to: UUID | None = None,
) -> None:
    """Writes the notices, in one statement: to the author and to whoever holds a post of an office today.

    Never to a suspect, and not to whoever did it (`not_to`).
    """
    db.flush()
    told = []
    if author is not None:
        told.append(
            select(
                literal(referral.author_account_id, UuidType).label("account_id"),
                literal(author.value, String).label("kind"),
            )
        )
    # One SELECT a kind of notice, not a VALUES list: SQLAlchemy would compile that anew each time.
    for level, kind in (offices or {}).items():
        posts = [(role.value, place) for role, place, _level in receivers_of(referral.area_code, [level])]
        if posts:
            told.append(
                select(Account.id.label("account_id"), literal(kind.value, String).label("kind"))
                .join(Appointment, Appointment.account_id == Account.id)
                .join(Post, Post.id == Appointment.post_id)
                .where(
                    tuple_(Post.role, Post.place_code).in_(posts),
                    held_on(clock.today()),
                    Account.disabled_at.is_(None),
                )
            )
    if not told:
        return
    people = union(*told).subquery()
    kept_from = [*referral.suspect_account_ids, *([not_to] if not_to else [])]
    db.execute(
        insert(Notice).from_select(
            ["id", "account_id", "referral_id", "kind", "at"],
            select(
                func.gen_random_uuid(),
                people.c.account_id,
                literal(referral.id, UuidType),
                people.c.kind,
                literal(at, Notice.at.type),
            ).where(people.c.account_id.not_in(kept_from)),
        )
    )
