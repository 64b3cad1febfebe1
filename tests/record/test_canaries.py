"""What is sealed comes out to nobody who may not read it, whatever address they open."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core.ids import new_id
from tests.house.parts import joined
from tests.house.requests import permits
from tests.house.routes import Route, route_table
from tests.house.world import make_world
from tests.make import (
    actor_for,
    make_address,
    make_child,
    make_document,
    make_health,
    make_identity,
    make_session,
    make_withholding,
)

HEALTH, NUMBER, WITHHELD = "kanariyahiv", "1201870099887766", "kanariyabanga"
NOTE, ADDRESS, NAME = "kanariyaijambo", "kanariyaahantu", "Nyirakanariya"
OF_THE_FILE = {Role.SOCIAL_WORKER, Role.PSYCHOLOGIST, Role.DISTRICT_SUPERVISOR}
"""Who reads the file of a colleague's child: its papers and what must not be told, but not health.

The supervisor reads health as well. The notes of a session are read by nobody here.
"""


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
        "address": make_address(db, child, words=ADDRESS, with_whom=ADDRESS),
        "psych_session": make_session(db, child, actor_for(db, Role.PSYCHOLOGIST), note=NOTE),
    }


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_no_answer_holds_what_the_role_may_not_read(role, app, db, client_for, api_for, connection):
    world = make_world(db, role)
    # In the same district, and in nobody's hands but a colleague's: the nearest that a stranger can be.
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, family=NAME, worker=colleague, institution=world.home)
    file = _file(db, child)
    machine, page = api_for(world.actor), client_for(world.actor)
    forbidden = [NUMBER, NUMBER[:12], NOTE]
    if role is not Role.DISTRICT_SUPERVISOR:
        forbidden += [HEALTH, '"hiv":"positive"']
    if role not in OF_THE_FILE:
        # A worker's own form offers the words of every answer.
        forbidden += [WITHHELD, ADDRESS, "Lives with HIV"]
        forbidden += [] if role is Role.INSTITUTION_MANAGER else [NAME]
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


def test_the_log_of_reading_and_changing_a_file_tells_none_of_it(app, db, client_for, api_for):
    worker = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, family=NAME, worker=worker)
    file = _file(db, child)
    machine, page = api_for(worker), client_for(worker)
    record = f"/children/{child.id}/record"
    assert machine.patch(f"{record}/health", json={"notes": f"{HEALTH} again"}).status_code == 200
    assert machine.patch(f"{record}/names", json={"names": [{"kind": "alias", "name": NAME}]}).status_code == 200
    assert machine.post(f"/identities/{file['identity'].id}/reveal").status_code == 200
    for path in (record, f"{record}/health", f"/children/{child.id}", f"/children?q={NAME}", f"/search?q={NUMBER}"):
        assert page.get(path).status_code == 200
    assert page.get(f"/documents/{new_id()}").status_code == 404
    assert page.get(f"/children?q={NAME}&cursor={HEALTH}").status_code == 422
    written = str([(one.kind, one.content) for one in db.scalars(select(AuditEvent))])
    assert "health" in written
    for canary in (HEALTH, NUMBER, WITHHELD, NOTE, ADDRESS, NAME):
        assert canary not in written


def test_a_number_is_in_no_answer_but_its_reveal(app, db, client_for, api_for, connection):
    world = make_world(db, Role.SOCIAL_WORKER)
    child = make_child(db, family=NAME, worker=world.actor)
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
