"""Transfers, for people: what another district asks, and the answer."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
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
from app.core.db import Db
from app.core.errors import Conflict, FieldError
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import flash, render

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Manager = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]

C = TypeVar("C")


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
    command = form.bind(TransferAccept)

    def verb(given: TransferAccept) -> Response:
        child_id = transferring.accept_transfer(db, actor, transfer_id, given)
        return to_case(db, actor, child_id, _("The case is yours now. The worker has the hand-over to read."))

    return _answer(request, db, actor, transfer_id, form, command, verb)


@router.post("/transfers/{transfer_id}/decline")
def decline_transfer(request: Request, db: Db, actor: Manager, transfer_id: UUID, form: Typed) -> Response:
    """Leaves the case where it is."""
    command = form.bind(TransferDecline)

    def verb(given: TransferDecline) -> Response:
        transferring.decline_transfer(db, actor, transfer_id, given)
        response = RedirectResponse("/transfers", status_code=303)
        flash(response, _("The transfer is declined. The other district reads why."))
        return response

    return _answer(request, db, actor, transfer_id, form, command, verb)


@router.post("/transfers/{transfer_id}/withdraw")
def withdraw_transfer(request: Request, db: Db, actor: Writer, transfer_id: UUID, form: Typed) -> Response:
    """Takes the transfer back."""

    def verb(_form: Form) -> Response:
        child_id = transferring.withdraw_transfer(db, actor, transfer_id)
        return to_case(db, actor, child_id, _("The transfer is taken back. The case stays with you."))

    return _answer(request, db, actor, transfer_id, form, form, verb)


def _answer(
    request: Request,
    db: Session,
    actor: Actor,
    transfer_id: UUID,
    form: Form,
    command: C | None,
    verb: Callable[[C], Response],
) -> Response:
    status = 422
    if command is not None:
        try:
            with db.begin_nested():
                return verb(command)
        except (FieldError, Conflict) as error:
            form.fail(error)
            status = error.status
    return _page(request, db, actor, transfer_id, form, status)


def _page(
    request: Request, db: Session, actor: Actor, transfer_id: UUID, form: Form, status: int = 200
) -> HTMLResponse:
    transfer = open_transfer(db, actor, transfer_id)
    waits = transfer.state is TransferState.REQUESTED
    posts = [
        (str(post.id), post.holders or _("Nobody holds this post now"), Role(post.role).label)
        for post in (receiving_posts(db, actor) if waits and transfer.incoming else [])
    ]
    return render(
        request,
        "cases/transfer_detail.html",
        status=status,
        transfer=transfer,
        form=form,
        posts=posts,
        may_answer=waits and transfer.incoming and actor.may_ever(Permission.CASELOADS_MANAGE),
        may_withdraw=waits and transfer.child is not None and not transfer.incoming,
    )
