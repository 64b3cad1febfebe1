from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.core.ids import new_id
from app.placements.models import Placement
from tests.clients import ApiClient
from tests.make import actor_for, make_child, make_household, make_institution, make_task

TODAY = clock.today()
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def placement(db: Session, worker: Actor) -> Placement:
    child = make_child(db, household=make_household(db), worker=worker)
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    make_task(db, child, due_on=TODAY, subject_id=placement.id)
    return placement


def body(placement: Placement, **given: Any) -> dict[str, Any]:
    return {
        "placement": str(placement.id),
        "kind": "follow_up_routine",
        "visited_on": TODAY.isoformat(),
        "child_seen": True,
    } | given


def test_a_visit_is_logged_listed_and_read(db: Session, api_for: Apis, worker: Actor, placement: Placement) -> None:
    api = api_for(worker)
    due = api.get("/tasks").json()["items"]
    assert [(row["kind"], row["standing"]) for row in due] == [("visit", "today")]
    sent = body(placement, id=str(new_id()), wellbeing={"food": 4}, note="Well")
    made = api.post("/visits", json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["task"] == due[0]["id"]
    assert api.post("/visits", json=sent).status_code == 200
    assert api.post("/visits", json=sent | {"note": "Ill"}).status_code == 409
    assert api.get("/tasks").json()["items"] == []
    listed = api.get(f"/visits?placement={placement.id}&child={placement.child_id}").json()["items"]
    assert [(row["id"], row["wellbeing"]) for row in listed] == [(sent["id"], {"food": 4})]
    assert api.get(f"/visits/{sent['id']}").json()["note"] == "Well"
    kinds = set(db.scalars(select(AuditEvent.kind)))
    assert {"visit.logged", "visit.opened", "records.listed"} <= kinds


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"visited_on": (TODAY + timedelta(days=1)).isoformat()}, "visited_on"),
        ({"visited_on": (TODAY - timedelta(days=101)).isoformat()}, "visited_on"),
        ({"child_seen": False}, "not_seen_reason"),
        ({"wellbeing": {"food": 0}}, "wellbeing.food"),
        ({"child_seen": None}, "child_seen"),
        ({"mood": 3}, "mood"),
    ],
)
def test_what_does_not_fit_is_told(
    api_for: Apis, worker: Actor, placement: Placement, given: dict[str, Any], field: str
) -> None:
    answer = api_for(worker).post("/visits", json=body(placement, **given))
    assert answer.status_code == 422, answer.text
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_who_may_not_is_told(db: Session, api_for: Apis, placement: Placement) -> None:
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    assert api_for(officer).post("/visits", json=body(placement)).status_code == 403
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=make_institution(db))
    assert api_for(manager).post("/visits", json=body(placement)).status_code == 403
    sector = actor_for(db, Role.SECTOR_OFFICER)
    assert api_for(sector).post("/visits", json=body(placement)).status_code == 404
    assert api_for(sector).get("/visits").json()["items"] == []
    assert api_for(None).get("/tasks").status_code == 401


def test_a_volunteer_logs_a_light_check(db: Session, api_for: Apis, placement: Placement) -> None:
    api = api_for(actor_for(db, Role.VOLUNTEER))
    refused = api.post("/visits", json=body(placement))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "kind")
    made = api.post("/visits", json=body(placement, kind="izu_check"))
    assert made.status_code == 201, made.text
    assert [row["id"] for row in api.get("/visits").json()["items"]] == [made.json()["id"]]
    assert api.get("/placements").json()["items"] == []
