"""Approvals, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals import queries, service
from app.approvals.schemas import ApprovalQuery, ApprovalRow, Approve, Return
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page

router = APIRouter(route_class=StrictRoute, tags=["approvals"])

Party = Annotated[Actor, requires(Permission.CASES_WRITE, Permission.APPROVALS_DECIDE)]
Author = Annotated[Actor, requires(Permission.CASES_WRITE)]
Decider = Annotated[Actor, requires(Permission.APPROVALS_DECIDE)]


@router.get("/approvals", summary="List what waits for approval")
def list_approvals(db: Db, actor: Party, query: Annotated[ApprovalQuery, Query()]) -> Page[ApprovalRow]:
    """What waits for the caller's decision, or was asked from the caller's post and still waits; oldest first."""
    return queries.list_approvals(db, actor, query)


@router.get("/approvals/{approval_id}", summary="Open an approval")
def open_approval(db: Db, actor: Party, approval_id: UUID) -> ApprovalRow:
    """What waits, asked by whom, and what came of it; `path` is where the record itself is read."""
    return queries.open_approval(db, actor, approval_id)


@router.post("/approvals/{approval_id}/approve", summary="Approve")
def approve(db: Db, actor: Decider, approval_id: UUID, command: Approve) -> ApprovalRow:
    """Agrees to what somebody else wrote. Nobody approves what they asked for themselves."""
    service.approve(db, actor, approval_id, command)
    return queries.read_approval(db, actor, approval_id)


@router.post("/approvals/{approval_id}/return", summary="Return to the author")
def return_to_author(db: Db, actor: Decider, approval_id: UUID, command: Return) -> ApprovalRow:
    """Sends the record back with what is missing."""
    service.return_to_author(db, actor, approval_id, command)
    return queries.read_approval(db, actor, approval_id)


@router.post("/approvals/{approval_id}/withdraw", summary="Take a request back")
def withdraw(db: Db, actor: Author, approval_id: UUID) -> ApprovalRow:
    """Takes a request back before it is decided."""
    service.withdraw_request(db, actor, approval_id)
    return queries.read_approval(db, actor, approval_id)
