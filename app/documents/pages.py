"""Documents for people: what a child has, one more, one of them, and its content."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, child_to_read, why_not_at_work
from app.core.db import Db
from app.core.errors import Conflict, FieldError, Forbidden
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute, UploadRoute
from app.core.templating import flash, render
from app.documents import queries, service
from app.documents.receiving import as_answer, file_of
from app.documents.schemas import DocumentAdd, DocumentQuery, DocumentWithdraw
from app.documents.words import DocumentKind

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
uploads = APIRouter(route_class=UploadRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/children/{child_id}/documents")
def list_documents(
    request: Request, db: Db, actor: Reader, child_id: UUID, query: Annotated[DocumentQuery, Query()]
) -> HTMLResponse:
    """The photograph, and what papers there are."""
    child, found = queries.list_documents(db, actor, child_id, query)
    return render(
        request,
        "documents/list.html",
        block="list",
        child=child,
        found=found,
        photo=queries.photo_of(db, actor, child_id),
        may_write=why_not_at_work(actor, child.facts) is None,
    )


@router.get("/children/{child_id}/documents/new")
def new_document(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks for a file and what it is."""
    child, _found = queries.list_documents(db, actor, child_id, DocumentQuery(limit=1))
    return _form_page(request, actor, child, Form({"id": str(new_id())}))


@uploads.post("/children/{child_id}/documents/new")
def add_document(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Adds the document, or says what is wrong with it."""
    command, status = form.bind(DocumentAdd), 422
    if command is not None:
        try:
            with db.begin_nested():
                service.add_document(db, actor, child_id, command, file_of(form))
        except (FieldError, Conflict) as error:
            form.fail(error)
            status = error.status
        else:
            response = RedirectResponse(f"/children/{child_id}/documents", 303)
            flash(response, _("The document is added. It is kept sealed."))
            return response
    return _form_page(request, actor, child_to_read(db, actor, child_id), form, status=status)


def _form_page(request: Request, actor: Actor, child: ChildAtWork, form: Form, status: int = 200) -> HTMLResponse:
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return render(request, "documents/new.html", status=status, child=child, form=form, kinds=DocumentKind)


@router.get("/documents/{document_id}")
def show_document(request: Request, db: Db, actor: Reader, document_id: UUID) -> HTMLResponse:
    """What a document is, and the way to its content."""
    child, document = queries.open_document(db, actor, document_id)
    return render(
        request,
        "documents/detail.html",
        child=child,
        document=document,
        may_write=why_not_at_work(actor, child.facts) is None,
    )


@router.get("/documents/{document_id}/file")
def give_file(db: Db, actor: Reader, document_id: UUID) -> Response:
    """The content, to be saved or to be seen on a page; every time is noted."""
    return as_answer(*queries.read_file(db, actor, document_id))


@router.get("/documents/{document_id}/withdraw")
def ask_withdraw(request: Request, db: Db, actor: Writer, document_id: UUID) -> HTMLResponse:
    """Asks why."""
    return _withdraw_page(request, db, actor, document_id, Form())


@router.post("/documents/{document_id}/withdraw")
def withdraw_document(request: Request, db: Db, actor: Writer, document_id: UUID, form: Typed) -> Response:
    """Withdraws the document."""
    command, status = form.bind(DocumentWithdraw), 422
    if command is not None:
        try:
            with db.begin_nested():
                service.withdraw_document(db, actor, document_id, command)
        except Conflict as error:
            form.fail(error)
            status = error.status
        else:
            child_id = queries.read_document(db, actor, document_id).child
            response = RedirectResponse(f"/children/{child_id}/documents", 303)
            flash(response, _("The document is withdrawn."))
            return response
    return _withdraw_page(request, db, actor, document_id, form, status=status)


def _withdraw_page(
    request: Request, db: Db, actor: Actor, document_id: UUID, form: Form, status: int = 200
) -> HTMLResponse:
    child, document = queries.open_document(db, actor, document_id)
    reason = why_not_at_work(actor, child.facts)
    if reason is not None:
        raise Forbidden(reason)
    return render(request, "documents/withdraw.html", status=status, child=child, document=document, form=form)


router.include_router(uploads)
