"""Reads a referral's hops back and says what of it the rules of the ladder could not have made."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from app.access.roles import Level
from app.children.words import ConcernType
from app.referrals.models import Referral, ReferralHop
from app.referrals.reach import receivers_of
from app.referrals.rules import CLOCKS, is_restricted, ladder_places, level_below, runs_out_at
from app.referrals.words import CLOSED, HopEnd, Outcome, ReferralStatus, Urgency

UP = {HopEnd.ESCALATED, HopEnd.ESCALATED_BY_CLOCK, HopEnd.ANSWERED}


def problems(
    referral: Referral,
    hops: Sequence[ReferralHop],
    offices: dict[UUID, tuple[str, int]],
    now: datetime,
) -> Iterator[str]:
    """`offices`: the role and place of each account."""
    places = ladder_places(referral.area_code)
    if [hop.seq for hop in hops] != list(range(1, len(hops) + 1)):
        yield "the hops are not counted through"
    held = [hop for hop in hops if not hop.is_copy]
    if hops[0].received_at != referral.filed_at:
        yield "the first level received it at another time than it was filed"
    for hop in hops:
        yield from _own(referral, hop, places, offices, now)
    for hop, following in pairwise(held):
        yield from _step(referral, hop, following)
    last = held[-1]
    if referral.level != last.level or referral.reached_level != max(hop.level for hop in held):
        yield "level or highest level differ from the hops"
    yield from _state(referral, held, hops)
    if referral.restricted < is_restricted(ConcernType(referral.concern)):
        yield "it should be restricted"


def _own(
    referral: Referral,
    hop: ReferralHop,
    places: dict[Level, int],
    offices: dict[UUID, tuple[str, int]],
    now: datetime,
) -> Iterator[str]:
    clock = CLOCKS[Urgency(referral.urgency), Level(hop.level)]
    if hop.place_code != places[Level(hop.level)] or hop.area_code != referral.area_code:
        yield "a hop is at another place than its level's"
    if (hop.acknowledge_due_at, hop.due_at) != (
        clock.acknowledge_due(hop.received_at),
        clock.resolve_due(hop.received_at),
    ):
        yield "a hop has another clock than its urgency's"
    times = [t for t in (hop.received_at, hop.acknowledged_at, hop.accepted_at, hop.ended_at) if t is not None]
    if times != sorted(times) or times[-1] > now:
        yield "the times of a hop are in disorder, or lie in the future"
    if (hop.accepted_at is not None and hop.acknowledged_at is None) or (hop.ended is None) != (hop.ended_at is None):
        yield "something of a hop is missing"
    theirs = {(role.value, place) for role, place, _level in receivers_of(referral.area_code, [Level(hop.level)])}
    for account in (hop.acknowledged_by, hop.accepted_by):
        if account is not None and offices[account] not in theirs:
            yield "somebody acted who does not hold the office"
        if account in referral.suspect_account_ids:
            yield "a suspect acted on it"
    runs_out = runs_out_at(hop.acknowledge_due_at, hop.due_at, acknowledged=hop.acknowledged_at is not None)
    if hop.ended == HopEnd.ESCALATED_BY_CLOCK and not (
        hop.ended_by is None and runs_out <= hop.ended_at <= runs_out + timedelta(minutes=1)
    ):
        yield "the clock moved it up at another time"
    above_nobody = hop.level == Level.NATIONAL or hop.is_copy
    if hop.ended_at is not None and not above_nobody and hop.ended_at > runs_out + timedelta(minutes=1):
        yield "a level held it for longer than the clock lets it"


def _step(referral: Referral, hop: ReferralHop, following: ReferralHop) -> Iterator[str]:
    ended = HopEnd(hop.ended)
    if following.received_at != hop.ended_at:
        yield "between two levels nobody had it"
    if ended in UP and following.level <= hop.level:
        yield "it went up and came down"
    if ended is HopEnd.RETURNED:
        below = level_below(Level(hop.level), referral.area_code, Level(referral.filed_level))
        if following.level != below or not hop.reason:
            yield "it was returned elsewhere, or without a question"
    if ended is HopEnd.ESCALATED and not hop.reason:
        yield "it was sent up without a reason"
    if ended is HopEnd.TAKEN_OVER and following.level != Level.DISTRICT:
        yield "somebody else than the district took it over"
    if ended not in UP | {HopEnd.RETURNED, HopEnd.TAKEN_OVER}:
        yield "it went on after its end"


def _state(referral: Referral, held: Sequence[ReferralHop], hops: Sequence[ReferralHop]) -> Iterator[str]:
    last, status = held[-1], ReferralStatus(referral.status)
    if status in CLOSED:
        if referral.due_at is not None or any(hop.ended_at is None for hop in hops):
            yield "it is over, and something still runs"
        if (status is ReferralStatus.RESOLVED) != (referral.resolved_at == last.ended_at):
            yield "it was resolved at another time"
        if status is ReferralStatus.RESOLVED and (last.acknowledged_at is None or referral.outcome not in set(Outcome)):
            yield "it was resolved unseen, or without an outcome"
        if status is ReferralStatus.WITHDRAWN and any(hop.acknowledged_at for hop in hops):
            yield "it was withdrawn although somebody had acted"
        return
    seen = last.acknowledged_at is not None
    if last.ended_at is not None or referral.due_at != runs_out_at(
        last.acknowledge_due_at, last.due_at, acknowledged=seen
    ):
        yield "its clock differs from that of the level that holds it"
    came_back = len(held) > 1 and held[-2].ended == HopEnd.RETURNED
    expected = ReferralStatus.RETURNED if came_back else ReferralStatus.SENT
    if seen:
        expected = ReferralStatus.ACCEPTED if last.accepted_at else ReferralStatus.ACKNOWLEDGED
    if status is not expected:
        yield f"it should be {expected}"
