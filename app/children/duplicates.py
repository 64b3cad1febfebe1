"""Who may be the same child: looked for in the whole country, told without opening another district's file."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, String, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.service import record
from app.children.events import DuplicatesSought
from app.children.matching import Level, Match, Person, found_by, match, sought_keys
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.schemas import Candidate, ChildRegister
from app.children.words import BirthPrecision
from app.core.db import kept
from app.places.queries import names_of

MOST_CANDIDATES = 150
"""Rows that share keys and are scored; those that sound most alike come first."""
MOST_SHOWN = 5
SHOWN_BEFORE_REGISTERING = (Level.SURE, Level.LIKELY)
_COLUMNS = (
    "id, code, given_name, family_name, other_names, sex, born_on, birth_precision, origin_place_code, district_code, "
    "restricted"
)


@dataclass(frozen=True, slots=True)
class _Scored:
    row: Row[Any]
    match: Match


def person_typed(command: ChildRegister) -> Person:
    """What is compared of a child who is to be registered."""
    return Person(
        given_name=command.given_name,
        family_name=command.family_name,
        sex=command.sex.value,
        born_on=command.born_on,
        birth_precision=(command.birth_precision if command.born_on else BirthPrecision.UNKNOWN).value,
        origin=command.village or command.cell,
    )


def person_of(child: Any) -> Person:
    """What is compared of a child's row."""
    return Person(
        given_name=child.given_name,
        family_name=child.family_name,
        other_names=tuple(child.other_names or ()),
        sex=child.sex,
        born_on=child.born_on,
        birth_precision=child.birth_precision,
        origin=child.origin_place_code,
    )


def keep_findable(child: Child) -> None:
    """Writes how a child is found anew, after a name or the birth has changed."""
    found = found_by(person_of(child))
    child.sounds, child.name_keys = found.sounds, found.name_keys


def change_other_names(db: Session, child_id: UUID, *, before: list[str], after: list[str]) -> None:
    """Says under which other whole names a child is known, so that it is found by them; the caller asks who may.

    Names that came with a record that was joined into this one stay.
    """
    child = db.get_one(Child, child_id, with_for_update=True)
    held = [name for name in child.other_names if name not in before]
    child.other_names = list(dict.fromkeys(held + after))
    keep_findable(child)
    db.flush()


def check_duplicates(db: Session, actor: Actor, command: ChildRegister) -> list[Candidate]:
    """Who may be the child that is to be registered, the surest first; and the note that it was asked."""
    require(actor, Permission.CHILDREN_REGISTER)
    found = _candidates(db, actor, person_typed(command), command.id, SHOWN_BEFORE_REGISTERING)
    _noted(db, actor, found, None)
    return found


def duplicates_of(
    db: Session,
    actor: Actor,
    child_id: UUID,
    levels: tuple[Level, ...] = (Level.SURE, Level.LIKELY, Level.POSSIBLE),
    *,
    siblings: Collection[str] = (),
) -> list[Candidate]:
    """Who may be the same as a child whom the actor has opened already, the surest first; noted as well.

    `siblings` are codes of those who are recorded as its brothers and sisters: however alike, they are never sure.
    """
    child = db.execute(_one(actor), {"child_id": child_id}).one_or_none()
    if child is None:
        return []
    found = _candidates(db, actor, person_of(child), child_id, levels, siblings)
    _noted(db, actor, found, child_id)
    return found


def possible_duplicates(db: Session, actor: Actor, child_id: UUID) -> list[str]:
    """Codes of those who are likely the same as a child; five at most, the surest first."""
    return [found.code for found in duplicates_of(db, actor, child_id, SHOWN_BEFORE_REGISTERING) if found.code]


def _noted(db: Session, actor: Actor, found: list[Candidate], child_id: UUID | None) -> None:
    event = DuplicatesSought(found=[one.id for one in found], elsewhere=sum(not one.in_reach for one in found))
    record(db, actor, event, subject_id=child_id, area_code=actor.area.lo)


@kept
def _one(actor: Actor) -> Any:
    columns: list[Any] = [
        Child.given_name,
        Child.family_name,
        Child.other_names,
        Child.sex,
        Child.born_on,
        Child.birth_precision,
        Child.origin_place_code,
    ]
    return select(*columns).where(Child.id == bindparam("child_id"), visible_children(actor))


def _candidates(
    db: Session,
    actor: Actor,
    person: Person,
    own_id: UUID | None,
    levels: tuple[Level, ...],
    siblings: Collection[str] = (),
) -> list[Candidate]:
    """Two or three statements: the rows that share keys, the names of their districts, which of them are in reach."""
    sought = sought_keys(person)
    rows = (
        db.execute(_sharing(), {"sought": sought, "heard": found_by(person).sounds, "most": MOST_CANDIDATES}).all()
        if sought
        else []
    )
    scored = [
        _Scored(row, match(person, person_of(row), siblings=row.code in siblings)) for row in rows if row.id != own_id
    ]
    likely = sorted(
        (one for one in scored if one.match.level in levels), key=lambda one: (-one.match.score, str(one.row.id))
    )[:MOST_SHOWN]
    if not likely:
        return []
    open_ids = set(db.scalars(_open_to(actor), {"ids": [one.row.id for one in likely]}))
    codes = {one.row.district_code for one in likely}
    names = names_of(db, codes)
    return [_shown(one, names.get(one.row.district_code), one.row.id in open_ids) for one in likely]


def _shown(one: _Scored, district: str | None, in_reach: bool) -> Candidate:
    row = one.row
    # Of a restricted record elsewhere not even the code is told: only that its worker can be asked.
    sealed = row.restricted and not in_reach
    return Candidate(
        id=row.id,
        level=one.match.level,
        score=one.match.score,
        reasons=list(one.match.reasons),
        in_reach=in_reach,
        code=None if sealed else row.code,
        district=None if sealed else district,
        given_name=row.given_name if in_reach else None,
        family_name=row.family_name if in_reach else None,
    )


@kept
def _sharing() -> Any:
    function = func.duplicate_candidates(
        bindparam("sought", type_=ARRAY(String)), bindparam("heard"), bindparam("most")
    )
    names: list[Any] = [literal_column(name.strip()) for name in _COLUMNS.split(",")]
    return select(*names).select_from(function.alias("found"))


@kept
def _open_to(actor: Actor) -> Any:
    condition = visible_children(actor) if view_of(actor) is View.WHOLE else literal_column("false")
    return select(Child.id).where(Child.id == func.any(bindparam("ids", type_=ARRAY(Child.id.type))), condition)
