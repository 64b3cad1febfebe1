"""The way of one child: from a volunteer's worry to a family, and to the day on which the case is closed."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.children.models import Child
from app.core import clock
from tests import make
from tests.journeys.case_screens import (
    AcceptedReferral,
    Approval,
    Case,
    CaseChild,
    Decision,
    Families,
    Forms,
    OpenCase,
    Placement,
    Plan,
    Search,
    Section,
    WriteDecision,
)
from tests.journeys.child_screens import LogVisit
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.number_screens import Numbers
from tests.journeys.referral_screens import Referrals, WhatIsTheWorry
from tests.journeys.screens import FirstPassword, MyDay, SignIn, sign_in, tap_navigation
from tests.journeys.service import Service
from tests.journeys.window import Window

pytestmark = pytest.mark.journey

TODAY = clock.today()
# Names that neither sound alike nor like those of another journey, or the service asks whether it is the same child.
CHILDREN = {PHONE: ("Cyuzuzo", "Mbarushimana"), DESK: ("Gasaro", "Nkurunziza")}
GRANDMOTHER = "Nyirabagenzi Thérèse"
MEDIUM = "Medium: harm is likely without help"


@pytest.mark.parametrize("look", [PHONE, DESK], ids=str)
def test_from_a_worry_to_the_closing(window, service, staff, newcomer, look):
    given, family = CHILDREN[look]
    head = f"Mukandutiye {look.width}"
    nation = window("officer", look)
    before = tap_navigation(sign_in(nation, staff.national_officer), "Numbers", Numbers).of_all_time().read("I05")[0]

    # 1. A volunteer files the worry.
    village = window("volunteer", look)
    village.open("/")
    day = SignIn(village).sign_in(newcomer, FirstPassword).choose_own(newcomer)
    where = day.tap_link("File a referral", WhatIsTheWorry).worry("Neglect").urgency("Emergency")
    sent = where.girl().tell("She lives in a house with many children, and is hungry.").send()
    code = sent.code

    # 2. The district takes it over, and the worker registers the child from what was told.
    worker = window("worker", look)
    copy = tap_navigation(sign_in(worker, staff.social_worker), "Referrals", Referrals).open(code)
    accepted = copy.tap_button("Accept", AcceptedReferral)
    worry = accepted.path
    form = accepted.register_child()
    expect(form.page.locator(".place-chosen").first).to_contain_text("Gihanga")
    form.write("Given name", given).write("Family name", family)
    form.page.get_by_label("Year", exact=True).fill(str(TODAY.year - 9))
    child = form.choose("To the year").tap_button("Register the child", CaseChild)
    tmm, path = child.code, child.path
    child.should_say("Open the case")
    worker.open(worry)
    answer = AcceptedReferral(worker).ask("Resolve").choose("Another service has taken it over")
    answer.write("Code of the child, if the child is registered now", tmm).say("What was done?", "Her case is opened.")
    _lives_in_a_house(service, tmm, f"Home of Joy {look.width}", head)

    # 3. The case is opened with its worry and its risk, and the child is seen.
    worker.open(path)
    child = CaseChild(worker).should_come_next("Open the case").should_say("Neglect")
    case = child.go_on(OpenCase)
    case = case.neglect(TODAY, "She is hungry, and nobody hurts her.").see_child().saw_the_child()

    # 4. The child is assessed.
    case.should_say("Assess the child")
    forms = case.tap_link("Assess the child", Forms)
    part = forms.start("Assessment of the child").begin()
    part.write_day("Day of the assessment", TODAY).pick("Who was heard?", "The child").go_on()
    part.pick("Does the child live apart from the parents?", "Yes")
    part.pick("Why does the child live apart from them?", "A parent died")
    part.tell("What happened until now?", "Both parents died; a neighbour brought her to the house.").go_on()
    part.pick("Does the child need care for the body or the mind?", "No").pick("How is it with school?", "Left school")
    part.tell("What is the child good at, and who stands by the child?", "She sings; her grandmother.")
    part.tell("What does the child need most?", "A family.").go_on().go_on()
    part.pick("Is the child in danger today?", "No").pick("How great is the risk?", MEDIUM)
    part.pick("Could the child grow up in a family?", "With another family")
    part.tell("What do you recommend, and why?", "A family near her grandmother.").end().submit().should_say(
        "Submitted"
    )

    # 5. The search finds a grandmother.
    worker.open(path)
    search = CaseChild(worker).should_come_next("Find the family").go_on(Search).open_search()
    found = search.tell("Names of relatives", GRANDMOTHER).tap_button("Open the search", Search)
    found = found.add_relative().grandmother(GRANDMOTHER).open(GRANDMOTHER).verify("Umutoni Grace", TODAY)
    found.tap_link("The search for the family", Search).end("Family found").should_say("Family found")

    # 6. Her home is assessed: she cannot take the child in.
    worker.open(f"{path}/instruments")
    _assess_family(Forms(worker).start("Assessment of the family").begin())

    # 7. The panel decides; who wrote it does not approve it.
    worker.open(path)
    CaseChild(worker).should_come_next("Decide where the child will live")
    worker.open(f"{path}/decisions/new")
    panel = {"Umutoni Grace": "Social worker", "Uwimana Claudine": "Sector officer"}
    decision = WriteDecision(worker).foster(TODAY, panel).send().should_say("It waits for approval")
    request = decision.tap_link("Open the request", Approval)
    expect(request.page.get_by_role("button", name="Approve")).to_have_count(0)

    # 8. The supervisor reads it and approves.
    supervisor = window("supervisor", look)
    sign_in(supervisor, staff.district_supervisor)
    _open_request(supervisor, tmm, "Decision of the panel").read(Decision).should_say("The grandparent is ill")
    supervisor.page.go_back()
    Approval(supervisor).approve()

    # 9. A family is chosen, and both sides are prepared.
    worker.open(path)
    families = CaseChild(worker).should_come_next("Choose the family").go_on(Families)
    preparation = families.choose_family(head, "In her village, and near her grandmother").prepare()
    preparation = preparation.begin(TODAY).first_step("Umutoni Grace")

    # 10. The child moves in, with a start package.
    child = preparation.move().to(head, TODAY).should_say("The placement has started")
    child.tap_link("The placement", Placement).give("Mattress", 25_000, TODAY).should_say("25,000")

    # 11. The plan, approved by the supervisor.
    worker.open(f"{path}/plan")
    plan = Plan(worker).write_aim("She stays with one family and goes to school every day.")
    plan = plan.add_goal("She goes to school every day", "School or training")
    plan.add_action("Buy the uniform", TODAY + timedelta(days=14)).ask().should_say("Waiting for approval")
    request = _open_request(supervisor, tmm, "Plan of the case")
    request.read(Plan).decide().approve()

    # 12. A visit sees how the child is; the plan is reviewed with the child.
    worker.open(path)
    child = CaseChild(worker).should_come_next("Log the visit").go_on(LogVisit)
    child = child.saw_the_child({"Food": "Good", "Feelings": "Fair"}, "She sleeps well and sings.")
    child.should_say("The visit is logged")
    worker.open(f"{path}/plan")
    Plan(worker).review("I have my own bed.", TODAY + timedelta(days=85)).should_say("The review is recorded")

    # 13. The closing is asked for by the worker and approved by the supervisor, who says why it may be so soon.
    worker.open(f"{path}/case")
    asked = Case(worker).close().goals_are_met("She is at home there, and her grandmother comes every week.")
    asked.should_say("The closing waits for the supervisor")
    closing = _open_request(supervisor, tmm, "Closing the case").read(Case)
    closing.write("Your remark", "Uniform and school place are sure.").tap_button("Approve the closing", Case)
    closing.should_say("The case is closed")

    # 14. It is counted, without a name.
    nation.page.reload()
    after = Numbers(nation)
    assert after.read("I05")[0] == before + 1
    after.open("I05").open_list().open_child(tmm).should_not_say(given).should_not_say(head)


def _lives_in_a_house(service: Service, code: str, house: str, head: str) -> None:
    """The child lives in an institution since last year, and a family of the village is approved to foster."""
    with Session(service.engine) as db, db.begin():
        child = db.execute(select(Child).where(Child.code == code)).scalar_one()
        since = TODAY - timedelta(days=400)
        make.make_placement(db, child, institution=make.make_institution(db, name=house), started_on=since)
        make.make_foster_family(db, make.make_household(db, head=head))


def _assess_family(part: Section) -> None:
    part.write_day("Day of the assessment", TODAY).pick("What is the family to the child?", "Grandparents")
    part.pick("Who was spoken with?", "The woman of the house").go_on()
    part.tell("How many people live there?", "1").tell("How many of them are children?", "0")
    part.first_answer("The house").first_answer("Income").go_on()
    part.first_answer("How much does the family want the child?").first_answer("How do the adults treat children?")
    part.pick("Is there anybody or anything there that could harm the child?", "No").go_on()
    part.pick("Does the child know this family?", "Yes")
    part.pick("What does the child say about living there?", "Wants to").go_on()
    part.pick("Is this a family for the child?", "No").tell("Why, and what should happen next?", "She is too ill.")
    part.end().submit().should_say("Submitted")


def _open_request(window: Window, code: str, kind: str) -> Approval:
    window.open("/")
    row = MyDay(window).page.locator(".row", has_text=f"{kind}: {code}")
    window.tap(row.get_by_role("link", name="Decide"))
    return Approval(window)
