"""What is sent twice, or after somebody else: one record, both versions, nothing typed is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.roles import Role
from app.children.models import Child, Household
from app.core import clock
from app.institutions.models import Institution
from app.people.models import Account
from app.placements.models import Placement
from app.referrals.models import Referral
from app.visits.models import Visit
from tests.house.parts import joined
from tests.house.requests import (
    CHANGES_NOTHING,
    VALID,
    a_child,
    a_household,
    a_placement,
    a_referral,
    a_visit,
    an_account,
    an_end,
    an_institution,
    as_form,
    prepared,
    send,
)
from tests.house.routes import route_table
from tests.house.world import make_world
from tests.make import make_child, make_household, make_placement, reload

TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
DOORS = ["html", "json"]
SCRIPT = "<script>alert(1)</script>"
SQL = "'; drop table children; --"


# Twice


CREATING = {
    "child": (Role.SOCIAL_WORKER, "POST /children/new", "POST /api/v1/children", a_child, Child, "given_name"),
    "household": (
        Role.SOCIAL_WORKER,
        "POST /households/new",
        "POST /api/v1/households",
        a_household,
        Household,
        "head_name",
    ),
    "institution": (
        Role.SOCIAL_WORKER,
        "POST /institutions/new",
        "POST /api/v1/institutions",
        an_institution,
        Institution,
        "name",
    ),
    "placement": (
        Role.SOCIAL_WORKER,
        "POST /children/{child_id}/placements/new",
        "POST /api/v1/placements",
        a_placement,
        Placement,
        "note",
    ),
    "visit": (
        Role.SOCIAL_WORKER,
        "POST /placements/{placement_id}/visits/new",
        "POST /api/v1/visits",
        a_visit,
        Visit,
        "note",
    ),
    "referral": (Role.VOLUNTEER, "POST /referrals", "POST /api/v1/referrals", a_referral, Referral, "narrative"),
    "account": (
        Role.ADMINISTRATOR,
        "POST /admin/accounts/new",
        "POST /api/v1/accounts",
        an_account,
        Account,
        "display_name",
    ),
} | {
    kind: (role, page, api, VALID[api].body, table, text)
    for kind, (role, page, api, table, text) in joined("creating").items()
}


def test_every_creating_form_is_among_them(app):
    creating = {str(route) for route in route_table(app) if not route.is_safe and route.path.endswith("/new")}
    assert creating - CHANGES_NOTHING <= {entry[1] for entry in CREATING.values()}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", CREATING)
def test_a_double_click_makes_one_record(kind, door, app, db, client_for, api_for):
    role, page_route, api_route, _body, table, field = CREATING[kind]
    world = make_world(db, role)
    name = api_route if door == "json" else page_route
    route = next(route for route in route_table(app) if str(route) == name)
    client = (api_for if door == "json" else client_for)(world.actor)
    path, body = prepared(VALID[name], route, world)
    before = db.scalar(select(func.count(table.id)))
    first, second = (send(client, route, path, body) for _click in range(2))
    assert [first.status_code, second.status_code] in ([201, 200], [303, 303], [200, 200])
    assert db.scalar(select(func.count(table.id))) == before + 1
    other = send(client, route, path, body | {field: "Quite another"})
    assert other.status_code == 409
    assert db.scalar(select(func.count(table.id))) == before + 1
    if door == "html":
        assert "Quite another" in other.text, "nothing that was typed is lost"


# Stale forms


STALE = {
    "child": (Role.SOCIAL_WORKER, "/children/{id}/edit", "/children/{id}", Child, "given_name"),
    "household": (Role.SOCIAL_WORKER, "/households/{id}/edit", "/households/{id}", Household, "head_name"),
    "institution": (Role.SOCIAL_WORKER, "/institutions/{id}/edit", "/institutions/{id}", Institution, "name"),
    "account": (Role.ADMINISTRATOR, "/admin/accounts/{id}/change", "/accounts/{id}", Account, "display_name"),
}


@pytest.mark.parametrize("kind", STALE)
def test_a_stale_form_shows_both_versions(kind, db, client_for, api_for):
    role, page_address, api_address, table, field = STALE[kind]
    world = make_world(db, role)
    record = db.get_one(table, world.actor.account_id) if kind == "account" else world.one(kind)
    client, machine = client_for(world.actor), api_for(world.actor)
    path = page_address.format(id=record.id)
    typed = client.open(path).form(path) | {field: "Uwimana What I Wrote"}
    seen = machine.get(api_address.format(id=record.id)).headers["ETag"]
    behind = machine.patch(api_address.format(id=record.id), json={field: "Mukamana What Is There"})
    assert behind.status_code == 200
    page = client.post_form(path, typed, status=412)
    assert "Mukamana What Is There" in page.text
    again = page.form(path)
    assert again[field] == "Uwimana What I Wrote"
    stale = machine.patch(api_address.format(id=record.id), json={field: "Third"}, headers={"If-Match": seen})
    assert stale.status_code == 412
    assert stale.json()["current"][field] == "Mukamana What Is There"
    assert getattr(reload(db, record), field) == "Mukamana What Is There"
    client.post_form(path, again)
    assert getattr(reload(db, record), field) == "Uwimana What I Wrote"


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "99999999999999", "\u00b2", "\u0661"])
def test_a_version_that_is_none_is_stale(version, world, client_for, api_for):
    child = world.one("child")
    path = f"/children/{child.id}/edit"
    client = client_for(world.actor)
    client.post_form(path, client.open(path).form(path) | {"_version": version}, status=412)
    answer = api_for(world.actor).patch(f"/children/{child.id}", json={}, headers={"If-Match": version.encode()})
    assert answer.status_code == 412


def test_a_stale_end_of_a_placement_keeps_what_was_typed(db, world, client_for):
    child = make_child(db, worker=world.actor)
    placement = make_placement(db, child, household=make_household(db))
    path = f"/placements/{placement.id}/end"
    client = client_for(world.actor)
    form = client.open(path).form(path) | dict(as_form(an_end(world)))
    placement.version += 1
    db.flush()
    page = client.post_form(path, form, status=412)
    assert page.form(path)["reason"] == "reunified"
    assert page.form(path)["ended_on-year"] == str(TODAY.year)
    client.post_form(path, page.form(path))


def test_a_stale_referral_shows_what_was_typed(db, client_for):
    world = make_world(db, Role.CELL_COORDINATOR)
    referral = world.one("referral")
    client = client_for(world.actor)
    path = f"/referrals/{referral.id}/return"
    form = client.open(path).form(path) | {"reason": "Which school does she go to?"}
    referral.version += 1
    db.flush()
    page = client.post_form(path, form, status=412)
    assert "Which school does she go to?" in page.text
