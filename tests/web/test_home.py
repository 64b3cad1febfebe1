from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Level, Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.referrals.models import ReferralHop
from app.web.navigation import belongs
from tests.clients import PageClient
from tests.make import actor_for, make_alert, make_child, make_household, make_institution, make_referral, make_task

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


def placement_id(db: Session, child: Child) -> UUID:
    return db.scalars(select(Placement.id).where(Placement.child_id == child.id)).one()


def test_the_day_of_a_worker_is_in_the_order_of_its_dues(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    for days in (-30, 0, 5, 40):
        make_task(db, child, due_on=TODAY + timedelta(days=days), subject_id=placement_id(db, child))
    make_referral(db, actor_for(db, Role.VOLUNTEER), level=Level.DISTRICT)
    page = client_for(worker).open("/")
    assert page.h1 == "My day"
    text = page.text
    places = [text.index(words) for words in ("Late by 23 days", "Due today", "Due in 5 days")]
    assert places == sorted(places)
    assert f"Keza, {child.code}" in text
    assert "Mutesi" not in page.html
    assert "Neglect" in text
    assert f"/placements/{placement_id(db, child)}/visits/new" in page.links().values()
    listed = db.scalars(select(AuditEvent).where(AuditEvent.kind == "records.listed")).all()
    assert [event.content["ids"] for event in listed if event.content["what"] == "tasks due"] == [[str(child.id)]]


def test_the_day_of_a_volunteer_names_the_child_by_the_first_name(db: Session, client_for: Clients) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    child = make_child(db, household=make_household(db))
    hidden = make_child(db, given="Secret", household=make_household(db), restricted=True)
    for one in (child, hidden):
        make_task(db, one, due_on=TODAY, kind="izu_check", post_id=None, subject_id=placement_id(db, one))
    page = client_for(volunteer).open("/")
    assert "Look in on the child: Keza" in page.text
    for words in ("Mutesi", child.code, "Secret", "Foster"):
        assert words not in page.html
    assert page.links()["File a referral"] == "/referrals/new"


@pytest.mark.parametrize(
    ("role", "level"),
    [
        (Role.CELL_COORDINATOR, Level.CELL),
        (Role.SECTOR_OFFICER, Level.SECTOR),
        (Role.DISTRICT_SUPERVISOR, Level.DISTRICT),
        (Role.NATIONAL_MANAGER, Level.NATIONAL),
    ],
)
def test_what_waits_for_an_office_stands_on_its_day(db: Session, client_for: Clients, role: Role, level: Level) -> None:
    referral = make_referral(db, actor_for(db, Role.VOLUNTEER), level=level)
    page = client_for(actor_for(db, role)).open("/")
    assert referral.code in page.text
    assert f"/referrals/{referral.id}" in page.links().values()


@pytest.mark.parametrize(("hours", "section"), [(24 * 3, "This week"), (24 * 25, "Later")])
def test_a_referral_stands_under_the_time_at_which_it_is_due(
    db: Session, client_for: Clients, hours: int, section: str
) -> None:
    status = {"status": "accepted"}
    make_referral(db, actor_for(db, Role.VOLUNTEER), level=Level.SECTOR, hours=hours, **status)
    text = client_for(actor_for(db, Role.SECTOR_OFFICER)).open("/").text
    assert "Due in" in text.partition(section)[2]


def test_an_emergency_that_another_office_has_is_not_called_ones_own(db: Session, client_for: Clients) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    referral = make_referral(db, volunteer, level=Level.CELL, urgency="emergency", status="acknowledged")
    held = db.scalars(select(ReferralHop).where(ReferralHop.referral_id == referral.id)).one()
    district = held.place_code // 10_000
    times = {"received_at": held.received_at, "acknowledge_due_at": held.due_at, "due_at": held.due_at}
    copy = {"seq": 2, "level": Level.DISTRICT, "place_code": district, "area_code": held.area_code, "is_copy": True}
    db.add(ReferralHop(referral_id=referral.id, **copy, **times))
    db.flush()
    page = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open("/")
    assert referral.code in page.text
    assert "Accept it to take it over." in page.text
    page = client_for(actor_for(db, Role.CELL_COORDINATOR)).open("/")
    assert "Your office has acknowledged it and has to act" in page.text


@pytest.mark.parametrize(
    ("path", "word"), [("/decisions/x", "/children"), ("/referrals/x", "/referrals"), ("/x", None)]
)
def test_a_page_of_a_childs_file_belongs_to_the_children(path: str, word: str | None) -> None:
    assert [href for href in ("/", "/referrals", "/children") if belongs(path, href)] == ([word] if word else [])


def test_an_empty_day_says_what_will_be_there(db: Session, client_for: Clients) -> None:
    page = client_for(actor_for(db, Role.CELL_COORDINATOR)).open("/")
    assert "Nothing is due" in page.text


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.DISTRICT_LEADER, "/numbers"),
        (Role.PARTNER, "/numbers"),
        (Role.AUDITOR, "/audit"),
        (Role.ADMINISTRATOR, "/admin/accounts"),
        (Role.SERVICE_PROVIDER, "/services"),
    ],
)
def test_roles_without_a_day_begin_where_they_work(db: Session, client_for: Clients, role: Role, path: str) -> None:
    answer = client_for(actor_for(db, role)).get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, path)


def test_a_manager_begins_at_the_institution(db: Session, client_for: Clients) -> None:
    home = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    answer = client_for(manager).get("/", follow_redirects=False)
    assert answer.headers["location"] == f"/institutions/{home.id}"


def test_nobody_is_asked_to_sign_in(client_for: Clients) -> None:
    answer = client_for(None).get("/", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_the_manager_of_a_house_finds_it_from_every_page(db: Session, client_for: Clients) -> None:
    house = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    assert client_for(manager).open("/children").links()["Institutions"] == "/institutions"


def test_a_task_says_once_when_it_is_due(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    make_task(db, child, due_on=TODAY, subject_id=placement_id(db, child))
    page = client_for(worker).open("/")
    assert "Due today" in page.text
    assert "Planned for" not in page.text


def test_a_child_who_is_not_safe_comes_before_what_has_waited_longer(db: Session, client_for: Clients) -> None:
    supervisor, worker = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    make_task(
        db, child, due_on=TODAY - timedelta(days=60), post_id=supervisor.post_id, subject_id=placement_id(db, child)
    )
    make_alert(db, child)
    text = client_for(supervisor).open("/").text
    assert text.index("A visit says that a child is not safe") < text.index("Late by")
