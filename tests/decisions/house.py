"""Decisions and matching, for the tests of the house."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.decisions.models import Decision
from app.fostering.models import FosterFamily
from tests.house.parts import Around, Part, Valid, Values
from tests.make import make_child, make_decision, make_foster_family, make_household

TODAY = clock.today()


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {"decision": [make_decision(db, around.child, around.worker)]}


def _content(_world: Any) -> Values:
    return {
        "decided_on": TODAY,
        "panel": [{"name": "Mukamana Rose", "role": "Social worker"}, {"name": "Kalisa Jean", "role": "Uncle"}],
        "author_sat": True,
        "grounds": ["death_both"],
        "necessity": "Both parents died",
        "options": [
            {"option": "family", "considered": True, "finding": "Both parents died", "why_not": "Nobody is left"},
            {"option": "kin", "considered": False, "why_not": "No kin was found"},
        ],
        "kind": "foster_malayika_murinzi",
        "suitability": "She knows the family",
        "child_heard": True,
        "child_said": "I want to go to school",
        "siblings": "none",
    }


def _new(world: Any) -> Values:
    return {"id": new_id()} | _content(world)


def _with_version(world: Any) -> Values:
    return _content(world) | {"_version": 1}


def _decided_child(world: Any) -> Values:
    child = make_child(world.db, worker=world.actor)
    make_decision(world.db, child, world.actor, state="approved")
    make_foster_family(world.db, make_household(world.db))
    return {"child_id": child.id}


def _choice(world: Any) -> Values:
    newest = select(FosterFamily.household_id).where(FosterFamily.stage == "available")
    household = world.db.scalar(newest.order_by(FosterFamily.created_at.desc()).limit(1))
    return {"id": new_id(), "household": household or new_id(), "why": "They live next door"}


_WORKER = Role.SOCIAL_WORKER
_LIST = "/children/{child_id}/decisions"
_ONE = "/decisions/{decision_id}"
_MATCHING = "/children/{child_id}/matching"
_JSON_CONTENT = _content(None) | {"decided_on": TODAY.isoformat()}

PART = Part(
    subjects={"decision_id": "decision"},
    records=_records,
    valid={
        f"POST {_LIST}/new": Valid(_WORKER, _new),
        f"POST {_ONE}/edit": Valid(_WORKER, _with_version),
        f"POST {_ONE}/request": Valid(_WORKER),
        f"POST {_MATCHING}/choose": Valid(_WORKER, _choice, _decided_child),
        f"POST /api/v1{_LIST}": Valid(_WORKER, _new),
        f"PUT /api/v1{_ONE}": Valid(_WORKER, _content),
        f"POST /api/v1{_ONE}/request": Valid(_WORKER),
        f"POST /api/v1{_MATCHING}/choose": Valid(_WORKER, _choice, _decided_child),
    },
    bodies={
        f"POST {_LIST}": _JSON_CONTENT,
        f"PUT {_ONE}": _JSON_CONTENT,
        f"POST {_MATCHING}/choose": {"household": str(new_id()), "why": "They live next door"},
    },
    creating={"decision": (_WORKER, f"POST {_LIST}/new", f"POST /api/v1{_LIST}", Decision, "necessity")},
    narrower=frozenset({f"{_LIST}/new", f"{_ONE}/edit"}),
)
