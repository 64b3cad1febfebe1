"""The pages as a worker on a phone, a manager, a supervisor and national staff go through them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.tasks.models import Task
from app.transformation.models import Census, Claim
from tests.clients import ApiClient, PageClient
from tests.make import VILLAGE, actor_for, make_child, make_household, make_institution, make_placement, reload
from tests.transformation.builders import make_census, make_claim, make_person

TODAY = clock.today()
MAY = TODAY - timedelta(days=190)
CANARY = "Kirehezo"
Browser = Callable[[Actor], PageClient]


def boxes(name: str, day) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_stage_moves_on_the_page(db: Session, client_for: Browser) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    house = make_institution(db)
    address = f"/institutions/{house.id}/closure"
    page = client.open(address)
    assert "There is no plan of what the house becomes" in page.text
    form = client.open(f"{address}/move").form(f"{address}/move") | {"to": "1"}
    again = client.post_form(f"{address}/move", form | {"evidence": ""}, status=422)
    assert "This is needed" in again.text
    page = client.post_form(f"{address}/move", form | {"evidence": "The director <b>signed</b>"})
    assert "The director <b>signed</b>" in page.text
    client.post_form(f"{address}/move", form | {"evidence": "Again"}, status=422)
    stale = client.post_form(f"{address}/move", form | {"to": "2", "evidence": "Old form"}, status=412)
    assert stale.form(f"{address}/move")["evidence"] == "Old form"
    client.post_form(f"{address}/move", form | {"to": "1", "_version": "\u00b2"}, status=422)


def test_the_board_and_who_sees_it(db: Session, client_for: Browser) -> None:
    house = make_institution(db, closure_stage=2, moratorium_on=MAY)
    child = make_child(db, given="Hirwa", family="Nyiransengi", institution=house, since=TODAY)
    make_child(db, institution=house, since=TODAY - timedelta(days=4279))
    address = f"/institutions/{house.id}/closure"
    page = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open(address)
    assert "Hirwa Nyiransengi" in page.text
    assert "11 years in the house" in page.text
    assert "Nobody has looked into it" in page.text
    coded = client_for(actor_for(db, Role.NATIONAL_OFFICER)).open(address)
    assert "H. N." in coded.text
    assert child.code in coded.text
    assert "Hirwa" not in coded.text
    for role in (Role.DISTRICT_LEADER, Role.INSTITUTION_MANAGER):
        told = client_for(actor_for(db, role, institution=house if role is Role.INSTITUTION_MANAGER else None))
        page = told.open(address)
        assert child.code not in page.text
        assert "No new admissions agreed" in page.text
        # The manager sees nobody who left, and so no number of them either.
        assert ("Left in another way" in page.text) == (role is Role.DISTRICT_LEADER)
        assert ("Last counted" in told.open("/closures").text) == (role is Role.DISTRICT_LEADER)
        told.open(f"/institutions/{house.id}/census", status=403)


def test_a_supervisor_answers_a_breach(db: Session, client_for: Browser) -> None:
    house = make_institution(db, closure_stage=2, moratorium_on=MAY)
    child = make_child(db, institution=house, since=TODAY)
    client = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    overview = client.open("/closures")
    assert child.code in overview.text
    link = next(href for href in overview.links().values() if "answer-breach" in href)
    form = client.open(link).form(f"/institutions/{house.id}/answer-breach")
    page = client.post_form(f"/institutions/{house.id}/answer-breach", form | {"answer": "Moved to a foster family"})
    assert "Moved to a foster family" in page.text
    assert "answer-breach" not in client.open("/closures").html


def test_a_census_on_a_phone(db: Session, client_for: Browser) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    client, house = client_for(worker), make_institution(db)
    make_child(db, given="Aline", institution=house, worker=worker)
    gone = make_child(db, given="Benoit", institution=house, worker=worker, since=MAY)
    start = f"/institutions/{house.id}/census/new"
    assert "Nobody has counted this house yet" in client.open(f"/institutions/{house.id}/census").text
    form = client.open(start).form(start)
    client.post_form(start, form | boxes("counted_on", TODAY + timedelta(days=1)), status=422)
    page = client.post_form(start, form)
    assert "Aline Mutesi" in page.text
    census = db.scalars(select(Census)).one()
    address = f"/censuses/{census.id}"
    assert page.url.endswith(address)
    ids = {line.name: line.id for line in _lines(db, census)}
    page = client.post_form(
        f"{address}/tick?start=0",
        {"shown[]": [str(one) for one in ids.values()], "present[]": str(ids["Aline Mutesi"])},
    )
    assert "Not asked about yet" in page.text
    refused = client.post_form(f"{address}/count", status=422)
    assert "Say where 1 person sleeps" in refused.text
    mark = f"/census-people/{ids['Benoit Mutesi']}/mark"
    form = client.open(mark).form(mark) | {"status": "left", "away_where": "An aunt"}
    assert "Write the day" in client.post_form(mark, form, status=422).text
    client.post_form(mark, form | boxes("away_on", MAY))
    add = f"{address}/people/new"
    form = client.open(add).form(add) | {"name": "Umwiza Grace", "sex": "female", "age_years": "6"}
    client.post_form(add, form | {"name": "A\u202eB"}, status=422)
    client.post_form(add, form | {"age_years": "600"}, status=422)
    client.post_form(add, form)
    page = client.post_form(f"{address}/count")
    assert "In the house, but nobody registered the child" in page.text
    assert "On the register, but has left the house" in page.text
    register = next(href for words, href in page.links().items() if words == "Register the child")
    form = client.open(register).form(register)
    assert (form["given_name"], form["family_name"]) == ("Umwiza", "Grace")
    assert form["born_on-year"] == str(TODAY.year - 6)
    told = form | {"sex": "female", "birth_precision": "estimated"}
    page = client.post_form(register, told, status=422)
    assert "First day in the house" in page.text, "the night of the count is not the day on which somebody came"
    page = client.post_form(register, told | boxes("started_on", MAY))
    end = next(href for words, href in page.links().items() if words == "End the placement")
    form = client.open(end).form(end)
    assert (form["ended_on-day"], form["ended_on-month"]) == (str(MAY.day), str(MAY.month))
    client.post_form(end, form, status=422)
    page = client.post_form(end, form | {"reason": "reunified"})
    assert reload(db, gone).institution_id is None
    page = client.post_form(f"{address}/reconcile")
    assert "Reconciled with the register" in page.text
    assert "Umwiza Grace" in page.text
    client.post_form(f"{address}/reconcile", status=409)
    # Who moves on the day of the count does not come back as a difference.
    aline = db.scalars(select(Placement).join(Child, Child.id == Placement.child_id).where(Child.given_name == "Aline"))
    for stay in aline:
        stay.ended_on, stay.end_reason, stay.end_was_planned = census.counted_on, "reunified", True
    db.flush()
    assert "Differences" not in client.open(address).text


def _lines(db: Session, census: Census):
    from app.transformation.models import CensusPerson

    return db.scalars(select(CensusPerson).where(CensusPerson.census_id == census.id)).all()


def test_a_house_of_hundreds_is_ticked_in_stretches(db: Session, client_for: Browser) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db)
    census = make_census(db, house, worker, state="draft", counted_at=None)
    for number in range(101):
        make_person(db, census, name=f"Person {number:03}", status=None)
    client = client_for(worker)
    page = client.open(f"/censuses/{census.id}")
    assert "Person 100" not in page.text
    assert "The names before" not in page.text
    lines = {line.name: str(line.id) for line in _lines(db, census)}
    address = f"/censuses/{census.id}/tick?start=0"
    assert page.form(address), "the ways on are buttons of the form with the ticks"
    ticked = {"shown[]": [lines["Person 000"], lines["Person 001"]], "present[]": lines["Person 001"]}
    page = client.post_form(address, ticked | {"_then": "following"})
    assert page.url.endswith("?start=100")
    assert "Person 100" in page.text
    assert "The next names" not in page.text
    last = {"shown[]": lines["Person 100"], "present[]": lines["Person 100"], "_then": "before"}
    page = client.post_form(f"/censuses/{census.id}/tick?start=100", last)
    assert page.url.endswith("?start=0")
    db.expire_all()
    here = {line.name for line in _lines(db, census) if line.status == "present"}
    assert here == {"Person 001", "Person 100"}, "no tick is lost on the way"


def test_another_workers_child_is_left_to_that_worker(db: Session, client_for: Browser) -> None:
    worker, other = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, name="Uwera Alice")
    house = make_institution(db)
    child = make_child(db, institution=house, worker=other)
    census = make_census(db, house, worker)
    line = make_person(db, census, child_id=child.id, was_known=True, status="left", away_on=TODAY)
    client = client_for(worker)
    page = client.open(f"/censuses/{census.id}")
    assert "To be resolved by Uwera Alice" in page.text
    assert not {"End the placement", "Record the move to a family"} & set(page.links())
    for may in (other, actor_for(db, Role.DISTRICT_SUPERVISOR)):
        page = client_for(may).open(f"/censuses/{census.id}")
        assert {"End the placement", "Record the move to a family"} <= set(page.links())
    address = f"/census-people/{line.id}/end"
    client.open(address, status=403)
    form = client_for(other).open(address).form(address)
    client_for(worker).post_form(address, form | {"reason": "reunified"}, status=403)


def test_a_manager_reports_and_a_worker_checks(db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    make_child(db, given="Aline", institution=house, worker=worker)
    browser, address = client_for(manager), f"/institutions/{house.id}/claims"
    assert "Nothing was reported" in browser.open(address).text
    form = browser.open(f"{address}/new").form(f"{address}/new") | {"kind": "admission"}
    page = browser.post_form(f"{address}/new", form, status=422)
    assert "This is needed" in page.text
    assert "choose the resident" not in page.text
    page = browser.post_form(f"{address}/new", form | {"kind": "exit"}, status=422)
    assert "Write the name, or choose the resident" in page.text
    page = browser.post_form(f"{address}/new", form | {"name": "Hirwa", "age_years": "9", "sex": "male"})
    assert "Waits for a worker's check" in page.text
    assert "Check it" not in page.text
    claim = db.scalars(select(Claim)).one()
    client = client_for(worker)
    page = client.open(f"/claims/{claim.id}")
    register = page.links()["Register the child"]
    form = client.open(register).form(register) | {"birth_precision": "estimated", "sex": "male"}
    assert form["given_name"] == "Hirwa"
    assert "goes to the supervisor as an alert" not in client.open(register).text
    house.moratorium_on = MAY
    db.flush()
    assert "goes to the supervisor as an alert" in client.open(register).text
    page = client.post_form(register, form)
    assert "Checked and accepted" in page.text
    other = make_claim(db, house, name="Nobody")
    page = client.post_form(f"/claims/{other.id}/reject", {"reason": ""}, status=422)
    client.post_form(f"/claims/{other.id}/reject", {"reason": "Nobody of this name came"})
    assert "Nobody of this name came" in browser.open(f"/claims/{other.id}").text
    client.post_form(f"/claims/{other.id}/accept", status=409)
    browser.open(f"/claims/{claim.id}/register", status=403)


def test_finishing_a_count_keeps_the_ticks_that_stand_on_the_page(db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    census = make_census(db, house, worker, state="draft", counted_at=None)
    people = [make_person(db, census, name=name, status=None) for name in ("Ineza", "Shimwa")]
    client, address = client_for(worker), f"/censuses/{census.id}/count"
    ids = [str(person.id) for person in people]
    page = client.post_form(address, {"shown[]": ids, "present[]": ids[:1]})
    assert "The ticks are kept. Say where 1 person sleeps" in page.text
    assert [reload(db, person).status for person in people] == ["present", None]
    client.post_form(address, {"shown[]": ids, "present[]": ids})
    assert reload(db, census).state == "counted"


def test_saying_where_somebody_is_keeps_the_ticks_that_stand_on_the_page(db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    census = make_census(db, house, worker, state="draft", counted_at=None)
    people = [make_person(db, census, name=name, status=None) for name in ("Ineza", "Shimwa")]
    client, address = client_for(worker), f"/censuses/{census.id}/tick"
    ids = [str(person.id) for person in people]
    page = client.post_form(address, {"shown[]": ids, "present[]": ids[:1], "_then": ids[1]})
    assert page.url.endswith(f"/census-people/{ids[1]}/mark")
    assert [reload(db, person).status for person in people] == ["present", None]
    assert client.post_form(address, {"shown[]": ids, "_then": "new"}).url.endswith(f"/censuses/{census.id}/people/new")
    page = client.post_form(address, {"shown[]": ids, "_then": "//elsewhere.example"})
    assert page.url.endswith(f"/censuses/{census.id}?start=0")


def test_a_house_that_was_found_is_to_be_counted(db: Session, client_for: Browser) -> None:
    client, house = client_for(actor_for(db, Role.SOCIAL_WORKER)), make_institution(db, children_seen=6)
    page = client.open(f"/institutions/{house.id}")
    assert "Nobody is registered here yet" in page.text
    assert page.links()["Start a census"] == f"/institutions/{house.id}/census/new"
    assert "Nobody has counted who sleeps here" in client.open(f"/institutions/{house.id}/closure").text
    start = f"/institutions/{house.id}/census/new"
    page = client.post_form(start, client.open(start).form(start))
    assert "The register knows nobody here that night" in page.text
    assert "Tick who sleeps here" not in page.text


def test_the_record_says_what_stands_against_the_next_stage(db: Session, client_for: Browser) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db, closure_stage=2)
    make_child(db, institution=house, worker=worker)
    client = client_for(worker)
    assert "1 resident is not assessed yet" in client.open(f"/institutions/{house.id}/closure/move").text
    house.closure_stage = 3
    db.flush()
    assert "has not approved the plan" in client.open(f"/institutions/{house.id}/closure/move").text
    house.closure_stage = 5
    db.flush()
    assert "1 still live in the house" in client.open(f"/institutions/{house.id}/closure/move").text


def test_who_may_be_the_same_is_shown_before_a_child_is_registered(db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    known = make_child(db, given="Irakoze", family="Benigne", worker=worker)
    claim = make_claim(db, house, name="Irakoze Benigne", age_years=TODAY.year - 2018)
    client, address = client_for(worker), f"/claims/{claim.id}/register"
    page = client.post_form(address, client.open(address).form(address))
    assert "Is it one of these children?" in page.text
    assert known.code in page.text
    this = page.links()["It is this child Irakoze Benigne"]
    assert client.open(this).form(f"/claims/{claim.id}/know")["code"] == known.code
    assert "It is this child Irakoze Benigne" not in client.open(this).links(), "the one who was chosen is marked"
    assert db.scalars(select(Child)).all() == [known]
    assert "Checked and accepted" in client.post_form(address, page.form(address)).text
    assert len(db.scalars(select(Child)).all()) == 2


def test_a_report_is_withdrawn_by_its_author_before_it_is_checked(db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    resident = make_child(db, given="Aline", institution=house, worker=worker)
    manager, other = (actor_for(db, Role.INSTITUTION_MANAGER, institution=house) for _one in range(2))
    browser, address = client_for(manager), f"/institutions/{house.id}/claims/new"
    form = browser.open(address).form(address) | {"kind": "exit", "child": str(resident.id)}
    assert "Withdraw the report" in browser.post_form(address, form).text
    claim = db.scalars(select(Claim)).one()
    assert "Withdraw the report" not in client_for(other).open(f"/claims/{claim.id}").text
    client_for(other).post_form(f"/claims/{claim.id}/withdraw", status=403)
    page = browser.post_form(f"/claims/{claim.id}/withdraw")
    assert "Withdrawn by its author" in page.text
    assert "Withdraw the report" not in page.text
    # The task is gone, even though a manager reads no tasks; and there is nothing left to check.
    assert db.scalars(select(Task.cancelled_on).where(Task.subject_id == claim.id)).all() == [TODAY]
    page = client_for(worker).post_form(f"/claims/{claim.id}/reject", {"reason": "Aline is here"}, status=409)
    assert "This report was withdrawn" in page.text
    browser.post_form(f"/claims/{claim.id}/withdraw", status=409)
    checked = make_claim(db, house, created_by=manager.account_id)
    client_for(worker).post_form(f"/claims/{checked.id}/reject", {"reason": "Nobody of this name came"})
    browser.post_form(f"/claims/{checked.id}/withdraw", status=409)


def test_a_manager_never_sees_an_address_after(
    db: Session, client_for: Browser, api_for: Callable[[Actor], ApiClient]
) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    child = make_child(db, given="Aline", institution=house, worker=worker)
    claim = make_claim(db, house, kind="exit", name="Aline", child_id=child.id, destination="I do not know")
    family = make_household(db, head=CANARY, village=VILLAGE, village_name=CANARY)
    stay = db.scalars(select(type(make_placement(db, make_child(db), household=family))).filter_by(child_id=child.id))
    open_stay = stay.one()
    open_stay.ended_on, open_stay.end_reason, open_stay.end_was_planned = TODAY, "moved_to_permanent", True
    make_placement(db, child, household=family, started_on=TODAY, note=CANARY)
    client_for(worker).post_form(f"/claims/{claim.id}/accept")
    browser, machine = client_for(manager), api_for(manager)
    answers = [
        browser.get(path).text
        for path in (
            f"/claims/{claim.id}",
            f"/institutions/{house.id}/claims",
            f"/institutions/{house.id}/claims/new",
            f"/institutions/{house.id}/closure",
            f"/institutions/{house.id}/resources",
            f"/institutions/{house.id}",
            f"/children/{child.id}",
            "/closures",
            "/children",
        )
    ] + [
        machine.get(path).text
        for path in (
            f"/claims/{claim.id}",
            f"/institutions/{house.id}/claims",
            f"/institutions/{house.id}/closure",
            f"/children/{child.id}",
        )
    ]
    assert machine.get(f"/claims/{claim.id}").json()["state"] == "accepted"
    for answer in answers:
        assert CANARY not in answer
        assert str(family.id) not in answer
        assert child.code not in answer


def test_plan_money_and_staff_on_the_page(db: Session, client_for: Browser) -> None:
    client, house = client_for(actor_for(db, Role.SOCIAL_WORKER)), make_institution(db)
    address = f"/institutions/{house.id}"
    assert "There is no plan yet" in client.open(f"{address}/resources").text
    form = client.open(f"{address}/plan/edit").form(f"{address}/plan/edit")
    client.post_form(f"{address}/plan/edit", form, status=422)
    page = client.post_form(f"{address}/plan/edit", form | {"becomes": "milk_collection", "staff": "Six are retrained"})
    assert "Milk collection centre" in page.text
    page = client.post_form(f"{address}/plan/ask")
    assert "Waits for the national manager" in page.text
    client.post_form(f"{address}/plan/ask", status=409)
    client.post_form(f"{address}/plan/edit", form | {"becomes": "school"}, status=409)
    form = client.open(f"{address}/funders/new").form(f"{address}/funders/new")
    client.post_form(f"{address}/funders/new", form | {"name": "X", "amount": "99999999999"}, status=422)
    page = client.post_form(f"{address}/funders/new", form | {"name": "A parish", "amount": "9000", "tied": "true"})
    assert "A parish" in page.text
    end = next(line.split('"')[1] for line in page.html.split("action=")[1:] if "/funders/" in line[:80])
    ended = client.post_form(end)
    assert "Nothing since" in ended.text
    assert "Gives no more" in client.post_form(end.replace("/end", "/reopen")).text
    edit = end.replace("/end", "/edit")
    values = client.open(edit).form(edit)
    assert (values["amount"], values["tied"]) == ("9000", "true")
    client.post_form(edit, values | {"amount": "lots"}, status=422)
    assert "It is corrected" in client.post_form(edit, values | {"amount": "7000"}).text
    stale = client.post_form(edit, values | {"amount": "8000"}, status=412)
    assert "How much a year? 7,000 Rwf" in stale.text
    assert "8,000 Rwf" in client.post_form(edit, stale.form(edit)).text
    form = client.open(f"{address}/steps/new").form(f"{address}/steps/new")
    page = client.post_form(
        f"{address}/steps/new", form | {"what": "Sell the bus", "who": "The board"} | boxes("due_on", MAY)
    )
    assert "Late" in page.text
    finish = next(line.split('"')[1] for line in page.html.split("action=")[1:] if "/steps/" in line[:80])
    assert "Done" in client.post_form(finish).text
    assert "It is open again" in client.post_form(finish.replace("/finish", "/reopen")).text
    staff = f"{address}/staff/edit"
    form = client.open(staff).form(staff) | {"role": "caregiver", "number": "8", "retrained": "9"}
    assert "more people than work there" in client.post_form(staff, form, status=422).text
    client.post_form(staff, form | {"retrained": "5"})
    assert client.open(f"{staff}?role=caregiver").form(staff)["retrained"] == "5"
    client_for(actor_for(db, Role.DISTRICT_LEADER)).open(f"{address}/resources")
    client_for(actor_for(db, Role.DISTRICT_LEADER)).open(staff, status=403)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "'; drop table children; --", "🌱" * 100])
def test_names_that_are_strange(name: str, db: Session, client_for: Browser) -> None:
    worker, house = actor_for(db, Role.SOCIAL_WORKER), make_institution(db)
    census = make_census(db, house, worker, state="draft", counted_at=None)
    client = client_for(worker)
    add = f"/censuses/{census.id}/people/new"
    page = client.post_form(add, client.open(add).form(add) | {"name": name, "sex": "female"})
    assert name in page.text
    client.post_form(add, client.open(add).form(add) | {"name": "A\x00B" + "x" * 99, "sex": "female"}, status=422)


def test_the_form_of_a_house_says_what_goes_along_to_another_sector(db: Session, client_for: Browser) -> None:
    house, empty = make_institution(db), make_institution(db, name="Nobody's house")
    worker = actor_for(db, Role.SOCIAL_WORKER, name="Uwera Alice")
    for _number in range(2):
        make_child(db, institution=house, worker=worker)
    make_child(db, institution=house)
    make_claim(db, house)
    make_claim(db, house, state="withdrawn", decided_at=clock.now())
    client = client_for(actor_for(db, Role.NATIONAL_MANAGER))
    text = client.open(f"/institutions/{house.id}/edit").text
    assert "3 residents, with their placements" in text
    assert "Whoever is responsible for them stays so: Uwera Alice, Social worker, Nyarugenge." in text
    assert "1 report that waits for a check" in text
    assert "With the house go" not in client.open(f"/institutions/{empty.id}/edit").text
    assert "With the house go" not in client.open("/institutions/new").text


def test_who_may_not_end_a_stay_is_told_before_the_form(db: Session, client_for: Browser) -> None:
    house = make_institution(db)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, institution=house, worker=worker)
    known = make_claim(db, house, kind="exit", child_id=child.id)
    named = make_claim(db, house, kind="exit", name="Keza")
    person = make_person(db, make_census(db, house, worker), child_id=child.id, was_known=True, status="left")
    reason = "Only the worker who is responsible for this child"
    client = client_for(colleague)
    page = client.open(f"/claims/{known.id}")
    assert reason in page.text
    assert "End the placement" not in page.text
    for address in (f"/claims/{known.id}/end", f"/census-people/{person.id}/end"):
        assert reason in client.open(address, status=403).text
        client_for(worker).open(address)
    address = f"/claims/{named.id}/end"
    chosen = client.open(f"{address}?code={child.code}")
    assert reason in chosen.text, "told as soon as the child is chosen"
    typed = chosen.form(address) | {"code": child.code, "reason": "reunified"}
    page = client.post_form(address, typed, status=422)
    assert reason in page.text
    assert page.form(address)["reason"] == "reunified", "another code may be the right one"
