"""A long form on a phone: saved while typing, kept when the session or the connection ends, shared by two people."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.children.models import Child
from app.people.models import Account
from app.placements.models import Placement
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.screens import sign_in
from tests.make import make_answers, make_child, make_decision, make_household

pytestmark = pytest.mark.journey
KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('kept:')).length"


def _childs_worker(db: Session, staff) -> tuple[Child, Account]:
    account = db.scalars(select(Account).where(Account.username == staff.social_worker.username)).one()
    held = text("select post_id from appointments where account_id = :account")
    child = make_child(db, household=make_household(db))
    child.responsible_post_id = db.scalar(held, {"account": account.id})
    return child, account


@pytest.fixture
def draft(service, staff) -> str:
    """A draft of the wellbeing of a child of the social worker."""
    with Session(service.engine) as db, db.begin():
        child, account = _childs_worker(db, staff)
        author = Actor.__new__(Actor)
        object.__setattr__(author, "account_id", account.id)
        object.__setattr__(author, "post_id", child.responsible_post_id)
        return str(make_answers(db, child, author, state="draft").id)


@pytest.fixture
def decision(service, staff) -> str:
    """A half-done decision about a child of the social worker."""
    with Session(service.engine) as db, db.begin():
        child, account = _childs_worker(db, staff)
        author = Actor.__new__(Actor)
        object.__setattr__(author, "account_id", account.id)
        return str(make_decision(db, child, author, siblings=None, conditions=None).id)


@pytest.fixture
def placement(service, staff) -> str:
    """The placement of a child of the social worker."""
    with Session(service.engine) as db, db.begin():
        child, _account = _childs_worker(db, staff)
        db.flush()
        return str(db.scalar(select(Placement.id).where(Placement.child_id == child.id)))


def answers(service, draft: str) -> dict[str, object]:
    with service.engine.connect() as connection:
        found = connection.scalar(text("select answers from instrument_answers where id = :id"), {"id": draft})
    return dict(found)


def sign_in_again(phone, person) -> None:
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(person.password)
    phone.tap(page.get_by_role("button", name="Sign in", exact=True))


def test_what_is_typed_is_saved_and_survives_the_end_of_the_session(window, service, staff, draft):
    phone = window("worker", PHONE)
    sign_in(phone, staff.social_worker)
    phone.open(f"/drafts/{draft}")
    phone.look()
    phone.open(f"/drafts/{draft}/sections/voice")
    phone.look()
    page = phone.page
    status = page.locator("[data-autosave-status]")
    expect(page.locator(".conditional")).to_be_hidden()
    phone.write(page.get_by_label("What did the child say"), "I like the goats")
    expect(status).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    assert answers(service, draft)["child_voice"] == "I like the goats"
    assert page.evaluate(KEPT) == 0, "what the service has is not kept on the device"
    page.get_by_label("No", exact=True).check(force=True)
    expect(page.locator(".conditional")).to_be_visible()
    expect(status).to_have_text(re.compile(r"Saved"))

    page.context.clear_cookies()
    phone.write(page.get_by_label("What else did you see?"), "The roof is new")
    expect(status).to_contain_text("You are signed out")
    assert page.evaluate(KEPT) == 1
    phone.tap(page.get_by_role("button", name="Save and continue"))
    sign_in_again(phone, staff.social_worker)
    expect(page).to_have_url(re.compile(r"/sections/voice$"))
    expect(page.get_by_label("What else did you see?")).to_have_value("The roof is new")
    expect(status).to_have_text(re.compile(r"Saved"))
    assert answers(service, draft)["remark"] == "The roof is new"
    phone.tap(page.get_by_role("button", name="Save and continue"))
    expect(page).to_have_url(re.compile(rf"/drafts/{draft}$"))
    assert page.evaluate(KEPT) == 0
    assert not phone.complaints


def test_without_a_connection_it_stays_on_the_device_until_signing_out(window, service, staff, draft):
    phone = window("worker", PHONE)
    sign_in(phone, staff.social_worker)
    phone.open(f"/drafts/{draft}/sections/voice")
    page = phone.page
    page.route("**/autosave", lambda route: route.abort())
    phone.write(page.get_by_label("What did the child say"), "I am tired")
    expect(page.locator("[data-autosave-status]")).to_contain_text("kept on this device")
    page.reload()
    expect(page.get_by_label("What did the child say")).to_have_value("I am tired")
    page.unroute("**/autosave")
    phone.open("/more")
    assert page.evaluate(KEPT) == 1
    phone.tap(page.get_by_role("button", name="Sign out").last)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate(KEPT) == 0
    assert answers(service, draft) == {}


def test_the_second_saver_sees_both(window, service, staff, draft):
    path = f"/drafts/{draft}/sections/home"
    phone, desk = window("worker", PHONE), window("supervisor", DESK)
    for one, person in ((phone, staff.social_worker), (desk, staff.district_supervisor)):
        sign_in(one, person)
        one.open(path)
    phone.page.get_by_label("2 – Bad").first.check(force=True)
    expect(phone.page.locator("[data-autosave-status]")).to_have_text(re.compile(r"Saved \d"))
    desk.page.get_by_label("4 – Good").first.check(force=True)
    expect(desk.page.locator("[data-autosave-status]")).to_contain_text("Somebody else saved this part")
    desk.tap(desk.page.get_by_role("button", name="Save and continue"))
    expect(desk.page.get_by_text("Somebody saved this part while you wrote")).to_be_visible()
    desk.look()
    expect(desk.page.get_by_label("4 – Good").first).to_be_checked()
    desk.tap(desk.page.get_by_role("button", name="Save and continue"))
    expect(desk.page).to_have_url(re.compile(r"/sections/protection$"))
    assert answers(service, draft)["shelter"] == 4


def test_a_visit_survives_the_end_of_the_session_and_back(window, service, staff, placement):
    phone = window("worker", PHONE)
    sign_in(phone, staff.social_worker)
    address = f"/placements/{placement}/visits/new"
    phone.open(address)
    page = phone.page
    note, told = page.get_by_label("Note"), page.locator("[data-kept-status]")
    expect(told).to_be_hidden()
    page.get_by_label("Yes, I saw the child").check(force=True)
    phone.write(note, "The roof leaks")
    phone.open("/more")
    phone.open(address)
    expect(note).to_have_value("The roof leaks")
    expect(told).to_be_visible()

    page.context.clear_cookies()
    phone.tap(page.get_by_role("button", name="Log the visit"))
    sign_in_again(phone, staff.social_worker)
    expect(page).to_have_url(re.compile(rf"{address}$"))
    expect(note).to_have_value("The roof leaks")
    expect(page.get_by_label("Yes, I saw the child")).to_be_checked()
    phone.look()
    phone.tap(page.get_by_role("button", name="Log the visit"))
    expect(page).not_to_have_url(re.compile(rf"{address}$"))
    with service.engine.connect() as connection:
        logged = connection.execute(text("select note from visits where placement_id = :id"), {"id": placement})
        assert logged.scalars().all() == ["The roof leaks"]
    assert page.evaluate(KEPT) == 0
    assert not phone.complaints


def test_a_new_child_survives_back_with_its_village(window, staff):
    phone = window("worker", PHONE)
    sign_in(phone, staff.social_worker)
    phone.open("/children/new")
    page = phone.page
    village = page.get_by_role("group", name="Village that the child comes from")
    phone.write(page.get_by_label("Given name"), "Uwera")
    phone.write(village.get_by_role("searchbox"), "Giha")
    chosen = village.get_by_role("radio", name=re.compile("Gihanga.*Akabahizi"))
    chosen.check(force=True)
    phone.open("/more")
    phone.open("/children/new")
    expect(page.get_by_label("Given name")).to_have_value("Uwera")
    expect(chosen).to_be_checked()
    phone.look()
    phone.tap(page.get_by_role("link", name="Cancel"))
    assert page.evaluate(KEPT) == 0
    assert not phone.complaints


def test_a_draft_decision_survives_a_lost_connection_and_tells_what_another_saved(window, service, staff, decision):
    phone, desk = window("worker", PHONE), window("supervisor", DESK)
    sign_in(phone, staff.social_worker)
    sign_in(desk, staff.district_supervisor)
    address = f"/decisions/{decision}/edit"
    phone.open(address)
    phone.look()
    page = phone.page
    why, told = page.get_by_label("Why is it necessary?"), page.locator("[data-kept-status]")
    phone.write(why, "The aunt is ill")
    page.route(f"**{address}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Save and continue").nth(1).click()
    page.wait_for_url("chrome-error://**")
    page.unroute(f"**{address}")
    phone.open("/more")
    assert page.evaluate(KEPT) == 1, "nobody has it yet"

    desk.open(address)
    desk.write(desk.page.get_by_label("Under which conditions?"), "A visit every week")
    desk.tap(desk.page.get_by_role("button", name="Save the draft"))
    phone.open(address)
    expect(why).to_have_value("The aunt is ill")
    expect(told).to_be_visible()
    phone.tap(page.get_by_role("button", name="Save and continue").nth(1))
    expect(page.get_by_text("Somebody else changed it meanwhile")).to_be_visible()
    expect(page.get_by_label("Under which conditions?")).to_have_value("A visit every week")
    phone.look()
    phone.tap(page.get_by_role("button", name="Save and continue").nth(1))
    expect(page).to_have_url(re.compile(rf"{address}#part-options$"))
    expect(told).to_be_hidden()
    assert page.evaluate(KEPT) == 0
    with service.engine.connect() as connection:
        found = connection.execute(text("select necessity, conditions from decisions where id = :id"), {"id": decision})
        assert tuple(found.one()) == ("The aunt is ill", "A visit every week")
