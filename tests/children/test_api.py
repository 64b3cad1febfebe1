from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import OTHER_VILLAGE, VILLAGE, actor_for, make_child, make_household, make_institution

Clients = Callable[[Actor | None], ApiClient]


def body(**values: Any) -> dict[str, Any]:
    content = {
        "given_name": "Aline",
        "family_name": "Ngabo",
        "sex": "female",
        "born_on": "2016-05-04",
        "birth_precision": "day",
        "village": VILLAGE,
    }
    return content | values


def test_a_child_is_registered_once_read_and_changed(db: Session, api_for: Clients) -> None:
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    content = body(id=str(new_id()))
    made = api.post("/children", json=content)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert made.json()["possible_duplicates"] == []
    assert api.post("/children", json=content).status_code == 200
    assert api.post("/children", json=content | {"sex": "male"}).status_code == 409
    child = api.get(f"/children/{made.json()['id']}").json()
    assert (child["given_name"], child["view"], child["born_on"]) == ("Aline", "whole", "2016-05-04")
    assert "age_text" not in child
    address = f"/children/{child['id']}"
    changed = api.patch(address, json={"given_name": "Alice"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = api.patch(address, json={"given_name": "Anne"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["given_name"] == "Alice"


def test_problems_name_the_field(db: Session, api_for: Clients) -> None:
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    for values, field in (
        ({"born_on": "2999-01-01"}, "born_on"),
        ({"village": VILLAGE, "cell": OTHER_VILLAGE // 100}, "village"),
        ({"given_name": "a\u0000"}, "given_name"),
        ({"age": 3}, "age"),
        ({"birth_precision": None}, "birth_precision"),
    ):
        answer = api.post("/children", json=body(**values))
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert api.get("/children?q=k").status_code == 422
    assert api.get("/children?colour=red").status_code == 422


def test_lists_page_by_cursor(db: Session, api_for: Clients) -> None:
    for _number in range(3):
        make_child(db)
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    first = api.get("/children?limit=2").json()
    second = api.get("/children", params={"limit": 2, "cursor": first["next"]}).json()
    assert len({row["id"] for row in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    by_name = api.get("/children?q=mutesi&limit=2").json()
    rest = api.get("/children", params={"q": "mutesi", "limit": 2, "cursor": by_name["next"]}).json()
    assert len({row["id"] for row in by_name["items"] + rest["items"]}) == 3


def test_national_staff_get_codes_only(db: Session, api_for: Clients) -> None:
    child = make_child(db, household=make_household(db))
    api = api_for(actor_for(db, Role.NATIONAL_OFFICER))
    for answer in (api.get("/children"), api.get(f"/children/{child.id}")):
        assert answer.status_code == 200
        assert "Mutesi" not in answer.text
        assert "Uwase" not in answer.text
        assert "2018-03-27" not in answer.text
    assert api.post(f"/children/{child.id}/unseal", json={"reason": "curious"}).status_code == 422
    shown = api.post(f"/children/{child.id}/unseal", json={"reason": "A court asked for it"})
    assert shown.json()["family_name"] == "Mutesi"
    assert api.patch(f"/children/{child.id}", json={"sex": "male"}).status_code == 403


def test_assigning_restricting_and_openings(db: Session, api_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db)
    api = api_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    assigned = api.post(f"/children/{child.id}/assign", json={"post": str(worker.post_id)})
    assert assigned.json()["responsible"] == worker.display_name
    assert api.post(f"/children/{child.id}/restrict", json={"restricted": True}).json()["restricted"] is True
    kinds = [row["kind"] for row in api.get(f"/children/{child.id}/openings").json()["items"]]
    assert kinds[:2] == ["child.restricted", "child.assigned"]
    assert api_for(actor_for(db, Role.PSYCHOLOGIST)).get(f"/children/{child.id}").status_code == 404


def test_households(db: Session, api_for: Clients) -> None:
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    content = {
        "id": str(new_id()),
        "kind": "kin",
        "head_name": "Mukamana",
        "village": VILLAGE,
        "members": [{"name": "Mukamana", "relation": "head"}],
    }
    made = api.post("/households", json=content)
    assert made.status_code == 201, made.text
    assert api.post("/households", json=content).status_code == 200
    address = f"/households/{made.json()['id']}"
    changed = api.patch(address, json={"capacity": 4, "members": []}, headers={"If-Match": '"1"'})
    assert (changed.json()["capacity"], changed.json()["members"]) == (4, [])
    assert api.patch(address, json={"capacity": 5}, headers={"If-Match": '"1"'}).status_code == 412
    assert api.get(address).json()["head_name"] == "Mukamana"
    assert [row["id"] for row in api.get("/households").json()["items"]] == [made.json()["id"]]
    assert api_for(actor_for(db, Role.SOCIAL_WORKER, 12)).get(address).status_code == 404
    assert api_for(actor_for(db, Role.NATIONAL_OFFICER)).get(address).status_code == 403


def test_an_institution_counts_its_residents(db: Session, api_for: Clients) -> None:
    home = make_institution(db)
    make_child(db, institution=home)
    make_child(db, institution=home, restricted=True)
    for actor in (
        actor_for(db, Role.SOCIAL_WORKER),
        actor_for(db, Role.INSTITUTION_MANAGER, institution=home),
        actor_for(db, Role.NATIONAL_OFFICER),
    ):
        assert api_for(actor).get(f"/institutions/{home.id}").json()["residents"] == 2


def test_whoever_sees_a_code_is_not_told_the_address_by_any_way_round(db: Session, api_for: Clients) -> None:
    family = make_household(db)
    child = make_child(db, household=family)
    api = api_for(actor_for(db, Role.NATIONAL_OFFICER))
    assert str(VILLAGE) not in api.get(f"/children/{child.id}").text
    assert api.get(f"/children/{child.id}").json()["area_code"] == VILLAGE // 1_000_000 * 1_000_000
    listed = api.get("/children", params={"place": VILLAGE // 10_000}).json()["items"]
    assert [one["id"] for one in listed] == [str(child.id)]
    for place in (VILLAGE, VILLAGE // 100):
        for address in ("/children", "/indicators/I01/records"):
            answer = api.get(address, params={"place": place})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "place")
    assert api.get("/children", params={"household": str(family.id)}).json()["items"] == []


def test_a_volunteer_does_not_learn_by_a_filter_how_a_child_lives(db: Session, api_for: Clients) -> None:
    child = make_child(db, household=make_household(db))
    api = api_for(actor_for(db, Role.VOLUNTEER))
    assert [one["id"] for one in api.get("/children").json()["items"]] == [str(child.id)]
    assert api.get("/children", params={"lives_as": child.lives_as}).json()["items"] == []
    assert api.get("/children", params={"household": str(child.household_id)}).json()["items"] == []
