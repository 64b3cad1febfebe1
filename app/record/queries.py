"""Every read of the record; each begins with a child whose whole file the actor may read."""

import json
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View, opens_restricted
from app.audit.service import record
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.work import ChildAtWork, child_to_read
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.schemas import ReadModel
from app.core.vault import CannotOpen, vault
from app.places.models import Place
from app.places.words import path_in_words
from app.record.events import HealthOpened, RecordOpened
from app.record.models import HealthRecord, Identity, PreviousAddress, RecordPart
from app.record.rules import masked, one_way_of_writing
from app.record.schemas import (
    AddressRow,
    BirthPart,
    ChildRecord,
    HealthPart,
    IdentityRow,
    LanguagesPart,
    NamesPart,
    ParentsPart,
    SchoolPart,
)
from app.record.words import IdentityKind, NameKind, RecordGroup

MOST_SHOWN = 50
R = TypeVar("R", Identity, PreviousAddress)
P = TypeVar("P", bound=ReadModel)


def open_record(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, ChildRecord]:
    """The record of a child, and the note that it was read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    record(db, actor, RecordOpened(), subject_id=child_id, area_code=child.area_code)
    return child, read_record(db, actor, child)


def read_record(db: Session, actor: Actor, child: ChildAtWork) -> ChildRecord:
    """The same for a child that the caller has just found; three statements."""
    parts = parts_of(db, child.id)
    return ChildRecord(
        child=child.id,
        names=_part(parts, RecordGroup.NAMES, NamesPart),
        birth=_part(parts, RecordGroup.BIRTH, BirthPart),
        parents=_part(parts, RecordGroup.PARENTS, ParentsPart),
        languages=_part(parts, RecordGroup.LANGUAGES, LanguagesPart),
        school=_part(parts, RecordGroup.SCHOOL, SchoolPart),
        identities=identities_of(db, child.id),
        addresses=addresses_of(db, child.id),
        sees_health=sees_health(actor, child),
    )


def _part(parts: dict[RecordGroup, dict[str, Any]], group: RecordGroup, shape: type[P]) -> P:
    return shape.model_validate(parts.get(group, {}))


def parts_of(db: Session, child_id: UUID) -> dict[RecordGroup, dict[str, Any]]:
    """The groups that were written, with their versions, for a child that the caller may read."""
    rows = db.execute(
        select(RecordPart.part, RecordPart.content, RecordPart.version).where(RecordPart.child_id == child_id)
    )
    return {RecordGroup(row.part): row.content | {"version": row.version} for row in rows}


def read_group(db: Session, child_id: UUID, group: RecordGroup, shape: type[P]) -> P:
    """One group of a child that the caller may read; empty where nothing was written."""
    return _part(parts_of(db, child_id), group, shape)


def other_names_of(db: Session, child_ids: list[UUID]) -> dict[UUID, list[tuple[NameKind, str]]]:
    """The other names of children whom the caller has found within the actor's reach; one statement."""
    if not child_ids:
        return {}
    rows = db.execute(
        select(RecordPart.child_id, RecordPart.content).where(
            RecordPart.child_id.in_(child_ids), RecordPart.part == RecordGroup.NAMES.value
        )
    )
    return {
        row.child_id: [(NameKind(name["kind"]), name["name"]) for name in row.content.get("names", [])] for row in rows
    }


# Identity numbers and addresses


def identities_of(db: Session, child_id: UUID) -> list[IdentityRow]:
    """The identity numbers of a child, masked."""
    rows = db.execute(
        select(Identity.id, Identity.kind, Identity.sealed, Identity.note, Identity.created_at)
        .where(Identity.child_id == child_id, Identity.withdrawn_at.is_(None))
        .order_by(Identity.created_at, Identity.id)
        .limit(MOST_SHOWN)
    )
    return [
        IdentityRow(
            id=row.id,
            kind=IdentityKind(row.kind),
            masked=_masked(row.id, row.sealed),
            note=row.note,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _masked(identity_id: UUID, sealed: bytes) -> str:
    try:
        return masked(vault().open_text(sealed, about=identity_place(identity_id)))
    except CannotOpen:
        # The other parts of the record do not wait for a key that is missing.
        return masked("")


def children_with_identity(db: Session, actor: Actor, number: str) -> list[UUID]:
    """The children in reach whose record holds exactly this number; the caller notes what it shows of them."""
    sought = one_way_of_writing(number)
    if view_of(actor) is not View.WHOLE or not sought:
        return []
    found = (
        select(Child.id)
        .join(Identity, Identity.child_id == Child.id)
        .where(
            Identity.fingerprint.in_(vault().fingerprints(sought)),
            Identity.withdrawn_at.is_(None),
            visible_children(actor),
        )
        .distinct()
        .order_by(Child.id)
        .limit(MOST_SHOWN)
    )
    return list(db.scalars(found))


def addresses_of(db: Session, child_id: UUID) -> list[AddressRow]:
    """Where a child lived before, the latest first."""
    rows = db.execute(
        select(
            PreviousAddress.id,
            PreviousAddress.place_code.label("place"),
            Place.path.label("place_path"),
            PreviousAddress.words,
            PreviousAddress.with_whom,
            PreviousAddress.from_year,
            PreviousAddress.until_year,
        )
        .outerjoin(Place, Place.code == PreviousAddress.place_code)
        .where(PreviousAddress.child_id == child_id, PreviousAddress.withdrawn_at.is_(None))
        .order_by(
            PreviousAddress.until_year.desc().nulls_last(),
            PreviousAddress.from_year.desc().nulls_last(),
            PreviousAddress.created_at.desc(),
        )
        .limit(MOST_SHOWN)
    )
    return [
        AddressRow.model_validate(
            dict(row._mapping) | {"place_path": path_in_words(row.place_path) if row.place_path else None}  # noqa: SLF001
        )
        for row in rows
    ]


def child_of(db: Session, actor: Actor, table: type[R], record_id: UUID) -> UUID:
    """Whose identity number or address it is. Raises `NotFound` out of reach."""
    statement = (
        select(table.child_id)
        .join(Child, Child.id == table.child_id)
        .where(table.id == record_id, table.withdrawn_at.is_(None), visible_children(actor))
    )
    child_id = db.scalar(statement) if view_of(actor) is View.WHOLE else None
    if child_id is None:
        raise NotFound
    return child_id


def identity_place(identity_id: UUID) -> str:
    """What a sealed identity number is bound to: its own record, whosever child's it is after two were joined."""
    return f"identity {identity_id}"


# Health


def sees_health(actor: Actor, child: ChildAtWork) -> bool:
    """Whether somebody may read and write a child's health: the responsible worker and the district's supervisor."""
    return opens_restricted(actor, child.facts)


def check_sees_health(actor: Actor, child: ChildAtWork) -> None:
    """Raises `Forbidden` for everybody else."""
    if not sees_health(actor, child):
        raise Forbidden(_("Only the responsible worker and the district's supervisor open the health of a child"))


def open_health(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, HealthPart]:
    """A child's health, and the note that it was read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    check_sees_health(actor, child)
    record(db, actor, HealthOpened(), subject_id=child_id, area_code=child.area_code)
    return child, read_health(db, child_id)


def read_health(db: Session, child_id: UUID) -> HealthPart:
    """The same without the note: for answering somebody who has just written it."""
    row = db.execute(
        select(HealthRecord.id, HealthRecord.sealed, HealthRecord.version).where(HealthRecord.child_id == child_id)
    ).one_or_none()
    if row is None:
        return HealthPart()
    content = json.loads(opened(row.sealed, about=health_place(row.id)))
    return HealthPart.model_validate(content | {"version": row.version})


def opened(sealed: bytes, *, about: str) -> str:
    """A sealed text. Raises `Conflict` where the service does not have its key, so that nobody overwrites it."""
    try:
        return vault().open_text(sealed, about=about)
    except CannotOpen as error:
        raise Conflict(_("This was sealed with a key that the service does not have. Tell the operator.")) from error


def health_place(health_id: UUID) -> str:
    """What sealed health notes are bound to: their own record."""
    return f"health {health_id}"
