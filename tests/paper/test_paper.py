"""What is printed: a PDF with code and initials, a note that it was made, and nothing for whoever may not read."""

import json
from dataclasses import asdict

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core.errors import NotFound
from app.paper import service
from app.paper.words import SheetKind
from tests import make
from tests.make import actor_for, make_child, make_household, make_visit


@pytest.fixture
def worker(db):
    return actor_for(db, Role.SOCIAL_WORKER)


@pytest.fixture
def child(db, worker):
    return make_child(db, given="Iriza", family="Mukamana", household=make_household(db), worker=worker)


@pytest.mark.parametrize("sheet", list(SheetKind), ids=str)
def test_every_sheet_is_a_pdf_with_the_code_and_without_the_name(sheet, db, child, worker, client_for):
    answer = client_for(worker).get(f"/children/{child.id}/paper/{sheet.value}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    made = json.dumps(asdict(service.make_sheet(db, worker, child.id, sheet, names=False)))
    assert child.code in made
    assert "I. M." in made
    assert "Mukamana" not in made
    named = json.dumps(asdict(service.make_sheet(db, worker, child.id, sheet, names=True)))
    assert "Iriza Mukamana" in named


def test_who_printed_it_stands_on_it_and_in_the_log(db, child, worker):
    made = service.make_sheet(db, worker, child.id, SheetKind.CASE_FILE, names=True)
    assert worker.display_name in made.printed
    assert worker.display_name in made.watermark
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.printed")).one()
    assert (event.subject_id, event.account_id) == (child.id, worker.account_id)
    assert event.content == {"sheet": "case_file", "with_name": True}


def test_what_people_wrote_is_never_a_program(db, child, worker):
    make_visit(db, make.make_placement(db, make_child(db, worker=worker), household=make_household(db)))
    child.given_name, child.family_name = '#panic("x")', '*$\\ #read("/etc/passwd") \u0645\u0631\u064a\u0645 \U0001f469'
    db.flush()
    assert service.print_sheet(db, worker, child.id, SheetKind.CASE_FILE, names=True).startswith(b"%PDF-")


@pytest.mark.parametrize("role", [Role.DISTRICT_SUPERVISOR, Role.PSYCHOLOGIST])
def test_the_district_prints_and_another_one_does_not(role, db, child):
    near, far = actor_for(db, role), actor_for(db, role, make.OTHER_DISTRICT)
    assert service.print_sheet(db, near, child.id, SheetKind.HAND_OVER, names=False)
    with pytest.raises(NotFound):
        service.print_sheet(db, far, child.id, SheetKind.HAND_OVER, names=False)


def test_a_caseload_is_a_list_of_codes(db, child, worker, client_for):
    answer = client_for(worker).get("/paper/caseload")
    assert answer.content.startswith(b"%PDF-")
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.caseload_printed")).one()
    assert event.content["children"] == [str(child.id)]


def test_the_choice_says_what_each_sheet_is_for(child, worker, client_for):
    page = client_for(worker).open(f"/children/{child.id}/paper")
    for sheet in SheetKind:
        assert sheet.label in page.text
