"""Codes that people read aloud: a clash is drawn again, and never becomes somebody else's record."""

import pytest

from app.children.household_schemas import HouseholdRegister
from app.children.household_service import register_household
from app.core import records
from app.core.errors import Conflict
from app.core.ids import CODE_ALPHABET, new_code
from tests import make
from tests.make import actor_for, make_household


def test_codes_have_no_look_alikes():
    assert not set(CODE_ALPHABET) & set("0O1IL2Z5S8BAEUV")
    assert len({new_code("TMM") for _number in range(1000)}) == 1000


def _command() -> HouseholdRegister:
    return HouseholdRegister.model_validate({"kind": "birth", "head_name": "Uwase", "village": make.VILLAGE})


def test_when_no_code_is_free_it_is_said_and_nothing_is_written(db, monkeypatch):
    worker = actor_for(db, "social_worker")
    taken = make_household(db)
    monkeypatch.setattr(records, "new_code", lambda _prefix: taken.code)
    with pytest.raises(Conflict):
        register_household(db, worker, _command())
