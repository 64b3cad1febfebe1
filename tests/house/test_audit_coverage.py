"""Nothing is changed, read or refused without a line in the log, through whichever door."""

import pytest
from sqlalchemy import func, select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core.ids import new_id
from tests.house.parts import PARTS, joined
from tests.house.requests import CHANGES_NOTHING, VALID, permits, prepared, send
from tests.house.routes import Route, route_table
from tests.house.world import World, make_world

REFUSED = "access.refused"


@pytest.fixture
def table(app) -> list[Route]:
    return route_table(app)


def newest_event(db) -> int:
    return db.scalar(select(func.max(AuditEvent.id))) or 0


def events_since(db, start: int, world: World) -> list[tuple[str, object]]:
    """Kind and subject of what was written of the actor, or of somebody who is not signed in yet."""
    return db.execute(
        select(AuditEvent.kind, AuditEvent.subject_id).where(
            AuditEvent.id > start,
            (AuditEvent.account_id == world.actor.account_id) | (AuditEvent.subject_id == world.actor.account_id),
        )
    ).all()


def test_every_unsafe_route_has_a_valid_request(table):
    unsafe = {str(route) for route in table if not route.is_safe}
    assert unsafe - CHANGES_NOTHING == set(VALID), "add the route to tests/house/requests.py"


@pytest.mark.parametrize("role", sorted({valid.role for valid in VALID.values()}), ids=str)
def test_every_change_leaves_an_event(role, table, db, connection, client_for, api_for):
    world = make_world(db, role)
    wrong = []
    for route in table:
        valid = VALID.get(str(route))
        if valid is None or valid.role is not role:
            continue
        nested = connection.begin_nested()
        client = (api_for if route.is_api else client_for)(world.actor if valid.signed_in else None)
        path, body = prepared(valid, route, world)
        start = newest_event(db)
        answer = send(client, route, path, body)
        kinds = {kind for kind, _subject in events_since(db, start, world)} - {REFUSED}
        nested.rollback()
        db.expire_all()
        if answer.status_code not in {200, 201, 204, 303}:
            wrong.append(f"{route}: {answer.status_code} {answer.text[:600]}")
        elif not kinds:
            wrong.append(f"{route}: no event")
    assert wrong == []


SUBJECTS = {
    "child_id": "child",
    "household_id": "household",
    "placement_id": "placement",
    "visit_id": "visit",
    "referral_id": "referral",
} | joined("subjects")


def _plain(route: Route, name: str) -> str:
    """What stands for a parameter that names no record, or an id that does not exist."""
    known = joined("plain").get(name)
    options = known.items() if isinstance(known, dict) else ()
    return next((value for part, value in options if part in route.path), str(new_id()))


NOT_ABOUT_CHILDREN = frozenset().union(*(part.open_tables for part in PARTS))
"""What is recorded there, such as who gives money to a house, identifies nobody."""
BELONGS_TO = ("id", "child_id", "household_id", "institution_id", "census_id")


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.NATIONAL_OFFICER, Role.VOLUNTEER, Role.CELL_COORDINATOR])
def test_every_reading_of_an_identified_record_leaves_an_event(role, table, db, connection, client_for, api_for):
    world = make_world(db, role)
    page, machine = client_for(world.actor), api_for(world.actor)
    wrong, read = [], 0
    for route in table:
        subjects = [name for name in route.parameters if name in SUBJECTS]
        if not route.is_safe or not subjects or not permits(route, role):
            continue
        records = {name: world.one(SUBJECTS[name]) for name in subjects}
        if all(record.__tablename__ in NOT_ABOUT_CHILDREN for record in records.values()):
            continue
        path = route.path
        for name in route.parameters:
            path = path.replace(f"{{{name}}}", str(records[name].id) if name in records else _plain(route, name))
        nested = connection.begin_nested()
        start = newest_event(db)
        answer = (machine if route.is_api else page).get(path, follow_redirects=False)
        events = events_since(db, start, world)
        nested.rollback()
        # About the record itself, or about what it belongs to.
        expected = {getattr(record, name, None) for record in records.values() for name in BELONGS_TO} - {None}
        if answer.status_code == 200:
            read += 1
            if not any(subject in expected for _kind, subject in events):
                wrong.append(f"{route}: {events}")
        elif answer.status_code in {403, 404} and [kind for kind, _subject in events] != [REFUSED]:
            wrong.append(f"{route}: refused with {events}")
    assert wrong == []
    assert read >= 2


@pytest.mark.parametrize("door", ["html", "json"])
def test_every_refusal_leaves_an_event(door, table, db, connection, client_for, api_for):
    worker = make_world(db, Role.SOCIAL_WORKER)
    client = (api_for if door == "json" else client_for)(worker.actor)
    wrong = []
    for route in table:
        if route.public or route.is_api != (door == "json"):
            continue
        forbidden = not permits(route, Role.SOCIAL_WORKER)
        unknown = [name for name in route.parameters if name in SUBJECTS] and not forbidden
        if not forbidden and not unknown:
            continue
        path = route.path
        for name in route.parameters:
            path = path.replace(f"{{{name}}}", "1" if name == "event_id" else _plain(route, name))
        valid = VALID.get(str(route))
        body = valid.body(worker) if valid and not route.is_safe else {}
        nested = connection.begin_nested()
        start = newest_event(db)
        if valid and not route.is_safe:
            answer = send(client, route, path + valid.query, body)
        else:
            answer = client.get(path, follow_redirects=False)
        events = events_since(db, start, worker)
        nested.rollback()
        db.expire_all()
        expected = 403 if forbidden else 404
        if (answer.status_code, [kind for kind, _subject in events]) != (expected, [REFUSED]):
            wrong.append(f"{route}: {answer.status_code} with {events}")
    assert wrong == []


@pytest.mark.parametrize(
    "address", ["/children/{}", "/households/{}", "/referrals/{}", "/visits/{}", "/placements/{}/end"]
)
def test_what_lies_elsewhere_is_refused_and_noted(address, db, client_for):
    world = make_world(db, Role.SOCIAL_WORKER)
    kind = {"children": "child"}.get(address.split("/")[1], address.split("/")[1].removesuffix("s"))
    start = newest_event(db)
    client_for(world.actor).open(address.format(world.one(kind, "other").id), status=404)
    assert [kind for kind, _subject in events_since(db, start, world)] == [REFUSED]
