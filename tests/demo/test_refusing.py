import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core.errors import Conflict
from app.demo.load import load_demonstration
from tests.make import actor_for, make_child


def _load(db: Session) -> str:
    return load_demonstration(db, seed=1, password="x" * 12, progress=lambda _line: None)


def test_real_children_are_left_alone(db: Session) -> None:
    make_child(db)
    with pytest.raises(Conflict, match="one of its own"):
        _load(db)


def test_a_real_person_of_the_same_name_is_left_alone(db: Session) -> None:
    actor_for(db, Role.AUDITOR)
    db.execute(text("update accounts set username = 'auditor'"))
    with pytest.raises(Conflict, match="one of its own"):
        _load(db)


def test_without_places_it_says_so(db: Session) -> None:
    db.execute(text("update places set ended_on = current_date where code = 110101"))
    with pytest.raises(Conflict, match="places load"):
        _load(db)
