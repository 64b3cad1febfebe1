"""What no person types and some program sends: told, never a failure, never let through into a page."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.access.roles import Role
from app.api.assembly import describe
from app.core import clock
from tests.house.requests import (
    VALID,
    Values,
    a_child,
    a_household,
    as_form,
    as_json,
    fields_complained_of,
    permits,
    prepared,
    send,
)
from tests.house.routes import Route, route_table
from tests.house.world import make_world

TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
DOORS = ["html", "json"]
SCRIPT = "<script>alert(1)</script>"
SQL = "'; drop table children; --"


# Everything that takes text


NASTY = [
    SCRIPT + SQL,
    "Ke\x00za",
    "x" * 2001,
    "Ke\u202eza",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u0645\u0631\u064a\u0645",
    "%s %(name)s {0} {{ 7*7 }} ${7*7} \\",
    "",
]
STRANGE = ["x", "-1", "99999999999999999999999", "1e400", "0000-00-00", "9999-12-31", "NaN", "\u0663", "\u00b2"]


# Fields in which people write; the others take a choice, a number, a day or an identifier.
WRITTEN = {
    *("given_name", "family_name", "head_name", "name", "display_name", "username", "phone", "founder"),
    *("narrative", "note", "reason", "answer", "password", "current", "new", "again", "language"),
}


def _leaves(body: Values, prefix: tuple = ()) -> list[tuple]:
    found = []
    for name, value in body.items():
        match value:
            case dict():
                found += _leaves(value, (*prefix, name))
            case list() if value and isinstance(value[0], dict):
                found += _leaves(value[0], (*prefix, name, 0))
            case _:
                found.append((*prefix, name))
    return found


def _with(body: Values, path: tuple, value: object) -> Values:
    first, *rest = path
    inner = value if not rest else _with(body[first], tuple(rest), value)
    if isinstance(body, list):
        return [inner if number == first else item for number, item in enumerate(body)]
    return body | {first: inner}


# The bodies whose every field meets every value; elsewhere a field meets two of them, and the next field the next two.
IN_FULL = {
    *("POST /children/new", "POST /api/v1/children", "POST /households/new", "POST /api/v1/households"),
    *("POST /referrals", "POST /api/v1/referrals"),
    *("POST /placements/{placement_id}/visits/new", "POST /api/v1/visits"),
}
CHUNKS = {Role.SOCIAL_WORKER: 4}
"""How many tests share the routes of a door, for a role that has many."""


def _door(route: str) -> str:
    return "json" if " /api/v1" in route else "html"


def _shares() -> list[tuple[Role, str, int]]:
    taken = sorted({(valid.role, _door(route)) for route, valid in VALID.items()})
    return [(role, door, share) for role, door in taken for share in range(CHUNKS.get(role, 1))]


def _values(route: Route, leaf: tuple, place: int) -> list[str]:
    values = NASTY if leaf[-1] in WRITTEN else STRANGE
    if str(route) in IN_FULL:
        return values
    return [values[number % len(values)] for number in (2 * place, 2 * place + 1)]


@pytest.mark.parametrize(("role", "door", "share"), _shares(), ids=str)
def test_nothing_that_is_typed_makes_the_service_fail(role, door, share, app, db, connection, client_for, api_for):
    world = make_world(db, role)
    client_of = api_for if door == "json" else client_for
    known = [route for route in route_table(app) if str(route) in VALID and _door(str(route)) == door]
    routes = [route for route in known if VALID[str(route)].role is role]
    wrong = []
    place = share
    for route in routes[share :: CHUNKS.get(role, 1)]:
        valid = VALID[str(route)]
        client = client_of(world.actor if valid.signed_in else None)
        outer = connection.begin_nested()
        path, body = prepared(valid, route, world)
        for leaf in _leaves(body):
            place += 1
            for value in _values(route, leaf, place):
                wrong += _sent(route, client, path, _with(body, leaf, value), connection, db)
        outer.rollback()
        db.expire_all()
    assert wrong == [], "\n".join(wrong)
    assert db.scalar(text("select count(*) from children")) > 0


def _sent(route: Route, client, path: str, body: Values, connection, db) -> list[str]:
    """What is wrong with the answer to a body: a failure, a script let through, or a page that cannot be read."""
    nested = connection.begin_nested()
    try:
        answer = send(client, route, path, body)
        shown = answer
        if answer.status_code == 303 and not answer.headers["location"].startswith("/sign-in"):
            shown = client.get(answer.headers["location"])
    except Exception as failure:  # noqa: BLE001 - which body made it fail is what the test tells
        return [f"{route} {body}: {type(failure).__name__} {str(failure)[:300]}"]
    finally:
        nested.rollback()
        db.expire_all()
    if answer.status_code >= 500 or shown.status_code >= 500:
        return [f"{route} {body}: {answer.status_code}, {shown.status_code}"]
    if "html" in shown.headers.get("content-type", "") and SCRIPT in shown.text:
        return [f"{route} {body}: a script is let through"]
    return []


@pytest.mark.parametrize(
    "field", ["members.\u00b2.name", f"members.{'9' * 5000}.name", "a.b.c.d", ".", "members.0", "[]"]
)
def test_a_field_that_no_form_has_is_told(field, world, client_for):
    client = client_for(world.actor)
    form = dict(as_form(a_household(world))) | {field: "Keza"}
    answer = client.post("/households/new", data=form, follow_redirects=False)
    assert answer.status_code in {303, 422}


@pytest.mark.parametrize("day", [0, 86400, 1.5, "0", "86400", "2019-3-27", "2019-03-27T00:00:00", "19-03-27", True, ""])
def test_a_number_is_no_day(day, world, api_for):
    machine = api_for(world.actor)
    answer = machine.post("/children", json=as_json(a_child(world)) | {"born_on": day})
    assert answer.status_code == 422
    assert fields_complained_of(answer) == {"born_on"}
    for address, name in (("/tasks", "until"), ("/ledger", "from"), ("/indicators/I01", "to")):
        answer = machine.get(address, params={name: str(day)})
        assert (answer.status_code, fields_complained_of(answer)) == (422, {name})


def test_half_a_character_is_refused(world, api_for):
    answer = api_for(world.actor).post(
        "/children",
        content=b'{"given_name": "Ke\\ud800za", "sex": "female", "birth_precision": "unknown"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert fields_complained_of(answer) == {"given_name"}


# What nobody asked for


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.ADMINISTRATOR, Role.AUDITOR, Role.VOLUNTEER], ids=str)
def test_an_unknown_parameter_is_told(role, app, db, client_for, api_for):
    world = make_world(db, role)
    ids = {"account_id": str(world.actor.account_id), "event_id": "1", "code": "I01"}
    ids |= {f"{kind}_id": str(world.one(kind).id) for kind in ("child", "household", "institution", "placement")}
    ids |= {f"{kind}_id": str(world.one(kind).id) for kind in ("visit", "referral")}
    wrong = []
    for route in route_table(app):
        if route.public or not route.is_safe or not permits(route, role):
            continue
        path = route.path
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        client = (api_for if route.is_api else client_for)(world.actor)
        answer = client.get(f"{path}?nonsense=1", follow_redirects=False)
        if answer.status_code != 422 or "nonsense" not in answer.text:
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", sorted({valid.role for valid in VALID.values()}), ids=str)
def test_an_unknown_field_is_told(role, app, db, connection, api_for):
    world = make_world(db, role)
    wrong = []
    described = describe(app)["paths"]
    for route in route_table(app):
        valid = VALID.get(str(route))
        if valid is None or valid.role is not role or not route.is_api:
            continue
        if "requestBody" not in described[route.path][route.method.lower()]:
            continue
        nested = connection.begin_nested()
        path, body = prepared(valid, route, world)
        answer = send(api_for(world.actor if valid.signed_in else None), route, path, body | {"nonsense": 1})
        nested.rollback()
        db.expire_all()
        if (answer.status_code, "nonsense" in answer.text) != (422, True):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


# Cursors, dates and pages that nobody made


@pytest.mark.parametrize("cursor", ["x", "\x00", "W10", "bnVsbA", "e30", "W1sidSIsIngiXV0", "WzFd", "x" * 300, "%F0"])
def test_a_cursor_that_nobody_gave_is_told(cursor, world, client_for, api_for):
    machine, page = api_for(world.actor), client_for(world.actor)
    for plural in ("children", "households", "institutions", "placements", "visits", "tasks", "referrals", "places"):
        answer = machine.get(f"/{plural}", params={"cursor": cursor})
        assert answer.status_code == 422, f"{plural}: {answer.status_code}"
    for plural in ("children", "households", "institutions", "referrals"):
        assert page.get(f"/{plural}", params={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize("identifier", ["x", "1", "00000000-0000-0000-0000-000000000000", "..%2f..%2fetc"])
def test_an_address_that_names_nothing_is_not_found(identifier, world, client_for, api_for):
    for plural in ("children", "households", "institutions", "referrals", "visits"):
        assert client_for(world.actor).get(f"/{plural}/{identifier}").status_code == 404
        assert api_for(world.actor).get(f"/{plural}/{identifier}").status_code in {404, 422}
