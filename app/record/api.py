"""The record, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import child_to_read
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.record import queries, service
from app.record.schemas import (
    AddressAdd,
    AddressRow,
    BirthChange,
    BirthPart,
    ChildRecord,
    HealthChange,
    HealthPart,
    IdentityAdd,
    IdentityRow,
    LanguagesChange,
    LanguagesPart,
    NamesChange,
    NamesPart,
    ParentsChange,
    ParentsPart,
    RevealedIdentity,
    SchoolChange,
    SchoolPart,
    Withdraw,
)
from app.record.words import RecordGroup

router = APIRouter(route_class=StrictRoute, tags=["record"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version of the group that you saw, from `ETag`.")]


@router.get("/children/{child_id}/record", summary="Read a child's record in full")
def read_record(db: Db, actor: Reader, child_id: UUID) -> ChildRecord:
    """All groups with their versions, identity numbers masked; without health. That it was read is noted."""
    return queries.open_record(db, actor, child_id)[1]


@router.patch("/children/{child_id}/record/names", summary="Change a child's other names")
def change_names(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: NamesChange, if_match: IfMatch = None
) -> NamesPart:
    """The list that is sent replaces the one that was there."""
    version = version_from_if_match(if_match)
    service.change_group(db, actor, child_id, RecordGroup.NAMES, command, version=version)
    return versioned(response, queries.read_group(db, child_id, RecordGroup.NAMES, NamesPart))


@router.patch("/children/{child_id}/record/birth", summary="Change the registration of a birth")
def change_birth(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: BirthChange, if_match: IfMatch = None
) -> BirthPart:
    """Changes what is given and leaves the rest; the date of birth itself belongs to the child."""
    version = version_from_if_match(if_match)
    service.change_group(db, actor, child_id, RecordGroup.BIRTH, command, version=version)
    return versioned(response, queries.read_group(db, child_id, RecordGroup.BIRTH, BirthPart))


@router.patch("/children/{child_id}/record/parents", summary="Change what is known of the parents")
def change_parents(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: ParentsChange, if_match: IfMatch = None
) -> ParentsPart:
    """Changes what is given and leaves the rest."""
    version = version_from_if_match(if_match)
    service.change_group(db, actor, child_id, RecordGroup.PARENTS, command, version=version)
    return versioned(response, queries.read_group(db, child_id, RecordGroup.PARENTS, ParentsPart))


@router.patch("/children/{child_id}/record/languages", summary="Change languages and religion")
def change_languages(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: LanguagesChange, if_match: IfMatch = None
) -> LanguagesPart:
    """Changes what is given; a religion is taken only where the family asks that it be recorded."""
    version = version_from_if_match(if_match)
    service.change_group(db, actor, child_id, RecordGroup.LANGUAGES, command, version=version)
    return versioned(response, queries.read_group(db, child_id, RecordGroup.LANGUAGES, LanguagesPart))


@router.patch("/children/{child_id}/record/school", summary="Change a child's school")
def change_school(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: SchoolChange, if_match: IfMatch = None
) -> SchoolPart:
    """Changes what is given and leaves the rest."""
    version = version_from_if_match(if_match)
    service.change_group(db, actor, child_id, RecordGroup.SCHOOL, command, version=version)
    return versioned(response, queries.read_group(db, child_id, RecordGroup.SCHOOL, SchoolPart))


@router.get("/children/{child_id}/record/health", summary="Read a child's health notes")
def read_health(response: Response, db: Db, actor: Reader, child_id: UUID) -> HealthPart:
    """For the responsible worker and the supervisor of the district only; that it was read is noted."""
    return versioned(response, queries.open_health(db, actor, child_id)[1])


@router.patch("/children/{child_id}/record/health", summary="Change a child's health notes")
def change_health(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: HealthChange, if_match: IfMatch = None
) -> HealthPart:
    """For the responsible worker and the supervisor of the district only."""
    service.change_health(db, actor, child_id, command, version=version_from_if_match(if_match))
    return versioned(response, queries.read_health(db, child_id))


@router.post(
    "/children/{child_id}/identities",
    status_code=201,
    summary="Add an identity number",
    responses={200: {"model": IdentityRow, "description": "The same was added before"}},
)
def add_identity(response: Response, db: Db, actor: Writer, child_id: UUID, command: IdentityAdd) -> IdentityRow:
    """Seals a number into the record; it comes back masked, and whole from its reveal only."""
    identity_id, is_new = service.add_identity(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return next(row for row in queries.identities_of(db, child_id) if row.id == identity_id)


@router.post("/identities/{identity_id}/reveal", summary="Reveal an identity number")
def reveal_identity(db: Db, actor: Writer, identity_id: UUID) -> RevealedIdentity:
    """The whole number, for who works on the case; that it was shown is noted."""
    return service.reveal_identity(db, actor, identity_id)


@router.post("/identities/{identity_id}/withdraw", summary="Withdraw an identity number")
def withdraw_identity(db: Db, actor: Writer, identity_id: UUID, command: Withdraw) -> ChildRecord:
    """Takes a wrong number back; it is not found by it any more."""
    child_id = service.withdraw_identity(db, actor, identity_id, command)
    return queries.read_record(db, actor, child_to_read(db, actor, child_id))


@router.post(
    "/children/{child_id}/addresses",
    status_code=201,
    summary="Add a previous address",
    responses={200: {"model": AddressRow, "description": "The same was added before"}},
)
def add_address(response: Response, db: Db, actor: Writer, child_id: UUID, command: AddressAdd) -> AddressRow:
    """Adds a place where the child lived before, by its code or in words."""
    address_id, is_new = service.add_address(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return next(row for row in queries.addresses_of(db, child_id) if row.id == address_id)


@router.post("/addresses/{address_id}/withdraw", summary="Withdraw a previous address")
def withdraw_address(db: Db, actor: Writer, address_id: UUID, command: Withdraw) -> ChildRecord:
    """Takes a wrong address back."""
    child_id = service.withdraw_address(db, actor, address_id, command)
    return queries.read_record(db, actor, child_to_read(db, actor, child_id))
