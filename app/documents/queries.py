"""Every read of documents; each begins with a child whose whole file the actor may read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.rules import View
from app.audit.service import record
from app.children.models import Child
from app.children.queries import view_of, visible_children
from app.children.timeline import Item
from app.children.work import ChildAtWork, child_to_read
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.core.vault import CannotOpen
from app.documents import store
from app.documents.events import DocumentOpened, DocumentRead, DocumentsListed
from app.documents.models import Document
from app.documents.schemas import DocumentQuery, DocumentRow
from app.documents.words import DocumentKind, FileKind
from app.people.models import Account

MOST_IN_A_HISTORY = 100


def list_documents(
    db: Session, actor: Actor, child_id: UUID, query: DocumentQuery
) -> tuple[ChildAtWork, Page[DocumentRow]]:
    """A child's documents, the newest first, and the note that they were listed."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    statement = after(
        _rows().where(Document.child_id == child_id),
        (Document.created_at.expression, Document.id.expression),
        query.cursor,
    )
    rows = db.execute(statement.limit(query.limit + 1)).all()
    page = page_of(rows, query.limit, _row, lambda row: (row.created_at, row.id))
    listed = DocumentsListed(rows=len(page.items))
    record(db, actor, listed, subject_id=child_id, area_code=child.area_code)
    return child, page


def open_document(db: Session, actor: Actor, document_id: UUID) -> tuple[ChildAtWork, DocumentRow]:
    """What is known of a document, and the note that somebody looked."""
    document = read_document(db, actor, document_id)
    child = child_to_read(db, actor, document.child)
    opened = DocumentOpened(document=document_id)
    record(db, actor, opened, subject_id=child.id, area_code=child.area_code)
    return child, document


def read_document(db: Session, actor: Actor, document_id: UUID) -> DocumentRow:
    """The same without the note. Raises `NotFound` out of reach."""
    require(actor, Permission.CASES_READ)
    statement = _rows().join(Child, Child.id == Document.child_id)
    statement = statement.where(Document.id == document_id, visible_children(actor))
    row = db.execute(statement).one_or_none() if view_of(actor) is View.WHOLE else None
    if row is None:
        raise NotFound
    return _row(row)


def read_file(db: Session, actor: Actor, document_id: UUID) -> tuple[DocumentRow, bytes]:
    """A document with its content, and the note that it was read. Raises `NotFound` for a withdrawn one."""
    document = read_document(db, actor, document_id)
    if document.withdrawn_at is not None:
        raise NotFound(_("This document was withdrawn"))
    child = child_to_read(db, actor, document.child)
    address = db.scalar(select(Document.address).where(Document.id == document_id)) or ""
    read = DocumentRead(document=document_id, document_kind=document.kind.value)
    record(db, actor, read, subject_id=child.id, area_code=child.area_code)
    try:
        return document, store.take(address)
    except (FileNotFoundError, CannotOpen) as error:
        raise Conflict(_("The content of this document cannot be read. Tell the operator.")) from error


def count_documents(db: Session, child_id: UUID) -> int:
    """How many documents a child has that are not withdrawn."""
    count = select(func.count(Document.id)).where(Document.child_id == child_id, Document.withdrawn_at.is_(None))
    return db.scalar(count) or 0


def photo_of(db: Session, actor: Actor, child_id: UUID) -> UUID | None:
    """The newest photograph of a child whom the actor has opened, shown by `/documents/{id}/file`; one statement."""
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return None
    newest = (
        select(Document.id)
        .where(Document.child_id == child_id, Document.kind == DocumentKind.PHOTO.value)
        .where(Document.withdrawn_at.is_(None))
        .where(Document.media_type.in_([kind.value for kind in FileKind if kind.is_picture]))
        .order_by(Document.created_at.desc(), Document.id.desc())
        .limit(1)
    )
    return db.scalar(newest)


def items_of(db: Session, actor: Actor, child_id: UUID) -> list[Item]:
    """The documents of a child whom the actor has opened, for the timeline; one statement."""
    if view_of(actor) is not View.WHOLE or not actor.may_ever(Permission.CASES_READ):
        return []
    return [
        Item(
            when=document.created_at,
            title=_("Document added: %(kind)s") % {"kind": document.kind.label},
            meta=[document.file.label],
            icon="file-text",
            href=f"/documents/{document.id}",
        )
        for document in documents_of(db, child_id)
    ]


def documents_of(db: Session, child_id: UUID) -> list[DocumentRow]:
    """The newest documents of a child whom the caller has opened whole; one statement."""
    rows = db.execute(
        _rows()
        .where(Document.child_id == child_id, Document.withdrawn_at.is_(None))
        .order_by(Document.created_at.desc())
        .limit(MOST_IN_A_HISTORY)
    )
    return [_row(row) for row in rows]


def _rows() -> Select[Any]:
    columns: list[Any] = [
        Document.id,
        Document.child_id.label("child"),
        Document.kind,
        Document.dated_on,
        Document.given_by,
        Document.note,
        Document.media_type.label("file"),
        Document.size,
        Document.created_at,
        Account.display_name.label("added_by"),
        Document.withdrawn_at,
        Document.withdrawn_reason,
    ]
    return select(*columns).outerjoin(Account, Account.id == Document.created_by)


def _row(row: Row[Any]) -> DocumentRow:
    return DocumentRow.model_validate(row)
