"""Documents for people: what a child has, one more, one of them, and its content."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core.asking import done, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute, UploadRoute
from app.core.templating import render
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
        may_write=may_work_on(actor, child.facts),
    )


@router.get("/children/{child_id}/documents/new")
def new_document(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks for a file and what it is."""
    child, _found = queries.list_documents(db, actor, child_id, DocumentQuery(limit=1))
    return _form_page(request, actor, child, Form({"id": str(new_id())}))


@uploads.post("/children/{child_id}/documents/new")
def add_document(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Adds the document, or says what is wrong with it."""
    if tried(
        db, form, form.bind(DocumentAdd), lambda given: service.add_document(db, actor, child_id, given, file_of(form))
    ):
        return done(f"/children/{child_id}/documents", _("The document is added. It is kept sealed."))
    return _form_page(request, actor, child_to_read(db, actor, child_id), form)


def _form_page(request: Request, actor: Actor, child: ChildAtWork, form: Form) -> HTMLResponse:
    checked_at_work(actor, child)
    return render(request, "documents/new.html", status=form.status, child=child, form=form, kinds=DocumentKind)


@router.get("/documents/{document_id}")
def show_document(request: Request, db: Db, actor: Reader, document_id: UUID) -> HTMLResponse:
    """What a document is, and the way to its content."""
    child, document = queries.open_document(db, actor, document_id)
    return render(
        request,
        "documents/detail.html",
        child=child,
        document=document,
        may_write=may_work_on(actor, child.facts),
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
    if tried(
        db, form, form.bind(DocumentWithdraw), lambda given: service.withdraw_document(db, actor, document_id, given)
    ):
        child_id = queries.read_document(db, actor, document_id).child
        return done(f"/children/{child_id}/documents", _("The document is withdrawn."))
    return _withdraw_page(request, db, actor, document_id, form)


def _withdraw_page(request: Request, db: Db, actor: Actor, document_id: UUID, form: Form) -> HTMLResponse:
    child, document = queries.open_document(db, actor, document_id)
    checked_at_work(actor, child)
    return render(request, "documents/withdraw.html", status=form.status, child=child, document=document, form=form)


router.include_router(uploads)
