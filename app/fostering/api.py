"""Foster families, for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.fostering import queries, service
from app.fostering.schemas import Ask, FamilyApply, Fostering, FosterQuery, FosterRow, Offer, Reason, StepRecord

router = APIRouter(route_class=StrictRoute, tags=["fostering"])

Reader = Annotated[Actor, requires(Permission.HOUSEHOLDS_READ)]
Writer = Annotated[Actor, requires(Permission.HOUSEHOLDS_WRITE)]
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": Fostering, "description": "The same was written down before; this is what exists"}
}


@router.get("/fostering", summary="List foster families")
def list_families(db: Db, actor: Reader, query: Annotated[FosterQuery, Query()]) -> Page[FosterRow]:
    """Foster families in the caller's reach, the newest application first."""
    return queries.list_families(db, actor, query)


@router.get("/households/{household_id}/fostering", summary="Read how a household stands as a foster family")
def get_fostering(db: Db, actor: Reader, household_id: UUID) -> Fostering:
    """The foster family that a household is, with its steps; `family` is null where it never applied."""
    return queries.open_fostering(db, actor, household_id)


@router.post(
    "/households/{household_id}/fostering", status_code=201, responses=_EXISTS, summary="Apply as a foster family"
)
def apply_to_foster(db: Db, actor: Writer, household_id: UUID, command: FamilyApply, response: Response) -> Fostering:
    """Writes down that a household applied, and what it offers."""
    _family_id, is_new = service.apply_to_foster(db, actor, household_id, command)
    if not is_new:
        response.status_code = 200
    return queries.read_fostering(db, actor, household_id)


@router.put("/households/{household_id}/fostering", summary="Change what a foster family offers")
def change_offer(
    db: Db,
    actor: Writer,
    household_id: UUID,
    command: Offer,
    if_match: Annotated[str | None, Header(description="The version that you read.")] = None,
) -> Fostering:
    """Replaces the whole offer."""
    service.change_offer(db, actor, household_id, command, version=version_from_if_match(if_match))
    return queries.read_fostering(db, actor, household_id)


@router.post(
    "/households/{household_id}/fostering/steps", status_code=201, responses=_EXISTS, summary="Write down a step"
)
def record_step(db: Db, actor: Writer, household_id: UUID, command: StepRecord, response: Response) -> Fostering:
    """Writes down a check, its completion, a training or a visit. A step is never changed afterwards."""
    _step_id, is_new = service.record_step(db, actor, household_id, command)
    if not is_new:
        response.status_code = 200
    return queries.read_fostering(db, actor, household_id)


@router.post("/households/{household_id}/fostering/request", summary="Ask for the approval of a family")
def request_approval(
    db: Db, actor: Annotated[Actor, requires(Permission.CASES_WRITE)], household_id: UUID, command: Ask
) -> Fostering:
    """Asks the supervisor to approve a trained family, or to renew its approval."""
    service.request_approval(db, actor, household_id, command)
    return queries.read_fostering(db, actor, household_id)


@router.post("/households/{household_id}/fostering/available", summary="Make a family available")
def make_available(db: Db, actor: Writer, household_id: UUID) -> Fostering:
    """An approved family is ready for a child."""
    service.make_available(db, actor, household_id)
    return queries.read_fostering(db, actor, household_id)


@router.post("/households/{household_id}/fostering/pause", summary="Pause a family")
def pause(db: Db, actor: Writer, household_id: UUID, command: Reason) -> Fostering:
    """No further child comes for a while; who lives there stays."""
    service.pause(db, actor, household_id, command)
    return queries.read_fostering(db, actor, household_id)


@router.post("/households/{household_id}/fostering/withdraw", summary="Withdraw a family")
def withdraw(db: Db, actor: Writer, household_id: UUID, command: Reason) -> Fostering:
    """The family fosters no more. Refused while children live there."""
    service.withdraw(db, actor, household_id, command)
    return queries.read_fostering(db, actor, household_id)
