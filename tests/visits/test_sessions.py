"""Psychological sessions: everybody at work on the child sees that one took place, and few what was said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.core.errors import FieldError, Forbidden
from app.visits.models import PsychSession
from app.visits.schemas import SessionRecord
from app.visits.sessions import open_session, record_session, session_items_of
from app.visits.words import SessionKind
from tests.clients import ApiClient, PageClient
from tests.house.routes import route_table
from tests.make import actor_for, make_child, make_household, make_session

TODAY = clock.today()
CANARY = "akanyoni kavuze"
Clients = Callable[[Actor | None], PageClient]
Apis = Callable[[Actor | None], ApiClient]


@pytest.fixture
def psychologist(db: Session) -> Actor:
    return actor_for(db, Role.PSYCHOLOGIST)


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def test_the_writer_and_the_responsible_post_read_the_note_and_nobody_else(
    db: Session, worker: Actor, psychologist: Actor, child: Child
) -> None:
    command = SessionRecord(kind=SessionKind.INDIVIDUAL, held_on=TODAY, note=CANARY)
    session_id, is_new = record_session(db, psychologist, child.id, command)
    assert is_new
    assert open_session(db, psychologist, session_id).note == CANARY
    assert open_session(db, worker, session_id).note == CANARY
    for role in (Role.PSYCHOLOGIST, Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR):
        seen = open_session(db, actor_for(db, role), session_id)
        assert (seen.note, seen.by) == (None, psychologist.display_name)
    assert CANARY not in str(db.scalars(select(AuditEvent.content)).all())
    (item,) = session_items_of(db, worker, child.id)
    assert CANARY not in str(item)


def test_only_a_psychologist_records_and_not_ahead(
    db: Session, worker: Actor, psychologist: Actor, child: Child
) -> None:
    with pytest.raises(Forbidden):
        record_session(db, worker, child.id, SessionRecord(kind=SessionKind.CRISIS, held_on=TODAY))
    ahead = SessionRecord(kind=SessionKind.CRISIS, held_on=TODAY + timedelta(days=1))
    with pytest.raises(FieldError):
        record_session(db, psychologist, child.id, ahead)


def test_the_database_itself_keeps_the_note_from_the_supervisor(
    db: Session, worker: Actor, psychologist: Actor, child: Child
) -> None:
    make_session(db, child, psychologist, note=CANARY)
    for actor, sees in (
        (worker, 1),
        (psychologist, 1),
        (actor_for(db, Role.DISTRICT_SUPERVISOR), 0),
        (actor_for(db, Role.PSYCHOLOGIST), 0),
        (actor_for(db, Role.NATIONAL_MANAGER), 0),
    ):
        bind_actor(db, actor)
        db.execute(text("set local role tubarerere_web"))
        found = db.scalar(text("select count(*) from session_notes"))
        db.execute(text("reset role"))
        assert found == sees, actor.role


@pytest.mark.parametrize(
    "role",
    [Role.DISTRICT_SUPERVISOR, Role.SOCIAL_WORKER, Role.PSYCHOLOGIST, Role.NATIONAL_MANAGER, Role.VOLUNTEER],
)
def test_no_page_or_answer_tells_the_note(
    app, db: Session, client_for: Clients, api_for: Apis, worker: Actor, psychologist: Actor, child: Child, role: Role
) -> None:
    session = make_session(db, child, psychologist, note=CANARY)
    actor = actor_for(db, role)
    page, machine = client_for(actor), api_for(actor)
    ids = {"child_id": child.id, "psych_session_id": session.id, "household_id": child.household_id}
    asked = 0
    for route in route_table(app):
        if route.public or not route.is_safe or not set(route.parameters) <= ids.keys():
            continue
        path = route.path
        for name in route.parameters:
            path = path.replace(f"{{{name}}}", str(ids[name]))
        answer = (machine if route.is_api else page).request("GET", path, follow_redirects=False)
        assert CANARY not in answer.text, str(route)
        asked += 1
    assert asked > 30


def test_the_pages_of_sessions(
    db: Session, client_for: Clients, worker: Actor, psychologist: Actor, child: Child
) -> None:
    client = client_for(psychologist)
    path = f"/children/{child.id}/sessions"
    assert client.open(path).links()["Record a session"] == f"{path}/new"
    form = client.open(f"{path}/new").form(f"{path}/new")
    page = client.post_form(f"{path}/new", form | {"held_on-day": "", "kind": "individual", "note": CANARY}, status=422)
    assert page.form(f"{path}/new")["note"] == CANARY
    days = {"held_on-day": str(TODAY.day), "held_on-month": str(TODAY.month), "held_on-year": str(TODAY.year)}
    page = client.post_form(f"{path}/new", form | days | {"kind": "individual", "note": CANARY})
    assert "Session with the child" in page.text
    assert CANARY not in page.text
    made = db.scalars(select(PsychSession)).one()
    assert CANARY in client.open(f"/sessions/{made.id}").text
    assert CANARY in client_for(worker).open(f"/sessions/{made.id}").text
    client_for(worker).open(f"{path}/new", status=403)
