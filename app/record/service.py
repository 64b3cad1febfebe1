"""The verbs on the record: change a group, change health, add, reveal and withdraw a number, add an address."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.duplicates import change_other_names
from app.children.work import child_to_work_on
from app.core import clock
from app.core.errors import FieldError, Stale
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.core.schemas import Command
from app.core.vault import vault
from app.places.queries import find_place
from app.record.events import (
    AddressAdded,
    AddressWithdrawn,
    HealthChanged,
    IdentityAdded,
    IdentityRevealed,
    IdentityWithdrawn,
    RecordGroupChanged,
)
from app.record.models import HealthRecord, Identity, PreviousAddress, RecordPart
from app.record.queries import check_sees_health, child_of, health_place, identity_place, opened, read_health
from app.record.rules import check_number, check_religion, check_somewhere, check_years
from app.record.schemas import COMMANDS, AddressAdd, HealthChange, IdentityAdd, RevealedIdentity, Withdraw
from app.record.words import IdentityKind, RecordGroup


def change_group(
    db: Session,
    actor: Actor,
    child_id: UUID,
    group: RecordGroup,
    command: Command,
    *,
    version: int | None,
    whole: bool = False,
) -> None:
    """Changes the fields that are given, or with `whole` all of the group.

    Raises `Stale` with both versions where somebody else changed the group meanwhile, `FieldError` for a religion
    that nobody asked to have recorded.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    part = db.scalar(
        select(RecordPart).where(RecordPart.child_id == child_id, RecordPart.part == group.value).with_for_update()
    )
    before = part.content if part else {}
    typed = command.model_dump(mode="json", exclude_unset=not whole)
    after = COMMANDS[group].model_validate(before | typed).model_dump(mode="json")
    if group is RecordGroup.LANGUAGES:
        check_religion(after["religion"], family_asks=after["family_asks"])
    fields = _differences(before, after)
    if part is None:
        _first_version(version, typed)
        db.add(RecordPart(child_id=child_id, created_by=actor.account_id, part=group.value, content=after))
    else:
        check_version(part, version, current=before, typed=typed)
        part.content = after
    db.flush()
    if group is RecordGroup.NAMES and fields:
        called = [[name["name"] for name in names.get("names", [])] for names in (before, after)]
        change_other_names(db, child_id, before=called[0], after=called[1])
    if fields:
        changed = RecordGroupChanged(group=group.value, fields=fields)
        record(db, actor, changed, subject_id=child_id, area_code=child.area_code)


def change_health(
    db: Session, actor: Actor, child_id: UUID, command: HealthChange, *, version: int | None, whole: bool = False
) -> None:
    """Changes what is given of a child's health. Raises `Forbidden` for all but the worker and the supervisor."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    check_sees_health(actor, child)
    health = db.scalar(select(HealthRecord).where(HealthRecord.child_id == child_id).with_for_update())
    before = read_health(db, child_id).model_dump(mode="json", exclude={"version"}) if health else {}
    typed = command.model_dump(mode="json", exclude_unset=not whole)
    after = HealthChange.model_validate(before | typed).model_dump(mode="json")
    health_id = health.id if health else new_id()
    sealed = vault().seal_text(json.dumps(after), about=health_place(health_id))
    if health is None:
        _first_version(version, typed)
        db.add(HealthRecord(id=health_id, child_id=child_id, created_by=actor.account_id, sealed=sealed))
    else:
        check_version(health, version, current=before, typed=typed)
        health.sealed = sealed
    db.flush()
    fields = _differences(before, after)
    if fields:
        record(db, actor, HealthChanged(fields=fields), subject_id=child_id, area_code=child.area_code)


def _first_version(version: int | None, typed: dict[str, Any]) -> None:
    # The child's row is locked, so nobody else can write the first one meanwhile.
    if version not in {None, 0}:
        raise Stale(current={}, typed=typed)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in after.items() if before.get(name) != value and (value or before.get(name))]


# Identity numbers


def add_identity(db: Session, actor: Actor, child_id: UUID, command: IdentityAdd) -> tuple[UUID, bool]:
    """Seals an identity number into the record; returns its id and whether it is new.

    Raises `FieldError` for a number that cannot be of its kind, or that this child has already.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    number = check_number(command.kind, command.number)
    same = select(Identity.id).where(
        Identity.child_id == child_id,
        Identity.kind == command.kind.value,
        Identity.fingerprint.in_(vault().fingerprints(number)),
        Identity.withdrawn_at.is_(None),
    )
    known = db.scalar(same)
    if known is not None and known != command.id:
        raise FieldError("number", _("This number stands in the record already"))
    # The fingerprint of the making must not hold a number that somebody could try out.
    identity_id = command.id or new_id()
    made_of = command.model_copy(update={"id": identity_id, "number": vault().fingerprint(number).hex()})
    identity_id, is_new = create_once(
        db,
        Identity,
        actor,
        made_of,
        child_id=child_id,
        kind=command.kind.value,
        sealed=vault().seal_text(number, about=identity_place(identity_id)),
        fingerprint=vault().fingerprint(number),
        note=command.note,
    )
    if is_new:
        added = IdentityAdded(identity=identity_id, identity_kind=command.kind.value)
        record(db, actor, added, subject_id=child_id, area_code=child.area_code)
    return identity_id, is_new


def reveal_identity(db: Session, actor: Actor, identity_id: UUID) -> RevealedIdentity:
    """The whole number, for who works on the child's case; that it was shown is noted."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_of(db, actor, Identity, identity_id))
    identity = db.get_one(Identity, identity_id)
    revealed = IdentityRevealed(identity=identity_id, identity_kind=identity.kind)
    record(db, actor, revealed, subject_id=child.id, area_code=child.area_code)
    return RevealedIdentity(
        id=identity_id,
        child=child.id,
        kind=IdentityKind(identity.kind),
        number=opened(identity.sealed, about=identity_place(identity_id)),
    )


def withdraw_identity(db: Session, actor: Actor, identity_id: UUID, command: Withdraw) -> UUID:
    """Takes a wrong number back; returns the child's id."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_of(db, actor, Identity, identity_id))
    identity = db.get_one(Identity, identity_id)
    identity.withdrawn_at, identity.withdrawn_reason = clock.now(), command.reason
    identity.version += 1
    db.flush()
    record(db, actor, IdentityWithdrawn(identity=identity_id), subject_id=child.id, area_code=child.area_code)
    return child.id


# Previous addresses


def add_address(db: Session, actor: Actor, child_id: UUID, command: AddressAdd) -> tuple[UUID, bool]:
    """Adds a place where the child lived before; returns its id and whether it is new."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    check_somewhere(command.place, command.words)
    if command.place is not None and find_place(db, command.place) is None:
        raise FieldError("place", _("There is no such place"))
    check_years(command.from_year, command.until_year, born_on=child.born_on, today=clock.today())
    address_id, is_new = create_once(
        db,
        PreviousAddress,
        actor,
        command,
        child_id=child_id,
        place_code=command.place,
        words=command.words,
        with_whom=command.with_whom,
        from_year=command.from_year,
        until_year=command.until_year,
    )
    if is_new:
        record(db, actor, AddressAdded(address=address_id), subject_id=child_id, area_code=child.area_code)
    return address_id, is_new


def withdraw_address(db: Session, actor: Actor, address_id: UUID, command: Withdraw) -> UUID:
    """Takes a wrong address back; returns the child's id."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_of(db, actor, PreviousAddress, address_id))
    address = db.get_one(PreviousAddress, address_id)
    address.withdrawn_at, address.withdrawn_reason = clock.now(), command.reason
    address.version += 1
    db.flush()
    record(db, actor, AddressWithdrawn(address=address_id), subject_id=child.id, area_code=child.area_code)
    return child.id
