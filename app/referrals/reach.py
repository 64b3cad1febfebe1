"""Whom a referral reaches: who finds it, for whom it waits, and who stands on the ladder of a place."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import Area
from app.access.permissions import Permission
from app.access.roles import ROLE_LEVEL, Level, Role
from app.access.scope import in_area
from app.core.db import kept
from app.core.text import fold
from app.people.models import Account, Appointment, Post
from app.people.queries import held_on
from app.places.models import Place
from app.referrals.models import Referral, ReferralHop
from app.referrals.rules import DISTRICT_ROLES, RECEIVING_ROLES, Officer, ladder_places
from app.referrals.words import Urgency

_DISTRICT_WIDTH = 1_000_000


@kept
def visible_referrals(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor finds a referral; agrees with `rules.may_read`, which says it in words."""
    mine = Referral.author_account_id == actor.account_id
    in_reach = and_(inside(actor.area), not_named_in(actor), _open_to(actor))
    return and_(_not_suspect(actor), or_(mine, in_reach))


def handed_on(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor's office once held a referral, whatever may be seen of it now."""
    if actor.level is None or actor.level is Level.VILLAGE:
        return false()
    held = _hop(ReferralHop.level == actor.level)
    return and_(not_named_in(actor), inside(actor.area), held)


def not_named_in(actor: Actor) -> ColumnElement[bool]:
    """The condition that a referral names the actor neither as a suspect nor by a suspect's name."""
    return and_(_not_suspect(actor), ~_named_as_suspect(actor))


def inside(area: Area) -> ColumnElement[bool]:
    """The condition that a referral's village lies in an area; of a whole district in the form of its index."""
    if area.lo % _DISTRICT_WIDTH == 0 and area.hi - area.lo == _DISTRICT_WIDTH - 1:
        return Referral.district_code == area.lo // _DISTRICT_WIDTH
    return in_area(Referral.area_code, area)


def waiting_for(actor: Actor) -> ColumnElement[bool]:
    """The condition that something waits for the actor: with their office, asked of them, or a new copy."""
    is_open = and_(Referral.resolved_at.is_(None), Referral.due_at.is_not(None))
    if actor.level is None or not actor.may_ever(Permission.REFERRALS_ACT):
        asked = and_(Referral.level == Level.VILLAGE, Referral.author_account_id == actor.account_id)
        return and_(is_open, asked)
    held: ColumnElement[bool] = Referral.level == actor.level
    if actor.role in DISTRICT_ROLES:
        new_copy = _hop(ReferralHop.is_copy, ReferralHop.ended_at.is_(None), ReferralHop.acknowledged_at.is_(None))
        emergency = and_(Referral.urgency == Urgency.EMERGENCY, Referral.level < Level.DISTRICT, new_copy)
        held = or_(held, emergency)
    return and_(is_open, held, inside(actor.area))


def _not_suspect(actor: Actor) -> ColumnElement[bool]:
    return ~Referral.suspect_account_ids.contains([actor.account_id])


def _named_as_suspect(actor: Actor) -> ColumnElement[bool]:
    # Officers of the day of filing are in `suspect_account_ids`; this keeps it from those appointed since.
    words = fold(actor.display_name).split()
    if not words:
        return false()
    named = func.cardinality(Referral.suspect_words) > 0
    alike = or_(Referral.suspect_words.contained_by(words), Referral.suspect_words.contains(words))
    return and_(named, alike)


def _hop(*conditions: ColumnElement[bool] | Any) -> ColumnElement[bool]:
    return exists().where(ReferralHop.referral_id == Referral.id, *conditions)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    level = actor.level
    if level is None or level is Level.VILLAGE:
        return false()
    if level is Level.DISTRICT:
        return true()
    if level is Level.NATIONAL:
        reached: ColumnElement[bool] = Referral.reached_level == level
    else:
        reached = or_(Referral.filed_level < level, _hop(ReferralHop.level == level))
    me = actor.account_id
    acted = or_(ReferralHop.acknowledged_by == me, ReferralHop.accepted_by == me, ReferralHop.ended_by == me)
    return and_(reached, or_(Referral.restricted.is_(False), Referral.level == level, _hop(acted)))


def receivers_of(area_code: int, levels: Sequence[Level] | None = None) -> list[tuple[Role, int, Level]]:
    """The roles that receive referrals of an area code, each with its place."""
    places = ladder_places(area_code)
    return [
        (role, places[level], level)
        for level, roles in RECEIVING_ROLES.items()
        if level in places and (levels is None or level in levels)
        for role in roles
    ]


_OFFICERS = (
    select(Account.id, Account.display_name, Post.role, Place.name)
    .join(Appointment, Appointment.account_id == Account.id)
    .join(Post, Post.id == Appointment.post_id)
    .join(Place, Place.code == Post.place_code)
    .where(
        tuple_(Post.role, Post.place_code).in_(bindparam("posts", expanding=True)),
        held_on(bindparam("today", type_=Date)),
        Account.disabled_at.is_(None),
    )
    .order_by(Account.display_name, Account.id)
)


def officers_of(db: Session, area_code: int, today: date) -> list[Officer]:
    """Everybody who receives referrals of an area code today, from the cell up. One statement."""
    posts = [(role.value, place) for role, place, _level in receivers_of(area_code)]
    rows = db.execute(_OFFICERS, {"posts": posts, "today": today}).all()
    found = [
        Officer(
            account_id=row.id,
            display_name=row.display_name,
            role=Role(row.role),
            level=ROLE_LEVEL[Role(row.role)],
            place_name=row.name,
        )
        for row in rows
    ]
    return sorted(found, key=lambda officer: officer.level)
