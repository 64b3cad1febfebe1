from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import OTHER_VILLAGE, actor_for, make_child, make_household, make_institution

TODAY = clock.today()
Apis = Callable[[Actor | None], ApiClient]


def test_a_placement_is_started_read_and_ended(db: Session, api_for: Apis, worker: Actor) -> None:
    child, family = make_child(db, worker=worker), make_household(db)
    api = api_for(worker)
    body = {
        "id": str(new_id()),
        "child": str(child.id),
        "kind": "kinship_formal",
        "started_on": TODAY.isoformat(),
        "household": str(family.id),
    }
    made = api.post("/placements", json=body)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert api.post("/placements", json=body).status_code == 200
    assert api.post("/placements", json=body | {"note": "Another"}).status_code == 409

    path = f"/placements/{body['id']}"
    assert api.get(path).json()["household"] == str(family.id)
    listed = api.get(f"/placements?child={child.id}").json()
    assert [row["id"] for row in listed["items"]] == [body["id"]]
    assert "note" not in listed["items"][0]

    end = {"ended_on": TODAY.isoformat(), "reason": "caregiver_illness"}
    stale = api.post(f"{path}/end", json=end, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["version"] == 1
    ended = api.post(f"{path}/end", json=end, headers={"If-Match": '"1"'})
    assert (ended.status_code, ended.json()["end_was_planned"]) == (200, False)
    assert ended.headers["etag"] == '"2"'
    assert api.post(f"{path}/end", json=end).status_code == 409


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"started_on": (TODAY + timedelta(days=1)).isoformat()}, 422, "started_on"),
        ({"started_on": "31/02/2026"}, 422, "started_on"),
        ({"started_on": "2017-01-01"}, 422, "started_on"),
        ({"kind": "party"}, 422, "kind"),
        ({"household": None}, 422, "household"),
        ({"household": "' or 1=1 --"}, 422, "household"),
        ({"colour": "red"}, 422, "colour"),
        ({"note": "\x00"}, 422, "note"),
        ({"child": str(new_id())}, 404, None),
    ],
)
def test_what_does_not_fit_is_told(
    db: Session, api_for: Apis, worker: Actor, given: dict[str, object], status: int, field: str | None
) -> None:
    child, family = make_child(db, worker=worker), make_household(db)
    body = {
        "child": str(child.id),
        "kind": "kinship_formal",
        "started_on": TODAY.isoformat(),
        "household": str(family.id),
    } | given
    answer = api_for(worker).post("/placements", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if field:
        assert field in {error["field"] for error in answer.json()["errors"]}


def test_an_unknown_parameter_is_told(api_for: Apis, worker: Actor) -> None:
    answer = api_for(worker).get("/placements?kids=1")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "kids"


def test_the_verb_is_refused_with_a_reason(db: Session, api_for: Apis) -> None:
    child = make_child(db, worker=actor_for(db, Role.SOCIAL_WORKER), household=make_household(db))
    body = {"child": str(child.id), "kind": "street", "started_on": TODAY.isoformat()}
    answer = api_for(actor_for(db, Role.PSYCHOLOGIST)).post("/placements", json=body)
    assert answer.status_code == 403
    assert "responsible" in answer.json()["title"]
    assert api_for(actor_for(db, Role.NATIONAL_OFFICER)).post("/placements", json=body).status_code == 403
    assert api_for(None).post("/placements", json=body).status_code == 401


def test_a_supervisor_reads_what_took_the_child_out_of_reach(db: Session, api_for: Apis) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, worker=worker, institution=make_institution(db))
    family = make_household(db, village=OTHER_VILLAGE, created_by=supervisor.account_id)
    body = {
        "child": str(child.id),
        "kind": "kinship_formal",
        "started_on": TODAY.isoformat(),
        "household": str(family.id),
        "end_previous": {"reason": "reunified"},
    }
    api = api_for(supervisor)
    made = api.post("/placements", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["from_kind"] == "residential_institution"
    assert api.get(f"/placements/{made.json()['id']}").status_code == 404
