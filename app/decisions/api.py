"""Decisions and matching, for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import child_to_read
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.decisions import proposing, queries, service
from app.decisions.schemas import DecisionContent, DecisionDetail, DecisionMake, DecisionRow, MatchChoose, Matching

router = APIRouter(route_class=StrictRoute, tags=["decisions"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Party = Annotated[Actor, requires(Permission.CASES_READ, Permission.APPROVALS_DECIDE)]
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": DecisionDetail, "description": "The same was written before; this is what exists"}
}
_CHOSEN: dict[int | str, dict[str, Any]] = {
    200: {"model": Matching, "description": "The same was chosen before; this is what exists"}
}


@router.get("/children/{child_id}/decisions", summary="List the decisions about a child")
def list_decisions(db: Db, actor: Reader, child_id: UUID) -> list[DecisionRow]:
    """The decisions that count for a child, shared ones included, the newest first."""
    return queries.open_decisions(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/decisions", status_code=201, responses=_EXISTS, summary="Write down a decision of the panel"
)
def make_decision(db: Db, actor: Writer, child_id: UUID, command: DecisionMake, response: Response) -> DecisionDetail:
    """Writes a draft. Poverty may be among the grounds and is never the only one."""
    decision_id, is_new = service.make_decision(db, actor, child_id, command)
    if not is_new:
        response.status_code = 200
    return versioned(response, queries.read_decision(db, actor, decision_id))


@router.get("/decisions/{decision_id}", summary="Read a decision")
def get_decision(db: Db, actor: Party, decision_id: UUID, response: Response) -> DecisionDetail:
    """One decision, with its version in the `ETag`; without names for who approves for the State."""
    return versioned(response, queries.open_decision(db, actor, decision_id))


@router.put("/decisions/{decision_id}", summary="Write a draft anew")
def change_decision(
    db: Db,
    actor: Writer,
    decision_id: UUID,
    command: DecisionContent,
    response: Response,
    if_match: Annotated[str | None, Header(description="The version that you read, from its `ETag`.")] = None,
) -> DecisionDetail:
    """Replaces what a draft, or a decision that was returned, says."""
    service.change_decision(db, actor, decision_id, command, version=version_from_if_match(if_match))
    return versioned(response, queries.read_decision(db, actor, decision_id))


@router.post("/decisions/{decision_id}/request", summary="Send a decision for approval")
def request_decision(db: Db, actor: Writer, decision_id: UUID) -> DecisionDetail:
    """Sends it to the supervisor, or to the national manager where the State decides."""
    service.request_decision(db, actor, decision_id)
    return queries.read_decision(db, actor, decision_id)


@router.get("/children/{child_id}/matching", summary="Propose foster families for a child")
def get_matching(db: Db, actor: Reader, child_id: UUID) -> Matching:
    """Available families for the newest approved decision, the best first, each with what speaks for and against."""
    return proposing.open_matching(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/matching/choose", status_code=201, responses=_CHOSEN, summary="Choose a foster family"
)
def choose_family(db: Db, actor: Writer, child_id: UUID, command: MatchChoose, response: Response) -> Matching:
    """Records which of the proposed families a person chose, and why."""
    _match_id, is_new = proposing.choose_family(db, actor, child_id, command)
    if not is_new:
        response.status_code = 200
    return proposing.read_matching(db, actor, child_to_read(db, actor, child_id))
