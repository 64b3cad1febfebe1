"""Paper, for people: which sheet, with or without the name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.queries import open_child
from app.children.work import child_to_read
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.templating import render
from app.paper import service
from app.paper.schemas import SheetQuery
from app.paper.words import SheetKind

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]


@router.get("/children/{child_id}/paper")
def choose_sheet(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """The sheets of a child's file."""
    child_to_read(db, actor, child_id)
    return render(request, "paper/choose.html", child=open_child(db, actor, child_id), sheets=SheetKind)


@router.get("/children/{child_id}/paper/{sheet}")
def print_sheet(
    db: Db, actor: Reader, child_id: UUID, sheet: SheetKind, query: Annotated[SheetQuery, Query()]
) -> Response:
    """One sheet as a PDF; that it was printed is noted."""
    return pdf(service.print_sheet(db, actor, child_id, sheet, names=query.names), sheet.value)


@router.get("/paper/caseload")
def print_caseload(db: Db, actor: Reader) -> Response:
    """The list of one's own caseload as a PDF."""
    return pdf(service.print_caseload(db, actor), "caseload")


def pdf(content: bytes, name: str) -> Response:
    """An answer that a browser shows or saves, and keeps nowhere else."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
