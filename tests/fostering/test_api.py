from collections.abc import Callable

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from tests.clients import ApiClient
from tests.make import actor_for, make_foster_family, make_household

TODAY = clock.today().isoformat()
Apis = Callable[[Actor | None], ApiClient]


def test_a_family_by_machine(db: Session, api_for: Apis) -> None:
    household = make_household(db, vetting="not_checked")
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    root = f"/households/{household.id}/fostering"
    assert api.get(root).json()["family"] is None
    body = {"id": str(new_id()), "applied_on": TODAY, "cares": ["ordinary"], "languages": ["rw"]}
    made = api.post(root, json=body)
    assert made.status_code == 201, made.text
    assert api.post(root, json=body).status_code == 200
    assert api.post(root, json=body | {"id": str(new_id())}).status_code == 409
    assert made.json()["family"]["stage"] == "applied"
    checked = {"step": "record_checked", "stepped_on": TODAY, "document": "Extract 114/2026"}
    step = api.post(f"{root}/steps", json=checked)
    assert step.status_code == 201
    assert [one["document"] for one in step.json()["family"]["steps"]] == ["Extract 114/2026", None]
    assert len(step.json()["family"]["missing"]) == 2
    changed = api.put(root, json={"cares": ["emergency"]}, headers={"If-Match": '"9"'})
    assert changed.status_code == 412
    assert api.put(root, json={"cares": []}).status_code == 422
    assert api.put(root, json={"cares": ["emergency"], "ethnicity": "x"}).status_code == 422


def test_who_may_not(db: Session, api_for: Apis) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    assert api_for(actor_for(db, Role.NATIONAL_MANAGER)).get("/fostering").status_code == 403
    far = api_for(actor_for(db, Role.SOCIAL_WORKER, 12))
    assert far.get(f"/households/{household.id}/fostering").status_code == 404
    assert far.get("/fostering").json()["items"] == []
    worker = api_for(actor_for(db, Role.SOCIAL_WORKER))
    assert worker.get("/fostering", params={"cursor": "x"}).status_code == 422
    assert worker.get("/fostering", params={"free": "true"}).json()["items"][0]["free"] == 2
