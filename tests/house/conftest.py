from collections.abc import Iterator

import pytest

from app.access.roles import Role
from app.people import passwords, throttle
from tests.house.world import World, make_world


@pytest.fixture(autouse=True)
def _easy_sign_in(settings: object) -> Iterator[None]:
    """Hashes at little cost, and no lock after the many passwords that these tests send."""
    passwords.context.update(argon2__rounds=1, argon2__memory_cost=64, argon2__parallelism=1)
    throttle.shared().forget()
    yield
    throttle.shared().forget()


@pytest.fixture
def world(db) -> World:
    """What surrounds a social worker."""
    return make_world(db, Role.SOCIAL_WORKER)
