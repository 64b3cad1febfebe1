from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import OTHER_DISTRICT, actor_for, make_child, make_household

TODAY = clock.today().isoformat()
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def test_a_search_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    api = api_for(worker)
    sent = {"id": str(new_id()), "last_places": "Huye"}
    made = api.post(f"/children/{child.id}/tracing", json=sent)
    assert made.status_code == 201, made.text
    assert api.post(f"/children/{child.id}/tracing", json=sent).status_code == 200
    assert api.post(f"/children/{child.id}/tracing", json={"last_places": "Nyanza"}).status_code == 409
    search = made.json()["id"]
    acted = {"id": str(new_id()), "done_on": TODAY, "kind": "radio", "outcome": "Nothing yet"}
    assert api.post(f"/tracing/{search}/actions", json=acted).status_code == 201
    assert api.post(f"/tracing/{search}/actions", json=acted).status_code == 200
    relative = {"id": str(new_id()), "name": "Mukamana Rose", "relationship": "mother"}
    found = api.post(f"/children/{child.id}/relatives", json=relative).json()
    stale = api.put(
        f"/relatives/{found['id']}", json={"name": "R", "relationship": "mother"}, headers={"If-Match": '"9"'}
    )
    assert stale.status_code == 412
    contact = {"contact_on": TODAY, "kind": "supervised_visit", "child_took": "Well"}
    refused = api.post(f"/relatives/{found['id']}/contacts", json=contact)
    assert [error["field"] for error in refused.json()["errors"]] == ["kind"]
    whole = api.get(f"/children/{child.id}/tracing").json()
    assert [len(whole[part]) for part in ("searches", "actions", "relatives")] == [1, 1, 1]
    ended = api.post(f"/tracing/{search}/end", json={"state": "found"}, headers={"If-Match": made.headers["ETag"]})
    assert (ended.status_code, ended.json()["state"]) == (200, "found")


def test_it_is_nobody_elses_business(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    far = api_for(actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT))
    assert far.get(f"/children/{child.id}/tracing").status_code == 404
    assert api_for(actor_for(db, Role.NATIONAL_MANAGER)).get(f"/children/{child.id}/tracing").status_code == 403
    assert api_for(worker).get(f"/tracing/{new_id()}").status_code == 404
