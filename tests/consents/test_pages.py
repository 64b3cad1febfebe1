"""Consent in a browser without JavaScript, and the same through the API."""

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.approvals.models import Approval
from app.consents.models import Consent
from app.core import clock
from tests.make import actor_for, make_child, make_consent, make_withholding

TODAY = clock.today()


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def _typed(**values):
    return {
        "purpose": "sharing",
        "organisation": "Isange One Stop Centre",
        "answer": "given",
        "given_by": "caregiver",
        "assent": "yes",
        "how": "oral",
    } | values


def test_from_nothing_to_a_consent_and_back(db, child, worker, client_for):
    client = client_for(worker)
    empty = client.open(f"/children/{child.id}/consents")
    assert "Whoever refuses loses no help" in empty.text
    address = f"/children/{child.id}/consents/new"
    form = client.open(address).form(address)
    assert (form["basis"], form["given_on-year"]) == ("consent", str(TODAY.year))
    told = client.post_form(address, form | _typed(assent=""), status=422)
    assert "Say what the child says to it" in told.text
    assert told.form(address)["organisation"] == "Isange One Stop Centre"
    page = client.post_form(address, told.form(address) | _typed())
    assert "Consent was given" in page.text
    consent = db.scalars(select(Consent)).one()
    withdraw = f"/consents/{consent.id}/withdraw"
    client.open(f"/consents/{consent.id}")
    client.post_form(withdraw, client.open(withdraw).form(withdraw) | {"reason": ""}, status=422)
    page = client.post_form(withdraw, client.open(withdraw).form(withdraw) | {"reason": "She thought again"})
    assert "The consent was withdrawn" in page.text


def test_a_refusal_is_stood_over_by_the_supervisor_on_the_pages(db, child, worker, client_for):
    make_consent(db, child, purpose="sharing", answer="refused")
    client, address = client_for(worker), f"/children/{child.id}/consents/new"
    form = client.open(address).form(address) | {
        "purpose": "sharing",
        "organisation": "Police",
        "answer": "not_asked",
        "basis": "vital_interest",
        "reason": "He threatens to kill her",
    }
    assert "waits for the supervisor" in client.post_form(address, form).text
    approval = db.scalars(select(Approval)).one()
    supervisor = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    assert "He threatens to kill her" in supervisor.open(f"/approvals/{approval.id}").text
    supervisor.open(approval.path)
    told = supervisor.post_form(f"/approvals/{approval.id}/approve", {"reason": ""}, status=422)
    assert "although nobody consented" in told.text
    supervisor.post_form(f"/approvals/{approval.id}/approve", {"reason": "Her life is in danger"})
    page = client.open(f"/children/{child.id}/consents")
    assert "the supervisor agreed" in page.text
    assert "Her life is in danger" in client.open(approval.path).text


def test_what_was_not_agreed_to_is_asked_again_with_the_answer_in_sight(db, child, worker, client_for):
    client, address = client_for(worker), f"/children/{child.id}/consents/new"
    asked = {"purpose": "sharing", "organisation": "Police", "answer": "not_asked", "basis": "vital_interest"}
    client.post_form(address, client.open(address).form(address) | asked | {"reason": "He threatens to kill her"})
    approval = db.scalars(select(Approval)).one()
    supervisor = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    supervisor.post_form(f"/approvals/{approval.id}/return", {"reason": "Ask the mother first"})
    page = client.open(approval.path)
    assert "Not agreed" in page.text
    again = f"{address}?again={approval.subject_id}"
    assert again in page.html
    page = client.open(again)
    assert "Ask the mother first" in page.text
    form = page.form(address)
    assert {name: form[name] for name in asked} == asked
    assert form["reason"] == "He threatens to kill her"
    told = client.post_form(address, form | {"reason": ""}, status=422)
    assert "Ask the mother first" in told.text
    client.post_form(address, form | {"reason": "The mother is in danger as well"})
    anew = db.scalars(select(Approval).where(Approval.state == "requested")).one()
    assert "Ask the mother first" in supervisor.open(anew.path).text
    assert "Asked before" not in client.open(approval.path).text


def test_withholding_and_lifting(db, child, worker, client_for):
    client, address = client_for(worker), f"/children/{child.id}/withholdings/new"
    form = client.open(address).form(address) | {"what": "Her school", "from_whom": "Uncle", "reason": "asked"}
    assert "Do not tell Uncle" in client.post_form(address, form).text
    withholding = make_withholding(db, child)
    lift = f"/withholdings/{withholding.id}/lift"
    client.open(lift)
    assert "May be told to Her uncle" in client.post_form(lift, {"reason": "He died"}).text


def test_a_colleague_reads_only(db, child, client_for):
    make_consent(db, child)
    colleague = client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Write down a consent" not in colleague.open(f"/children/{child.id}/consents").text
    assert colleague.get(f"/children/{child.id}/consents/new").status_code == 403


def test_the_same_by_machine(db, child, worker, api_for):
    api = api_for(worker)
    body = _typed(given_on=TODAY.isoformat())
    made = api.post(f"/children/{child.id}/consents", json=body)
    assert (made.status_code, made.json()["state"]) == (201, "holds")
    found = api.get(f"/children/{child.id}/consents").json()
    assert [row["allowed"] for row in found["standing"]] == [False, False, False, True]
    consent = made.json()["id"]
    assert api.get(f"/consents/{consent}").json()["organisation"] == "Isange One Stop Centre"
    gone = api.post(f"/consents/{consent}/withdraw", json={"withdrawn_on": TODAY.isoformat(), "reason": "No more"})
    assert gone.json()["state"] == "withdrawn"
    withheld = {"what": "School", "from_whom": "Uncle", "reason": "asked"}
    made = api.post(f"/children/{child.id}/withholdings", json=withheld)
    lifted = api.post(f"/withholdings/{made.json()['id']}/lift", json={"reason": "He knows"})
    assert lifted.json()["lifted_on"] == TODAY.isoformat()
    strange = api.post(f"/children/{child.id}/consents", json=body | {"organisation": "x\x00"})
    assert strange.status_code == 422
