from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.area import area_of
from app.access.roles import Role
from app.people.models import Account, Appointment, Post
from app.places.models import Place


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
