"""The hot endpoints take a fixed number of statements, however much there is to find.

What is measured in docs/performance.md holds for a country only if no statement is repeated for each row.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.people.passwords import hash_password
from app.placements.models import Placement
from tests.clients import ApiClient, PageClient
from tests.make import (
    VILLAGE,
    account_of,
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_referral,
    make_task,
    make_visit,
)

ApiFor = Callable[[Actor | None], ApiClient]
ClientFor = Callable[[Actor | None], PageClient]

SINCE = "by=district&from=2012-07-01"
CHILD = {"given_name": "Keza", "sex": "female", "born_on": "2018-03-27", "birth_precision": "day", "village": VILLAGE}
REFERRAL = {"concern": "neglect", "urgency": "medium", "village": VILLAGE, "narrative": "Not at school since March."}


class World:
    """A worker's district, which grows."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.worker = actor_for(db, Role.SOCIAL_WORKER)
        self.volunteer = actor_for(db, Role.VOLUNTEER)
        self.national = actor_for(db, Role.NATIONAL_OFFICER)
        self.cell = actor_for(db, Role.CELL_COORDINATOR)
        self.institution = make_institution(db)
        self.child = make_child(db, institution=self.institution, worker=self.worker)
        self.grow(1)

    def grow(self, number: int) -> None:
        """More children, each with a placement, a visit, a visit that is due, and a referral."""
        for _number in range(number):
            host = {"household": make_household(self.db)}
            child = make_child(self.db, worker=self.worker, since=clock.today() - timedelta(days=60), **host)
            make_task(self.db, child, due_on=clock.today())
            make_referral(self.db, self.volunteer, child_id=child.id)
        for days in range(1, number + 1):
            placement = self._placement()
            make_visit(self.db, placement, visited_on=clock.today() - timedelta(days=days))
            make_referral(self.db, self.volunteer, child_id=self.child.id)
        self.db.flush()

    def _placement(self) -> Placement:
        return self.db.execute(select(Placement).where(Placement.child_id == self.child.id)).scalar_one()


@pytest.fixture
def world(db: Session) -> World:
    return World(db)


API = {
    "list": ("worker", "GET", "/children?limit=25", None, 4),
    "search": ("worker", "GET", "/children?q=keza", None, 4),
    "open": ("worker", "GET", "/children/{child}", None, 4),
    "register": ("worker", "POST", "/children", CHILD, 11),
    "file": ("volunteer", "POST", "/referrals", REFERRAL, 11),
    "number": ("national", "GET", f"/indicators/I05?{SINCE}", None, 6),
}
PAGES = {
    "my day": ("worker", "/", 7),
    "children": ("worker", "/children", 4),
    "a child": ("worker", "/children/{child}", 12),
    "referrals": ("worker", "/referrals", 4),
    "a number": ("national", f"/numbers/I05?{SINCE}", 6),
}


@pytest.mark.parametrize("name", API)
def test_calls_of_the_api(world: World, api_for: ApiFor, name: str) -> None:
    role, method, path, body, most = API[name]
    client = api_for(getattr(world, role))

    def once() -> list[str]:
        content = None if body is None else body | {"id": str(new_id())}
        with client.statements.counted() as block:
            answer = client.request(method, path.format(child=world.child.id), json=content)
        assert answer.status_code in {200, 201}, answer.text
        return block

    few = once()
    world.grow(20)
    many = once()
    assert len(few) == len(many) <= most, many


@pytest.mark.parametrize("name", PAGES)
def test_pages(world: World, client_for: ClientFor, name: str) -> None:
    role, path, most = PAGES[name]
    client = client_for(getattr(world, role))

    def once() -> list[str]:
        with client.statements.counted() as block:
            client.open(path.format(child=world.child.id))
        return block

    few = once()
    world.grow(20)
    many = once()
    assert len(few) == len(many) <= most, many


def test_signing_in(world: World, db: Session, api_for: ApiFor) -> None:
    account_of(db, world.worker).password_hash = hash_password("a long enough password")
    db.flush()
    client = api_for(None)

    def once() -> list[str]:
        credentials = {"username": world.worker.username, "password": "a long enough password"}
        with client.statements.counted() as block:
            assert client.post("/tokens", json=credentials).status_code == 201
        return block

    few = once()
    world.grow(20)
    assert len(once()) == len(few) <= 5
