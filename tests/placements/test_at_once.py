"""Two people at the same moment, in transactions that truly commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import URL, create_engine, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.core import clock
from app.core.db import Database
from app.core.errors import FieldError, Problem
from app.core.ids import new_id
from app.placements.models import Placement
from app.placements.schemas import PlacementStart
from app.placements.service import start_placement
from app.placements.words import PlacementKind
from tests.make import actor_for, make_child, make_household


@pytest.fixture
def database(new_database: Callable[[], URL]) -> Database:
    return Database(create_engine(new_database()))


def both(database: Database, actor: Actor, first: PlacementStart, second: PlacementStart) -> list[object]:
    ready = Barrier(2)

    def run(command: PlacementStart) -> object:
        try:
            with database.unit_of_work() as db:
                bind_actor(db, actor)
                ready.wait()
                return start_placement(db, actor, command)
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


def start(child: UUID, household: UUID, record: UUID | None = None) -> PlacementStart:
    return PlacementStart(
        id=record or new_id(),
        child=child,
        household=household,
        kind=PlacementKind.FOSTER_MALAYIKA_MURINZI,
        started_on=clock.today(),
    )


def count(database: Database) -> int:
    with Session(database.engine) as db:
        return db.scalar(select(func.count()).select_from(Placement)) or 0


def test_two_moves_of_one_child_one_double_click_and_one_last_place(database: Database) -> None:
    with database.unit_of_work() as db:
        worker = actor_for(db, Role.SOCIAL_WORKER)
        first, second, third, fourth = [make_child(db).id for _number in range(4)]
        family, other, narrow = [make_household(db, capacity=room).id for room in (3, 3, 1)]

    results = both(database, worker, start(first, family), start(first, other))
    assert sorted(isinstance(result, FieldError) for result in results) == [False, True]
    assert count(database) == 1

    twice = start(second, family, new_id())
    results = both(database, worker, twice, twice)
    assert sorted(is_new for _id, is_new in results) == [False, True]  # type: ignore[misc]
    assert count(database) == 2

    results = both(database, worker, start(third, narrow), start(fourth, narrow))
    [refused] = [result for result in results if isinstance(result, FieldError)]
    assert refused.errors[0][0] == "household"
    assert count(database) == 3
    database.engine.dispose()
