"""What people type and mistype, through both doors: told at the field, kept as typed, never a failure."""

from datetime import date, timedelta
from html import escape

import pytest
from sqlalchemy import func, select

from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from app.core.templating import field_id
from app.placements.models import Placement
from tests import make
from tests.house.requests import (
    Values,
    a_child,
    a_household,
    a_visit,
    an_end,
    an_institution,
    as_form,
    as_json,
    fields_complained_of,
)
from tests.house.world import World
from tests.make import make_child, make_household

TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
DOORS = ["html", "json"]
SCRIPT = "<script>alert(1)</script>"
SQL = "'; drop table children; --"


# Names

GOOD_NAMES = [
    "N'Gabo",
    "d\u2019Arc",
    "Uwera-Mutesi",
    "Keza",
    "x" * 100,
    "\u0645\u0631\u064a\u0645",
    "Umutoni \U0001f600",
    SQL,
    SCRIPT,
    "../../etc/passwd",
    "{{ 7 * 7 }} %s {0}",
    "\"quoted\" & 'all'",
]
BAD_NAMES = ["", "   ", "x" * 101, "Ke\x00za", "Ke\u202eza", "Ke\nza", "Ke\x1bza"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_is_kept_as_it_was_typed(name, door, db, world, client_for, api_for):
    body = a_child(world) | {"given_name": name, "family_name": ""}
    if door == "json":
        answer = api_for(world.actor).post("/children", json=as_json(body))
        assert answer.status_code == 201, answer.text
        assert answer.json()["given_name"] == name
    else:
        page = client_for(world.actor).post_form("/children/new", dict(as_form(body)))
        assert escape(name, quote=False) in page.html.replace("&#39;", "'").replace("&#34;", '"')
    child = db.get_one(Child, body["id"])
    assert (child.given_name, child.family_name) == (name, "")
    assert db.scalar(select(func.count(Child.id))) >= 1
    found = api_for(world.actor).get("/children", params={"q": name[:100]})
    assert found.status_code in {200, 422}
    if found.status_code == 200:
        assert str(child.id) in {row["id"] for row in found.json()["items"]}
    assert SCRIPT not in client_for(world.actor).open("/children").html
    assert SCRIPT not in client_for(world.actor).open(f"/children/{child.id}").html


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
def test_what_is_no_name_is_told_at_the_field(name, door, db, world, client_for, api_for):
    body = a_child(world) | {"given_name": name, "family_name": "Kept"}
    if door == "json":
        answer = api_for(world.actor).post("/children", json=as_json(body))
        assert answer.status_code == 422
    else:
        page = client_for(world.actor).post_form("/children/new", dict(as_form(body)), status=422)
        answer = page.response
        assert page.form("/children/new")["family_name"] == "Kept"
    assert fields_complained_of(answer) == {field_id("given_name")}
    assert db.get(Child, body["id"]) is None


# Things that cannot be so


def _admitted(world: World) -> dict[str, str]:
    home = world.one("institution")
    child = make_child(world.db, institution=home, worker=world.actor, since=TODAY - timedelta(days=300))
    return {"child_id": str(child.id), "_version": str(child.version)}


def _with_family(world: World) -> Values:
    child = make_child(world.db, household=make_household(world.db), worker=world.actor)
    placement = world.db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    return {"child_id": str(child.id), "placement_id": str(placement.id), "_version": str(placement.version)}


_FOSTER = "?kind=foster_malayika_murinzi"
# What is wrong; the page and what it needs before; the same verb of the API; the body; the field that is told.
IMPOSSIBLE = {
    "born in the future": (
        "/children/new",
        "POST /children",
        lambda w, k: a_child(w) | {"born_on": TOMORROW},
        "born_on",
    ),
    "born long ago": (
        "/children/new",
        "POST /children",
        lambda w, k: a_child(w) | {"born_on": date(1066, 10, 14)},
        "born_on",
    ),
    "a village of another cell": (
        "/children/new",
        "POST /children",
        lambda w, k: a_child(w) | {"cell": make.OTHER_CELL},
        "village",
    ),
    "a household's village of another cell": (
        "/households/new",
        "POST /households",
        lambda w, k: a_household(w) | {"cell": make.OTHER_CELL},
        "village",
    ),
    "a village that is none": (
        "/households/new",
        "POST /households",
        lambda w, k: a_household(w) | {"village": 99999999},
        "village",
    ),
    "a district as a village": (
        "/households/new",
        "POST /households",
        lambda w, k: a_household(w) | {"village": make.DISTRICT},
        "village",
    ),
    "a household vetted tomorrow": (
        "/households/new",
        "POST /households",
        lambda w, k: a_household(w) | {"kind": "kin", "vetting": "approved", "vetted_on": TOMORROW},
        "vetted_on",
    ),
    "an institution opened tomorrow": (
        "/institutions/new",
        "POST /institutions",
        lambda w, k: an_institution(w) | {"opened_on": TOMORROW},
        "opened_on",
    ),
    "born after admission": (
        "/children/{child_id}/edit",
        "PATCH /children/{child_id}",
        lambda w, k: {"born_on": TODAY, "birth_precision": "day"},
        "born_on",
    ),
    "a placement from tomorrow": (
        "/children/{child_id}/placements/new" + _FOSTER,
        "POST /placements",
        lambda w, k: _move(w, k) | {"started_on": TOMORROW},
        "started_on",
    ),
    "a placement that overlaps": (
        "/children/{child_id}/placements/new" + _FOSTER,
        "POST /placements",
        lambda w, k: _move(w, k) | {"started_on": TODAY - timedelta(days=2000)},
        "started_on",
    ),
    "a second open placement": (
        "/children/{child_id}/placements/new" + _FOSTER,
        "POST /placements",
        lambda w, k: {name: value for name, value in _move(w, k).items() if name != "end_previous"},
        "end_previous.reason",
    ),
    "a placement in nothing": (
        "/children/{child_id}/placements/new" + _FOSTER,
        "POST /placements",
        lambda w, k: _move(w, k) | {"household": None},
        "household",
    ),
    "an end before the start": (
        "/placements/{placement_id}/end",
        "POST /placements/{placement_id}/end",
        lambda w, k: an_end(w) | {"ended_on": TODAY - timedelta(days=101)},
        "ended_on",
    ),
    "an end in the future": (
        "/placements/{placement_id}/end",
        "POST /placements/{placement_id}/end",
        lambda w, k: an_end(w) | {"ended_on": TOMORROW},
        "ended_on",
    ),
    "a visit before the placement": (
        "/placements/{placement_id}/visits/new",
        "POST /visits",
        lambda w, k: a_visit(w) | {"placement": k["placement_id"], "visited_on": TODAY - timedelta(days=101)},
        "visited_on",
    ),
    "a visit tomorrow": (
        "/placements/{placement_id}/visits/new",
        "POST /visits",
        lambda w, k: a_visit(w) | {"placement": k["placement_id"], "visited_on": TOMORROW},
        "visited_on",
    ),
    "not seen and no reason": (
        "/placements/{placement_id}/visits/new",
        "POST /visits",
        lambda w, k: a_visit(w) | {"placement": k["placement_id"], "child_seen": False},
        "not_seen_reason",
    ),
}


def _move(world: World, known: Values) -> Values:
    return {
        "id": new_id(),
        "child": known["child_id"],
        "kind": "foster_malayika_murinzi",
        "household": make_household(world.db).id,
        "started_on": TODAY,
        "end_previous": {"reason": "reunified"},
        "note": "Kept as typed",
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_is_told_at_its_field(what, door, world, connection, client_for, api_for):
    page_address, verb, make_body, field = IMPOSSIBLE[what]
    known = _admitted(world) if "edit" in page_address else _with_family(world)
    body = make_body(world, known)
    method, _space, address = verb.partition(" ")
    if door == "json":
        answer = api_for(world.actor).request(method, address.format(**known), json=as_json(body))
    else:
        client = client_for(world.actor)
        path = page_address.format(**known)
        fixed = {"child", "kind", "household"} if "?kind" in path else set()
        form = client.open(path).form(path) | {
            name: value for name, value in as_form(body) if name not in fixed - {"household"} and name != "placement"
        }
        page = client.post_form(path, form, status=422)
        answer = page.response
        if "note" in body:
            assert page.form(path)["note"] == body["note"], "what was typed is kept"
    assert answer.status_code == 422, answer.text
    assert fields_complained_of(answer) == {field_id(field)}
