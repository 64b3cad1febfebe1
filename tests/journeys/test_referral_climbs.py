"""The first main job: a volunteer's worry climbs from the village to the nation, comes to an end, and is counted."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, PLAIN_PHONE
from tests.journeys.number_screens import Numbers
from tests.journeys.referral_screens import (
    Referral,
    Referrals,
    WhatIsTheWorry,
    open_referral,
)
from tests.journeys.screens import FirstPassword, MyDay, SignIn, sign_in, tap_navigation

pytestmark = pytest.mark.journey

MOST_TAPS = 12
A_MINUTE = 60


@pytest.mark.parametrize("look", [PHONE, DESK, PLAIN_PHONE], ids=str)
def test_a_worry_climbs_the_ladder(window, service, staff, newcomer, look):
    village = window("volunteer", look)
    village.open("/")
    first = SignIn(village).sign_in(newcomer, FirstPassword)
    day = first.choose_own(newcomer)
    expect(day.page.locator(".where")).to_contain_text("Gihanga")

    officer = window("officer", look)
    numbers = tap_navigation(sign_in(officer, staff.national_officer), "Numbers", Numbers).of_all_time()
    received, _ = numbers.read("I31")
    _, resolved = numbers.read("I32")
    _, in_time = numbers.read("I33")

    village.taps = 0
    worry = day.tap_link("File a referral", WhatIsTheWorry)
    where = worry.worry("Neglect").urgency("Medium")
    expect(where.proposed_village()).to_contain_text("Gihanga")
    check = where.girl().tell("She waits at the road every evening. The neighbour at the mill knows her.")
    check.should_say("Not sent yet").should_say("Neglect").should_say("Gihanga")
    sent = check.send()
    assert village.taps <= MOST_TAPS

    sent.should_say("Sent to the cell").should_be_at("Cell")
    code, path = sent.code, sent.path

    cell = window("cell", look)
    inbox = tap_navigation(sign_in(cell, staff.cell_coordinator), "Referrals", Referrals)
    seen = inbox.open(code).acknowledge()
    seen.should_say("Acknowledged")
    back = seen.ask("Return to the volunteer").say("What do you need to know?", "Who does the girl live with?")
    back.should_say("Sent back to the author").should_be_at("Village")

    returned = open_referral(village, path)
    returned.should_say("Who does the girl live with?")
    answered = returned.ask("Answer").say("Your answer", "With her grandmother, who is ill.")
    answered.should_be_at("Cell")

    again = open_referral(cell, path).acknowledge()
    up = again.ask("Escalate to the sector").say(
        "Why can it not be solved here?", "The grandmother needs a clinic and the cell has none."
    )
    up.should_be_at("Sector")

    told = open_referral(village, path)
    told.should_be_at("Sector")

    sector = window("sector", look)
    arrived = tap_navigation(sign_in(sector, staff.sector_officer), "Referrals", Referrals).open(code)
    arrived.should_say("With her grandmother, who is ill.")
    arrived.acknowledge().accept().ask("Escalate to the district").say(
        "Why can it not be solved here?", "No family near can take the girl in."
    ).should_be_at("District")

    district = window("district", look)
    arrived = tap_navigation(sign_in(district, staff.district_supervisor), "Referrals", Referrals).open(code)
    arrived.acknowledge().ask("Escalate to the nation").say(
        "Why can it not be solved here?", "The aunt lives in another district and needs help with papers."
    ).should_be_at("Nation")

    nation = window("nation", look)
    arrived = tap_navigation(sign_in(nation, staff.national_manager), "Referrals", Referrals).open(code)
    resolve = arrived.acknowledge().accept().ask("Resolve")
    resolve.choose("The child was helped")
    closed = resolve.say("What was done?", "The girl lives with her aunt now. Her school has a place for her.")
    closed.should_say("The girl lives with her aunt now.")

    village.open("/")
    news = MyDay(village)
    news.should_say(code)
    village.tap(news.page.locator(".row", has_text=code).get_by_role("link").first)
    ended = Referral(village)
    ended.should_say("The child was helped").should_say("Her school has a place for her.")
    ended.see_all_that_happened()

    officer.page.reload()
    moved = Numbers(officer)
    assert moved.read("I31")[0] > received
    assert moved.read("I32")[1] != resolved
    assert moved.read("I33")[1] != in_time
    moved.open("I33").open_list().should_say(code)


def test_two_escalate_at_once(window, staff, newcomer, service):
    """The same office in two browsers: one wins, and the other is told and loses nothing that was typed."""
    village = window("volunteer", PHONE)
    village.open("/")
    SignIn(village).sign_in(newcomer, FirstPassword).choose_own(newcomer)
    village.open("/referrals/new")
    check = WhatIsTheWorry(village).worry("Child labour").urgency("High").girl().tell("She carries bricks.")
    path = check.back_and_forth("She carries bricks.").send().path

    questions = []
    for look in (PHONE, DESK):
        office = window(f"cell-{look}", look)
        sign_in(office, staff.cell_coordinator)
        question = open_referral(office, path).ask("Escalate to the sector")
        questions.append(question.write("Why can it not be solved here?", f"Written at {look}"))
    for question in questions:
        question.goes_on().evaluate("button => setTimeout(() => button.click())")
    answers = [Referral(question.window) for question in questions]
    for answer in answers:
        expect(answer.page.locator(".flash, .notice").first).to_be_visible()
    sent = [answer.page.get_by_text("Sent to the sector.").count() for answer in answers]
    assert sorted(sent) == [0, 1]
    loser = answers[sent.index(0)]
    loser.should_say("already sent this to the sector").should_say("Nothing of yours was carried out")
    loser.should_say(f"Written at {(PHONE, DESK)[sent.index(0)]}").should_be_at("Sector")


def test_a_late_referral_moves_up_by_itself(window, newcomer, service):
    """The worker's clock: the volunteer sees that nobody acted, and who has it now."""
    village = window("volunteer", PHONE)
    village.open("/")
    SignIn(village).sign_in(newcomer, FirstPassword).choose_own(newcomer)
    village.open("/referrals/new")
    sent = WhatIsTheWorry(village).worry("Neglect").urgency("Low").girl().tell("Her shoes are torn.").send()
    sent.should_be_at("Cell").should_say("it moves up to the next office by itself")
    service.let_the_clock_pass(sent.code)
    for _second in range(A_MINUTE):
        village.page.reload()
        if "Sector" in village.page.locator(".ladder .rung[aria-current]").inner_text():
            break
        village.page.wait_for_timeout(1000)
    Referral(village).should_be_at("Sector").see_all_that_happened().should_say("time had passed")
