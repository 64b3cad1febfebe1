"""Transfers, for people: what another district asks, and the answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.roles import Role
from app.cases import transferring
from app.cases.page_parts import to_case
from app.cases.schemas import TransferAccept, TransferDecline, TransferQuery
from app.cases.transfer_queries import list_transfers, open_transfer, receiving_posts
from app.cases.words import TransferState
from app.core.asking import done, pressed, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Manager = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]


@router.get("/transfers")
def show_transfers(request: Request, db: Db, actor: Manager, query: Annotated[TransferQuery, Query()]) -> HTMLResponse:
    """What other districts ask of the reader's, and what it asked of them."""
    return render(request, "cases/transfers.html", block="list", found=list_transfers(db, actor, query))


@router.get("/transfers/{transfer_id}")
def show_transfer(request: Request, db: Db, actor: Reader, transfer_id: UUID) -> HTMLResponse:
    """What is asked, of which child in a code and a few facts, and the answer."""
    return _page(request, db, actor, transfer_id, Form({}))


@router.post("/transfers/{transfer_id}/accept")
def accept_transfer(request: Request, db: Db, actor: Manager, transfer_id: UUID, form: Typed) -> Response:
    """Takes the case into the district."""
    made = tried(
        db, form, form.bind(TransferAccept), lambda given: transferring.accept_transfer(db, actor, transfer_id, given)
    )
    if made:
        return to_case(db, actor, made.gave, _("The case is yours now. The worker has the hand-over to read."))
    return _page(request, db, actor, transfer_id, form)


@router.post("/transfers/{transfer_id}/decline")
def decline_transfer(request: Request, db: Db, actor: Manager, transfer_id: UUID, form: Typed) -> Response:
    """Leaves the case where it is."""
    if tried(
        db, form, form.bind(TransferDecline), lambda given: transferring.decline_transfer(db, actor, transfer_id, given)
    ):
        return done("/transfers", _("The transfer is declined. The other district reads why."))
    return _page(request, db, actor, transfer_id, form)


@router.post("/transfers/{transfer_id}/withdraw")
def withdraw_transfer(request: Request, db: Db, actor: Writer, transfer_id: UUID, form: Typed) -> Response:
    """Takes the transfer back."""
    made = pressed(db, form, lambda: transferring.withdraw_transfer(db, actor, transfer_id))
    if made:
        return to_case(db, actor, made.gave, _("The transfer is taken back. The case stays with you."))
    return _page(request, db, actor, transfer_id, form)


def _page(request: Request, db: Session, actor: Actor, transfer_id: UUID, form: Form) -> HTMLResponse:
    transfer = open_transfer(db, actor, transfer_id)
    waits = transfer.state is TransferState.REQUESTED
    posts = [
        (str(post.id), post.holders or _("Nobody holds this post now"), Role(post.role).label)
        for post in (receiving_posts(db, actor) if waits and transfer.incoming else [])
    ]
    return render(
        request,
        "cases/transfer_detail.html",
        status=form.status,
        transfer=transfer,
        form=form,
        posts=posts,
        may_answer=waits and transfer.incoming and actor.may_ever(Permission.CASELOADS_MANAGE),
        may_withdraw=waits and transfer.child is not None and not transfer.incoming,
    )
