from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.children.models import Child, Household
from app.core.ids import new_id
from tests.clients import PageClient
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_institution,
    reload,
)

Clients = Callable[[Actor | None], PageClient]
NASTY = [
    "O'Connor-d'Arc",
    "x" * 100,
    "<script>alert(1)</script>",
    "'; drop table children; --",
    "{{ 7*7 }}",
    "محمد علي",
    "Keza 🌱",
    "../../etc/passwd.pdf",
]


def child_form(**values: Any) -> dict[str, str]:
    content = {
        "id": str(new_id()),
        "given_name": "Aline",
        "family_name": "Ngabo",
        "sex": "female",
        "born_on-day": "4",
        "born_on-month": "5",
        "born_on-year": "2016",
        "birth_precision": "day",
        "has_disability": "",
        "village": str(VILLAGE),
        "village_name": "",
    }
    return content | values


def test_a_worker_registers_a_child(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    page = client.open("/children/new")
    assert page.h1 == "Register a child"
    form = child_form(id=page.form("/children/new")["id"])
    for _twice in range(2):
        page = client.post_form("/children/new", form)
    assert "Aline Ngabo" in page.text
    assert "Write next where the child lives" in page.text
    assert db.scalar(select(func.count()).select_from(Child)) == 1


def test_only_the_year_of_birth_is_known(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    client.post_form("/children/new", child_form(**{"born_on-day": "", "born_on-month": ""}))
    child = db.scalars(select(Child)).one()
    assert (str(child.born_on), child.birth_precision) == ("2016-07-01", "year")
    form = client.open(f"/children/{child.id}/edit").form(f"/children/{child.id}/edit")
    assert (form["born_on-day"], form["born_on-month"], form["born_on-year"]) == ("", "", "2016")


@pytest.mark.parametrize("name", NASTY)
def test_any_name_is_kept_as_it_is_typed(db: Session, client_for: Clients, name: str) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    page = client.post_form("/children/new", child_form(given_name=name, family_name=""))
    assert page.status == 200
    child = db.scalars(select(Child)).one()
    assert (child.given_name, child.family_name) == (name, "")
    client.open("/children")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"given_name": ""}, "This is needed"),
        ({"given_name": "x" * 101}, "At most 100 characters"),
        ({"given_name": "a\x00b"}, "one line only"),
        ({"born_on-year": "2999"}, "lies in the future"),
        ({"born_on-month": "13"}, "day, month and year"),
        ({"born_on-day": "", "born_on-month": "", "born_on-year": ""}, "choose that it is not known"),
        ({"village": "12"}, "8 digits"),
        ({"village": "99999999999999999999"}, "too large"),
        ({"village": str(VILLAGE), "cell": str(OTHER_VILLAGE // 100)}, "is not in the cell"),
        ({"sex": "x"}, "Choose one of the answers"),
        ({"surprise": "1"}, "not known"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(
    db: Session, client_for: Clients, values: dict[str, str], words: str
) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    page = client.post_form("/children/new", child_form(**values), status=422)
    assert words in page.text
    assert page.form("/children/new")["family_name"] == "Ngabo"
    assert db.scalar(select(func.count()).select_from(Child)) == 0


def test_a_place_is_found_without_javascript(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    form = child_form(_action="find_place", **{"_village-q": "Gihanga"})
    del form["village"]
    page = client.post_form("/children/new", form)
    assert "Gitega" in page.text
    assert page.form("/children/new")["given_name"] == "Aline"


def test_who_may_be_the_same_is_shown_before_anybody_is_registered(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    client.post_form("/children/new", child_form())
    first = db.scalars(select(Child)).one()
    page = client.post_form("/children/new", child_form(given_name="Arine", **{"born_on-day": "5"}))
    assert page.h1 == "Is it one of these children?"
    assert f'/children/{first.id}"' in page.html
    assert "Names that sound the same; A date of birth that is easily mistaken for the other" in page.text
    assert db.scalar(select(func.count()).select_from(Child)) == 1
    # One click goes on, with all that was typed.
    page = client.post_form("/children/new", page.form("/children/new") | {"_duplicates": "another"})
    assert "Write next where the child lives" in page.text
    second = db.scalars(select(Child).where(Child.id != first.id)).one()
    assert (second.given_name, second.family_name, str(second.born_on)) == ("Arine", "Ngabo", "2016-05-05")


def test_what_was_typed_can_be_changed_first(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    make_child(db, given="Aline", family="Ngabo", born_on=date(2016, 5, 4))
    page = client.post_form("/children/new", child_form())
    page = client.post_form("/children/new", page.form("/children/new") | {"_duplicates": "change"})
    assert page.form("/children/new")["given_name"] == "Aline"
    assert page.form("/children/new")["born_on-year"] == "2016"


def test_of_a_record_elsewhere_only_code_and_district_are_shown(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    far = make_child(db, given="Alyne", family="Ngaboo", born_on=date(2016, 5, 4), village=OTHER_VILLAGE)
    page = client.post_form("/children/new", child_form())
    assert f"{far.code}, district Gasabo" in page.text
    assert "Alyne" not in page.html
    assert "Ngaboo" not in page.html
    assert f"/children/{far.id}" not in page.html
    assert "Register, then ask the worker there" in page.text


def test_of_a_restricted_record_elsewhere_not_even_the_code_is_shown(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    far = make_child(
        db, given="Aline", family="Ngabo", born_on=date(2016, 5, 4), village=OTHER_VILLAGE, restricted=True
    )
    page = client.post_form("/children/new", child_form())
    assert "A record that is kept closed" in page.text
    assert far.code not in page.html
    assert "Gasabo" not in page.text


def test_a_record_is_changed_and_a_stale_form_loses_nothing(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    client = client_for(worker)
    address = f"/children/{child.id}/edit"
    form = client.open(address).form(address)
    page = client.post_form(address, form | {"given_name": "Ketia", "has_disability": "yes"})
    assert "The record is changed." in page.text
    assert (reload(db, child).given_name, child.has_disability) == ("Ketia", True)
    page = client.post_form(address, form | {"given_name": "Kevine"}, status=412)
    assert "has changed since you opened it" in page.text
    assert "Ketia" in page.text
    again = page.form(address)
    assert again["given_name"] == "Kevine"
    client.post_form(address, again)
    assert reload(db, child).given_name == "Kevine"


def test_a_complaint_leaves_nothing_half_changed(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    client = client_for(worker)
    address = f"/children/{child.id}/edit"
    form = client.open(address).form(address)
    client.post_form(address, form | {"given_name": "Ketia", "born_on-year": "2999"}, status=422)
    assert (reload(db, child).given_name, child.version) == ("Keza", 1)


def test_national_staff_see_codes_and_a_name_once(db: Session, client_for: Clients) -> None:
    child = make_child(db, institution=make_institution(db))
    client = client_for(actor_for(db, Role.NATIONAL_OFFICER))
    assert "Mutesi" not in client.open("/children").text
    address = f"/children/{child.id}/unseal"
    assert "Mutesi" not in client.open(address).text
    page = client.post_form(address, {"reason": "short"}, status=422)
    assert "Mutesi" not in page.text
    page = client.post_form(address, {"reason": "A court asked for the name"})
    assert "Keza Mutesi" in page.text
    assert "Mutesi" not in client.open(f"/children/{child.id}").text


def test_a_volunteer_sees_first_names_of_the_village_only(db: Session, client_for: Clients) -> None:
    make_child(db, household=make_household(db))
    make_child(db, given="Ines", household=make_household(db, village=OTHER_VILLAGE))
    page = client_for(actor_for(db, Role.VOLUNTEER)).open("/children")
    assert "Keza" in page.text
    assert "Mutesi" not in page.text
    assert "Ines" not in page.text


def test_the_supervisor_assigns_and_restricts(db: Session, client_for: Clients) -> None:
    supervisor, worker = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db)
    client = client_for(supervisor)
    page = client.open(f"/children/{child.id}/assign")
    assert worker.display_name in page.text
    client.post_form(f"/children/{child.id}/assign", {"post": str(new_id())}, status=422)
    page = client.post_form(f"/children/{child.id}/assign", {"post": str(worker.post_id)})
    assert "in the worker's caseload" in page.text
    form = client.open(f"/children/{child.id}/restrict").form(f"/children/{child.id}/restrict")
    page = client.post_form(f"/children/{child.id}/restrict", form)
    assert "The record is restricted." in page.text
    assert reload(db, child).restricted
    colleague = client_for(actor_for(db, Role.SOCIAL_WORKER))
    colleague.open(f"/children/{child.id}", status=404)
    colleague.open(f"/children/{child.id}/assign", status=404)


def test_the_page_of_openings(db: Session, client_for: Clients) -> None:
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, name="Uwera Grace")
    child = make_child(db, worker=worker)
    client_for(colleague).open(f"/children/{child.id}")
    client_for(colleague).open(f"/children/{child.id}/sessions")
    page = client_for(worker).open(f"/children/{child.id}/openings")
    assert "Uwera Grace, Social worker" in page.text
    assert "Opened the record" in page.text
    assert "Opened the list of sessions" in page.text
    assert "psych_sessions.opened" not in page.text
    client_for(colleague).open(f"/children/{child.id}/openings", status=403)


def test_lists_are_searched_and_filtered_by_links(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    make_child(db, institution=make_institution(db), worker=worker)
    make_child(db, given="Ines", family="Uwera")
    client = client_for(worker)
    page = client.open("/children")
    assert "Ines Uwera" in page.text
    assert "Home of Hope" in page.text
    mine = client.open(page.links()["My caseload"])
    assert "Ines" not in mine.text
    assert "Keza Mutesi" in mine.text
    kept = '<input type="hidden" name="mine" value="true">'
    assert mine.html.count(kept) == 2, "the search by name and the one by place stay among the own children"
    assert "Ines Uwera" in client.open("/children?q=uwera").text
    assert "No child was found" in client.open("/children?q=habimana").text
    assert "at least two letters" in client.open("/children?q=u", status=422).text
    client.open("/children?q=%00%00", status=422)
    client.open("/children?colour=red", status=422)
    client.open("/children?place=99", status=422)
    client.open("/children?cursor=nonsense", status=422)


_NEVER = {"vetted_on-day": "1", "vetted_on-month": "1", "vetted_on-year": "2999"}


def household_form(**values: Any) -> dict[str, str]:
    content = {
        "id": str(new_id()),
        "head_name": "Mukamana Béatrice",
        "kind": "foster",
        "phone": "0788 123 456",
        "village": str(VILLAGE),
        "capacity": "2",
        "vetting": "not_checked",
        "vetted_on-day": "",
        "members.0.name": "",
        "members.0.relation": "",
        "members.1.name": "Mukamana Béatrice",
        "members.1.relation": "head",
        "members.1.is_caregiver": "yes",
    }
    return content | values


def test_a_household_is_registered_opened_and_changed(db: Session, client_for: Clients) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    client = client_for(worker)
    page = client.open("/households/new")
    form = household_form(id=page.form("/households/new")["id"], kind="kin")
    for _twice in range(2):
        page = client.post_form("/households/new", form)
    assert page.h1 == "Mukamana Béatrice"
    assert "Raises the child" in page.text
    household = db.scalars(select(Household)).one()
    make_child(db, household=household)
    page = client.open(f"/households/{household.id}")
    assert "Keza Mutesi" in page.text
    address = f"/households/{household.id}/edit"
    form = client.open(address).form(address)
    page = client.post_form(
        address,
        form | {"vetting": "approved", "members.0.name": "", "members.1.name": "Eric", "members.1.relation": "spouse"},
    )
    assert "Approved" in page.text
    assert "Eric" in page.text
    page = client.post_form(address, form | {"phone": "0788 000 000"}, status=412)
    assert page.form(address)["phone"] == "0788 000 000"


def test_the_record_of_a_foster_family_leads_to_its_steps(db: Session, client_for: Clients) -> None:
    household = make_household(db)
    address = f"/households/{household.id}/edit"
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    page = client.open(address)
    assert f"/households/{household.id}/fostering" in page.html
    assert "vetting" not in page.form(address)
    client.post_form(address, page.form(address) | {"capacity": "5"})
    assert (reload(db, household).capacity, household.vetting) == (5, "approved")


def test_more_people_and_what_does_not_fit(db: Session, client_for: Clients) -> None:
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    page = client.post_form("/households/new", household_form(_action="more_people"))
    assert page.form("/households/new")["members.0.name"] == "Mukamana Béatrice"
    for values, words in (
        ({"phone": "call"}, "Write a telephone number"),
        ({"village": str(OTHER_VILLAGE)}, "outside your district"),
        ({"members.1.relation": ""}, "This is needed"),
        ({"capacity": "99"}, "too large"),
        ({"kind": "kin", "vetting": "approved"} | _NEVER, "future"),
        ({"vetting": "approved"}, "on its way as a foster family"),
    ):
        page = client.post_form("/households/new", household_form(**values), status=422)
        assert words in page.text
    assert db.scalar(select(func.count()).select_from(Household)) == 0


def test_the_list_of_households(db: Session, client_for: Clients) -> None:
    make_household(db)
    client = client_for(actor_for(db, Role.SOCIAL_WORKER))
    assert "Uwase Marie" in client.open("/households").text
    assert "Uwase Marie" in client.open("/households?q=uwase").text
    assert "No household was found" in client.open("/households?vetting=withdrawn").text
    client.open("/households?q=x", status=422)
    client_for(actor_for(db, Role.NATIONAL_OFFICER)).open("/households", status=403)


def test_an_institution_with_its_residents(db: Session, client_for: Clients) -> None:
    home = make_institution(db, capacity=10)
    make_child(db, institution=home)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    for actor, name in (
        (manager, "Keza Mutesi"),
        (actor_for(db, Role.SOCIAL_WORKER), "Keza Mutesi"),
        (actor_for(db, Role.NATIONAL_MANAGER), "K. M."),
    ):
        client = client_for(actor)
        assert "Home of Hope" in client.open("/institutions").text
        page = client.open(f"/institutions/{home.id}")
        assert name in page.text
        assert "10% of the places" in page.text
    leader = client_for(actor_for(db, Role.DISTRICT_LEADER)).open(f"/institutions/{home.id}")
    assert "10% of the places" in leader.text
    assert "TMM-" not in leader.text
    client_for(actor_for(db, Role.SOCIAL_WORKER, 12)).open(f"/institutions/{home.id}", status=404)


def test_who_watches_over_a_child_placed_elsewhere_restricts_and_sees_who_opened(
    db: Session, client_for: Clients, api_for: Clients
) -> None:
    watching, worker = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, village=OTHER_VILLAGE, worker=worker)
    child.supervising_post_id = watching.post_id
    db.flush()
    reader = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    client_for(reader).open(f"/children/{child.id}")
    client, api = client_for(watching), api_for(watching)
    page = client.open(f"/children/{child.id}")
    assert "Restrict the record" in page.text
    assert "Who opened this record" in page.text
    assert reader.display_name in client.open(f"/children/{child.id}/openings").text
    assert api.get(f"/children/{child.id}/openings").status_code == 200
    form = client.open(f"/children/{child.id}/restrict").form(f"/children/{child.id}/restrict")
    assert "The record is restricted." in client.post_form(f"/children/{child.id}/restrict", form).text
    assert api.post(f"/children/{child.id}/restrict", json={"restricted": False}).json()["restricted"] is False
    # Another supervisor, and a colleague where the child lives, do neither.
    client_for(actor_for(db, Role.DISTRICT_SUPERVISOR)).open(f"/children/{child.id}/openings", status=404)
    client_for(reader).open(f"/children/{child.id}/openings", status=403)
    assert api_for(reader).post(f"/children/{child.id}/restrict", json={"restricted": True}).status_code == 403
