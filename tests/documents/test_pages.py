"""Documents in a browser without JavaScript, and the same through the API."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.access.roles import Role
from app.core.ids import new_id
from app.documents.models import Document
from app.documents.rules import MOST_BYTES
from tests.documents import files
from tests.make import actor_for, make_child, make_document


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def _send(client, child, content, *, name="photo.jpg", kind="photo", **more):
    address = f"/children/{child.id}/documents/new"
    form = client.open(address).form(address) | {"kind": kind} | more
    form.pop("file", None)
    return client.post(address, data=form, files={"file": (name, content, "image/jpeg")}, follow_redirects=False)


def test_the_first_document_and_the_photograph(db, child, worker, client_for):
    client = client_for(worker)
    empty = client.open(f"/children/{child.id}/documents")
    assert "No documents yet" in empty.text
    assert empty.links()["Add a document"].endswith("/documents/new")
    assert _send(client, child, files.jpeg(positioned=True)).status_code == 303
    page = client.open(f"/children/{child.id}/documents")
    photo = db.scalars(select(Document)).one()
    assert f'src="/documents/{photo.id}/file"' in page.html
    assert "Photograph of Keza Mutesi" in page.html
    client.open(f"/documents/{photo.id}")
    answer = client.get(f"/documents/{photo.id}/file")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "Keza" not in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    with Image.open(BytesIO(answer.content)) as picture:
        assert not picture.getexif()


def test_nineteen_megabytes_are_taken_and_twenty_one_are_told(db, child, worker, client_for, api_for):
    client = client_for(worker)
    large = files.large_jpeg(19_000_000)
    assert 18_900_000 < len(large) <= 19_000_000
    assert _send(client, child, large).status_code == 303
    assert db.scalars(select(Document)).one().size < 5_000_000
    too_large = _send(client, child, large + bytes(21_000_000 - len(large)))
    assert too_large.status_code == 422
    assert "This file has 21 MB; at most 20 MB are kept" in too_large.text
    api = api_for(worker)
    told = api.post(f"/children/{child.id}/documents", data={"kind": "photo"}, files={"file": bytes(MOST_BYTES + 1)})
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "file")
    far_too_large = _send(client, child, bytes(26_000_000))
    assert far_too_large.status_code == 413
    assert "too large" in far_too_large.text
    elsewhere = client.post(f"/children/{child.id}/record/school", data={"year": "x" * 1_100_000})
    assert elsewhere.status_code == 413


def test_a_pdf_by_the_name_of_a_picture_is_what_it_is(db, child, worker, client_for):
    client = client_for(worker)
    assert "no picture but a file (PDF)" in _send(client, child, files.PDF, name="scan.jpg").text
    assert _send(client, child, files.PDF, name="scan.jpg", kind="letter").status_code == 303
    document = db.scalars(select(Document)).one()
    assert document.media_type == "application/pdf"
    answer = client.get(f"/documents/{document.id}/file")
    assert answer.headers["content-disposition"].endswith('.pdf"')


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (files.SVG, "can hold programs"),
        (files.zip_bomb(), "unpacks to far more"),
        (files.EXE, "Programs are not kept"),
        (b"", "empty"),
    ],
    ids=["svg", "zip bomb", "program", "empty"],
)
def test_what_is_refused_keeps_what_was_typed(content, words, db, child, worker, client_for):
    client = client_for(worker)
    answer = _send(client, child, content, name="x.pdf", kind="letter", given_by="The aunt")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="The aunt"' in answer.text
    assert db.scalars(select(Document)).all() == []


def test_without_a_file_and_with_two(child, worker, client_for):
    client = client_for(worker)
    address = f"/children/{child.id}/documents/new"
    page = client.post_form(address, client.open(address).form(address) | {"kind": "letter"}, status=422)
    assert "Choose a file" in page.text
    two = [("file", ("a.pdf", files.PDF)), ("file", ("b.pdf", files.PDF))]
    assert client.post(address, data={"kind": "letter"}, files=two).status_code == 400


def test_a_colleague_reads_and_cannot_add(db, child, client_for):
    colleague = client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Add a document" not in colleague.open(f"/children/{child.id}/documents").text
    assert colleague.get(f"/children/{child.id}/documents/new").status_code == 403


def test_withdrawing(db, child, worker, client_for):
    client = client_for(worker)
    document = make_document(db, child)
    address = f"/documents/{document.id}/withdraw"
    client.open(address)
    client.post_form(address, {"reason": ""}, status=422)
    page = client.post_form(address, {"reason": "Another child's"})
    assert "Withdrawn" in page.text
    assert client.get(f"/documents/{document.id}/file").status_code == 404
    assert "Another child's" in client.open(f"/documents/{document.id}").text


def test_the_same_by_machine(db, child, worker, api_for):
    api = api_for(worker)
    address = f"/children/{child.id}/documents"
    body, sent = {"id": str(new_id()), "kind": "letter", "dated_on": "2024-02-01"}, {"file": ("l.pdf", files.PDF)}
    made = api.post(address, data=body, files=sent)
    assert (made.status_code, made.json()["file"]) == (201, "application/pdf")
    assert api.post(address, data=body, files=sent).status_code == 200
    assert len(api.get(address).json()["items"]) == 1
    content = api.get(f"/documents/{body['id']}/file").content
    assert hashlib.sha256(content).digest() == hashlib.sha256(files.PDF).digest()
    assert api.post(address, json={"kind": "letter"}).status_code == 422
    assert api.post(address, data={"kind": "nonsense"}, files=sent).status_code == 422
    withdrawn = api.post(f"/documents/{body['id']}/withdraw", json={"reason": "Wrong child"})
    assert withdrawn.json()["withdrawn_reason"] == "Wrong child"
    assert api.get(f"/documents/{body['id']}/file").status_code == 404
