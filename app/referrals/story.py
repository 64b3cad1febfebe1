"""What happened to a referral and where it is, in whole sentences that a volunteer understands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.roles import Level
from app.children.words import AgeBand, Sex
from app.core import clock
from app.core.formats import clock_time, duration, instant, moment
from app.core.i18n import N_
from app.core.i18n import gettext as _
from app.referrals.models import ReferralHop
from app.referrals.schemas import ReferralDetail, ReferralRow
from app.referrals.words import HopEnd, ReferralStatus, Rung, Verb

# Where it is

_WAITING = {
    Level.CELL: N_("Waiting for the cell for %(time)s"),
    Level.SECTOR: N_("Waiting for the sector for %(time)s"),
    Level.DISTRICT: N_("Waiting for the district for %(time)s"),
    Level.NATIONAL: N_("Waiting for the nation for %(time)s"),
}
_SEEN = {
    Level.CELL: N_("The cell has seen it and has had it for %(time)s"),
    Level.SECTOR: N_("The sector has seen it and has had it for %(time)s"),
    Level.DISTRICT: N_("The district has seen it and has had it for %(time)s"),
    Level.NATIONAL: N_("The nation has seen it and has had it for %(time)s"),
}
_WORKED_ON = {
    Level.CELL: N_("The cell has worked on it for %(time)s"),
    Level.SECTOR: N_("The sector has worked on it for %(time)s"),
    Level.DISTRICT: N_("The district has worked on it for %(time)s"),
    Level.NATIONAL: N_("The nation has worked on it for %(time)s"),
}


def where_it_is(row: ReferralRow, now: datetime) -> str:
    """Who has a referral and since when, or what came of it: "Waiting for the sector for 2 days"."""
    if row.status is ReferralStatus.RESOLVED:
        return row.outcome.label if row.outcome else _("Resolved")
    if row.status is ReferralStatus.WITHDRAWN:
        return _("Withdrawn by its author")
    since = {"time": duration(max(now - row.received_at, timedelta(minutes=1)))}
    level = row.level.level
    if level is Level.VILLAGE:
        if row.is_mine:
            return _("Returned to you with a question %(time)s ago") % since
        return _("Waiting for its author's answer for %(time)s") % since
    sentences = {ReferralStatus.ACKNOWLEDGED: _SEEN, ReferralStatus.ACCEPTED: _WORKED_ON}
    return _(sentences.get(row.status, _WAITING)[level]) % since


_MOVES_AFTER = N_("If nobody acts by %(time)s, it moves up to the next office by itself.")


def what_then(detail: ReferralDetail, now: datetime) -> str | None:
    """What an author may rely on: that a referral moves up by itself; None where it does not."""
    if not detail.is_mine or detail.due_at is None or detail.due_at < now:
        return None
    if detail.level in {Rung.VILLAGE, Rung.NATIONAL}:
        return None
    return _(_MOVES_AFTER) % {"time": moment(detail.due_at)}


def how_late(row: ReferralRow, now: datetime) -> str | None:
    """How long its time has passed, "Late by 3 days", or None where the time has not passed."""
    if row.due_at is None or row.due_at >= now:
        return None
    return _("Late by %(time)s") % {"time": duration(now - row.due_at)}


_GROWN_UP = frozenset({AgeBand.YOUTH, AgeBand.ADULT})


def child_words(sex: Sex | None, age_band: AgeBand | None) -> str:
    """The child as a neighbour would say it, "Girl, 6 to 9 years"; empty where nothing is known."""
    words = {Sex.FEMALE: _("Girl"), Sex.MALE: _("Boy")}
    named = sex and (sex.label if age_band in _GROWN_UP else words[sex])
    return ", ".join(filter(None, (named, age_band.label if age_band else None)))


# Where it was sent

_SENT_TO = {
    Level.VILLAGE: N_("Sent back to the author."),
    Level.CELL: N_("Sent to the cell."),
    Level.SECTOR: N_("Sent to the sector."),
    Level.DISTRICT: N_("Sent to the district."),
    Level.NATIONAL: N_("Sent to the nation."),
}
_ESCALATE_TO = {
    Level.SECTOR: N_("Escalate to the sector"),
    Level.DISTRICT: N_("Escalate to the district"),
    Level.NATIONAL: N_("Escalate to the nation"),
}
_SEND_TO = {
    Level.CELL: N_("Send to the cell"),
    Level.SECTOR: N_("Send to the sector"),
    Level.DISTRICT: N_("Send to the district"),
    Level.NATIONAL: N_("Send to the nation"),
}
_RETURN_TO = {
    Level.VILLAGE: N_("Return to the volunteer"),
    Level.CELL: N_("Return to the cell"),
    Level.SECTOR: N_("Return to the sector"),
    Level.DISTRICT: N_("Return to the district"),
}


def sent_to(level: Level) -> str:
    """A sentence for after a referral went to a level."""
    return _(_SENT_TO[level])


def send_to(level: Level) -> str:
    """The words of the button that files a referral to a level."""
    return _(_SEND_TO[level])


def escalate_to(level: Level) -> str:
    """The words of the button that sends a referral up to a level."""
    return _(_ESCALATE_TO[level])


def return_to(level: Level) -> str:
    """The words of the button that sends a referral down to a level."""
    return _(_RETURN_TO[level])


# Its way up the ladder


def rungs_of(detail: ReferralDetail, offices: Mapping[Level, str], now: datetime) -> list[dict[str, Any]]:
    """The five rungs as the picture of the ladder draws them, the village first."""
    return [_rung(detail, rung, offices.get(rung.level), now) for rung in Rung]


def _rung(detail: ReferralDetail, rung: Rung, office: str | None, now: datetime) -> dict[str, Any]:
    times = [hop for hop in detail.hops if hop.level is rung]
    drawn: dict[str, Any] = {"level": rung, "place": office}
    if rung is Rung.VILLAGE and not times:
        if Rung.of(detail.filed_level) is not rung:
            return drawn | {"state": "skipped"}
        sent = {"holder": detail.author, "received_at": detail.filed_at, "received_word": _("Sent")}
        return drawn | {"state": "passed"} | sent
    if not times:
        below = rung.level < max(hop.level.level for hop in detail.hops if not hop.is_copy)
        return drawn | {"state": "skipped" if below else "ahead"}
    hop = times[-1]
    closed_here = hop.ended in {HopEnd.RESOLVED, HopEnd.WITHDRAWN} and not hop.is_copy
    state = "closed" if closed_here else "passed"
    if hop.ended_at is None:
        state = "copy" if hop.is_copy else "holding"
    return drawn | {
        "state": state,
        "place": office or hop.place,
        "holder": detail.author if rung is Rung.VILLAGE else hop.accepted_by or hop.acknowledged_by,
        "received_at": hop.received_at,
        "acknowledged_at": hop.acknowledged_at,
        "left_at": hop.ended_at,
        "due_at": hop.due_at if hop.acknowledged_at else hop.acknowledge_due_at,
        "outcome": hop.ended.label if hop.ended else None,
        "late": state == "holding" and detail.due_at is not None and detail.due_at < now,
    }


_ICONS = {
    HopEnd.RETURNED: "undo-2",
    HopEnd.ANSWERED: "message-square",
    HopEnd.ESCALATED: "arrow-up",
    HopEnd.ESCALATED_BY_CLOCK: "clock",
    HopEnd.TAKEN_OVER: "hand",
    HopEnd.JOINED: "copy",
    HopEnd.RESOLVED: "circle-check",
    HopEnd.WITHDRAWN: "x",
}


def history_of(detail: ReferralDetail) -> list[dict[str, Any]]:
    """All that happened, the newest first, as the timeline draws it."""
    told = [{"when": detail.filed_at, "title": _("Filed"), "who": detail.author, "icon": "send"}]
    for hop in detail.hops:
        office = f"{hop.level.label}, {hop.place}"
        for when, word, who, icon in (
            (hop.acknowledged_at, Verb.ACKNOWLEDGE, hop.acknowledged_by, "eye"),
            (hop.accepted_at, Verb.ACCEPT, hop.accepted_by, "hand-heart"),
        ):
            if when is not None:
                title = ReferralStatus.ACKNOWLEDGED if word is Verb.ACKNOWLEDGE else ReferralStatus.ACCEPTED
                told.append({"when": when, "title": title.label, "who": _who(who, office), "icon": icon})
        if hop.ended_at is not None and hop.ended is not None and not (hop.is_copy and hop.ended in CLOSING):
            told.append(
                {
                    "when": hop.ended_at,
                    "title": hop.ended.label,
                    "text": hop.reason,
                    "who": _who(hop.ended_by, office),
                    "icon": _ICONS[hop.ended],
                }
            )
    return sorted(told, key=lambda item: item["when"], reverse=True)


CLOSING = frozenset({HopEnd.RESOLVED, HopEnd.WITHDRAWN})


def _who(person: str | None, office: str) -> str:
    return f"{person} ({office})" if person else office


# What somebody else did in the meantime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that was done at a level: by whom (nobody: the clock), when, and where it led."""

    what: Verb | HopEnd
    by: UUID | None
    at: datetime
    level: Level
    to: Level | None = None


_ENDING_VERBS: dict[HopEnd, Verb] = {
    HopEnd.RETURNED: Verb.RETURN,
    HopEnd.ANSWERED: Verb.ANSWER,
    HopEnd.ESCALATED: Verb.ESCALATE,
    HopEnd.RESOLVED: Verb.RESOLVE,
    HopEnd.WITHDRAWN: Verb.WITHDRAW,
}


def acts_of(hops: Iterable[ReferralHop]) -> list[Act]:
    """All that was done with a referral, the newest first."""
    ordered = sorted(hops, key=lambda hop: hop.seq)
    found: list[tuple[datetime, int, int, Act]] = []
    for hop in ordered:
        level = Level(hop.level)
        following = next((Level(later.level) for later in ordered if later.seq > hop.seq and not later.is_copy), None)
        done: list[tuple[datetime | None, Verb | HopEnd, UUID | None]] = [
            (hop.acknowledged_at, Verb.ACKNOWLEDGE, hop.acknowledged_by),
            (hop.accepted_at, Verb.ACCEPT, hop.accepted_by),
        ]
        if hop.ended is not None:
            end = HopEnd(hop.ended)
            done.append((hop.ended_at, _ENDING_VERBS.get(end) or end, hop.ended_by))
        for order, (at, what, by) in enumerate(done):
            if at is not None:
                found.append((at, hop.seq, order, Act(what=what, by=by, at=at, level=level, to=following)))
    return [act for *_order, act in sorted(found, key=lambda item: item[:3], reverse=True)]


_ALREADY_ESCALATED = {
    Level.CELL: N_("Somebody of your office already sent this to the cell at %(time)s."),
    Level.SECTOR: N_("Somebody of your office already sent this to the sector at %(time)s."),
    Level.DISTRICT: N_("Somebody of your office already sent this to the district at %(time)s."),
    Level.NATIONAL: N_("Somebody of your office already sent this to the nation at %(time)s."),
}
_ALREADY_RETURNED = {
    Level.VILLAGE: N_("Somebody of your office already returned this to its author at %(time)s."),
    Level.CELL: N_("Somebody of your office already returned this to the cell at %(time)s."),
    Level.SECTOR: N_("Somebody of your office already returned this to the sector at %(time)s."),
    Level.DISTRICT: N_("Somebody of your office already returned this to the district at %(time)s."),
}
_MOVED_BY_CLOCK = {
    Level.CELL: N_("Its time had passed, so it moved up to the cell at %(time)s."),
    Level.SECTOR: N_("Its time had passed, so it moved up to the sector at %(time)s."),
    Level.DISTRICT: N_("Its time had passed, so it moved up to the district at %(time)s."),
    Level.NATIONAL: N_("Its time had passed, so it moved up to the nation at %(time)s."),
}
_ALREADY: dict[Verb | HopEnd, str] = {
    Verb.ACKNOWLEDGE: N_("Somebody of your office already acknowledged this at %(time)s."),
    Verb.ACCEPT: N_("Somebody of your office already accepted this at %(time)s."),
    Verb.RESOLVE: N_("Somebody of your office already resolved this at %(time)s."),
    Verb.ANSWER: N_("This was already answered at %(time)s."),
    Verb.WITHDRAW: N_("Its author withdrew this at %(time)s."),
    HopEnd.TAKEN_OVER: N_("The district took this over at %(time)s."),
    HopEnd.JOINED: N_("The referral itself came to your office at %(time)s."),
}


def already(act: Act) -> str:
    """What was done before somebody could do it: "... already sent this to the sector at 14:05."."""
    words = _ALREADY.get(act.what)
    if act.to is not None:
        by_level: dict[Verb | HopEnd, dict[Level, str]] = {
            Verb.ESCALATE: _ALREADY_ESCALATED,
            Verb.RETURN: _ALREADY_RETURNED,
            HopEnd.ESCALATED_BY_CLOCK: _MOVED_BY_CLOCK,
        }
        words = by_level.get(act.what, {}).get(act.to, words)
    return _(words or N_("This record has changed since you opened it")) % {"time": _at(act.at)}


def _at(moment: datetime) -> str:
    is_today = moment.astimezone(clock.KIGALI).date() == clock.today()
    return clock_time(moment) if is_today else instant(moment)
