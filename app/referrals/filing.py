"""Filing: a new referral finds its place, its child, from whom it is kept, and the level that receives it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Level
from app.audit.service import record
from app.children.models import Child
from app.children.queries import visible_children
from app.children.rules import age_band
from app.core import clock
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.core.records import create_with_code
from app.core.text import fold
from app.places.queries import resolve_place
from app.places.schemas import ResolvedPlace
from app.referrals.events import ReferralFiled
from app.referrals.models import Notice, Referral, ReferralHop
from app.referrals.moving import begin, clocks_of
from app.referrals.reach import officers_of
from app.referrals.rules import Officer, closed_levels, copy_level, first_level, is_restricted, suspects_among
from app.referrals.schemas import ReferralFile
from app.referrals.words import NoticeKind, ReferralStatus, Rung

PREFIX = "REF"

# Of the tables, not the classes: what is added needs no session that watches it.
_ADD_HOPS = insert(cast(Table, ReferralHop.__table__)).inline()
_ADD_NOTICES = insert(cast(Table, Notice.__table__)).inline()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a new referral goes: the level that receives it, which one sees a copy, and from whom it is kept."""

    place: ResolvedPlace
    filed_level: Level
    first: Level
    copied_to: Level | None
    suspect_words: list[str]
    suspects: set[UUID]
    officers: list[Officer]


def plan_route(db: Session, actor: Actor, command: ReferralFile) -> Route:
    """Where a referral would go if it were filed now. Raises `FieldError` for a place or suspect that does not fit."""
    require(actor, Permission.REFERRALS_FILE)
    place = resolve_place(db, village=command.village, cell=command.cell, village_name=command.village_name)
    officers = officers_of(db, place.area_code, clock.today())
    words = fold(command.suspect_name or "").split()
    suspects = _suspects(actor, command, officers) | suspects_among(officers, words, actor.account_id)
    closed = closed_levels(officers, suspects)
    filed_level = actor.level or Level.VILLAGE
    first = first_level(filed_level, place.area_code, closed)
    return Route(
        place=place,
        filed_level=filed_level,
        first=first,
        copied_to=copy_level(command.urgency, first, closed),
        suspect_words=words,
        suspects=suspects,
        officers=officers,
    )


def file_referral(db: Session, actor: Actor, command: ReferralFile) -> tuple[UUID, bool]:
    """Files a referral and sends it to the level above its author's; an emergency also to the district.

    Returns its id and whether it is new: the same command again makes nothing. Raises `FieldError` at the field
    for a place, child or suspect that does not fit, and `Conflict` where the id stands for something else.
    """
    at = clock.now()
    route = plan_route(db, actor, command)
    place, first = route.place, route.first
    sex, band, child_is_restricted = _child(db, actor, command)
    restricted = is_restricted(command.concern, child_is_restricted=child_is_restricted)
    clocks = clocks_of(db, command.urgency)
    referral_id, is_new, _code = create_with_code(
        db,
        Referral,
        actor,
        command,
        prefix=PREFIX,
        concern=command.concern.value,
        urgency=command.urgency.value,
        status=ReferralStatus.SENT.value,
        level=int(first),
        filed_level=int(route.filed_level),
        reached_level=int(first),
        place_code=place.place_code,
        village_name=place.village_name,
        area_code=place.area_code,
        child_id=command.child,
        child_sex=sex,
        child_age_band=band,
        narrative=command.narrative,
        restricted=restricted,
        suspect_name=command.suspect_name,
        suspect_words=route.suspect_words,
        suspect_account_ids=sorted(route.suspects),
        author_account_id=actor.account_id,
        author_post_id=actor.post_id,
        filed_at=at,
        due_at=clocks[first].acknowledge_due(at),
    )
    if not is_new:
        return referral_id, False
    copied_to = route.copied_to
    levels = [first] if copied_to is None else [first, copied_to]
    hops = [
        {"referral_id": referral_id, "seq": seq, "is_copy": seq > 1, **begin(place, level, clocks[level], at)}
        for seq, level in enumerate(levels, start=1)
    ]
    db.execute(_ADD_HOPS, hops)
    _tell_offices(db, route, referral_id, at, not_to=actor.account_id)
    event = ReferralFiled(
        concern=command.concern.value,
        urgency=command.urgency.value,
        restricted=restricted,
        level=Rung.of(first).value,
        copied_to=Rung.of(copied_to).value if copied_to else None,
        suspects=len(route.suspects),
    )
    record(db, actor, event, subject_id=referral_id, area_code=place.area_code)
    return referral_id, True


def _tell_offices(db: Session, route: Route, referral_id: UUID, at: datetime, *, not_to: UUID) -> None:
    """Writes the notices to whoever receives it or its copy; never to a suspect, and not to its author."""
    kinds = {route.first: NoticeKind.RECEIVED}
    if route.copied_to is not None:
        kinds[route.copied_to] = NoticeKind.COPIED
    kept_from = {*route.suspects, not_to}
    told = {
        (officer.account_id, kinds[officer.level].value)
        for officer in route.officers
        if officer.level in kinds and officer.account_id not in kept_from
    }
    if told:
        common = {"referral_id": referral_id, "at": at}
        db.execute(
            _ADD_NOTICES, [{"account_id": account_id, "kind": kind, **common} for account_id, kind in sorted(told)]
        )


def _child(db: Session, actor: Actor, command: ReferralFile) -> tuple[str | None, str | None, bool]:
    """The child's sex, age band, and whether its record is restricted: of the one named, or as described."""
    hint = command.child_hint
    if command.child is None:
        sex, band = (hint.sex, hint.age_band) if hint else (None, None)
        return sex.value if sex else None, band.value if band else None, False
    if hint is not None:
        raise FieldError("child_hint", _("Name the child or describe it, not both"))
    row = db.execute(
        select(Child.sex, Child.born_on, Child.restricted).where(Child.id == command.child, visible_children(actor))
    ).one_or_none()
    if row is None:
        raise FieldError("child", _("This child is not in your reach; describe the child instead"))
    return row.sex, age_band(row.born_on, clock.today()).value, row.restricted


def _suspects(actor: Actor, command: ReferralFile, officers: list[Officer]) -> set[UUID]:
    given = set(command.suspects)
    if actor.account_id in given:
        raise FieldError("suspects", _("You cannot name yourself"))
    if given - {officer.account_id for officer in officers}:
        raise FieldError("suspects", _("Choose among the people who receive referrals of this place"))
    return given
