"""What is sealed comes out to nobody who may not read it, whatever address they open."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.access.roles import Role
from tests.house.parts import joined
from tests.house.requests import permits
from tests.house.routes import Route, route_table
from tests.house.world import make_world
from tests.make import actor_for, make_child, make_document, make_health, make_identity, make_withholding

HEALTH, NUMBER, WITHHELD = "kanariyahiv", "1201870099887766", "kanariyabanga"
ROLES = [
    Role.SOCIAL_WORKER,
    Role.PSYCHOLOGIST,
    Role.NATIONAL_MANAGER,
    Role.INSTITUTION_MANAGER,
    Role.VOLUNTEER,
    Role.SECTOR_OFFICER,
    Role.AUDITOR,
]
OF_THE_FILE = {Role.SOCIAL_WORKER, Role.PSYCHOLOGIST}
"""Who reads the file of a colleague's child: its papers and what must not be told, but not health."""


def _addresses(route: Route, world, file: dict[str, Any]) -> Iterator[str]:
    """An address of a route for each record of the file that it could be asked for, and for one of the actor's own."""
    subjects = joined("subjects") | {"child_id": "child"}
    plain = {"account_id": str(world.actor.account_id), "event_id": "1", "code": "I01"}
    named = [name for name in route.parameters if name in subjects]
    path = route.path
    for name, value in plain.items():
        path = path.replace(f"{{{name}}}", value)
    if not named:
        yield path
        return
    kind = subjects[named[0]]
    for record in filter(None, [file.get(kind), world.one(kind)]):
        yield path.replace(f"{{{named[0]}}}", str(record.id))


def _file(db, child) -> dict[str, Any]:
    make_health(db, child, notes=f"{HEALTH} takes medicine", hiv="positive")
    return {
        "child": child,
        "identity": make_identity(db, child, number=NUMBER),
        "withholding": make_withholding(db, child, what=WITHHELD),
        "document": make_document(db, child, note=WITHHELD),
    }


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_answer_holds_what_the_role_may_not_read(role, app, db, client_for, api_for, connection):
    world = make_world(db, role)
    # In the same district, and in nobody's hands but a colleague's: the nearest that a stranger can be.
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=colleague, institution=world.home)
    file = _file(db, child)
    machine, page = api_for(world.actor), client_for(world.actor)
    forbidden = [HEALTH, NUMBER, NUMBER[:12], '"hiv":"positive"']
    if role not in OF_THE_FILE:
        # A worker's own form offers the words of every answer.
        forbidden += [WITHHELD, "Lives with HIV"]
    told, answered = [], 0
    for route in route_table(app):
        if not route.is_safe or route.public or not permits(route, role):
            continue
        for path in _addresses(route, world, file):
            nested = connection.begin_nested()
            answer = (machine if route.is_api else page).get(path, follow_redirects=False)
            nested.rollback()
            answered += answer.status_code == 200
            told += [f"{path}: {canary}" for canary in forbidden if canary in answer.text]
    assert told == []
    assert answered > 0


def test_a_number_is_in_no_answer_but_its_reveal(app, db, client_for, api_for, connection):
    world = make_world(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=world.actor)
    file = _file(db, child)
    machine, page = api_for(world.actor), client_for(world.actor)
    with_health = []
    for route in route_table(app):
        if not route.is_safe or route.public or not permits(route, Role.SOCIAL_WORKER):
            continue
        for path in _addresses(route, world, file):
            nested = connection.begin_nested()
            text = (machine if route.is_api else page).get(path, follow_redirects=False).text
            nested.rollback()
            assert NUMBER not in text, path
            if HEALTH in text:
                with_health.append(path)
    # Health stands on its own page and in its own answer, for the worker whose case it is, and nowhere else.
    health = f"/children/{child.id}/record/health"
    assert sorted(with_health) == sorted([f"/api/v1{health}", health])
    assert machine.post(f"/identities/{file['identity'].id}/reveal").json()["number"] == NUMBER
