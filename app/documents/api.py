"""Documents, for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import child_to_read
from app.core.db import Db
from app.core.errors import FieldError
from app.core.forms import Typed
from app.core.routing import StrictRoute, UploadRoute
from app.core.schemas import Page
from app.documents import queries, service
from app.documents.receiving import as_answer, file_of
from app.documents.schemas import DocumentAdd, DocumentQuery, DocumentRow, DocumentWithdraw
from app.documents.words import DocumentKind, FileKind

router = APIRouter(route_class=StrictRoute, tags=["documents"])
uploads = APIRouter(route_class=UploadRoute, tags=["documents"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "kind": {"type": "string", "enum": [kind.value for kind in DocumentKind]},
                        "dated_on": {"type": "string", "format": "date"},
                        "given_by": {"type": "string", "maxLength": 200},
                        "note": {"type": "string", "maxLength": 2000},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}
_BINARY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The content, as an attachment",
        "content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in FileKind},
    }
}


@router.get("/children/{child_id}/documents", summary="List a child's documents")
def list_documents(
    db: Db, actor: Reader, child_id: UUID, query: Annotated[DocumentQuery, Query()]
) -> Page[DocumentRow]:
    """What documents there are, the newest first, the withdrawn among them; without their content."""
    return queries.list_documents(db, actor, child_id, query)[1]


@uploads.post(
    "/children/{child_id}/documents",
    status_code=201,
    summary="Add a document",
    responses={200: {"model": DocumentRow, "description": "The same was added before"}},
    openapi_extra=_UPLOAD,
)
def add_document(response: Response, db: Db, actor: Writer, child_id: UUID, form: Typed) -> DocumentRow:
    """Adds a document as a form with one file of at most 20 MB.

    What it is, is told by its content: a picture (JPEG, PNG, WebP; made anew, without position), a PDF, an office
    file without macros. Everything else is refused with the reason at `file`.
    """
    child_to_read(db, actor, child_id)
    command = form.bind(DocumentAdd)
    if command is None:
        raise FieldError(*form.errors[0], *form.errors[1:])
    document_id, is_new = service.add_document(db, actor, child_id, command, file_of(form))
    response.status_code = 201 if is_new else 200
    return queries.read_document(db, actor, document_id)


@router.get("/documents/{document_id}", summary="Read what a document is")
def read_document(db: Db, actor: Reader, document_id: UUID) -> DocumentRow:
    """What is known of a document; that somebody looked is noted."""
    return queries.open_document(db, actor, document_id)[1]


@router.get(
    "/documents/{document_id}/file",
    summary="Read the content of a document",
    response_class=Response,
    responses=_BINARY,
)
def read_file(db: Db, actor: Reader, document_id: UUID) -> Response:
    """The content as an attachment of its true type; every time is noted. A withdrawn one is not given out."""
    return as_answer(*queries.read_file(db, actor, document_id))


@router.post("/documents/{document_id}/withdraw", summary="Withdraw a document")
def withdraw_document(db: Db, actor: Writer, document_id: UUID, command: DocumentWithdraw) -> DocumentRow:
    """Withdraws a document with a reason: it is never deleted, and never given out any more."""
    service.withdraw_document(db, actor, document_id, command)
    return queries.read_document(db, actor, document_id)


router.include_router(uploads)
