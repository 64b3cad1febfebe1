"""The closing of a home with eight residents: from no new admissions to the day it is taken off the register."""

import re
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.institutions.models import Institution
from app.people.models import Account, Appointment
from app.people.service import create_account_by_operator
from app.placements.models import Placement, PreparationItem, PreparationStep
from tests import make
from tests.journeys.child_screens import Child as ChildPage
from tests.journeys.closing_screens import (
    Censuses,
    Claims,
    Closure,
    House,
    ReportWho,
    Resources,
    Settle,
    WriteThePlan,
)
from tests.journeys.closing_screens import Claim as ClaimPage
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.screens import MyDay, SignIn, sign_in
from tests.journeys.service import PASSWORD, Person, Service
from tests.journeys.supervision_screens import Approval

pytestmark = pytest.mark.journey

TODAY = clock.today()
ENGAGED, MORATORIUM, ASSESSED, APPROVED, MOVING = (TODAY - timedelta(days=days) for days in (300, 60, 30, 10, 5))
MAY = TODAY - timedelta(days=190)
FAMILY = "Foster family (Malayika Murinzi)"
# Who came after the moratorium, and whom nobody registered: names unlike those of the other window.
NEW = {PHONE: ("Irakoze", "Hirwa"), DESK: ("Nshuti", "Manzi")}
HERE = ("Kaliza", "Mugabo", "Uwera", "Gasana", "Ingabire", "Nkusi", "Teta")


@dataclass(frozen=True)
class Scene:
    """A house with eight residents, each as far on the way home as the next step is missing, and its people."""

    house: UUID
    name: str
    family: str
    worker: Person
    supervisor: Person
    manager: Person


def _prepare(service: Service, width: int) -> Scene:
    name, family = f"Home of Umoja {width}", f"Nyiramana {width}"
    place = make.OTHER_DISTRICT
    worker = service.appoint(f"closing-worker-{width}", Role.SOCIAL_WORKER, place, "Bizimana Claire")
    supervisor = service.appoint(f"closing-super-{width}", Role.DISTRICT_SUPERVISOR, place, "Habyarimana Jean")
    with Session(service.engine) as db, db.begin():
        made = {"closure_stage": 1, "stage_reached_on": ENGAGED}
        house = make.make_institution(db, name=name, sector=make.OTHER_SECTOR, **made)
        who = _actor(db, worker.username)
        home = make.make_household(db, village=make.OTHER_VILLAGE, head=family)
        children = {given: _resident(db, house, who, given) for given in HERE}
        _resident(db, house, who, "Rukundo")
        children["Teta"].responsible_post_id = None
        for given in ("Kaliza", "Mugabo", "Uwera", "Gasana", "Ingabire", "Nkusi"):
            make.make_case(db, children[given], state="assessed")
        make.make_relative(db, children["Ingabire"])
        make.make_decision(db, children["Gasana"], who, state="requested")
        make.make_decision(db, children["Uwera"], who, state="approved")
        for given in ("Kaliza", "Mugabo"):
            make.make_decision(db, children[given], who, state="approved", household_id=home.id)
        _prepared(db, children["Kaliza"])
        manager = Person(f"closing-manager-{width}", PASSWORD, "Soeur Immaculée")
        create_account_by_operator(
            db,
            username=manager.username,
            display_name=manager.name,
            role=Role.INSTITUTION_MANAGER,
            place_code=make.OTHER_SECTOR,
            institution_id=house.id,
            password=PASSWORD,
        )
        return Scene(house.id, name, family, worker, supervisor, manager)


def _actor(db: Session, username: str) -> Any:
    seat = select(Account.id, Appointment.post_id).join(Appointment, Appointment.account_id == Account.id)
    account_id, post_id = db.execute(seat.where(Account.username == username)).one()
    return SimpleNamespace(account_id=account_id, post_id=post_id)


def _resident(db: Session, house: Institution, worker: Any, given: str) -> Child:
    return make.make_child(
        db,
        given=given,
        family="Umutoniwase",
        village=make.OTHER_VILLAGE,
        institution=house,
        worker=worker,
        since=TODAY - timedelta(days=1100),
    )


def _prepared(db: Session, child: Child) -> None:
    preparation = make.make_preparation(db, child, kind="foster_malayika_murinzi", planned_on=TODAY)
    for item in db.scalars(select(PreparationItem.code)):
        done = {"done_on": TODAY, "done_by": "Bizimana Claire"}
        db.add(PreparationStep(preparation_id=preparation.id, child_id=child.id, item=item, **done))


def _the_weeks_pass(service: Service, house: UUID) -> None:
    """All but the last child went to families in the meantime; each was visited and written down as in other tests."""
    with Session(service.engine) as db, db.begin():
        gone = select(Child.id).where(Child.institution_id == house, Child.given_name != "Teta")
        ids = list(db.scalars(gone))
        ended = {"ended_on": TODAY, "end_reason": "reunified", "end_was_planned": True}
        open_ones = (Placement.child_id.in_(ids), Placement.ended_on.is_(None))
        db.execute(update(Placement).where(*open_ones).values(**ended))
        left = {"institution_id": None, "lives_as": None, "lives_since": None}
        db.execute(update(Child).where(Child.id.in_(ids)).values(**left))


@pytest.mark.parametrize("look", [PHONE, DESK], ids=str)
def test_a_home_closes(window, service, staff, look):
    scene = _prepare(service, look.width)
    came, unknown = NEW[look]
    way = f"/institutions/{scene.house}/closure"

    worker = window("worker", look)
    sign_in(worker, scene.worker)
    worker.open(f"/institutions/{scene.house}")
    closure = House(worker).way()
    closure.should_stand_between(
        "Nobody has counted who sleeps here",
        "Residents for whom nobody is responsible",
        "Residents who are ready to move",
        "There is no plan",
    )
    closure = closure.reach("No new admissions agreed", MORATORIUM, "The board signed the letter of the district")
    closure.should_say("Stage 2 of 8: No new admissions agreed").should_say("The board signed")

    # Somebody came all the same: the manager says so, and what was reported by mistake is taken back.
    manager = window("manager", look)
    manager.open("/")
    house = SignIn(manager).sign_in(scene.manager, House)
    claims = house.tap_link("What the institution reported", Claims)
    told = claims.report("somebody came").write("Name, as it is told", f"{came} Benigne").choose("Female")
    told.write("Age in years", "5").write_day("On which day?", TODAY - timedelta(days=20))
    told.send().should_say("Waits for a worker's check").tap_link("What the institution reported", Claims)
    told = Claims(manager).report("somebody left").select("Which resident left?", "Nkusi Umutoniwase")
    claim = told.send()
    claim.tap_button("Withdraw the report", ClaimPage).should_say("Withdrawn by its author")

    worker.open("/")
    day = MyDay(worker)
    worker.tap(day.task("Check what an institution reported").get_by_role("link", name=re.compile("^Do it")))
    settle = ClaimPage(worker).should_say(f"{came} Benigne").tap_link("Register the child", Settle)
    settle.tap_button("Register the child", ClaimPage).should_say("Checked and accepted")

    supervisor = window("supervisor", look)
    day = sign_in(supervisor, scene.supervisor)
    alert = day.task(f"Admitted after the moratorium: {scene.name}")
    supervisor.tap(alert.get_by_role("link", name=re.compile("^Look into it")))
    Closure(supervisor).answer_admission("The police brought her at night; her aunt is found and takes her in")

    # The house is counted: one child nobody registered, one who left in May.
    worker.open(way)
    Closure(worker).should_not_say("nobody has looked into it").tap_link("Who sleeps here", Censuses)
    census = Censuses(worker).start(TODAY).tick(*HERE, came)
    census = census.say_where("Rukundo", "Has left for good", "His uncle in Huye", MAY)
    census = census.add(f"{unknown} Fabrice", "Male", 9, TODAY - timedelta(days=400)).finish()
    census.settle(unknown, "Register the child").tap_button("Register the child", type(census))
    settle = census.settle("Rukundo", "End the placement").because("Went back to the birth family")
    census = settle.tap_button("End the placement", type(census)).should_say("House and register agree")
    census.tap_button("Reconcile the census", type(census)).should_say("Reconciled with the register")

    # The plan, and somebody else's agreement to it.
    worker.open(way)
    resources = Closure(worker).reach("All residents assessed", ASSESSED, "Three are on paper, file 12")
    resources = resources.tap_link("Funders, staff and plan", Resources)
    plan = resources.tap_link("Write the plan", WriteThePlan).select("What does the house become?", "Day centre")
    plan.write("How do the children move?", "Those who are ready first, brothers and sisters together")
    plan.tap_button("Write the plan", Resources).tap_button("Ask for the approval", Resources)
    nation = window("nation", look)
    day = sign_in(nation, staff.national_manager)
    nation.tap(nation.page.locator(".row", has_text=scene.name).get_by_role("link", name=re.compile("^Decide")))
    Approval(nation).should_say(scene.name).approve()

    worker.open(way)
    closure = Closure(worker).reach("Closure plan approved", APPROVED, "The national manager agreed")
    closure = closure.reach("Children are moving to families", MOVING, "The first child is prepared")

    # A child who is ready goes home, and the manager does not learn where.
    closure.open_resident("Kaliza")
    kaliza = ChildPage(worker).move(FAMILY).with_family(scene.family, TODAY, "Moved to a lasting home")
    kaliza.should_say(scene.family)
    worker.open(way)
    Closure(worker).should_not_say("Kaliza")
    manager.open(f"/institutions/{scene.house}")
    House(manager).should_not_say("Kaliza").should_not_say(scene.family)

    # The weeks pass; the last child leaves, says the manager, and a worker has checked it.
    _the_weeks_pass(service, scene.house)
    worker.open(way)
    Closure(worker).reach("Residential care has ended", TODAY, "Nobody", refused="still live in the house")
    manager.open(f"/institutions/{scene.house}/claims/new?kind=exit")
    told = ReportWho(manager).select("Which resident left?", "Teta Umutoniwase")
    told.send().should_say("Waits for a worker's check")
    worker.open(f"/institutions/{scene.house}/claims")
    claim = Claims(worker).open("Teta")
    settle = claim.tap_link("End the placement", Settle).because("Went back to the birth family")
    settle.tap_button("End the placement", ClaimPage).should_say("Checked and accepted")

    worker.open(way)
    closure = Closure(worker).should_stand_between("Nobody lives here any more, and nothing else is open")
    for stage in ("Residential care has ended", "Transformed to other services", "Taken off the register"):
        closure = closure.reach(stage, TODAY, "Minutes of the handing over")
    closure.should_say("8 Taken off the register")
    nation.open("/closures?stage=8")
    nation.page.get_by_role("link", name=scene.name).wait_for()
    nation.look()
