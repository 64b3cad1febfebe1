"""A supervisor's Monday: what waits, what is late and why, and how work passes from one hand to the next."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.people.models import Account, Appointment
from tests import make
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.screens import MyDay, sign_in
from tests.journeys.service import Person, Service
from tests.journeys.supervision_screens import (
    Alerts,
    Approval,
    Caseload,
    Caseloads,
    Conference,
    Conferences,
    HandedOver,
    MyAccount,
    NewConference,
    Record,
    follow,
)

pytestmark = pytest.mark.journey

TODAY = clock.today()
FRIDAY = TODAY - timedelta(days=3)
# Districts in which no other journey works, so that the boards show these cases only.
PLACES = {PHONE: (13, 13010101), DESK: (21, 21010101)}
GIVEN = ("Ishimwe", "Keza", "Mugisha", "Ganza", "Hirwa", "Teta", "Cyusa", "Isaro", "Shema")
FAMILY = ("Uwase", "Nkurunziza", "Habimana")
MOST = 27


@dataclass(frozen=True)
class Scene:
    """A district with a supervisor, a worker with too many cases and one with few."""

    supervisor: Person
    heavy: Person
    light: Person
    child: str
    """Where the child of the case conference has its page."""


def _prepare(service: Service, look: Any) -> Scene:
    place, village = PLACES[look]
    people = {
        role_of: service.appoint(f"{role_of}-{look.width}", role, place, name)
        for role_of, role, name in (
            ("monday-super", Role.DISTRICT_SUPERVISOR, "Mukarugwiza Odette"),
            ("monday-heavy", Role.SOCIAL_WORKER, "Ndayisaba Fidele"),
            ("monday-light", Role.SOCIAL_WORKER, "Umuhoza Solange"),
        )
    }
    with Session(service.engine) as db, db.begin():
        heavy, light = (_actor(db, people[name].username) for name in ("monday-heavy", "monday-light"))
        children = [
            _child(db, heavy, village, GIVEN[number % 9], FAMILY[number // 9], number) for number in range(MOST)
        ]
        _child(db, light, village, "Bwiza", "Kamanzi", 1)
        ready = make.make_plan(db, children[0], state="requested")
        hasty = make.make_plan(db, children[1], state="requested")
        for plan, child in ((ready, children[0]), (hasty, children[1])):
            made = {"kind": "plan", "subject_id": plan.id, "note": None}
            make.make_approval(db, child, heavy, **made).path = f"/plans/{plan.id}"
        make.make_alert(db, children[2])
        return Scene(*people.values(), f"/children/{children[3].id}")


def _actor(db: Session, username: str) -> Any:
    seat = select(Account.id, Appointment.post_id).join(Appointment, Appointment.account_id == Account.id)
    account_id, post_id = db.execute(seat.where(Account.username == username)).one()
    return SimpleNamespace(account_id=account_id, post_id=post_id)


def _child(db: Session, worker: Any, village: int, given: str, family: str, number: int) -> Any:
    home = make.make_household(db, village=village, head=f"{family} Rose")
    child = make.make_child(db, given=given, family=family, village=village, household=home, worker=worker)
    make.make_case(db, child, state="in_implementation", risk=("high", "medium", "low")[number % 3])
    placement = db.scalars(select(make.Placement).where(make.Placement.child_id == child.id)).one()
    make.make_visit(db, placement, visited_on=TODAY - timedelta(days=20 + 3 * number))
    due = TODAY - timedelta(days=6) if number % 9 == 4 else TODAY + timedelta(days=9)
    make.make_task(db, child, due_on=due, subject_id=placement.id, tolerance_days=3)
    return child


@pytest.mark.parametrize("look", [PHONE, DESK], ids=str)
def test_a_supervisors_monday(window, service, look):
    scene = _prepare(service, look)

    supervisor = window("supervisor", look)
    day = sign_in(supervisor, scene.supervisor)
    expect(day.page.locator("main .row", has_text="It waits for your approval")).to_have_count(2)

    # The alert comes before everything else.
    follow(day, "A child is not safe")
    Alerts(supervisor).tap_button("Acknowledge", Alerts).should_say("No alert waits")

    # One plan is read and approved; the other goes back with what is missing.
    supervisor.open("/")
    follow(MyDay(supervisor), "Plan of the case: ")
    Approval(supervisor).tap_link("Read what is to be approved", Record).should_say("Goes to school every day")
    Record(supervisor).tap_link("Decide about this plan", Approval).approve()
    supervisor.open("/")
    follow(MyDay(supervisor), "Plan of the case: ")
    Approval(supervisor).return_because("Who takes the child to the clinic, and when?").should_say(
        "Nothing waits for approval"
    )

    # Who has too much, what is late there, and for how long a child was not seen.
    supervisor.open("/caseloads")
    board = Caseloads(supervisor)
    expect(board.post("Ndayisaba Fidele")).to_contain_text("Too many cases")
    expect(board.post("Ndayisaba Fidele")).to_contain_text("27")
    expect(board.post("Umuhoza Solange")).not_to_contain_text("Too many cases")
    load = board.open("Ndayisaba Fidele")
    load = load.hand_over(["Ishimwe Nkurunziza", "Keza Nkurunziza", "Isaro Habimana"], "Umuhoza Solange", "Call first")
    load.should_say("3 children are handed over.").should_not_say("Isaro Habimana")
    load = load.cover("Umuhoza Solange", TODAY, TODAY + timedelta(days=14))
    load.should_say("The post is covered.").should_say("End the cover today")
    printed = supervisor.page.request.get(f"{supervisor.page.url}/paper")
    assert printed.body().startswith(b"%PDF-")

    # A case conference, and who does what until when.
    supervisor.open(f"{scene.child}/conferences")
    asked = Conferences(supervisor).tap_link("Record a conference", NewConference)
    asked.write_day("When was it?", FRIDAY).write("Who sat together?", "Ndayisaba Fidele\nThe head teacher")
    asked.choose("Yes").write("What was said?", "He wants to stay at this school, and his aunt agrees.")
    asked.agree(1, "Ask the school for a place", "Umuhoza Solange", TODAY + timedelta(days=4))
    asked.tap_button("Record the conference", Conference).should_say("Ask the school for a place")

    # What the colleague finds in the morning: what was handed over, what was agreed, and the post that is covered.
    colleague = window("colleague", look)
    day = sign_in(colleague, scene.light)
    follow(day, "Read the hand-over: 3 children")
    HandedOver(colleague).should_say("Call first").should_say("Isaro Habimana")
    colleague.tap(colleague.page.get_by_role("button", name="I have read it"))
    MyDay(colleague).should_say("Noted that you have read it.").should_not_say("Read the hand-over")
    follow(MyDay(colleague), "Do what the case conference agreed")
    Conference(colleague).tap_button("Say that it is done", Conference).should_say("Done")

    # The post that is covered is one tap away, with its own day.
    colleague.open("/")
    account = MyDay(colleague).tap_link("Go on in another post", MyAccount)
    account.should_say("together with Ndayisaba Fidele")
    colleague.tap(account.page.get_by_role("button", name="Act in this post"))
    colleague.open("/")
    expect(MyDay(colleague).task("Visit the child: Hirwa").first).to_contain_text("Late by 3 days")

    supervisor.open("/caseloads")
    expect(Caseloads(supervisor).post("Ndayisaba Fidele")).to_contain_text("24")
    assert Caseload.heading.match(scene.heavy.name)
