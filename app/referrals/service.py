"""The verbs of a referral. Each locks its row, asks the rules, moves it, tells who must know, and records it.

The same verb from the same person twice, as by a double click, is done once and answered the same way. What
somebody else did first is told in words.
"""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Level
from app.audit.events import Event
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.core.errors import FieldError, Forbidden
from app.core.i18n import gettext as _
from app.referrals import moving, queries
from app.referrals.events import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralAnswered,
    ReferralEscalated,
    ReferralOverdue,
    ReferralResolved,
    ReferralReturned,
    ReferralWithdrawn,
)
from app.referrals.filing import file_referral
from app.referrals.models import Referral, ReferralHop
from app.referrals.rules import level_above, level_below
from app.referrals.schemas import (
    ReferralAnswer,
    ReferralEscalate,
    ReferralResolve,
    ReferralReturn,
    ReferralWithdraw,
)
from app.referrals.taking import Taken, take
from app.referrals.words import HopEnd, NoticeKind, Outcome, ReferralStatus, Rung, Verb

log = structlog.get_logger("tubarerere.referrals")

__all__ = [
    "accept_referral",
    "acknowledge_referral",
    "answer_referral",
    "escalate_overdue",
    "escalate_referral",
    "file_referral",
    "resolve_referral",
    "return_referral",
    "withdraw_referral",
]


# At the office that holds it


def acknowledge_referral(db: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> None:
    """Says that the office has seen a referral, or the district its copy; from then on the longer clock runs."""
    require(actor, Permission.REFERRALS_ACT)
    taken = take(db, actor, referral_id, Verb.ACKNOWLEDGE, version)
    if taken is None:
        return
    referral, at = taken.referral, taken.at
    copy = moving.open_copy(taken.hops) if actor.level is not taken.level else None
    hop = copy or taken.hop
    late = at > hop.acknowledge_due_at
    moving.acknowledged(hop, actor.account_id, at)
    if copy is None:
        referral.status = ReferralStatus.ACKNOWLEDGED.value
        moving.reset_clock(referral, hop)
    moving.tell(db, referral, at, author=NoticeKind.ACKNOWLEDGED, not_to=actor.account_id)
    event = ReferralAcknowledged(level=_word(hop.level), copy_only=copy is not None, late=late)
    _record(db, actor, event, referral)


def accept_referral(db: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> None:
    """Begins to work on a referral. The district so takes over an emergency of which it has a copy."""
    require(actor, Permission.REFERRALS_ACT)
    taken = take(db, actor, referral_id, Verb.ACCEPT, version)
    if taken is None:
        return
    referral, at = taken.referral, taken.at
    taken_from = taken.level if actor.level is not taken.level else None
    if taken_from is not None:
        moving.move(db, referral, taken.hops, Level.DISTRICT, HopEnd.TAKEN_OVER, at, by=actor.account_id)
    hop = taken.hop
    moving.acknowledged(hop, actor.account_id, at)
    hop.accepted_at, hop.accepted_by = at, actor.account_id
    referral.status = ReferralStatus.ACCEPTED.value
    moving.reset_clock(referral, hop)
    moving.tell(
        db,
        referral,
        at,
        author=NoticeKind.ACCEPTED,
        offices={} if taken_from is None else {taken_from: NoticeKind.TAKEN_OVER},
        not_to=actor.account_id,
    )
    event = ReferralAccepted(level=_word(hop.level), taken_from=_word(taken_from) if taken_from else None)
    _record(db, actor, event, referral)


def return_referral(
    db: Session, actor: Actor, referral_id: UUID, command: ReferralReturn, version: int | None = None
) -> None:
    """Sends a referral down to the level below with a question; from the cell it goes to its author."""
    require(actor, Permission.REFERRALS_ACT)
    taken = take(db, actor, referral_id, Verb.RETURN, version, command)
    if taken is None:
        return
    referral, at, left = taken.referral, taken.at, taken.level
    below = level_below(left, referral.area_code, Level(referral.filed_level))
    assert below is not None  # noqa: S101 - the rules have asked
    if below in moving.keep_from_suspects(db, referral):
        raise Forbidden(_("Whoever would receive it is named in it as a suspect: keep it or escalate it."))
    moving.acknowledged(taken.hop, actor.account_id, at)
    moving.move(
        db,
        referral,
        taken.hops,
        below,
        HopEnd.RETURNED,
        at,
        by=actor.account_id,
        reason=command.reason,
    )
    to_author = below is Level.VILLAGE
    moving.tell(
        db,
        referral,
        at,
        author=NoticeKind.ASKED if to_author else NoticeKind.MOVED_DOWN,
        offices={} if to_author else {below: NoticeKind.RETURNED},
        not_to=actor.account_id,
    )
    _record(db, actor, ReferralReturned(from_level=_word(left), to_level=_word(below)), referral)


def escalate_referral(
    db: Session, actor: Actor, referral_id: UUID, command: ReferralEscalate, version: int | None = None
) -> None:
    """Sends a referral up to the next level whose receivers are not all suspects, with the reason."""
    require(actor, Permission.REFERRALS_ACT)
    taken = take(db, actor, referral_id, Verb.ESCALATE, version, command)
    if taken is None:
        return
    left = taken.level
    moving.acknowledged(taken.hop, actor.account_id, taken.at)
    above = _send_up(db, taken, HopEnd.ESCALATED, by=actor.account_id, reason=command.reason)
    event = ReferralEscalated(from_level=_word(left), to_level=_word(above), by_clock=False)
    _record(db, actor, event, taken.referral)


def resolve_referral(
    db: Session, actor: Actor, referral_id: UUID, command: ReferralResolve, version: int | None = None
) -> None:
    """Closes a referral that the office has acknowledged or accepted, with what came of it.

    One that only described the child may now name the record that was made since, so that the child's story begins
    with it. Where a case was opened since and nothing else is said, that is what came of it. Raises `FieldError` where
    no child of this code is in reach, and where nothing came of it by itself.
    """
    require(actor, Permission.REFERRALS_ACT)
    child_id, is_restricted = _child_of(db, actor, command.child_code) if command.child_code else (None, False)
    taken = take(db, actor, referral_id, Verb.RESOLVE, version, command)
    if taken is None:
        return
    referral, at = taken.referral, taken.at
    outcome = command.outcome or _came_by_itself(db, actor, referral, child_id)
    if child_id is not None and referral.child_id is None:
        referral.child_id = child_id
        referral.restricted = referral.restricted or is_restricted
    late = at > taken.hop.due_at
    copied = moving.open_copy(taken.hops)
    moving.close(referral, taken.hops, ReferralStatus.RESOLVED, HopEnd.RESOLVED, at, by=actor.account_id)
    referral.resolved_at = at
    referral.outcome = outcome.value
    referral.outcome_note = command.note or None
    moving.tell(
        db,
        referral,
        at,
        author=NoticeKind.RESOLVED,
        offices={} if copied is None else {Level(copied.level): NoticeKind.CLOSED},
        not_to=actor.account_id,
    )
    event = ReferralResolved(level=_word(taken.level), outcome=outcome.value, late=late, child=child_id)
    _record(db, actor, event, referral)


def _came_by_itself(db: Session, actor: Actor, referral: Referral, child_id: UUID | None) -> Outcome:
    known = referral.child_id or child_id
    if queries.case_from(db, actor, referral.id, known, referral.filed_at) is None:
        raise FieldError("outcome", _("This is needed"))
    return Outcome.CASE_OPENED


def _child_of(db: Session, actor: Actor, code: str) -> tuple[UUID, bool]:
    wanted = select(Child.id, Child.restricted).where(Child.code == code.upper(), visible_children(actor))
    row = db.execute(wanted).one_or_none()
    if row is None:
        raise FieldError("child_code", _("No child of this code is in your reach"))
    return row.id, row.restricted


# At its author


def answer_referral(
    db: Session, actor: Actor, referral_id: UUID, command: ReferralAnswer, version: int | None = None
) -> None:
    """Answers the question with which a referral came back to its author; it goes to the cell again."""
    require(actor, Permission.REFERRALS_FILE)
    taken = take(db, actor, referral_id, Verb.ANSWER, version, command)
    if taken is None:
        return
    above = _send_up(db, taken, HopEnd.ANSWERED, by=actor.account_id, reason=command.answer)
    _record(db, actor, ReferralAnswered(to_level=_word(above)), taken.referral)


def withdraw_referral(
    db: Session, actor: Actor, referral_id: UUID, command: ReferralWithdraw, version: int | None = None
) -> None:
    """Takes a referral back; only its author can, and only before anybody acknowledged it."""
    require(actor, Permission.REFERRALS_FILE)
    taken = take(db, actor, referral_id, Verb.WITHDRAW, version, command)
    if taken is None:
        return
    referral, at = taken.referral, taken.at
    open_levels = [Level(hop.level) for hop in taken.hops if hop.ended_at is None]
    moving.close(
        referral,
        taken.hops,
        ReferralStatus.WITHDRAWN,
        HopEnd.WITHDRAWN,
        at,
        by=actor.account_id,
        reason=command.reason,
    )
    moving.keep_from_suspects(db, referral)
    offices = dict.fromkeys(open_levels, NoticeKind.WITHDRAWN)
    moving.tell(db, referral, at, offices=offices, not_to=actor.account_id)
    _record(db, actor, ReferralWithdrawn(level=_word(taken.level)), referral)


# By the clock


def escalate_overdue(db: Session, now: datetime, limit: int = 100) -> int:
    """Moves up what its level has held for too long; returns how many referrals were dealt with.

    Rows that another worker has in hand are left to it, so each moves exactly once however many workers run. At
    the highest level nothing moves: its holders are told, once.
    """
    unreminded = exists().where(
        ReferralHop.referral_id == Referral.id,
        ReferralHop.ended_at.is_(None),
        ReferralHop.is_copy.is_(False),
        ReferralHop.reminded_at.is_(None),
    )
    overdue = db.scalars(
        select(Referral)
        .where(
            Referral.resolved_at.is_(None),
            Referral.due_at <= now,
            or_(Referral.level < Level.NATIONAL, unreminded),
        )
        .order_by(Referral.due_at, Referral.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Referral)
        .execution_options(populate_existing=True)
    ).all()
    dealt_with = 0
    for referral in overdue:
        try:
            # One referral that cannot be moved must not keep all others from moving.
            with db.begin_nested():
                _run_out(db, referral, now)
        except Exception:
            log.exception("a referral could not be moved up", referral=str(referral.id))
        else:
            dealt_with += 1
    return dealt_with


def _run_out(db: Session, referral: Referral, now: datetime) -> None:
    taken = Taken(referral, moving.hops_of(db, referral.id), now)
    left = taken.level
    if left is Level.NATIONAL:
        taken.hop.reminded_at = now
        moving.keep_from_suspects(db, referral)
        moving.tell(db, referral, now, offices={left: NoticeKind.OVERDUE})
        event: Event = ReferralOverdue(level=_word(left))
        record(db, None, event, subject_id=referral.id, area_code=referral.area_code)
        return
    above = _send_up(db, taken, HopEnd.ESCALATED_BY_CLOCK)
    event = ReferralEscalated(from_level=_word(left), to_level=_word(above), by_clock=True)
    _record(db, None, event, referral)


# What the verbs share


def _send_up(db: Session, taken: Taken, how: HopEnd, *, by: UUID | None = None, reason: str | None = None) -> Level:
    referral, left = taken.referral, taken.level
    closed = moving.keep_from_suspects(db, referral)
    above = level_above(left, referral.area_code, closed)
    assert above is not None  # noqa: S101 - the rules have asked
    moving.move(db, referral, taken.hops, above, how, taken.at, by=by, reason=reason)
    by_clock = how is HopEnd.ESCALATED_BY_CLOCK
    answered = how is HopEnd.ANSWERED
    offices = {above: NoticeKind.ANSWERED if answered else NoticeKind.RECEIVED}
    if by_clock and left is not Level.VILLAGE:
        offices[left] = NoticeKind.LOST_BY_CLOCK
    moving.tell(
        db,
        referral,
        taken.at,
        author=NoticeKind.MOVED_UP_BY_CLOCK if by_clock else NoticeKind.MOVED_UP,
        offices=offices,
        not_to=by,
    )
    return above


def _word(level: int) -> str:
    return Rung.of(level).value


def _record(db: Session, actor: Actor | None, event: Event, referral: Referral) -> None:
    """What every change ends with: the version that the next one must have seen, and the event."""
    referral.version += 1
    db.flush()
    record(db, actor, event, subject_id=referral.id, area_code=referral.area_code)
