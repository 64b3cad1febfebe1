"""People with a real password, hashed at little cost, and a throttle that starts empty."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.people import passwords, throttle
from tests.make import account_of

PASSWORD = "inzu yacu ifite imiryango"


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> None:
    passwords.context.update(argon2__rounds=1, argon2__memory_cost=64, argon2__parallelism=1)


@pytest.fixture(autouse=True)
def _fresh_throttle(settings: object) -> Iterator[None]:
    throttle.shared().forget()
    yield
    throttle.shared().forget()


@pytest.fixture
def with_password(db: Session) -> Callable[..., Actor]:
    """Gives an actor's account the usual password."""

    def give(actor: Actor, **changes: object) -> Actor:
        account = account_of(db, actor)
        account.password_hash = passwords.hash_password(PASSWORD)
        for name, value in changes.items():
            setattr(account, name, value)
        db.flush()
        return actor

    return give
