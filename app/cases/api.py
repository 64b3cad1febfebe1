"""Cases, for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.cases import closing, grouping, queries, service, transfer_queries, transferring
from app.cases.schemas import (
    CaseAdvance,
    CaseClose,
    CaseContactRecord,
    CaseDetail,
    CaseHold,
    CaseOpen,
    CaseQuery,
    CaseReopen,
    CaseRow,
    ConcernAdd,
    GroupJoin,
    RiskRate,
    TransferAccept,
    TransferAsk,
    TransferDecline,
    TransferQuery,
    TransferRow,
)
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page

router = APIRouter(route_class=StrictRoute, tags=["cases"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Manager = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
IfMatch = Annotated[str | None, Header(description="The version that you read, from its `ETag`.")]


def _exists(model: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": "The same was recorded before; this is what exists"}}


def _written(db: Session, actor: Actor, case_id: UUID, response: Response, *, is_new: bool = True) -> CaseDetail:
    db.flush()
    if not is_new:
        response.status_code = 200
    case = queries.case_detail(db, actor, case_id)
    return versioned(response, case)


@router.get("/cases", summary="List cases")
def list_cases(db: Db, actor: Reader, query: Annotated[CaseQuery, Query()]) -> Page[CaseRow]:
    """Cases of the children whose whole file the caller may read, the newest first; open ones by default."""
    return queries.list_cases(db, actor, query)


@router.get("/cases/{case_id}", summary="Open a case")
def open_case_file(db: Db, actor: Reader, case_id: UUID, response: Response) -> CaseDetail:
    """One case with its concerns, ratings, steps, contacts, transfers and closing; the version is in the `ETag`."""
    case = queries.open_case_file(db, actor, case_id)
    return versioned(response, case)


@router.get("/children/{child_id}/cases", summary="List the cases of a child")
def list_cases_of_child(db: Db, actor: Reader, child_id: UUID) -> list[CaseRow]:
    """Every case of a child, the open or newest first."""
    return queries.cases_of(db, actor, child_id)


@router.post("/children/{child_id}/cases", status_code=201, responses=_exists(CaseDetail), summary="Open a case")
def open_case(db: Db, actor: Writer, child_id: UUID, command: CaseOpen, response: Response) -> CaseDetail:
    """Opens the case of a child, rates its risk and starts its clock. A child has one open case at most."""
    case_id, is_new = service.open_case(db, actor, child_id, command)
    return _written(db, actor, case_id, response, is_new=is_new)


@router.post("/cases/{case_id}/concerns", status_code=201, responses=_exists(CaseDetail), summary="Add a concern")
def add_concern(db: Db, actor: Writer, case_id: UUID, command: ConcernAdd, response: Response) -> CaseDetail:
    """Writes a further concern down."""
    _concern_id, is_new = service.add_concern(db, actor, case_id, command)
    return _written(db, actor, case_id, response, is_new=is_new)


@router.post("/cases/{case_id}/risk", summary="Rate the risk")
def rate_risk(db: Db, actor: Writer, case_id: UUID, command: RiskRate, response: Response) -> CaseDetail:
    """Rates the risk again. What is due moves with it; a risk above low takes a case back from a sector."""
    service.rate_risk(db, actor, case_id, command)
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/advance", summary="Bring a case to another step")
def advance_case(
    db: Db, actor: Writer, case_id: UUID, command: CaseAdvance, response: Response, if_match: IfMatch = None
) -> CaseDetail:
    """Brings a case a step on; leaving one out or going back needs a reason."""
    service.advance_case(db, actor, case_id, command, version_from_if_match(if_match))
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/hold", summary="Give a case to a sector, or take it back")
def hold_case(
    db: Db, actor: Writer, case_id: UUID, command: CaseHold, response: Response, if_match: IfMatch = None
) -> CaseDetail:
    """Gives a case of low risk to a sector officer's post, or takes it back where no post is named."""
    service.hold_case(db, actor, case_id, command, version_from_if_match(if_match))
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/contacts", status_code=201, responses=_exists(CaseDetail), summary="Record a contact")
def record_contact(db: Db, actor: Writer, case_id: UUID, command: CaseContactRecord, response: Response) -> CaseDetail:
    """Writes an attempt to reach the child down; of a closed case, aftercare."""
    _contact_id, is_new = service.record_contact(db, actor, case_id, command)
    return _written(db, actor, case_id, response, is_new=is_new)


@router.post("/cases/{case_id}/close", status_code=201, responses=_exists(CaseDetail), summary="Close a case")
def close_case(db: Db, actor: Writer, case_id: UUID, command: CaseClose, response: Response) -> CaseDetail:
    """Asks the supervisor to close a case, or closes it where the reason needs nobody's agreement."""
    _closing_id, is_new = closing.close_case(db, actor, case_id, command)
    return _written(db, actor, case_id, response, is_new=is_new)


@router.post("/cases/{case_id}/reopen", summary="Open a case again")
def reopen_case(db: Db, actor: Writer, case_id: UUID, command: CaseReopen, response: Response) -> CaseDetail:
    """Opens a closed case again as registered; its history stays."""
    closing.reopen_case(db, actor, case_id, command)
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/group", summary="Take decisions together")
def join_group(db: Db, actor: Writer, case_id: UUID, command: GroupJoin, response: Response) -> CaseDetail:
    """Joins the case of a brother or sister, whose decisions are taken together from now on."""
    grouping.join_group(db, actor, case_id, command)
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/leave", summary="Leave a group")
def leave_group(db: Db, actor: Writer, case_id: UUID, response: Response) -> CaseDetail:
    """Takes a case out of its group."""
    grouping.leave_group(db, actor, case_id)
    return _written(db, actor, case_id, response)


@router.post("/cases/{case_id}/transfer", status_code=201, responses=_exists(TransferRow), summary="Ask for a transfer")
def ask_transfer(db: Db, actor: Writer, case_id: UUID, command: TransferAsk, response: Response) -> TransferRow:
    """Asks another district to take a case. Until it accepts, everything stays with the sender."""
    transfer_id, is_new = transferring.ask_transfer(db, actor, case_id, command)
    if not is_new:
        response.status_code = 200
    return transfer_queries.read_transfer(db, actor, transfer_id)


@router.get("/transfers", summary="List transfers")
def list_transfers(db: Db, actor: Manager, query: Annotated[TransferQuery, Query()]) -> Page[TransferRow]:
    """Transfers that wait, into and out of the caller's district, the oldest first."""
    return transfer_queries.list_transfers(db, actor, query)


@router.get("/transfers/{transfer_id}", summary="Open a transfer")
def open_transfer(db: Db, actor: Reader, transfer_id: UUID) -> TransferRow:
    """What is asked, of which child in a code and a few facts; more only for who may open the child's file."""
    return transfer_queries.open_transfer(db, actor, transfer_id)


@router.post("/transfers/{transfer_id}/accept", summary="Accept a transfer")
def accept_transfer(db: Db, actor: Manager, transfer_id: UUID, command: TransferAccept) -> TransferRow:
    """Takes the case; the post is responsible and gets what is due, and what waited for approval is a draft again."""
    transferring.accept_transfer(db, actor, transfer_id, command)
    db.flush()
    return transfer_queries.read_transfer(db, actor, transfer_id)


@router.post("/transfers/{transfer_id}/decline", summary="Decline a transfer")
def decline_transfer(db: Db, actor: Manager, transfer_id: UUID, command: TransferDecline) -> TransferRow:
    """Leaves the case with the sender, who reads why."""
    transferring.decline_transfer(db, actor, transfer_id, command)
    return transfer_queries.read_transfer(db, actor, transfer_id)


@router.post("/transfers/{transfer_id}/withdraw", summary="Take a transfer back")
def withdraw_transfer(db: Db, actor: Writer, transfer_id: UUID) -> TransferRow:
    """Takes a transfer back before it is answered."""
    transferring.withdraw_transfer(db, actor, transfer_id)
    return transfer_queries.read_transfer(db, actor, transfer_id)
