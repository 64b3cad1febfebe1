"""What is printed: a PDF with code and initials, a note that it was made, and nothing for whoever may not read."""

import json
from dataclasses import asdict

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core.errors import FieldError, NotFound
from app.paper import service
from app.paper.schemas import SheetPrint
from app.paper.words import SheetKind
from tests import make
from tests.make import (
    OTHER_DISTRICT,
    actor_for,
    make_child,
    make_consent,
    make_household,
    make_visit,
    make_withholding,
)

REASON = "The court asks for the name"
ISANGE = "Isange One Stop Centre"


@pytest.fixture
def child(db, worker):
    return make_child(db, given="Iriza", family="Mukamana", household=make_household(db), worker=worker)


def _sheet(sheet=SheetKind.CASE_FILE, **values):
    return SheetPrint(sheet=sheet, **values)


def _outside(receiver=ISANGE, **values):
    return _sheet(SheetKind.HAND_OVER, for_whom="outside", receiver=receiver, **values)


def _written(made):
    return json.dumps(asdict(made), ensure_ascii=False)


@pytest.mark.parametrize("sheet", list(SheetKind), ids=str)
def test_every_sheet_is_a_pdf_with_the_code_and_without_the_name(sheet, db, child, worker, client_for):
    answer = client_for(worker).post(f"/children/{child.id}/paper", data={"sheet": sheet.value, "for_whom": "own"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    made = service.make_sheet(db, worker, child.id, _sheet(sheet))
    assert "may still tell who it is" in made.note
    assert child.code in _written(made)
    assert "I. M." in _written(made)
    assert "Mukamana" not in _written(made)
    named = service.make_sheet(db, worker, child.id, _sheet(sheet, names=True, reason=REASON))
    assert named.note == ""
    assert "Iriza Mukamana" in _written(named)


def test_the_name_takes_a_reason(db, child, worker, client_for, api_for):
    for reason in (None, "Please"):
        with pytest.raises(FieldError) as told:
            service.make_sheet(db, worker, child.id, _sheet(names=True, reason=reason))
        assert told.value.errors[0][0] == "reason"
    asked = {"sheet": "case_file", "names": "yes"}
    page = client_for(worker).post_form(f"/children/{child.id}/paper", asked, status=422)
    assert "Write why the name is needed" in page.text
    assert api_for(worker).post(f"/children/{child.id}/paper", json=asked | {"names": True}).status_code == 422
    assert not db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.printed")).all()


def test_who_printed_it_stands_on_it_and_in_the_log(db, child, worker):
    made = service.make_sheet(db, worker, child.id, _sheet(names=True, reason=REASON))
    assert worker.display_name in made.printed
    assert worker.display_name in made.watermark
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.printed")).one()
    assert (event.subject_id, event.account_id) == (child.id, worker.account_id)
    assert event.content == {
        "sheet": "case_file",
        "with_name": True,
        "reason": REASON,
        "decision": None,
        "consents": [],
    }


def test_outside_the_service_consent_is_looked_up_first(db, child, worker):
    with pytest.raises(FieldError) as told:
        service.make_sheet(db, worker, child.id, _outside())
    assert told.value.errors[0][0] == "receiver"
    assert "No consent is written down" in told.value.errors[0][1]
    given = make_consent(db, child, purpose="sharing", organisation=ISANGE)
    made = service.make_sheet(db, worker, child.id, _outside("isange one stop centre"))
    assert "for isange one stop centre" in made.lead
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.printed")).one()
    assert event.content["consents"] == [str(given.id)]
    with pytest.raises(FieldError):
        service.make_sheet(db, worker, child.id, _outside("A newspaper"))


def test_a_refusal_keeps_a_sheet_back_until_the_supervisor_agreed(db, child, worker, client_for):
    make_consent(db, child, purpose="sharing", organisation=None, answer="refused", assent=None)
    asked = {"sheet": "case_file", "for_whom": "outside", "receiver": ISANGE}
    page = client_for(worker).post_form(f"/children/{child.id}/paper", asked, status=422)
    assert "It was refused" in page.text
    exception = make_consent(
        db,
        child,
        purpose="sharing",
        organisation=ISANGE,
        answer="not_asked",
        basis="vital_interest",
        how=None,
        given_by=None,
        assent=None,
        reason="She may be killed tonight",
    )
    with pytest.raises(FieldError):
        service.make_sheet(db, worker, child.id, _outside())
    exception.agreed = True
    db.flush()
    assert client_for(worker).post(f"/children/{child.id}/paper", data=asked).content.startswith(b"%PDF-")


def test_a_receiver_is_named_where_there_is_one_and_only_there(db, child, worker):
    with pytest.raises(FieldError, match="look") as told:
        service.make_sheet(db, worker, child.id, _outside(None))
    assert told.value.errors[0][0] == "receiver"
    with pytest.raises(FieldError) as told:
        service.make_sheet(db, worker, child.id, _sheet(receiver=ISANGE))
    assert told.value.errors[0][0] == "for_whom"


def test_what_people_wrote_is_never_a_program(db, child, worker):
    make_visit(db, make.make_placement(db, make_child(db, worker=worker), household=make_household(db)))
    child.given_name, child.family_name = '#panic("x")', '*$\\ #read("/etc/passwd") \u0645\u0631\u064a\u0645 \U0001f469'
    db.flush()
    asked = _sheet(names=True, reason=REASON)
    assert service.print_sheet(db, worker, child.id, asked).startswith(b"%PDF-")


@pytest.mark.parametrize("role", [Role.DISTRICT_SUPERVISOR, Role.PSYCHOLOGIST])
def test_the_district_prints_and_another_one_does_not(role, db, child):
    near, far = actor_for(db, role), actor_for(db, role, make.OTHER_DISTRICT)
    assert service.print_sheet(db, near, child.id, _sheet(SheetKind.HAND_OVER))
    with pytest.raises(NotFound):
        service.print_sheet(db, far, child.id, _sheet(SheetKind.HAND_OVER))


def test_a_caseload_is_a_list_of_codes(db, child, worker, client_for):
    answer = client_for(worker).get("/paper/caseload")
    assert answer.content.startswith(b"%PDF-")
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.caseload_printed")).one()
    assert event.content["children"] == [str(child.id)]


def test_a_supervisor_prints_the_caseload_of_a_post_of_the_district(db, child, worker, client_for, api_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    address = f"/caseloads/{worker.post_id}/paper"
    assert client_for(supervisor).get(address).content.startswith(b"%PDF-")
    assert api_for(supervisor).get(address).status_code == 200
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "paper.caseload_printed")).first()
    assert event.content == {"post": str(worker.post_id), "children": [str(child.id)]}
    client_for(worker).open(address, status=403)
    client_for(actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)).open(address, status=404)


def test_the_choice_says_what_each_sheet_is_for_and_what_must_not_be_told(db, child, worker, client_for):
    make_withholding(db, child)
    page = client_for(worker).open(f"/children/{child.id}/paper")
    for sheet in SheetKind:
        assert sheet.hint in page.text
    assert "Her school – not to Her uncle" in page.text
