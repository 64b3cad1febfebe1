from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.models import Case, CaseConcern, CaseTransfer
from app.children.models import Child
from app.core import clock
from tests import make
from tests.cases.build import a_case, a_concern, make_closing, make_transfer
from tests.clients import PageClient
from tests.house.requests import as_form
from tests.make import OTHER_DISTRICT, actor_for, make_approval, make_case, make_child, make_household, reload

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def form_of(body: dict[str, Any]) -> dict[str, str]:
    return dict(as_form(body))


def test_a_case_is_opened_and_shown_on_one_screen(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    client, address = client_for(worker), f"/children/{child.id}/case"
    empty = client.open(address)
    assert empty.links()["Open the case"] == f"{address}/new"
    form = client.open(f"{address}/new").form(f"{address}/new")
    assert form["concerns.0.identified_on-day"] == str(TODAY.day)
    body = {name: value for name, value in form_of(a_case()).items() if name != "id"}
    page = client.post_form(f"{address}/new", form | body)
    assert page.url.endswith(address)
    for words in ("Registered", "Medium risk", "Neglect", "Gihanga", "Dropped out of school", "See the child"):
        assert words in page.text
    case = db.scalars(select(Case)).one()
    assert page.links()["Record a contact"] == f"/cases/{case.id}/contacts/new"
    again = client.open(f"{address}/new")
    assert "open already" in again.text


def test_what_was_typed_stays_where_something_is_wrong(client_for: Clients, worker: Actor, child: Child) -> None:
    client, address = client_for(worker), f"/children/{child.id}/case/new"
    form = client.open(address).form(address)
    page = client.post_form(address, form | {"risk_reason": "Nobody <b>cooks</b>"}, status=422)
    assert "Nobody <b>cooks</b>" in page.form(address)["risk_reason"]
    assert "This is needed" in page.text
    future = form | form_of(a_case() | {"concerns": [a_concern() | {"identified_on": TODAY + timedelta(days=2)}]})
    page = client.post_form(address, future, status=422)
    assert "lies in the future" in page.text
    assert page.form(address)["concerns.0.place_words"] == "Near the market"


def test_a_place_is_found_without_javascript(client_for: Clients, worker: Actor, child: Child) -> None:
    client, address = client_for(worker), f"/children/{child.id}/case/new"
    typed = {"_action": "find_place", "_concerns.1.village-q": "Gihanga", "risk_reason": "Alone"}
    page = client.post_form(address, client.open(address).form(address) | typed)
    assert f'id="concerns-1-village-{make.VILLAGE}"' in page.html or f'value="{make.VILLAGE}"' in page.html
    assert page.form(address)["risk_reason"] == "Alone"


def test_every_verb_has_its_page(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    case, client = make_case(db, child, risk="low"), client_for(worker)
    officer = actor_for(db, Role.SECTOR_OFFICER, name="Habimana Eric")
    for verb, typed, said in (
        ("concerns/new", form_of(a_concern()), "The concern is written down."),
        ("contacts/new", {"kind": "phone", "outcome": "not_reached"}, "The contact is written down."),
        ("advance", {"state": "assessed"}, "The case stands at another step now."),
        ("risk", {"risk": "low", "reason": "She is safe"}, "The risk is rated"),
        ("transfer", {"district": "21", "reason": "They moved", "note": "Ask first"}, "The other district is asked."),
    ):
        path = f"/cases/{case.id}/{verb}"
        page = client.post_form(path, client.open(path).form(path) | typed)
        assert page.url.endswith(f"/children/{child.id}/case")
        assert said in page.text
    assert "Until the other district accepts" in page.text
    path = f"/cases/{case.id}/hold"
    form = client.open(path)
    assert "Habimana Eric" in form.text
    refused = client.post_form(path, form.form(path) | {"reason": "They look in"}, status=422)
    assert "This is needed" in refused.text
    client.post_form(path, form.form(path) | {"post": str(officer.post_id), "reason": "They look in"})
    shown = client_for(officer).open(f"/children/{child.id}/case")
    assert "Held by the sector" in shown.text
    client_for(officer).open(f"/children/{child.id}")


def test_a_stale_step_is_told(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    case, client = make_case(db, child), client_for(worker)
    path = f"/cases/{case.id}/advance"
    form = client.open(path).form(path)
    reload(db, case).version += 1
    db.flush()
    page = client.post_form(path, form | {"reason": "What I wrote"}, status=412)
    assert page.form(path)["reason"] == "What I wrote"


def test_a_supervisor_takes_a_case_from_another_district(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.PSYCHOLOGIST, OTHER_DISTRICT, name="Mukamana Alice")
    transfer = make_transfer(db, child, to=OTHER_DISTRICT)
    client = client_for(supervisor)
    listed = client.open("/transfers")
    assert child.code in listed.text
    page = client.open(f"/transfers/{transfer.id}")
    for hidden in ("Keza", "Mutesi", "Ask the aunt first", str(child.id)):
        assert hidden not in listed.html + page.html
    path = f"/transfers/{transfer.id}/accept"
    wrong = client.post_form(path, {}, status=422)
    assert "Mukamana Alice" in wrong.text
    done = client.post_form(path, {"post": str(receiver.post_id)})
    assert done.url.endswith(f"/children/{child.id}/case")
    assert "Keza Mutesi" in done.text
    client_for(worker).open(f"/children/{child.id}/case", status=404)


def test_a_transfer_is_declined_and_the_sender_reads_why(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    transfer = make_transfer(db, child, to=OTHER_DISTRICT)
    client = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT))
    client.post_form(f"/transfers/{transfer.id}/decline", {"reason": ""}, status=422)
    page = client.post_form(f"/transfers/{transfer.id}/decline", {"reason": "She lives with you"})
    assert "No transfer waits" in page.text
    assert "She lives with you" in client_for(worker).open(f"/children/{child.id}/case").text
    assert db.scalars(select(CaseTransfer.state)).one() == "declined"


def test_the_supervisor_agrees_to_a_closing_on_the_case(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    case, supervisor = make_case(db, child), actor_for(db, Role.DISTRICT_SUPERVISOR)
    path = f"/cases/{case.id}/close"
    client = client_for(worker)
    form = client.open(path)
    assert "Where the child lives is recorded" in form.text
    asked = client.post_form(path, form.form(path) | {"reason": "goals_met", "words": "All is well, on paper too"})
    assert "The closing waits for the supervisor" in asked.text
    page = client_for(supervisor).open(f"/children/{child.id}/case")
    closing = page.html.split("/closings/")[1].split("/approve")[0]
    approve = f"/closings/{closing}/approve"
    refused = client_for(supervisor).post_form(approve, {"reason": ""}, status=422)
    assert refused.text.count("Say why the case is closed although not everything is met.") > 1
    done = client_for(supervisor).post_form(approve, {"reason": "She went back long ago"})
    assert "The file is kept until" in done.text
    reopened = client.post_form(f"/cases/{case.id}/reopen", {"reason": "The mother asks for help"})
    assert "Registered" in reopened.text


def test_the_statements_of_the_screen_do_not_grow(
    db: Session, client_for: Clients, worker: Actor, statements: Any
) -> None:
    child = make_child(db, worker=worker, household=make_household(db))
    case, client = make_case(db, child), client_for(worker)
    closing = make_closing(db, child)
    make_approval(db, child, worker, kind="closure", subject_id=closing.id)
    brother = make_child(db, given="Gasana", worker=worker)
    make_case(db, brother)
    joining = {"code": brother.code, "reason": "The same mother"}
    client.post_form(f"/cases/{case.id}/group", joining)
    with statements.counted() as few:
        client.open(f"/children/{child.id}/case")
    for _more in range(5):
        db.add(CaseConcern(case_id=case.id, child_id=child.id, concern="neglect", identified_on=TODAY, source="school"))
    db.flush()
    with statements.counted() as many:
        page = client.open(f"/children/{child.id}/case")
    assert "Gasana" in page.text
    assert len(many) <= len(few)
    assert len(many) <= 16


def test_the_list_and_its_filters(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    client = client_for(worker)
    assert "No case is shown" in client.open("/cases").text
    make_case(db, child, risk="high")
    page = client.open("/cases?mine=true&risk=high")
    assert page.links()["Keza Mutesi"] == f"/children/{child.id}/case"
    assert "No case is shown" in client.open("/cases?state=closed").text
    client.open("/cases?colour=red", status=422)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.NATIONAL_OFFICER, Role.CELL_COORDINATOR, Role.AUDITOR])
def test_others_do_not_open_cases(db: Session, client_for: Clients, child: Child, role: Role) -> None:
    make_case(db, child)
    client_for(actor_for(db, role)).open(f"/children/{child.id}/case", status=403)


def test_a_colleague_reads_and_does_not_write(db: Session, client_for: Clients, child: Child) -> None:
    case, client = make_case(db, child), client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Rate the risk" not in client.open(f"/children/{child.id}/case").links()
    client.open(f"/cases/{case.id}/risk", status=403)
