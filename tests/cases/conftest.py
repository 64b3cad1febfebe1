"""A worker with a child, and verbs carried out as the web does."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import bind_actor
from app.children.models import Child
from app.core.db import Database
from tests.make import (
    make_child,
)


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


@pytest.fixture
def acting(web: Database) -> Callable[..., Any]:
    """Carries a verb out as the web does: in the web's role, under row-level security, committed at the end."""

    def act(verb: Callable[..., Any], actor: Actor, *given: Any) -> Any:
        with web.unit_of_work() as session:
            bind_actor(session, actor)
            return verb(session, actor, *given)

    return act
