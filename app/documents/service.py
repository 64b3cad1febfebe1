"""The verbs on documents: add and withdraw."""

import hashlib
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.work import child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import create_once
from app.documents import store
from app.documents.events import DocumentAdded, DocumentWithdrawn
from app.documents.models import Document
from app.documents.pictures import LONGEST_SIDE, LONGEST_SIDE_OF_A_PHOTO, made_anew
from app.documents.queries import count_documents, read_document
from app.documents.rules import check_count, check_day, check_size, recognise
from app.documents.schemas import DocumentAdd, DocumentWithdraw
from app.documents.words import DocumentKind, FileKind


class _WithContent(DocumentAdd):
    """The command with a fingerprint of its file, so that the same sent twice is told from another file."""

    content: str = Field(description="Fingerprint of the file.")


def add_document(db: Session, actor: Actor, child_id: UUID, command: DocumentAdd, content: bytes) -> tuple[UUID, bool]:
    """Adds a document to a child's file; returns its id and whether it is new.

    The content is sealed into the store before the record is committed: a record never names what is not there.
    Raises `FieldError` at `file` for what is not kept, and for more documents than a child may have.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    check_day(command.dated_on, today=clock.today())
    check_size(len(content))
    kind, kept = _kept(command.kind, content)
    address = f"{child_id}/{new_id()}"
    fingerprinted = _WithContent(**command.model_dump(), content=hashlib.sha256(content).hexdigest())
    document_id, is_new = create_once(
        db,
        Document,
        actor,
        fingerprinted,
        child_id=child_id,
        kind=command.kind.value,
        dated_on=command.dated_on,
        given_by=command.given_by,
        note=command.note or None,
        media_type=kind.value,
        size=len(kept),
        address=address,
    )
    if is_new:
        check_count(count_documents(db, child_id) - 1)
        store.put(address, kept)
        added = DocumentAdded(
            document=document_id, document_kind=command.kind.value, media_type=kind.value, size=len(kept)
        )
        record(db, actor, added, subject_id=child_id, area_code=child.area_code)
    return document_id, is_new


def _kept(meant: DocumentKind, content: bytes) -> tuple[FileKind, bytes]:
    kind = recognise(content)
    photo = meant is DocumentKind.PHOTO
    if kind is None:
        return made_anew(content, longest_side=LONGEST_SIDE_OF_A_PHOTO if photo else LONGEST_SIDE)
    if photo:
        raise FieldError(
            "file", _("This is no picture but a file (%(kind)s). Choose what it is above.") % {"kind": kind.label}
        )
    return kind, content


def withdraw_document(db: Session, actor: Actor, document_id: UUID, command: DocumentWithdraw) -> None:
    """Withdraws a document: the record of it stays with the reason, the content is not given out any more."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, read_document(db, actor, document_id).child)
    document = db.get_one(Document, document_id, with_for_update=True)
    if document.withdrawn_at is not None:
        raise Conflict(_("This document was withdrawn already"))
    document.withdrawn_at, document.withdrawn_reason = clock.now(), command.reason
    document.version += 1
    db.flush()
    record(db, actor, DocumentWithdrawn(document=document_id), subject_id=child.id, area_code=child.area_code)
