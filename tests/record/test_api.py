"""The record for machines."""

from app.access.roles import Role
from app.core.ids import new_id
from tests.make import actor_for, make_child


def test_the_whole_record_by_machine(db, api_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    api = api_for(worker)
    base = f"/children/{child.id}"
    changed = api.patch(f"{base}/record/parents", json={"mother_status": "dead"})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"1"')
    assert api.patch(f"{base}/record/parents", json={}, headers={"If-Match": '"7"'}).status_code == 412
    assert api.patch(f"{base}/record/parents", json={"tribe": "x"}).status_code == 422
    body = {"id": str(new_id()), "kind": "refugee", "number": "ref-123 456 789"}
    made = api.post(f"{base}/identities", json=body)
    assert made.status_code == 201
    assert made.json()["masked"].endswith("789")
    assert api.post(f"{base}/identities", json=body).status_code == 200
    revealed = api.post(f"/identities/{body['id']}/reveal")
    assert revealed.json()["number"] == "REF123456789"
    assert api.post(f"{base}/addresses", json={"words": "Goma", "until_year": 2021}).status_code == 201
    whole = api.get(f"{base}/record").json()
    assert (whole["parents"]["mother_status"], len(whole["identities"]), len(whole["addresses"])) == ("dead", 1, 1)
    assert "hiv" not in str(whole)
    health = api.patch(f"{base}/record/health", json={"hiv": "positive"})
    assert health.json()["hiv"] == "positive"
    assert api.get(f"{base}/record/health").json()["version"] == 1
    after = api.post(f"/identities/{body['id']}/withdraw", json={"reason": "Wrong"})
    assert after.json()["identities"] == []


def test_what_is_typed_strangely_is_told(db, api_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    api = api_for(worker)
    for group, body in (
        ("names", {"names": [{"name": "Ke\x00za"}]}),
        ("names", {"names": [{"name": "x" * 101}]}),
        ("parents", {"mother_name": "Ke\u202eza"}),
        ("school", {"level": "x"}),
        ("languages", {"languages": ["xx"]}),
    ):
        assert api.patch(f"/children/{child.id}/record/{group}", json=body).status_code == 422, group
    assert api.get(f"/children/{child.id}/record?nonsense=1").status_code == 422
