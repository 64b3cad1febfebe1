"""Claims, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.transformation import claim_queries as queries
from app.transformation import claim_service as service
from app.transformation.claim_schemas import ClaimAccept, ClaimFile, ClaimQuery, ClaimReject, ClaimReport, ClaimRow
from app.transformation.settling_schemas import EndStay, KnownResident, RegisterResident

router = APIRouter(route_class=StrictRoute, tags=["claims"])

Reader = Annotated[Actor, requires(*queries.READERS)]
Manager = Annotated[Actor, requires(Permission.CLAIMS_REPORT)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]


@router.get("/institutions/{institution_id}/claims", summary="List what an institution reported")
def list_claims(db: Db, actor: Reader, institution_id: UUID, query: Annotated[ClaimQuery, Query()]) -> Page[ClaimRow]:
    """Who came and who left, as the manager says, newest first."""
    return queries.list_claims(db, actor, institution_id, query)


@router.post("/institutions/{institution_id}/claims", status_code=201, summary="Report who came or left")
def report_claim(response: Response, db: Db, actor: Manager, institution_id: UUID, command: ClaimReport) -> ClaimFile:
    """A claim, not a fact: a worker checks it. 200 where the same was reported before."""
    claim_id, is_new = service.report_claim(db, actor, institution_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_claim(db, actor, claim_id)


@router.get("/claims/{claim_id}", summary="Read a claim")
def read_claim(db: Db, actor: Reader, claim_id: UUID) -> ClaimFile:
    """What was reported and how it stands; which child it is, and whether the register agrees, for workers only."""
    return queries.open_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/withdraw", summary="Withdraw a claim")
def withdraw_claim(db: Db, actor: Manager, claim_id: UUID) -> ClaimFile:
    """Whoever reported it takes it back before a worker has checked it."""
    service.withdraw_claim(db, actor, claim_id)
    return queries.read_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/accept", summary="Accept a claim that the register says already")
def accept_claim(db: Db, actor: Worker, claim_id: UUID, command: ClaimAccept) -> ClaimFile:
    """For what was recorded in another way, such as a move into a family."""
    service.accept_claim(db, actor, claim_id, command)
    return queries.read_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/register", summary="Accept an admission by registering the child")
def register_claimed(db: Db, actor: Worker, claim_id: UUID, command: RegisterResident) -> ClaimFile:
    """Registers the child and the stay in the house."""
    service.register_claimed(db, actor, claim_id, command)
    return queries.read_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/know", summary="Accept an admission of a known child")
def know_claimed(db: Db, actor: Worker, claim_id: UUID, command: KnownResident) -> ClaimFile:
    """Says which child of the register it is, and records the stay unless there is one."""
    service.know_claimed(db, actor, claim_id, command)
    return queries.read_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/end", summary="Accept an exit by ending the stay")
def end_claimed(db: Db, actor: Worker, claim_id: UUID, command: EndStay) -> ClaimFile:
    """Ends the open placement in the house."""
    service.end_claimed(db, actor, claim_id, command)
    return queries.read_claim(db, actor, claim_id)


@router.post("/claims/{claim_id}/reject", summary="Do not accept a claim")
def reject_claim(db: Db, actor: Worker, claim_id: UUID, command: ClaimReject) -> ClaimFile:
    """The manager reads the reason."""
    service.reject_claim(db, actor, claim_id, command)
    return queries.read_claim(db, actor, claim_id)
