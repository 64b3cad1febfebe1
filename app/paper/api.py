"""Paper, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.paper import service
from app.paper.schemas import DecisionPrint, SheetPrint

router = APIRouter(route_class=StrictRoute, tags=["paper"])
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Supervisor = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
Party = Annotated[Actor, requires(Permission.CASES_READ, Permission.APPROVALS_DECIDE)]


class Pdf(Response):
    """A PDF."""

    media_type = "application/pdf"


KEPT_NOWHERE = {"Cache-Control": "no-store"}


@router.post("/children/{child_id}/paper", summary="Print a sheet of a child's file", response_class=Pdf)
def print_sheet(db: Db, actor: Reader, child_id: UUID, command: SheetPrint) -> Response:
    """One sheet as a PDF, with code and initials unless the name is asked for with a reason; the print is noted.

    A sheet for somebody outside is refused unless consent to share with the receiver is written down, or another
    basis to which the supervisor agreed.
    """
    return Pdf(service.print_sheet(db, actor, child_id, command), headers=KEPT_NOWHERE)


@router.post("/decisions/{decision_id}/paper", summary="Print a decision of the panel", response_class=Pdf)
def print_decision(db: Db, actor: Party, decision_id: UUID, command: DecisionPrint) -> Response:
    """The decision as a PDF, under the same conditions as a sheet of the file."""
    return Pdf(service.print_decision(db, actor, decision_id, command), headers=KEPT_NOWHERE)


@router.get("/paper/caseload", summary="Print a caseload", response_class=Pdf)
def print_caseload(db: Db, actor: Reader) -> Response:
    """The children of the caller's post as a PDF, with codes and initials."""
    return Pdf(service.print_caseload(db, actor), headers=KEPT_NOWHERE)


@router.get("/caseloads/{post_id}/paper", summary="Print the caseload of a post", response_class=Pdf)
def print_caseload_of(db: Db, actor: Supervisor, post_id: UUID) -> Response:
    """The children of a worker's post of the caller's district as a PDF, with codes and initials."""
    return Pdf(service.print_caseload(db, actor, post_id), headers=KEPT_NOWHERE)
