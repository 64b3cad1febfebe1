"""Paper, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.paper import service
from app.paper.schemas import SheetQuery
from app.paper.words import SheetKind

router = APIRouter(route_class=StrictRoute, tags=["paper"])
Reader = Annotated[Actor, requires(Permission.CASES_READ)]


class Pdf(Response):
    """A PDF."""

    media_type = "application/pdf"


KEPT_NOWHERE = {"Cache-Control": "no-store"}


@router.get("/children/{child_id}/paper/{sheet}", summary="Print a sheet of a child's file", response_class=Pdf)
def print_sheet(
    db: Db, actor: Reader, child_id: UUID, sheet: SheetKind, query: Annotated[SheetQuery, Query()]
) -> Response:
    """One sheet as a PDF, with code and initials unless `names` asks for the name; that it was printed is noted."""
    return Pdf(service.print_sheet(db, actor, child_id, sheet, names=query.names), headers=KEPT_NOWHERE)


@router.get("/paper/caseload", summary="Print a caseload", response_class=Pdf)
def print_caseload(db: Db, actor: Reader) -> Response:
    """The children of the caller's post as a PDF, with codes and initials."""
    return Pdf(service.print_caseload(db, actor), headers=KEPT_NOWHERE)
