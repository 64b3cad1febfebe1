from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from app.decisions.service import set_gatekeeping
from tests.clients import ApiClient
from tests.make import actor_for, make_child, make_decision, make_foster_family, make_household, make_institution

TODAY = clock.today().isoformat()
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def body(**given: Any) -> dict[str, Any]:
    return {
        "decided_on": TODAY,
        "panel": [{"name": "Mukamana Rose", "role": "Social worker"}, {"name": "Kalisa Jean", "role": "Uncle"}],
        "grounds": ["death_both"],
        "necessity": "Both parents died",
        "options": [{"option": "family", "why_not": "Both died"}, {"option": "kin", "why_not": "None known"}],
        "kind": "foster_malayika_murinzi",
        "suitability": "She knows the family",
        "child_heard": False,
        "not_heard": "too_young",
        "siblings": "none",
    } | given


def test_a_decision_by_machine(api_for: Apis, worker: Actor, child: Child) -> None:
    api = api_for(worker)
    root = f"/children/{child.id}/decisions"
    sent = body(id=str(new_id()))
    made = api.post(root, json=sent)
    assert made.status_code == 201, made.text
    assert api.post(root, json=sent).status_code == 200
    assert api.post(root, json=sent | {"necessity": "Other"}).status_code == 409
    one = f"/decisions/{made.json()['id']}"
    assert api.get(one).headers["ETag"] == '"1"'
    assert api.put(one, json=body(), headers={"If-Match": '"7"'}).status_code == 412
    assert api.put(one, json=body(necessity="New"), headers={"If-Match": '"1"'}).json()["necessity"] == "New"
    asked = api.post(f"{one}/request")
    assert (asked.json()["state"], asked.json()["approval_kind"]) == ("requested", "decision")
    assert [row["state"] for row in api.get(root).json()] == ["requested"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"necessity": "Ke\x00za"}, "necessity"),
        ({"ethnicity": "x"}, "ethnicity"),
        ({"kind": "street"}, "kind"),
        ({"institution": str(new_id())}, "institution"),
        ({"decided_on": None}, "decided_on"),
        ({"panel": [{"name": "x" * 101}]}, "panel"),
    ],
)
def test_what_cannot_be_kept(api_for: Apis, worker: Actor, child: Child, given: dict[str, Any], field: str) -> None:
    answer = api_for(worker).post(f"/children/{child.id}/decisions", json=body(**given))
    assert answer.status_code == 422
    assert field in {error["field"].split(".")[0] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"grounds": ["poverty"]}, "grounds"),
        ({"grounds": []}, "grounds"),
        ({"panel": [{"name": "A", "role": "B"}]}, "panel"),
        ({"panel": [{"name": "A", "role": "B"}, {"name": "C"}]}, "panel.1.role"),
        ({"options": []}, "options"),
        ({"necessity": ""}, "necessity"),
        ({"suitability": None}, "suitability"),
        ({"kind": None}, "kind"),
        ({"child_heard": None}, "child_heard"),
        ({"siblings": None}, "siblings"),
    ],
)
def test_a_draft_is_kept_and_asked_for_the_rest_when_it_is_sent(
    api_for: Apis, worker: Actor, child: Child, given: dict[str, Any], field: str
) -> None:
    api = api_for(worker)
    made = api.post(f"/children/{child.id}/decisions", json=body(**given))
    assert made.status_code == 201, made.text
    missing = made.json()["missing"]
    one = f"/decisions/{made.json()['id']}"
    answer = api.post(f"{one}/request")
    assert answer.status_code == 422
    told = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert field in told
    assert told == {lack["field"]: lack["words"] for lack in missing}
    whole = api.put(one, json=body(), headers={"If-Match": '"1"'})
    assert whole.json()["missing"] == []
    assert api.post(f"{one}/request").json()["state"] == "requested"


def test_nothing_but_the_day_is_a_draft(api_for: Apis, worker: Actor, child: Child) -> None:
    api = api_for(worker)
    made = api.post(f"/children/{child.id}/decisions", json={"decided_on": TODAY})
    assert (made.status_code, made.json()["kind"], made.json()["child_heard"]) == (201, None, None)
    assert api.get(f"/children/{child.id}/decisions").json()[0]["kind"] is None


def test_matching_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    api = api_for(worker)
    root = f"/children/{child.id}/matching"
    household = make_household(db)
    make_foster_family(db, household)
    assert api.post(f"{root}/choose", json={"household": str(household.id), "why": "x"}).status_code == 409
    make_decision(db, child, worker, state="approved")
    found = api.get(root).json()
    assert [one["household"] for one in found["proposals"]] == [str(household.id)]
    choice = {"id": str(new_id()), "household": str(household.id), "why": "Near the school"}
    chosen = api.post(f"{root}/choose", json=choice)
    assert (chosen.status_code, chosen.json()["chosen"]["why"]) == (201, "Near the school")
    assert api.post(f"{root}/choose", json=choice).status_code == 200


def test_who_may_not_read(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    made = make_decision(db, child, worker)
    for role, status in ((Role.NATIONAL_MANAGER, 404), (Role.NATIONAL_OFFICER, 403), (Role.VOLUNTEER, 403)):
        assert api_for(actor_for(db, role)).get(f"/decisions/{made.id}").status_code == status
    assert api_for(actor_for(db, Role.SOCIAL_WORKER, 12)).get(f"/decisions/{made.id}").status_code == 404


def test_the_gate_by_machine(db: Session, api_for: Apis, worker: Actor, child: Child) -> None:
    set_gatekeeping(db, clock.today())
    entry = {
        "child": str(child.id),
        "kind": "residential_institution",
        "started_on": TODAY,
        "institution": str(make_institution(db).id),
    }
    answer = api_for(worker).post("/placements", json=entry)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["institution"]
