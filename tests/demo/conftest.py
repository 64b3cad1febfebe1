from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import URL, Engine, create_engine, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_of
from app.access.roles import Role
from app.demo.load import load_demonstration
from app.people.models import Account, Appointment, Post
from app.places.models import Place

PASSWORD = "tubarerere-demo"


@pytest.fixture(scope="session")
def demonstration(new_database: Callable[[], URL]) -> Iterator[Engine]:
    """A database with the demonstration, loaded once for all tests that look at it."""
    engine = create_engine(new_database(), connect_args={"prepare_threshold": None})
    with Session(engine) as db, db.begin():
        said = load_demonstration(db, seed=2012, password=PASSWORD, progress=lambda _line: None)
    assert "is loaded" in said
    yield engine
    engine.dispose()


@pytest.fixture
def person(db: Session) -> Callable[[str], Actor]:
    """Finds the actor behind a username of the demonstration."""

    def find(username: str) -> Actor:
        account, post, place = db.execute(
            select(Account, Post, Place.name)
            .join(Appointment, Appointment.account_id == Account.id)
            .join(Post, Post.id == Appointment.post_id)
            .join(Place, Place.code == Post.place_code)
            .where(Account.username == username)
        ).one()
        return Actor(
            account_id=account.id,
            username=account.username,
            display_name=account.display_name,
            post_id=post.id,
            role=Role(post.role),
            place_code=post.place_code,
            place_name=place,
            area=area_of(post.place_code),
            institution_id=post.institution_id,
        )

    return find
