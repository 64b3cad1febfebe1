"""The second main job: a child leaves an institution for a family, is visited there, and is counted."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.journeys.child_screens import (
    Child,
    Children,
    Households,
    Institutions,
    RegisterChild,
    RegisterHousehold,
    RegisterInstitution,
    ShowTheName,
    WhoOpened,
)
from tests.journeys.conftest import DESK, PHONE, PLAIN_PHONE
from tests.journeys.number_screens import Numbers
from tests.journeys.screens import MyDay, sign_in, tap_navigation

pytestmark = pytest.mark.journey

TODAY = clock.today()
ADMITTED = TODAY - timedelta(days=900)
WENT_HOME = TODAY - timedelta(days=8)
FAMILY = "With kin, formally"
# Names that neither sound alike nor begin with one another, or the service asks whether it is the same child.
CHILDREN = {PHONE: ("Kamikazi", "Rugwiro"), DESK: ("Ineza", "Byukusenge"), PLAIN_PHONE: ("Shimwa", "Uwitonze")}


@pytest.mark.parametrize("look", [PHONE, DESK, PLAIN_PHONE], ids=str)
def test_a_child_goes_home(window, staff, look):
    given, family = CHILDREN[look]
    head = f"Nyirahabimana {look.width}{look.script:d}"
    house = f"Home of Hope {look.width}{look.script:d}"

    nation = window("officer", look)
    before = tap_navigation(sign_in(nation, staff.national_officer), "Numbers", Numbers).of_all_time()
    residents, _ = before.read("I01")
    placed, _ = before.read("I05")
    _, visits = before.read("I23")

    district = window("worker", look)
    day = sign_in(district, staff.social_worker)
    district.open("/institutions")
    Institutions(district).tap_link("Register an institution", RegisterInstitution).register(house, sector="Gitega")

    children = tap_navigation(day, "Children", Children)
    child = children.tap_link("Register a child", RegisterChild).register(
        given, family, born_in=TODAY.year - 8, village="Gihanga", under="Akabahizi"
    )
    child.should_say("The child is registered").should_say("Nobody knows from the record where this child lives now")
    code, path = child.code, child.path
    child = child.start_placement("Institution").in_institution(house, ADMITTED, "Both parents died")
    child.should_say(house).should_say("Visit")

    nation.page.reload()
    assert Numbers(nation).read("I01")[0] == residents + 1

    district.open("/households")
    Households(district).tap_link("Register a household", RegisterHousehold).register(
        head, village="Gihanga", under="Akabahizi", checked_on=TODAY - timedelta(days=60)
    ).should_say("Approved")

    district.open(path)
    child = Child(district).move(FAMILY).with_family(head, WENT_HOME, "Moved to a lasting home")
    child.should_say("The placement has started, and its visits are planned").should_say(head)
    expect(child.page.locator("#history")).to_contain_text("Institution")

    district.open("/")
    MyDay(district).should_say(code)
    district.open(path)
    child = (
        Child(district)
        .log_visit()
        .saw_the_child(
            {"Food": "Good", "Care by the adults": "Good", "Feelings": "Fair"},
            "She sleeps well and helps with the goat.",
        )
    )
    child.should_say("The visit is logged")
    expect(child.events().first).to_contain_text(re.compile("visit", re.IGNORECASE))
    told = " ".join(child.events().all_inner_texts())
    assert "Institution" in told
    assert FAMILY in told
    told = " ".join(child.show_only("Placements").events().all_inner_texts())
    assert FAMILY in told
    assert "the child was seen" not in told

    nation.page.reload()
    after = Numbers(nation)
    assert after.read("I01")[0] == residents
    assert after.read("I05")[0] == placed + 1
    assert after.read("I23")[1] != visits

    coded = after.open("I05").open_list().open_child(code)
    coded.should_not_say(given).should_not_say(family).should_not_say(head).should_not_say("goat")
    asked = coded.tap_link("Show the name", ShowTheName)
    asked.because("A letter of the family asks about her").should_say(f"{given} {family}")

    supervisor = window("supervisor", look)
    day = sign_in(supervisor, staff.district_supervisor)
    found = tap_navigation(day, "Children", Children).search(code).open(code)
    found.tap_link("Who opened this record", WhoOpened).should_tell("Mugisha Alain", "Saw the name, with a reason")
