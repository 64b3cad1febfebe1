"""Every route × every role × {own, other place, referred-in, none}, on HTML and JSON, from the app's route table.

A route that declares no guard, or names a subject that this file does not know, fails: add it to the tables below.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest

from app.access.roles import ROLE_PERMISSIONS, Level, Role
from app.core import clock
from app.core.ids import new_id
from tests import make
from tests.house.parts import PARTS, Around, joined, records_around
from tests.house.requests import VALID, Values, prepared, send
from tests.house.routes import Route, route_table
from tests.house.world import make_world
from tests.make import (
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_referral,
    make_visit,
)

RELATIONS = ("own", "other", "referred", "none")

# Which path parameter names what; the rest of the path decides nothing.
SUBJECT = {
    "child_id": "child",
    "household_id": "household",
    "institution_id": "institution",
    "placement_id": "placement",
    "visit_id": "visit",
    "referral_id": "referral",
} | joined("subjects")
# Parameters that name no record of a child: guarded by their permission alone.
PLAIN = {
    "code": {"/places/{code}": "1101", "/numbers/{code}": "I01", "/indicators/{code}": "I01"},
    "account_id": "account",
    "appointment_id": "appointment",
    "session_id": "session",
    "event_id": "event",
} | joined("plain")

_WORKERS = {Role.SOCIAL_WORKER, Role.PSYCHOLOGIST, Role.DISTRICT_SUPERVISOR}
_NATION = {Role.NATIONAL_OFFICER, Role.NATIONAL_MANAGER}

# What each role reaches of each subject: the declaration that all doors are held to.
DECLARED: dict[str, dict[Role, set[str]]] = {
    "child": {role: {"own", "referred"} for role in _WORKERS}
    | {role: {"own", "other", "referred"} for role in _NATION}
    | {Role.VOLUNTEER: {"own"}, Role.INSTITUTION_MANAGER: {"own"}, Role.SECTOR_OFFICER: {"referred"}},
    "household": {role: {"own", "referred"} for role in _WORKERS},
    "institution": {role: {"own"} for role in _WORKERS | {Role.DISTRICT_LEADER, Role.INSTITUTION_MANAGER}}
    | {role: {"own", "other", "referred"} for role in _NATION},
    "referral": {role: {"own", "referred"} for role in _WORKERS}
    | {role: {"own", "referred"} for role in (Role.CELL_COORDINATOR, Role.SECTOR_OFFICER, Role.VOLUNTEER)}
    # A provider reaches nothing until service referrals come; here it is the author of the referred ones.
    | {role: {"referred"} for role in (*_NATION, Role.SERVICE_PROVIDER)},
}
# A volunteer checks on a child, but the history is not the village's business.
DECLARED["placement"] = DECLARED["visit"] = {
    role: reach for role, reach in DECLARED["child"].items() if role is not Role.VOLUNTEER
}
DECLARED |= {kind: dict(part.reach_of(kind)) for part in PARTS for kind in part.subjects.values()}


@pytest.fixture
def table(app) -> list[Route]:
    return route_table(app)


def test_every_route_declares_whom_it_lets_in(table):
    undeclared = [str(route) for route in table if not route.public and not route.guarded]
    assert undeclared == []
    both = [str(route) for route in table if route.public and route.guarded]
    assert both == []


def test_every_parameter_is_known_to_the_matrix(table):
    unknown = {name for route in table for name in route.parameters if name not in SUBJECT and name not in PLAIN}
    assert unknown == set()


def test_an_unsafe_route_is_not_guarded_by_a_reading_permission_alone(table):
    reading = {
        str(route)
        for route in table
        if not route.is_safe and any(permission.endswith(":read") for permission in route.permissions)
    }
    # Printing is reading: it is sent because a reason and a receiver do not belong in an address.
    assert {one for one in reading if not one.endswith("_id}/paper")} == set()


def test_nobody_comes_in_without_signing_in(table, client_for, api_for):
    nobody, machine = client_for(None), api_for(None)
    for route in table:
        if route.public:
            continue
        path = _fill(route, {})
        if route.is_api:
            answer = machine.request(route.method, path, json={})
            assert answer.status_code == 401, str(route)
            assert answer.headers["content-type"] == "application/problem+json"
        else:
            answer = nobody.request(route.method, path, follow_redirects=False)
            assert answer.status_code == 303, str(route)
            assert answer.headers["location"].startswith("/sign-in"), str(route)


def test_before_the_own_password_nothing_else_opens(table, db, client_for, api_for):
    newcomer = actor_for(db, Role.SOCIAL_WORKER, must_change_password=True)
    client, machine = client_for(newcomer), api_for(newcomer)
    for route in table:
        if route.public or route.before_password_change:
            continue
        if route.is_api:
            assert machine.request(route.method, _fill(route, {}), json={}).status_code == 403, str(route)
        else:
            answer = client.request(route.method, _fill(route, {}), follow_redirects=False)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/account/password"), str(route)


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.parametrize("door", ["html", "json"])
def test_the_matrix(role, door, table, db, connection, client_for, api_for):
    home = make_institution(db, name="Own Home") if role is Role.INSTITUTION_MANAGER else None
    actor = actor_for(db, role, make.SECTOR if home else None, institution=home)
    world = _World(db, actor, home)
    client = api_for(actor) if door == "json" else client_for(actor)
    bodies = _bodies(db, connection, table) if door == "json" else {}
    wrong = []
    for route in table:
        if route.public or route.is_api != (door == "json"):
            continue
        for relation, path in _addresses(route, world):
            expected = _expected(route, role, relation)
            nested = connection.begin_nested()
            if str(route) in bodies:
                answer = send(client, route, path, bodies[str(route)])
            else:
                answer = client.request(route.method, path, follow_redirects=False)
            nested.rollback()
            db.expire_all()
            if answer.status_code not in expected:
                wrong.append(f"{route} [{relation}]: {answer.status_code} instead of {sorted(expected)}")
    assert wrong == [], "\n".join(wrong)


class _World:
    """One subject of each kind for each relation to an actor."""

    def __init__(self, db, actor, home) -> None:
        self.db, self.actor = db, actor
        self.ids: dict[tuple[str, str], UUID] = {}
        volunteer = actor_for(db, Role.VOLUNTEER)
        for relation in ("own", "other", "referred"):
            far = relation != "own"
            village = make.OTHER_VILLAGE if far else make.VILLAGE
            house = make_institution(db, name=f"{relation} home", sector=make.OTHER_SECTOR if far else make.SECTOR)
            if home is not None and not far:
                house = home
            family = make_household(db, village=village)
            child = make_child(db, village=village, worker=actor if relation == "referred" else None)
            resident = home is not None and not far
            placement = make_placement(
                db, child, institution=house if resident else None, household=None if resident else family
            )
            author = actor if relation == "referred" else volunteer
            level = Level.CELL
            if actor.role is Role.VOLUNTEER and not far:
                author = actor
            if actor.level is Level.NATIONAL and relation == "referred":
                author, level = volunteer, Level.NATIONAL
            records = {
                "institution": house,
                "household": family,
                "child": child,
                "placement": placement,
                "visit": make_visit(db, placement),
                "referral": make_referral(db, author, village=village, level=level),
            }
            worker = actor if relation == "referred" else actor_for(db, Role.SOCIAL_WORKER)
            around = Around(
                relation=relation, child=child, placement=placement, household=family, institution=house, worker=worker
            )
            self.ids |= {(kind, relation): record.id for kind, record in records.items()}
            self.ids |= {(kind, relation): made[0].id for kind, made in records_around(db, around).items()}
        db.flush()

    def of(self, kind: str, relation: str) -> UUID:
        """The id of a subject; one that does not exist for "none"."""
        return self.ids.get((kind, relation)) or new_id()


def _addresses(route: Route, world: _World) -> Iterator[tuple[str, str]]:
    subjects = [name for name in route.parameters if name in SUBJECT]
    if not subjects:
        yield "plain", _fill(route, {"account_id": str(world.actor.account_id)})
        return
    # Whom the permission already refuses learns nothing from any id: one that names something and one that names
    # nothing take turns from role to role.
    refused = not route.permissions & ROLE_PERMISSIONS[world.actor.role] and bool(route.permissions)
    one = ("own", "none")[(len(route.path) + len(world.actor.role)) % 2]
    for relation in (one,) if refused else RELATIONS:
        yield relation, _fill(route, {name: str(world.of(SUBJECT[name], relation)) for name in subjects})


# Parameters without which a route cannot be asked.
QUERY = {"POST /children/{child_id}/placements/new": "?kind=foster_malayika_murinzi"} | joined("queries")


def _fill(route: Route, values: dict[str, str]) -> str:
    path = route.path
    for name in route.parameters:
        known = PLAIN.get(name)
        codes = known.items() if isinstance(known, dict) else ()
        code = next((value for prefix, value in codes if prefix in route.path), None)
        path = path.replace(f"{{{name}}}", values.get(name) or code or ("1" if name == "event_id" else str(new_id())))
    return path + QUERY.get(str(route), "")


ANY_ANSWER = {200, 201, 204, 303, 403, 404, 409, 412, 422}


def _expected(route: Route, role: Role, relation: str) -> set[int]:
    if route.permissions and not route.permissions & ROLE_PERMISSIONS[role]:
        return {403}
    if (role, route.path.removeprefix("/api/v1")) in REFUSED:
        return {403}
    if relation == "plain":
        return {200, 303} if route.is_safe and not route.parameters else ANY_ANSWER
    kind = SUBJECT[next(name for name in route.parameters if name in SUBJECT)]
    if "/visits/new" in route.path:
        kind = "child"
    if relation not in DECLARED[kind].get(role, set()):
        return {404}
    if route.path.removeprefix("/api/v1") in NARROWER and route.is_safe:
        return {200, 403}
    # Inside the reach: the page or the record, or for a verb whatever its rules say, but never "nothing there".
    return {200} if route.is_safe else ANY_ANSWER - {404}


# Pages inside the reach that rules narrow further, by who is responsible and how far a referral is; the domains'
# own tests say how.
NARROWER = {
    "/children/{child_id}/openings",
    "/children/{child_id}/restrict",
    "/children/{child_id}/assign",
    "/referrals/{referral_id}/return",
    "/referrals/{referral_id}/escalate",
    "/referrals/{referral_id}/resolve",
    "/referrals/{referral_id}/answer",
    "/referrals/{referral_id}/withdraw",
    "/placements/{placement_id}/visits/new",
} | {path for part in PARTS for path in part.narrower}
# Below districts and in movements the numbers are too small for a partner.
REFUSED = {(Role.PARTNER, "/numbers/ledger"), (Role.PARTNER, "/ledger")} | {
    pair for part in PARTS for pair in part.refused
}

_TODAY = clock.today().isoformat()
_REASON = {"reason": "Beyond what can be done here"}
_BODIES: dict[str, dict[str, object]] = {
    "POST /placements/{placement_id}/end": {"ended_on": _TODAY, "reason": "reunified"},
    "PATCH /children/{child_id}": {"given_name": "Keza"},
    "POST /children/{child_id}/unseal": {"reason": "A check of the signed number"},
    "POST /children/{child_id}/restrict": {"restricted": True},
    "POST /children/{child_id}/assign": {"post": str(new_id())},
    "POST /referrals/{referral_id}/return": _REASON,
    "POST /referrals/{referral_id}/escalate": _REASON,
    "POST /referrals/{referral_id}/resolve": {"outcome": "service_provided"},
    "POST /referrals/{referral_id}/answer": {"answer": "He is at his uncle's now"},
} | joined("bodies")


_MADE: dict[str, Values] = {}
"""What the valid requests say, made once: their identifiers name nothing any more."""


def _bodies(db, connection, table: list[Route]) -> dict[str, Values]:
    """A complete body for each unsafe route of the API, so that it answers whose the record is, not what is missing."""
    unsafe = [route for route in table if route.is_api and not route.is_safe and route.parameters]
    if not _MADE:
        worlds = connection.begin_nested()
        around = {role: make_world(db, role) for role in {VALID[str(r)].role for r in unsafe if str(r) in VALID}}
        for route in unsafe:
            if (valid := VALID.get(str(route))) is not None:
                # The session's own savepoint forgets what was changed in it, and keeps the rest of the world.
                with db.begin_nested() as undone:
                    _MADE[str(route)] = prepared(valid, route, around[valid.role])[1]
                    undone.rollback()
        worlds.rollback()
        db.expire_all()
    return {str(route): _BODIES.get(str(route).replace("/api/v1", "")) or _MADE.get(str(route), {}) for route in unsafe}
