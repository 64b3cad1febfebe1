"""The verbs on a child's record: register, change, restrict, assign, see the name."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_code_of
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.rules import ChildFacts, inside_area
from app.audit.service import record
from app.children.duplicates import keep_findable
from app.children.events import ChildAssigned, ChildChanged, ChildRegistered, ChildRestricted, ChildUnsealed
from app.children.models import Child
from app.children.oversight import assignable_posts
from app.children.queries import PREFIX, visible_children
from app.children.rules import check_birth, first_worker, may_assign, may_restrict
from app.children.schemas import (
    ChildAssign,
    ChildChange,
    ChildRegister,
    ChildRestrict,
    ChildUnseal,
    UnsealedChild,
    check_precision,
)
from app.children.words import BirthPrecision
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_with_code
from app.core.text import fold
from app.people.models import Post
from app.places.queries import resolve_place
from app.places.schemas import ResolvedPlace
from app.tasks.service import give_tasks

_ORIGIN = frozenset({"village", "cell", "village_name"})
_NEVER_EMPTY = frozenset({"given_name", "sex", "birth_precision"})


def register_child(db: Session, actor: Actor, command: ChildRegister) -> tuple[UUID, bool]:
    """Registers a child into the caseload of the worker; returns its id and whether it is new.

    Until a placement says where the child lives, it belongs to the place that it comes from, or to the
    actor's district where that is not known or elsewhere. Raises `FieldError` for a birth that cannot be, or
    a place that is not.
    """
    require(actor, Permission.CHILDREN_REGISTER)
    precision = command.birth_precision if command.born_on else BirthPrecision.UNKNOWN
    check_birth(command.born_on, precision, today=clock.today())
    origin = _origin(db, command) if command.names_origin else None
    area_code = _first_area(actor, origin)
    child_id, is_new, code = create_with_code(
        db,
        Child,
        actor,
        command,
        prefix=PREFIX,
        given_name=command.given_name,
        family_name=command.family_name,
        folded=fold(f"{command.given_name} {command.family_name}"),
        sex=command.sex,
        born_on=command.born_on,
        birth_precision=precision,
        has_disability=command.has_disability,
        origin_place_code=origin.place_code if origin else None,
        origin_village_name=origin.village_name if origin else None,
        restricted=command.restricted,
        responsible_post_id=first_worker(actor),
        area_code=area_code,
    )
    if is_new:
        event = ChildRegistered(code=code, restricted=command.restricted)
        record(db, actor, event, subject_id=child_id, area_code=area_code)
    return child_id, is_new


def check_register(db: Session, actor: Actor, command: ChildRegister) -> None:
    """Raises what `register_child` would raise for what was typed, before anybody is asked about duplicates."""
    require(actor, Permission.CHILDREN_REGISTER)
    precision = command.birth_precision if command.born_on else BirthPrecision.UNKNOWN
    check_birth(command.born_on, precision, today=clock.today())
    if command.names_origin:
        _origin(db, command)


def change_child(db: Session, actor: Actor, child_id: UUID, command: ChildChange, *, version: int | None) -> None:
    """Changes the fields that are given. Raises `Stale` where the actor saw an older version."""
    require(actor, Permission.CHILDREN_REGISTER)
    # A savepoint, so that a door which shows the complaint at its field leaves nothing half done.
    with db.begin_nested():
        child = _for_change(db, actor, child_id)
        before = _values(child)
        check_version(child, version, current=before, typed=command.model_dump(mode="json", exclude_unset=True))
        _apply(db, actor, child, command)
        changed = [name for name, value in _values(child).items() if before[name] != value]
        if changed:
            record(db, actor, ChildChanged(fields=changed), subject_id=child_id, area_code=child.area_code)


def _apply(db: Session, actor: Actor, child: Child, command: ChildChange) -> None:
    given = command.model_dump(exclude_unset=True, exclude=set(_ORIGIN))
    if "family_name" in given:
        given["family_name"] = given["family_name"] or ""
    for name, value in given.items():
        if value is not None or name not in _NEVER_EMPTY:
            setattr(child, name, value)
    _check_birth(child)
    child.folded = fold(f"{child.given_name} {child.family_name}")
    keep_findable(child)
    if command.names_origin:
        origin = _origin(db, command)
        child.origin_place_code, child.origin_village_name = origin.place_code, origin.village_name
        if child.lives_as is None:
            child.area_code = _first_area(actor, origin)


def restrict_child(db: Session, actor: Actor, child_id: UUID, command: ChildRestrict) -> None:
    """Restricts a record to its worker and the supervisor, or opens it again."""
    require(actor, Permission.CHILDREN_REGISTER)
    child = _for_change(db, actor, child_id)
    if not may_restrict(actor, facts_of(child)):
        raise Forbidden(_("Only the responsible worker and the district's supervisor restrict a record"))
    if command.restricted and _held_by_sector(db, child):
        raise Conflict(_("A sector holds this case: take it back first, then restrict the record"))
    if child.restricted != command.restricted:
        child.restricted = command.restricted
        child.version += 1
        event = ChildRestricted(restricted=command.restricted)
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    db.flush()


def _held_by_sector(db: Session, child: Child) -> bool:
    """Whether a sector's officer holds the case, who may open no restricted record."""
    if child.supervising_post_id is None:
        return False
    return db.scalar(select(Post.role).where(Post.id == child.responsible_post_id)) == Role.SECTOR_OFFICER.value


def assign_child(db: Session, actor: Actor, child_id: UUID, command: ChildAssign) -> None:
    """Puts a child into the caseload of another post of the district."""
    require(actor, Permission.CHILDREN_REGISTER)
    child = _for_change(db, actor, child_id)
    if not may_assign(actor, facts_of(child)):
        raise Forbidden(_("Only the district's supervisor gives a child to another worker"))
    if command.post not in {post.id for post in assignable_posts(db, actor)}:
        raise FieldError("post", _("Choose a worker of your district"))
    if child.supervising_post_id is not None and child.responsible_post_id != command.post:
        raise FieldError("post", _("Another post holds this case under supervision: take it back first"))
    if child.responsible_post_id != command.post:
        event = ChildAssigned(from_post=child.responsible_post_id, to_post=command.post)
        child.responsible_post_id = command.post
        child.version += 1
        give_tasks(db, child_id, command.post)
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    db.flush()


def unseal_child(db: Session, actor: Actor, child_id: UUID, command: ChildUnseal) -> UnsealedChild:
    """The name of a child, for a role that sees codes only; the reason is kept with the note of it."""
    require(actor, Permission.CHILDREN_UNSEAL)
    row = db.execute(
        select(Child.id, Child.code, Child.given_name, Child.family_name, Child.area_code).where(
            Child.id == child_id, visible_children(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    record(db, actor, ChildUnsealed(reason=command.reason), subject_id=child_id, area_code=row.area_code)
    return UnsealedChild.model_validate(row)


def facts_of(child: Child) -> ChildFacts:
    """What the rules of access ask of a child's row."""
    return ChildFacts(
        area_code=child.area_code,
        responsible_post_id=child.responsible_post_id,
        supervising_post_id=child.supervising_post_id,
        institution_id=child.institution_id,
        restricted=child.restricted,
    )


def _for_change(db: Session, actor: Actor, child_id: UUID) -> Child:
    child = db.scalar(
        select(Child)
        .where(Child.id == child_id, visible_children(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if child is None:
        raise NotFound
    return child


def _origin(db: Session, command: ChildRegister | ChildChange) -> ResolvedPlace:
    field = "village" if command.village is not None or command.cell is None else "cell"
    return resolve_place(db, village=command.village, cell=command.cell, village_name=command.village_name, field=field)


def _first_area(actor: Actor, origin: ResolvedPlace | None) -> int:
    # A child who comes from elsewhere is registered where it is: nobody elsewhere should read its name.
    if origin is not None and inside_area(actor, origin.area_code):
        return origin.area_code
    return area_code_of(actor.place_code)


def _check_birth(child: Child) -> None:
    precision = BirthPrecision(child.birth_precision)
    try:
        check_precision(child.born_on, precision)
    except ValueError as contradiction:
        raise FieldError("birth_precision", str(contradiction)) from contradiction
    if child.born_on is None:
        child.birth_precision = BirthPrecision.UNKNOWN
    admission: date | None = child.lives_since
    check_birth(child.born_on, precision, today=clock.today(), admission=admission)


def _values(child: Child) -> dict[str, Any]:
    """What the record says, in plain values, for comparing and for showing both versions."""
    return {
        "given_name": child.given_name,
        "family_name": child.family_name,
        "sex": str(child.sex),
        "born_on": child.born_on.isoformat() if child.born_on else None,
        "birth_precision": str(child.birth_precision),
        "has_disability": child.has_disability,
        "origin_place_code": child.origin_place_code,
        "origin_village_name": child.origin_village_name,
    }
