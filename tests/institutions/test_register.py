from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core.errors import FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.institutions import queries, service
from app.institutions.models import Institution
from app.institutions.rules import check_finding, check_opening, share_occupied
from app.institutions.schemas import InstitutionChange, InstitutionQuery, InstitutionRegister
from app.institutions.words import ClosureStage
from tests.clients import ApiClient, PageClient
from tests.make import OTHER_SECTOR, SECTOR, actor_for, make_institution, reload

TODAY = date(2026, 11, 21)


def command(**values: Any) -> InstitutionRegister:
    content = {"name": "Home of Hope", "kind": "orphanage", "registration": "registered", "sector": SECTOR}
    return InstitutionRegister.model_validate(content | values)


def test_rules() -> None:
    check_opening(None, today=TODAY)
    check_opening(TODAY, today=TODAY)
    with pytest.raises(FieldError):
        check_opening(TODAY + timedelta(days=1), today=TODAY)
    check_finding(TODAY, today=TODAY)
    with pytest.raises(FieldError):
        check_finding(TODAY + timedelta(days=1), today=TODAY)
    assert share_occupied(10, 40) == 0.25
    assert share_occupied(10, 0) is None
    assert [stage.number for stage in ClosureStage] == list(range(9))


def test_registering_and_changing(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    institution_id, is_new = service.register_institution(db, worker, command(capacity=30))
    assert is_new
    change = InstitutionChange(capacity=None, services=["school"], registration=None)
    service.change_institution(db, worker, institution_id, change, version=1)
    now = queries.get_institution(db, worker, institution_id)
    assert (now.capacity, now.services, now.found_by) == (None, ["school"], None)
    assert now.registration == "registered"
    with pytest.raises(Stale):
        service.change_institution(db, worker, institution_id, InstitutionChange(name="Other"), version=1)
    kinds = db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == institution_id).order_by(AuditEvent.id))
    assert list(kinds) == ["institution.registered", "institution.changed"]


def test_reach(db: Session) -> None:
    near, far = make_institution(db), make_institution(db, name="Far home", sector=OTHER_SECTOR)
    expected = {
        actor_for(db, Role.SOCIAL_WORKER): [near.id],
        actor_for(db, Role.DISTRICT_LEADER): [near.id],
        actor_for(db, Role.NATIONAL_OFFICER): [far.id, near.id],
        actor_for(db, Role.INSTITUTION_MANAGER, institution=far): [far.id],
        actor_for(db, Role.VOLUNTEER): [],
    }
    for actor, ids in expected.items():
        assert [row.id for row in queries.list_institutions(db, actor, InstitutionQuery()).items] == ids
    worker = next(iter(expected))
    with pytest.raises(NotFound):
        queries.get_institution(db, worker, far.id)
    with pytest.raises(NotFound):
        service.change_institution(db, worker, far.id, InstitutionChange(name="X"), version=1)
    with pytest.raises(FieldError):
        service.register_institution(db, worker, command(sector=OTHER_SECTOR))
    with pytest.raises(Forbidden):
        service.register_institution(db, actor_for(db, Role.NATIONAL_OFFICER), command())
    assert service.register_institution(db, actor_for(db, Role.NATIONAL_MANAGER), command(sector=OTHER_SECTOR))[1]


def test_lists_by_name(db: Session) -> None:
    for name in ("Éden", "Amahoro 100%", "Imbabazi"):
        make_institution(db, name=name)
    worker = actor_for(db, Role.SOCIAL_WORKER)

    def names(**query: Any) -> list[str]:
        return [row.name for row in queries.list_institutions(db, worker, InstitutionQuery(**query)).items]

    assert names(q="eden") == ["Éden"]
    assert names(q="0%") == ["Amahoro 100%"]
    assert names(registration="refused") == []
    assert names(place=OTHER_SECTOR) == []
    first = queries.list_institutions(db, worker, InstitutionQuery(limit=2))
    second = queries.list_institutions(db, worker, InstitutionQuery(limit=2, cursor=first.next))
    assert len({row.id for row in first.items + second.items}) == 3
    with pytest.raises(FieldError):
        names(q="e")


def test_pages(db: Session, client_for: Callable[[Actor], PageClient]) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    form = client.open("/institutions/new").form("/institutions/new")
    found = client.post_form("/institutions/new", form | {"_action": "find_place", "_sector-q": "Gitega"})
    assert "Nyarugenge" in found.text
    form |= {"name": "Imbabazi <b>", "kind": "baby_home", "registration": "expired", "sector": str(SECTOR)}
    assert "This is needed" in client.post_form("/institutions/new", form | {"name": " "}, status=422).text
    assert "6 digits" not in client.post_form("/institutions/new", form | {"sector": "11"}, status=422).text
    for _twice in range(2):
        page = client.post_form("/institutions/new", form)
    assert page.h1 == "Imbabazi <b>"
    assert "Nobody lives here" in page.text
    institution = db.scalars(select(Institution)).one()
    address = f"/institutions/{institution.id}/edit"
    form = client.open(address).form(address)
    found = {"found_by": "The village chief", "children_seen": "14", "services[]": "day_care"}
    page = client.post_form(address, form | found | {"capacity": "20"})
    assert "The village chief" in page.text
    assert "Children come by day" in page.text
    page = client.post_form(address, form | {"capacity": "30"}, status=412)
    assert page.form(address)["capacity"] == "30"
    page = client.post_form(
        address,
        page.form(address) | {"found_on-day": "1", "found_on-month": "1", "found_on-year": "2999"},
        status=422,
    )
    assert "lies in the future" in page.text
    assert reload(db, institution).capacity == 20
    client_for(actor_for(db, Role.NATIONAL_OFFICER)).open("/institutions/new", status=403)


def test_a_house_that_takes_nobody_in_says_so_where_it_is_chosen(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    make_institution(db, name="Ibyiringiro", closure_stage=2, moratorium_on=date(2026, 4, 1))
    make_institution(db, name="Imbabazi")
    words = [name for _id, name in queries.institution_choices(db, worker)]
    assert words == ["Ibyiringiro · No new admissions since 1 April 2026", "Imbabazi"]


def test_api(db: Session, api_for: Callable[[Actor], ApiClient]) -> None:
    api = api_for(actor_for(db, Role.SOCIAL_WORKER))
    body = {
        "id": str(new_id()),
        "name": "Imbabazi",
        "kind": "orphanage",
        "registration": "unregistered",
        "sector": SECTOR,
        "capacity": 20,
    }
    made = api.post("/institutions", json=body)
    assert made.status_code == 201, made.text
    assert api.post("/institutions", json=body).status_code == 200
    assert api.post("/institutions", json=body | {"capacity": 21}).status_code == 409
    assert db.scalar(select(func.count()).select_from(Institution)) == 1
    address = f"/institutions/{body['id']}"
    changed = api.patch(address, json={"children_seen": 14}, headers={"If-Match": made.headers["etag"]})
    assert (changed.status_code, changed.json()["children_seen"], changed.headers["etag"]) == (200, 14, '"2"')
    assert api.patch(address, json={"closure_stage": 1}).status_code == 422, "stages have verbs of their own"
    assert [row["name"] for row in api.get("/institutions").json()["items"]] == ["Imbabazi"]
    assert api.post("/institutions", json=body | {"sector": 99, "id": str(new_id())}).status_code == 422
