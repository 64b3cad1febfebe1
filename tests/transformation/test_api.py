from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import actor_for, make_child, make_institution

TODAY = clock.today()
Machine = Callable[[Actor], ApiClient]


def test_the_way_of_a_house(db: Session, api_for: Machine) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    child = make_child(db, institution=house, worker=worker)
    api = api_for(worker)
    path = f"/institutions/{house.id}"
    seen = api.get(f"{path}/closure")
    assert seen.json()["residents"] == 1
    assert {"what": "no_plan", "count": None} in seen.json()["left"]
    body = {"to": 1, "reached_on": TODAY.isoformat(), "evidence": "Signed"}
    moved = api.post(f"{path}/closure/move", json=body, headers={"If-Match": seen.headers["etag"]})
    assert (moved.status_code, moved.json()["stage"], moved.json()["stages"][0]["evidence"]) == (200, 1, "Signed")
    stale = api.post(f"{path}/closure/move", json=body | {"to": 2}, headers={"If-Match": seen.headers["etag"]})
    assert stale.status_code == 412
    jump = api.post(f"{path}/closure/move", json=body | {"to": 5})
    assert (jump.status_code, jump.json()["errors"][0]["field"]) == (422, "to")
    assert api.get(f"{path}/board").json()["rows"][0]["code"] == child.code
    coded = api_for(actor_for(db, Role.NATIONAL_OFFICER)).get(f"{path}/board").json()["rows"][0]
    assert (coded["code"], coded["name"]) == (child.code, "K. M.")
    assert api.get("/closures").json()["items"][0]["stage"] == 1
    assert api.get("/closures?stage=9").status_code == 422
    assert api.get("/closures?colour=red").status_code == 422
    assert api.get("/closure-alerts").status_code == 403
    assert api_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).get("/closure-alerts").json()["items"] == []
    manager = api_for(actor_for(db, Role.INSTITUTION_MANAGER, institution=house))
    assert manager.get(f"{path}/closure").json()["stages"][0]["evidence"] is None
    assert manager.get(f"{path}/board").status_code == 403


def test_a_census(db: Session, api_for: Machine) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    make_child(db, institution=house, worker=worker)
    api = api_for(worker)
    body = {"id": str(new_id()), "counted_on": TODAY.isoformat()}
    made = api.post(f"/institutions/{house.id}/censuses", json=body)
    assert (made.status_code, made.json()["unasked"]) == (201, 1)
    assert api.post(f"/institutions/{house.id}/censuses", json=body).status_code == 200
    assert api.post(f"/institutions/{house.id}/censuses", json=body | {"id": str(new_id())}).status_code == 409
    late = body | {"id": str(new_id()), "counted_on": (TODAY + timedelta(days=1)).isoformat()}
    assert api.post(f"/institutions/{house.id}/censuses", json=late).status_code == 422
    path = f"/censuses/{body['id']}"
    line = made.json()["people"][0]["id"]
    ticked = api.post(f"{path}/tick", json={"shown": [line], "present": [line]}).json()
    assert (ticked["present"], ticked["unasked"]) == (1, 0)
    added = api.post(f"{path}/people", json={"name": "Umwiza", "sex": "female"})
    assert added.status_code == 201
    stranger = next(person["id"] for person in added.json()["people"] if person["child"] is None)
    counted = api.post(f"{path}/count").json()
    assert (counted["state"], counted["differences"]) == ("counted", 1)
    assert api.post(f"{path}/reconcile").status_code == 422
    settled = api.post(f"/census-people/{stranger}/explain", json={"note": "A visitor"}).json()
    assert settled["differences"] == 0
    assert api.post(f"{path}/reconcile").json()["state"] == "reconciled"
    assert [row["state"] for row in api.get(f"/institutions/{house.id}/censuses").json()["items"]] == ["reconciled"]


def test_claims(db: Session, api_for: Machine) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    child = make_child(db, institution=house, worker=worker)
    manager, api = api_for(actor_for(db, Role.INSTITUTION_MANAGER, institution=house)), api_for(worker)
    body = {"id": str(new_id()), "kind": "exit", "child": str(child.id), "happened_on": TODAY.isoformat()}
    made = manager.post(f"/institutions/{house.id}/claims", json=body)
    assert (made.status_code, made.json()["child"], made.json()["name"]) == (201, None, "Keza Mutesi")
    assert manager.post(f"/institutions/{house.id}/claims", json=body).status_code == 200
    assert api.get(f"/claims/{body['id']}").json()["child_code"] == child.code
    ended = api.post(f"/claims/{body['id']}/end", json={"ended_on": TODAY.isoformat(), "reason": "reunified"})
    assert ended.json()["state"] == "accepted"
    assert [row["state"] for row in manager.get(f"/institutions/{house.id}/claims").json()["items"]] == ["accepted"]
    assert api_for(actor_for(db, Role.NATIONAL_OFFICER)).get(f"/claims/{body['id']}").status_code == 403


def test_a_claim_is_withdrawn(db: Session, api_for: Machine) -> None:
    house = make_institution(db)
    manager = api_for(actor_for(db, Role.INSTITUTION_MANAGER, institution=house))
    body = {"id": str(new_id()), "kind": "admission", "name": "Hirwa", "happened_on": TODAY.isoformat()}
    assert manager.post(f"/institutions/{house.id}/claims", json=body).json()["mine"] is True
    assert manager.post(f"/claims/{body['id']}/withdraw").json()["state"] == "withdrawn"
    assert manager.post(f"/claims/{body['id']}/withdraw").status_code == 409


def test_resources(db: Session, api_for: Machine) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    api, path = api_for(worker), f"/institutions/{house.id}"
    assert api.post(f"{path}/plan", json={"becomes": "school"}).json()["plan"]["becomes"] == "school"
    assert api.post(f"{path}/plan/ask").json()["plan"]["approval"]["state"] == "requested"
    funder = {"id": str(new_id()), "name": "A parish", "amount": 5, "currency": "usd"}
    assert [api.post(f"{path}/funders", json=funder).status_code for _twice in range(2)] == [201, 200]
    assert api.post(f"/funders/{funder['id']}/end").json()["funders"][0]["ended_on"] == TODAY.isoformat()
    assert api.post(f"/funders/{funder['id']}/reopen").json()["funders"][0]["ended_on"] is None
    right = {"name": "A parish", "amount": 7, "currency": "usd"}
    one = f"/funders/{funder['id']}"
    assert api.put(one, json=right, headers={"If-Match": '"1"'}).status_code == 412
    assert api.put(one, json=right, headers={"If-Match": '"3"'}).json()["funders"][0]["amount"] == 7
    step = {"id": str(new_id()), "what": "Sell the bus", "who": "The board", "due_on": TODAY.isoformat()}
    api.post(f"{path}/steps", json=step)
    assert api.post(f"/steps/{step['id']}/finish").json()["steps"][0]["done_on"] == TODAY.isoformat()
    assert api.post(f"/steps/{step['id']}/reopen").json()["steps"][0]["done_on"] is None
    staff = api.post(f"{path}/staff", json={"role": "guard", "number": 2, "paid_off": 2}).json()["staff"]
    assert staff[0]["paid_off"] == 2
