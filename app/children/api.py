"""Children and households, for machines; and one institution with how many live there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children import duplicates, household_queries, household_service, oversight, queries, service
from app.children.household_schemas import (
    HouseholdChange,
    HouseholdDetail,
    HouseholdQuery,
    HouseholdRegister,
    HouseholdRow,
)
from app.children.residents import open_institution
from app.children.schemas import (
    Candidates,
    ChildAssign,
    ChildChange,
    ChildFile,
    ChildQuery,
    ChildRegister,
    ChildRestrict,
    ChildRow,
    ChildUnseal,
    InstitutionFile,
    Opening,
    RegisteredChild,
    UnsealedChild,
)
from app.core.db import Db
from app.core.records import version_from_if_match, versioned, with_version
from app.core.routing import StrictRoute
from app.core.schemas import ListQuery, Page

router = APIRouter(route_class=StrictRoute)

Lister = Annotated[Actor, requires(Permission.CHILDREN_LIST)]
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
Writer = Annotated[Actor, requires(Permission.CHILDREN_REGISTER)]
Unsealer = Annotated[Actor, requires(Permission.CHILDREN_UNSEAL)]
HouseholdReader = Annotated[Actor, requires(Permission.HOUSEHOLDS_READ)]
HouseholdWriter = Annotated[Actor, requires(Permission.HOUSEHOLDS_WRITE)]
InstitutionReader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
IfMatch = Annotated[str | None, Header(description="The version that you saw, from `ETag`.")]


@router.get("/children", tags=["children"], summary="List children")
def list_children(db: Db, actor: Lister, query: Annotated[ChildQuery, Query()]) -> Page[ChildRow]:
    """Children in reach, newest first, with as much as the role sees; with a name in `q` the closest first."""
    return queries.list_children(db, actor, query)


@router.post(
    "/children",
    tags=["children"],
    status_code=201,
    summary="Register a child",
    responses={200: {"model": RegisteredChild, "description": "The same was registered before"}},
)
def register_child(response: Response, db: Db, actor: Writer, command: ChildRegister) -> RegisteredChild:
    """Registers a child or an adult resident, into the caseload of the worker who does it.

    `possible_duplicates` names records that are likely of the same child, also in other districts; nothing is stopped.
    `POST children/check-duplicates` says the same before anything is registered, and why.
    """
    child_id, is_new = service.register_child(db, actor, command)
    response.status_code = 201 if is_new else 200
    child = queries.read_child(db, actor, child_id)
    with_version(response, child.version)
    possible = duplicates.possible_duplicates(db, actor, child_id)
    return RegisteredChild(**child.model_dump(), age_text=child.age_text, possible_duplicates=possible)


@router.post("/children/check-duplicates", tags=["children"], summary="Look who may be the same child")
def check_duplicates(db: Db, actor: Writer, command: ChildRegister) -> Candidates:
    """Records that are likely of the child that is to be registered: how sure, and why; nothing is registered.

    Looked for in the whole country. Of a record beyond the caller's reach only its code and district are told.
    """
    return Candidates(items=duplicates.check_duplicates(db, actor, command))


@router.get("/children/{child_id}", tags=["children"], summary="Open a child's record")
def open_child(response: Response, db: Db, actor: Reader, child_id: UUID) -> ChildFile:
    """The record with as much as the role sees; that it was opened is noted."""
    return versioned(response, queries.open_child(db, actor, child_id))


@router.patch("/children/{child_id}", tags=["children"], summary="Change a child's record")
def change_child(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: ChildChange, if_match: IfMatch = None
) -> ChildFile:
    """Changes what is given; where the child lives changes by placements only."""
    service.change_child(db, actor, child_id, command, version=version_from_if_match(if_match))
    return versioned(response, queries.read_child(db, actor, child_id))


@router.post("/children/{child_id}/restrict", tags=["children"], summary="Restrict a child's record")
def restrict_child(response: Response, db: Db, actor: Writer, child_id: UUID, command: ChildRestrict) -> ChildFile:
    """Lets only the responsible worker and the district's supervisor open it, or the whole district again."""
    service.restrict_child(db, actor, child_id, command)
    return versioned(response, queries.read_child(db, actor, child_id))


@router.post("/children/{child_id}/assign", tags=["children"], summary="Assign a child to a worker")
def assign_child(response: Response, db: Db, actor: Writer, child_id: UUID, command: ChildAssign) -> ChildFile:
    """Puts the child into the caseload of another post of the district; for the supervisor."""
    service.assign_child(db, actor, child_id, command)
    return versioned(response, queries.read_child(db, actor, child_id))


@router.post("/children/{child_id}/unseal", tags=["children"], summary="See a child's name")
def unseal_child(db: Db, actor: Unsealer, child_id: UUID, command: ChildUnseal) -> UnsealedChild:
    """The name, for a role that sees codes only; the reason is kept in the audit log."""
    return service.unseal_child(db, actor, child_id, command)


@router.get("/children/{child_id}/openings", tags=["children"], summary="See who opened a record")
def openings(db: Db, actor: Reader, child_id: UUID, query: Annotated[ListQuery, Query()]) -> Page[Opening]:
    """Who opened or changed the record, newest first; for the responsible worker and the supervisor."""
    return oversight.openings(db, actor, child_id, query)[1]


@router.get("/households", tags=["households"], summary="List households")
def list_households(db: Db, actor: HouseholdReader, query: Annotated[HouseholdQuery, Query()]) -> Page[HouseholdRow]:
    """Households in reach, newest first; with a name in `q` the closest first."""
    return household_queries.list_households(db, actor, query)


@router.post(
    "/households",
    tags=["households"],
    status_code=201,
    summary="Register a household",
    responses={200: {"model": HouseholdDetail, "description": "The same was registered before"}},
)
def register_household(
    response: Response, db: Db, actor: HouseholdWriter, command: HouseholdRegister
) -> HouseholdDetail:
    """Registers a family with its members, in a village (or cell) of the actor's district."""
    household_id, is_new = household_service.register_household(db, actor, command)
    response.status_code = 201 if is_new else 200
    return versioned(response, household_queries.read_household(db, actor, household_id))


@router.get("/households/{household_id}", tags=["households"], summary="Open a household")
def open_household(response: Response, db: Db, actor: HouseholdReader, household_id: UUID) -> HouseholdDetail:
    """A family with its address and members; that it was opened is noted."""
    return versioned(response, household_queries.open_household(db, actor, household_id))


@router.patch("/households/{household_id}", tags=["households"], summary="Change a household")
def change_household(
    response: Response,
    db: Db,
    actor: HouseholdWriter,
    household_id: UUID,
    command: HouseholdChange,
    if_match: IfMatch = None,
) -> HouseholdDetail:
    """Changes what is given; `members` is everybody who lives there now."""
    version = version_from_if_match(if_match)
    household_service.change_household(db, actor, household_id, command, version=version)
    return versioned(response, household_queries.read_household(db, actor, household_id))


@router.get("/institutions/{institution_id}", tags=["institutions"], summary="Open an institution")
def open_one_institution(response: Response, db: Db, actor: InstitutionReader, institution_id: UUID) -> InstitutionFile:
    """What the register knows of it, with how many children and adults live there today."""
    return versioned(response, open_institution(db, actor, institution_id))
