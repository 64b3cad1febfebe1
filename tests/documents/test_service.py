"""Documents are sealed, counted, withdrawn, and read by those who may."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.config import get_settings
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.ids import new_id
from app.core.vault import CannotOpen
from app.documents import queries, service, store
from app.documents.models import Document
from app.documents.schemas import DocumentAdd, DocumentQuery, DocumentWithdraw
from app.documents.words import DocumentKind, FileKind
from tests.documents import files
from tests.make import OTHER_DISTRICT, actor_for, make_child, make_document

LETTER = DocumentAdd(kind=DocumentKind.LETTER)
PHOTO = DocumentAdd(kind=DocumentKind.PHOTO)


@pytest.fixture
def worker(db, settings):
    return actor_for(db, Role.SOCIAL_WORKER)


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def _on_disk(document: Document) -> Path:
    return get_settings().documents_path / document.address


def test_what_lies_on_disk_is_sealed_and_bound_to_its_place(db, worker, child):
    secret = files.PDF + b"% canary-on-disk"
    document_id, is_new = service.add_document(db, worker, child.id, LETTER, secret)
    document = db.get_one(Document, document_id)
    lying = _on_disk(document).read_bytes()
    assert is_new
    assert b"canary-on-disk" not in lying
    assert b"%PDF" not in lying
    assert queries.read_file(db, worker, document_id)[1] == secret
    other = db.get_one(Document, service.add_document(db, worker, child.id, LETTER, files.PDF)[0])
    _on_disk(other).write_bytes(lying)
    with pytest.raises(CannotOpen):
        store.take(other.address)
    with pytest.raises(Conflict):
        queries.read_file(db, worker, other.id)


def test_the_same_sent_twice_is_one_and_another_file_under_its_id_is_not(db, worker, child):
    once = DocumentAdd(id=new_id(), kind=DocumentKind.LETTER)
    assert service.add_document(db, worker, child.id, once, files.PDF)[1]
    assert not service.add_document(db, worker, child.id, once, files.PDF)[1]
    with pytest.raises(Conflict):
        service.add_document(db, worker, child.id, once, files.PDF + b"x")
    folder = get_settings().documents_path / str(child.id)
    assert len(list(folder.iterdir())) == 1


def test_a_photograph_is_a_picture_and_the_newest_is_shown(db, worker, child):
    assert queries.photo_of(db, worker, child.id) is None
    first, _new = service.add_document(db, worker, child.id, PHOTO, files.jpeg(positioned=True))
    second, _new = service.add_document(db, worker, child.id, PHOTO, files.jpeg(2000, 1000))
    assert queries.photo_of(db, worker, child.id) == second
    assert b"GPS" not in queries.read_file(db, worker, first)[1]
    service.withdraw_document(db, worker, second, DocumentWithdraw(reason="Another child"))
    assert queries.photo_of(db, worker, child.id) == first
    assert queries.photo_of(db, actor_for(db, Role.NATIONAL_MANAGER), child.id) is None
    with pytest.raises(FieldError) as told:
        service.add_document(db, worker, child.id, PHOTO, files.PDF)
    assert "no picture" in told.value.errors[0][1]


def test_withdrawn_is_not_deleted_and_not_given_out(db, worker, child):
    document = make_document(db, child)
    service.withdraw_document(db, worker, document.id, DocumentWithdraw(reason="Another child's"))
    with pytest.raises(NotFound):
        queries.read_file(db, worker, document.id)
    with pytest.raises(Conflict):
        service.withdraw_document(db, worker, document.id, DocumentWithdraw(reason="Again"))
    (row,) = queries.list_documents(db, worker, child.id, DocumentQuery())[1].items
    assert row.withdrawn_reason == "Another child's"
    assert _on_disk(document).exists()


def test_a_hundred_a_child(db, worker, child):
    for number in range(100):
        db.add(Document(child_id=child.id, kind="letter", media_type="application/pdf", size=1, address=f"x{number}"))
    db.flush()
    with pytest.raises(FieldError) as told:
        service.add_document(db, worker, child.id, LETTER, files.PDF)
    assert "100 documents" in told.value.errors[0][1]


def test_who_may_read_and_who_may_write(db, worker, child):
    document = make_document(db, child)
    colleague, stranger = actor_for(db, Role.PSYCHOLOGIST), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    assert queries.read_file(db, colleague, document.id)[0].file is FileKind.PDF
    with pytest.raises(Forbidden):
        service.add_document(db, colleague, child.id, LETTER, files.PDF)
    for role in (Role.NATIONAL_MANAGER, Role.VOLUNTEER, Role.INSTITUTION_MANAGER, Role.AUDITOR):
        with pytest.raises(Forbidden):
            queries.read_file(db, actor_for(db, role), document.id)
    with pytest.raises(NotFound):
        queries.read_file(db, stranger, document.id)
    sealed = make_document(db, make_child(db, restricted=True))
    with pytest.raises(NotFound):
        queries.read_file(db, colleague, sealed.id)


def test_every_reading_is_noted(db, worker, child):
    document = make_document(db, child)
    queries.read_file(db, worker, document.id)
    queries.read_file(db, worker, document.id)
    noted = db.scalars(select(AuditEvent).where(AuditEvent.kind == "document.read")).all()
    assert [event.subject_id for event in noted] == [child.id, child.id]


def test_a_document_of_tomorrow_is_told(db, worker, child):
    tomorrow = DocumentAdd(kind=DocumentKind.LETTER, dated_on=clock.today() + timedelta(days=1))
    with pytest.raises(FieldError) as told:
        service.add_document(db, worker, child.id, tomorrow, files.PDF)
    assert told.value.errors[0][0] == "dated_on"


def test_the_history_tells_of_documents(db, worker, child):
    make_document(db, child)
    (item,) = queries.items_of(db, worker, child.id)
    assert item.title == "Document added: Letter"
