"""Censuses, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.transformation import census_queries as queries
from app.transformation import census_service as service
from app.transformation.census_schemas import CensusFile, CensusRow, CensusStart, CensusTick, PersonAdd, PersonMark
from app.transformation.settling_schemas import EndStay, Explain, KnownResident, RegisterResident

router = APIRouter(route_class=StrictRoute, tags=["censuses"])

Reader = Annotated[Actor, requires(*queries.READERS)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]


@router.get("/institutions/{institution_id}/censuses", summary="List the censuses of a house")
def list_censuses(db: Db, actor: Reader, institution_id: UUID) -> Page[CensusRow]:
    """The newest first, at most sixty."""
    return Page(items=queries.list_censuses(db, actor, institution_id))


@router.post("/institutions/{institution_id}/censuses", status_code=201, summary="Start a census")
def start_census(response: Response, db: Db, actor: Worker, institution_id: UUID, command: CensusStart) -> CensusFile:
    """Lists everybody whom the register has there that night; 200 where the same was started before."""
    census_id, is_new = service.start_census(db, actor, institution_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_census(db, actor, census_id)


@router.get("/censuses/{census_id}", summary="Read a census")
def read_census(db: Db, actor: Reader, census_id: UUID) -> CensusFile:
    """The people of a census, held against the register as it stands for that night."""
    return queries.open_census(db, actor, census_id)


@router.post("/censuses/{census_id}/tick", summary="Tick who sleeps in the house")
def tick_people(db: Db, actor: Worker, census_id: UUID, command: CensusTick) -> CensusFile:
    """Says of the people shown who is present; the others stay open."""
    service.tick_people(db, actor, census_id, command)
    return queries.read_census(db, actor, census_id)


@router.post("/censuses/{census_id}/people", status_code=201, summary="Add somebody nobody registered")
def add_person(response: Response, db: Db, actor: Worker, census_id: UUID, command: PersonAdd) -> CensusFile:
    """Adds a person who sleeps in the house and is not on the list; 200 where the same was added before."""
    _person_id, is_new = service.add_person(db, actor, census_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_census(db, actor, census_id)


@router.post("/censuses/{census_id}/count", summary="Finish the counting")
def finish_count(db: Db, actor: Worker, census_id: UUID) -> CensusFile:
    """Ends the counting, once everybody on the list was asked about."""
    service.finish_count(db, actor, census_id)
    return queries.read_census(db, actor, census_id)


@router.post("/censuses/{census_id}/reconcile", summary="Reconcile a census")
def reconcile_census(db: Db, actor: Worker, census_id: UUID) -> CensusFile:
    """Says that house and register agree, once every difference is settled."""
    service.reconcile_census(db, actor, census_id)
    return queries.read_census(db, actor, census_id)


@router.post("/census-people/{person_id}/mark", summary="Say where a person sleeps")
def mark_person(db: Db, actor: Worker, person_id: UUID, command: PersonMark) -> CensusFile:
    """Present, absent for now, or gone since a day."""
    return queries.read_census(db, actor, service.mark_person(db, actor, person_id, command))


@router.post("/census-people/{person_id}/register", summary="Register a person from a census")
def register_person(db: Db, actor: Worker, person_id: UUID, command: RegisterResident) -> CensusFile:
    """Registers the child and the stay in the house."""
    return queries.read_census(db, actor, service.register_person(db, actor, person_id, command))


@router.post("/census-people/{person_id}/know", summary="Recognise a person of a census")
def know_person(db: Db, actor: Worker, person_id: UUID, command: KnownResident) -> CensusFile:
    """Says which child of the register it is, and records the stay unless there is one."""
    return queries.read_census(db, actor, service.know_person(db, actor, person_id, command))


@router.post("/census-people/{person_id}/end", summary="End the stay of a person who has left")
def end_person(db: Db, actor: Worker, person_id: UUID, command: EndStay) -> CensusFile:
    """Ends the open placement in the house."""
    return queries.read_census(db, actor, service.end_person(db, actor, person_id, command))


@router.post("/census-people/{person_id}/explain", summary="Explain a difference")
def explain_person(db: Db, actor: Worker, person_id: UUID, command: Explain) -> CensusFile:
    """Settles a difference in words, where no record is wrong."""
    return queries.read_census(db, actor, service.explain_person(db, actor, person_id, command))
