"""Consent, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.consents import queries, service
from app.consents.schemas import (
    ConsentFile,
    ConsentRecord,
    ConsentRow,
    ConsentWithdraw,
    WithholdingAdd,
    WithholdingLift,
    WithholdingRow,
)
from app.core.db import Db
from app.core.routing import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["consents"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/children/{child_id}/consents", summary="Read what may be shared about a child")
def read_consents(db: Db, actor: Reader, child_id: UUID) -> ConsentFile:
    """For each purpose whether it may be done, every answer, and what must not be told to whom."""
    return queries.open_consents(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/consents",
    status_code=201,
    summary="Write down a consent or refusal",
    responses={200: {"model": ConsentRow, "description": "The same was written down before"}},
)
def record_consent(response: Response, db: Db, actor: Writer, child_id: UUID, command: ConsentRecord) -> ConsentRow:
    """Writes down an answer; another basis than consent waits for the agreement of the supervisor."""
    consent_id, is_new = service.record_consent(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_consent(db, actor, consent_id)


@router.get("/consents/{consent_id}", summary="Read a consent")
def read_consent(db: Db, actor: Reader, consent_id: UUID) -> ConsentRow:
    """One answer, or one other basis with what the supervisor said to it."""
    return queries.open_consent(db, actor, consent_id)[1]


@router.post("/consents/{consent_id}/withdraw", summary="Withdraw a consent")
def withdraw_consent(db: Db, actor: Writer, consent_id: UUID, command: ConsentWithdraw) -> ConsentRow:
    """Writes down that a consent was withdrawn; from then on it blocks."""
    service.withdraw_consent(db, actor, consent_id, command)
    return queries.read_consent(db, actor, consent_id)


@router.post(
    "/children/{child_id}/withholdings",
    status_code=201,
    summary="Write down what must not be told",
    responses={200: {"model": WithholdingRow, "description": "The same was written down before"}},
)
def add_withholding(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: WithholdingAdd
) -> WithholdingRow:
    """What must not be told, to whom, and why."""
    withholding_id, is_new = service.add_withholding(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_withholding(db, actor, withholding_id)


@router.post("/withholdings/{withholding_id}/lift", summary="Lift what must not be told")
def lift_withholding(db: Db, actor: Writer, withholding_id: UUID, command: WithholdingLift) -> WithholdingRow:
    """Says that it may be told from today on, and why."""
    service.lift_withholding(db, actor, withholding_id, command)
    return queries.read_withholding(db, actor, withholding_id)
