from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.models import Child
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import OTHER_VILLAGE, make_answers, make_child, make_household

Machines = Callable[[Actor | None], ApiClient]
FEEDBACK = {"told": True, "heard": 4, "respected": 3, "helped": 3}


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def test_the_forms_are_told(worker: Actor, api_for: Machines) -> None:
    machine = api_for(worker)
    rows = {row["key"]: row for row in machine.get("/instruments").json()}
    assert rows["caregiver_feedback"]["versions"] == [1, 2]
    assert rows["caregiver_feedback"]["active_version"] == 1
    assert rows["sdq_scores"]["sensitive"] == "psychological"
    form = machine.get("/instruments/wellbeing").json()
    assert form["sections"][0]["questions"][0]["key"] == "food"
    assert machine.get("/instruments/caregiver_feedback", params={"version": 2}).json()["version"] == 2
    assert machine.get("/instruments/caregiver_feedback", params={"version": 3}).status_code == 404
    assert machine.get("/instruments/nonsense").status_code == 404


def test_a_draft_goes_from_sending_to_submitting(worker: Actor, child: Child, api_for: Machines) -> None:
    machine = api_for(worker)
    body = {
        "id": str(new_id()),
        "child": str(child.id),
        "instrument": "caregiver_feedback",
        "answers": {"told": True},
        "submit": False,
    }
    sent = machine.post("/answers", json=body)
    assert (sent.status_code, sent.json()["state"], sent.headers["ETag"]) == (201, "draft", '"1"')
    assert machine.post("/answers", json=body).status_code == 200
    address = f"/answers/{sent.json()['id']}"
    changed = machine.patch(address, json={"answers": FEEDBACK}, headers={"If-Match": '"1"'})
    assert changed.json()["answers"] == FEEDBACK
    stale = machine.patch(address, json={"answers": {"heard": 1}}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["heard"]) == (412, 4)
    done = machine.post(f"{address}/submit")
    assert (done.json()["state"], done.json()["scores"]) == ("submitted", {"mean": 3.3})
    assert machine.patch(address, json={"answers": {"heard": 1}}).status_code == 409
    listed = machine.get(f"/children/{child.id}/answers").json()["items"]
    assert [(row["instrument"], row["state"]) for row in listed] == [("caregiver_feedback", "submitted")]
    assert "answers" not in listed[0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"instrument": "nonsense"}, "instrument"),
        ({"instrument_version": 9}, "instrument_version"),
        ({"answers": {"heard": 0}}, "answers.heard"),
        ({"answers": {"heard": {"deep": [1]}}}, "answers.heard"),
        ({"household": "00000000-0000-7000-8000-000000000000"}, "household"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    change: dict[str, object], field: str, worker: Actor, child: Child, api_for: Machines
) -> None:
    body = {"child": str(child.id), "instrument": "caregiver_feedback", "answers": FEEDBACK} | change
    answer = api_for(worker).post("/answers", json=body)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_a_form_is_about_the_childs_home_or_a_household_in_reach(
    db: Session, worker: Actor, child: Child, api_for: Machines
) -> None:
    near, far = make_household(db), make_household(db, village=OTHER_VILLAGE)
    machine = api_for(worker)
    body = {"child": str(child.id), "instrument": "caregiver_feedback", "answers": FEEDBACK}
    refused = machine.post("/answers", json=body | {"household": str(far.id)})
    unknown = machine.post("/answers", json=body | {"household": str(new_id())})
    assert (refused.status_code, refused.json()["errors"]) == (422, unknown.json()["errors"])
    for household in (near.id, child.household_id):
        assert machine.post("/answers", json=body | {"household": str(household)}).status_code == 201


def test_the_list_is_paged(db: Session, worker: Actor, child: Child, api_for: Machines) -> None:
    made = [make_answers(db, child, worker) for _each in range(3)]
    machine = api_for(worker)
    first = machine.get(f"/children/{child.id}/answers", params={"limit": 2}).json()
    second = machine.get(f"/children/{child.id}/answers", params={"limit": 2, "cursor": first["next"]}).json()
    assert {row["id"] for row in first["items"] + second["items"]} == {str(one.id) for one in made}
    assert second["next"] is None
    none = machine.get(f"/children/{child.id}/answers", params={"instrument": "child_profile"}).json()
    assert none["items"] == []
