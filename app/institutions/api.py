"""Institutions, for machines; one institution with its residents is opened in `app.children`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.institutions import queries, service
from app.institutions.schemas import (
    InstitutionChange,
    InstitutionDetail,
    InstitutionQuery,
    InstitutionRegister,
    InstitutionRow,
)

router = APIRouter(route_class=StrictRoute, tags=["institutions"])

Reader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
Writer = Annotated[Actor, requires(Permission.INSTITUTIONS_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version that you saw, from `ETag`.")]


@router.get("/institutions", summary="List institutions")
def list_institutions(db: Db, actor: Reader, query: Annotated[InstitutionQuery, Query()]) -> Page[InstitutionRow]:
    """Institutions in reach, by name: those of the district, all for national staff, one's own for a manager."""
    return queries.list_institutions(db, actor, query)


@router.post(
    "/institutions",
    status_code=201,
    summary="Register an institution",
    responses={200: {"model": InstitutionDetail, "description": "The same was registered before"}},
)
def register_institution(response: Response, db: Db, actor: Writer, command: InstitutionRegister) -> InstitutionDetail:
    """Puts an institution on the register, in a sector inside the actor's area."""
    institution_id, is_new = service.register_institution(db, actor, command)
    response.status_code = 201 if is_new else 200
    return _answer(response, queries.get_institution(db, actor, institution_id))


@router.patch("/institutions/{institution_id}", summary="Change an institution")
def change_institution(
    response: Response,
    db: Db,
    actor: Writer,
    institution_id: UUID,
    command: InstitutionChange,
    if_match: IfMatch = None,
) -> InstitutionDetail:
    """Changes what is given, also the stage of closure with the day on which it was reached."""
    version = version_from_if_match(if_match)
    service.change_institution(db, actor, institution_id, command, version=version)
    return _answer(response, queries.get_institution(db, actor, institution_id))


def _answer(response: Response, institution: InstitutionDetail) -> InstitutionDetail:
    return versioned(response, institution)
