from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core.ids import new_id
from tests.make import OTHER_DISTRICT, OTHER_VILLAGE, actor_for, make_child

CHILD = {
    "given_name": "Kezza",
    "family_name": "Mutesi",
    "sex": "female",
    "born_on": "2018-03-27",
    "birth_precision": "day",
}


def test_likely_duplicates_are_told_before_anything_is_registered(db: Session, api_for: Any) -> None:
    near, far = make_child(db), make_child(db, village=OTHER_VILLAGE)
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    [first, second] = api.post("/children/check-duplicates", json=CHILD).json()["items"]
    told = {one["code"]: one for one in (first, second)}
    assert (told[near.code]["in_reach"], told[near.code]["given_name"]) == (True, "Keza")
    assert (told[far.code]["in_reach"], told[far.code]["given_name"]) == (False, None)
    assert told[far.code]["district"] == "Gasabo"
    assert told[far.code]["level"] in {"sure", "likely"}
    assert "same_birthday" in told[far.code]["reasons"]
    made = api.post("/children", json=CHILD).json()
    assert set(made["possible_duplicates"]) == {near.code, far.code}


def test_nobody_without_the_right_asks(db: Session, api_for: Any) -> None:
    for role in (Role.VOLUNTEER, Role.NATIONAL_OFFICER, Role.INSTITUTION_MANAGER, Role.AUDITOR):
        actor = actor_for(db, role)
        if role is not Role.INSTITUTION_MANAGER:
            assert api_for(actor).post("/children/check-duplicates", json=CHILD).status_code == 403


def test_a_question_and_its_answer(db: Session, api_for: Any) -> None:
    worker, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child, other = make_child(db, worker=worker), make_child(db, village=OTHER_VILLAGE, worker=far_worker)
    api, far = api_for(worker), api_for(far_worker)
    body = {"id": str(new_id()), "other": str(other.id)}
    asked = api.post(f"/children/{child.id}/duplicate-questions", json=body)
    assert asked.status_code == 201
    assert api.post(f"/children/{child.id}/duplicate-questions", json=body).status_code == 200
    question = asked.json()["id"]
    assert far.get(f"/duplicate-questions/{question}").json()["may_answer"] is True
    answered = far.post(f"/duplicate-questions/{question}/answer", json={"answer": "same"})
    assert answered.json()["answer"] == "same"
    assert far.post(f"/duplicate-questions/{question}/answer", json={"answer": "same"}).status_code == 409
    seen = api.get(f"/children/{child.id}/duplicates").json()
    assert seen["questions"][0]["answer"] == "same"


def test_joining_and_parting(db: Session, api_for: Any) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = make_child(db), make_child(db)
    api = api_for(supervisor)
    body = {"id": str(new_id()), "other": str(gone.id), "reason": "One mother"}
    joined = api.post(f"/children/{kept.id}/joins", json=body)
    assert (joined.status_code, joined.json()["state"]) == (201, "joined")
    assert api.post(f"/children/{kept.id}/joins", json=body).status_code == 200
    assert api.get(f"/joins/{joined.json()['id']}").json()["may_part"] is True
    parted = api.post(f"/joins/{joined.json()['id']}/part", json={"reason": "Two children"})
    assert parted.json()["state"] == "parted"
