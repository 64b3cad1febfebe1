from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from tests.cases.build import a_case, a_concern, a_contact, make_transfer
from tests.clients import ApiClient
from tests.house.requests import as_json
from tests.make import OTHER_DISTRICT, actor_for, make_approval, make_case, make_child

Clients = Callable[[Actor | None], ApiClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def test_the_life_of_a_case(db: Session, api_for: Clients, worker: Actor, child: Child) -> None:
    client = api_for(worker)
    body = as_json(a_case())
    made = client.post(f"/children/{child.id}/cases", json=body)
    assert made.status_code == 201
    assert client.post(f"/children/{child.id}/cases", json=body).status_code == 200
    case = made.json()
    assert case["id"] == body["id"]
    address = f"/cases/{case['id']}"
    assert client.post(f"{address}/concerns", json=as_json(a_concern())).status_code == 201
    assert client.post(f"{address}/contacts", json=as_json(a_contact())).status_code == 201
    risk = client.post(f"{address}/risk", json={"risk": "high", "reason": "The uncle came back"})
    assert risk.json()["risk"] == "high"
    seen = client.get(address)
    stale = client.post(f"{address}/advance", json={"state": "assessed"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["state"] == "registered"
    fresh = client.post(f"{address}/advance", json={"state": "assessed"}, headers={"If-Match": seen.headers["ETag"]})
    assert fresh.json()["state"] == "assessed"
    closing = client.post(f"{address}/close", json={"reason": "family_declined", "words": "They go on alone"})
    assert closing.status_code == 201
    assert closing.json()["closing"]["approval"]["state"] == "requested"
    approval = closing.json()["closing"]["approval"]["id"]
    supervisor = api_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    assert supervisor.post(f"/approvals/{approval}/approve", json={}).status_code == 200
    closed = client.get(address).json()
    assert (closed["state"], closed["closing_reason"]) == ("closed", "family_declined")
    again = client.post(f"{address}/reopen", json={"reason": "They ask again"})
    assert (again.json()["state"], again.json()["retain_until"]) == ("registered", None)
    assert [row["id"] for row in client.get(f"/children/{child.id}/cases").json()] == [case["id"]]


def test_a_transfer_with_a_plan_that_waits(db: Session, api_for: Clients, worker: Actor, child: Child) -> None:
    case = make_case(db, child)
    waiting = make_approval(db, child, worker, kind="plan")
    body = {"district": OTHER_DISTRICT, "reason": "They moved", "note": "Ask the aunt first"}
    asked = api_for(worker).post(f"/cases/{case.id}/transfer", json=body)
    assert asked.status_code == 201
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    listed = api_for(supervisor).get("/transfers").json()["items"]
    assert [(row["child_code"], row["child"], row["note"]) for row in listed] == [(child.code, None, None)]
    accepted = api_for(supervisor).post(f"/transfers/{asked.json()['id']}/accept", json={"post": str(receiver.post_id)})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert api_for(receiver).get(f"/approvals/{waiting.id}").status_code == 404
    db.refresh(waiting)
    assert (waiting.state, waiting.reason) == ("withdrawn", "The case was transferred")
    assert api_for(receiver).get(f"/cases/{case.id}").json()["holder"] == receiver.display_name


def test_answers_and_withdrawals(db: Session, api_for: Clients, worker: Actor, child: Child) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    transfer = make_transfer(db, child, to=OTHER_DISTRICT)
    declined = api_for(supervisor).post(f"/transfers/{transfer.id}/decline", json={"reason": "She lives with you"})
    assert declined.json()["state"] == "declined"
    assert api_for(worker).post(f"/transfers/{transfer.id}/withdraw").status_code == 409
    other = make_transfer(db, child, to=OTHER_DISTRICT)
    assert api_for(worker).post(f"/transfers/{other.id}/withdraw").json()["state"] == "withdrawn"
    assert api_for(supervisor).get("/transfers").json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"concerns": []}, "concerns"),
        ({"risk": "enormous"}, "risk"),
        ({"risk_reason": "  "}, "risk_reason"),
        ({"risk_reason": "a\x00b"}, "risk_reason"),
        (
            {"concerns": [{"concern": "neglect", "identified_on": "soon", "source": "school"}]},
            "concerns.0.identified_on",
        ),
        ({"concerns": [as_json(a_concern()) | {"identified_by": "\u202eevil"}]}, "concerns.0.identified_by"),
        ({"concerns": [as_json(a_concern()) | {"village": 99999999}]}, "concerns.0.village"),
        ({"sector_post": "01a200c3-ccdd-751d-9d6e-37d5cb62bbb9"}, "sector_post"),
        ({"name": "Keza"}, "name"),
    ],
)
def test_bad_input_is_told_at_its_field(
    api_for: Clients, worker: Actor, child: Child, *, wrong: dict[str, Any], field: str
) -> None:
    answer = api_for(worker).post(f"/children/{child.id}/cases", json=as_json(a_case()) | wrong)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_the_reach(db: Session, api_for: Clients, child: Child) -> None:
    case = make_case(db, child)
    path = f"/cases/{case.id}"
    assert api_for(actor_for(db, Role.PSYCHOLOGIST)).get(path).status_code == 200
    assert (
        api_for(actor_for(db, Role.PSYCHOLOGIST)).post(f"{path}/risk", json={"risk": "low", "reason": "x"}).status_code
        == 403
    )
    assert api_for(actor_for(db, Role.SECTOR_OFFICER)).get(path).status_code == 404
    assert api_for(actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)).get(path).status_code == 404
    assert api_for(actor_for(db, Role.NATIONAL_MANAGER)).get(path).status_code == 403
