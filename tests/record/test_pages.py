"""The record in a browser without JavaScript."""

import pytest

from app.access.roles import Role
from app.record import queries
from app.record.schemas import NamesPart, SchoolPart
from app.record.words import RecordGroup
from tests.make import actor_for, make_child, make_health, make_identity
from tests.record.bodies import GROUPS


@pytest.fixture
def child(db, worker):
    return make_child(db, worker=worker)


def test_the_record_begins_empty_and_says_how_it_fills(child, worker, client_for):
    page = client_for(worker).open(f"/children/{child.id}/record")
    assert "None is needed: many children have none" in page.text
    assert page.links()["Change School"] == f"/children/{child.id}/record/school"
    assert "Ethnic" not in page.html


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_group_has_a_short_form(group, db, child, worker, client_for):
    client = client_for(worker)
    address = f"/children/{child.id}/record/{group}"
    form = client.open(address).form(address)
    assert form["_version"] == "0"
    typed = {"school": {"year": "P6"}, "names": {"names.1.name": "Mado", "names.1.kind": "nickname"}}
    page = client.post_form(address, form | typed.get(group, {}))
    assert page.url.endswith("/record")
    if group == "names":
        found = queries.read_group(db, child.id, RecordGroup.NAMES, NamesPart)
        assert [(name.kind.value, name.name) for name in found.names] == [("nickname", "Mado")]


def test_who_comes_late_sees_both_versions_and_loses_nothing(db, child, worker, client_for):
    first, second = client_for(worker), client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    address = f"/children/{child.id}/record/school"
    seen = second.open(address).form(address)
    first.post_form(address, first.open(address).form(address) | {"year": "P4", "school": "GS Gitega"})
    late = second.post_form(address, seen | {"year": "P5"}, status=412)
    assert "GS Gitega" in late.text
    form = late.form(address)
    assert (form["year"], form["_version"]) == ("P5", "1")
    second.post_form(address, form)
    assert queries.read_group(db, child.id, RecordGroup.SCHOOL, SchoolPart).year == "P5"


def test_an_emptied_box_clears_and_a_bad_one_is_told(db, child, worker, client_for):
    client = client_for(worker)
    address = f"/children/{child.id}/record/languages"
    page = client.post_form(address, {"_version": "0", "religion": "Adventist"}, status=422)
    assert "only where the family asks" in page.text
    assert page.form(address)["religion"] == "Adventist"
    names = f"/children/{child.id}/record/names"
    client.post_form(names, {"_version": "0", "names.0.name": "Mado", "names.0.kind": "alias"})
    client.post_form(names, client.open(names).form(names) | {"names.0.name": ""})
    assert queries.read_group(db, child.id, RecordGroup.NAMES, NamesPart).names == []
    many = {"_version": "2"} | {f"names.{number}.name": "Mado" for number in range(13)}
    client.post_form(names, many | {f"names.{number}.kind": "alias" for number in range(13)}, status=422)


def test_a_number_is_shown_by_a_button_only(db, child, worker, client_for):
    client = client_for(worker)
    identity = make_identity(db, child)
    page = client.open(f"/children/{child.id}/record")
    assert "1201870012345678" not in page.html
    shown = client.post_form(f"/identities/{identity.id}/reveal")
    assert "1201870012345678" in shown.text
    assert shown.response.headers["cache-control"] == "no-store"
    client.post_form(f"/identities/{identity.id}/withdraw", {"reason": "Her sister's"})
    assert client.get(f"/identities/{identity.id}/withdraw").status_code == 404


def test_a_national_number_of_ten_digits_is_told_at_the_field(child, worker, client_for):
    address = f"/children/{child.id}/identities/new"
    client = client_for(worker)
    form = client.open(address).form(address) | {"kind": "national_id", "number": "1201870012"}
    page = client.post_form(address, form, status=422)
    assert "has 16 digits" in page.text
    assert page.form(address)["number"] == "1201870012"


def test_health_has_a_page_of_its_own(db, child, worker, client_for):
    make_health(db, child, notes="Asthma spray")
    assert "Asthma" not in client_for(worker).open(f"/children/{child.id}/record").html
    assert "Asthma spray" in client_for(worker).open(f"/children/{child.id}/record/health").text
    colleague = client_for(actor_for(db, Role.PSYCHOLOGIST))
    assert "Open the health notes" not in colleague.open(f"/children/{child.id}/record").text
    assert colleague.get(f"/children/{child.id}/record/health").status_code == 403


def test_an_address_by_its_sector_is_found_without_a_script(child, worker, client_for):
    address = f"/children/{child.id}/addresses/new"
    client = client_for(worker)
    found = client.post_form(
        address, client.open(address).form(address) | {"_action": "find_place", "_place-q": "Gitega"}
    )
    assert 'value="1101"' in found.html
    page = client.post_form(address, found.form(address) | {"place": "1101", "from_year": "2019"})
    assert "since 2019" in page.text
