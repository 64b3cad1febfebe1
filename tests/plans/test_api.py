from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import (
    OTHER_DISTRICT,
    actor_for,
    make_child,
    make_household,
    make_plan,
    make_provider,
    open_case_of,
)

TODAY = clock.today().isoformat()
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def test_a_plan_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    open_case_of(db, child)
    api = api_for(worker)
    sent = {"id": str(new_id()), "aim": "She lives with her aunt"}
    made = api.post(f"/children/{child.id}/plan", json=sent)
    assert made.status_code == 201, made.text
    assert api.post(f"/children/{child.id}/plan", json=sent).status_code == 200
    assert api.post(f"/children/{child.id}/plan", json={"aim": "Other"}).status_code == 409
    plan = f"/plans/{sent['id']}"
    goal = {"id": str(new_id()), "domain": "food", "statement": "Eats twice a day"}
    added = api.post(f"{plan}/goals", json=goal)
    assert (added.status_code, added.json()["goals"][0]["statement"]) == (201, "Eats twice a day")
    assert api.post(f"{plan}/goals", json=goal).status_code == 200
    action = {"what": "Talk with the aunt", "responsible": "office", "due_on": TODAY}
    assert api.post(f"{plan}/actions", json=action | {"goal": goal["id"]}).status_code == 201
    bad = api.post(f"{plan}/packages", json={"kind": "cash", "amount_rwf": -1, "source": "district"})
    assert [error["field"] for error in bad.json()["errors"]] == ["amount_rwf"]
    stale = api.post(f"{plan}/request", headers={"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    fresh = api.get(plan).headers["ETag"]
    asked = api.post(f"{plan}/request", headers={"If-Match": fresh})
    assert (asked.status_code, asked.json()["approval"]["state"]) == (200, "requested")
    api_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).post(
        f"/approvals/{asked.json()['approval']['id']}/approve", json={}
    )
    file = api.get(f"/children/{child.id}/plan").json()
    assert (file["current"]["state"], file["draft"], file["planned_rwf"]) == ("in_force", None, 0)


def test_services_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    nurse = actor_for(db, Role.SERVICE_PROVIDER)
    provider = make_provider(db, post_id=nurse.post_id)
    api, theirs = api_for(worker), api_for(nurse)
    body = {"id": str(new_id()), "provider": str(provider.id), "kind": "isange_one_stop", "asked": "Examine the child"}
    made = api.post(f"/children/{child.id}/services", json=body)
    assert (made.status_code, made.json()["urgency"]) == (201, "emergency")
    assert api.post(f"/children/{child.id}/services", json=body).status_code == 200
    [waiting] = theirs.get("/services").json()["items"]
    assert (waiting["id"], waiting["child"], waiting["child_code"]) == (body["id"], None, child.code)
    opened = theirs.post(f"/services/{body['id']}/answer", json={"outcome": "case_opened"})
    assert (opened.status_code, "Choose one of the answers" in opened.text) == (422, True)
    assert theirs.post(f"/services/{body['id']}/answer", json={"outcome": "partly"}).status_code == 200
    assert theirs.post(f"/services/{body['id']}/answer", json={"outcome": "partly"}).status_code == 409
    assert theirs.get(f"/children/{child.id}/services").status_code == 403
    assert [row["outcome"] for row in api.get(f"/children/{child.id}/services").json()] == ["partly"]
    assert theirs.get("/services?waiting=false&cursor=x").status_code == 422
    assert [row["name"] for row in api.get("/providers?kind=isange_one_stop").json()["items"]] == ["Isange Nyarugenge"]


def test_it_is_nobody_elses_business(db: Session, api_for: Apis, child: Child) -> None:
    plan = make_plan(db, child)
    far = api_for(actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT))
    assert far.get(f"/plans/{plan.id}").status_code == 404
    assert far.post(f"/plans/{plan.id}/request").status_code == 404
    assert api_for(actor_for(db, Role.NATIONAL_OFFICER)).get(f"/plans/{plan.id}").status_code == 403
