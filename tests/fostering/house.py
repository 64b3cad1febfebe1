"""Foster families, for the tests of the house."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.fostering.models import FosterFamily
from tests.house.parts import Around, Part, Valid, Values
from tests.make import make_foster_family, make_household

TODAY = clock.today()


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    make_foster_family(db, around.household, stage="paused")
    return {}


def _application(_world: Any) -> Values:
    return {
        "id": new_id(),
        "applied_on": TODAY - timedelta(days=1),
        "income_source": "Two cows and a shop",
        "languages": ["rw"],
        "age_from": 3,
        "age_to": 10,
        "siblings_welcome": True,
        "cares": ["ordinary"],
    }


def _offer(world: Any) -> Values:
    body = _application(world)
    return {name: value for name, value in body.items() if name not in {"id", "applied_on"}}


def _with_version(world: Any) -> Values:
    return _offer(world) | {"_version": 1}


def _new_household(world: Any) -> Values:
    return {"household_id": make_household(world.db, vetting="not_checked").id}


def _family(stage: str) -> Any:
    def path(world: Any) -> Values:
        household = make_household(world.db)
        make_foster_family(world.db, household, stage=stage)
        return {"household_id": household.id}

    return path


def _step(_world: Any) -> Values:
    return {"id": new_id(), "step": "visited", "stepped_on": TODAY, "in_order": True, "note": "All is well"}


def _reason(_world: Any) -> Values:
    return {"reason": "They move to another district"}


def _note(_world: Any) -> Values:
    return {"note": "All papers are there"}


_WORKER = Role.SOCIAL_WORKER
_ROOT = "/households/{household_id}/fostering"

PART = Part(
    records=_records,
    valid={
        f"POST {_ROOT}/new": Valid(_WORKER, _application, _new_household),
        f"POST {_ROOT}/edit": Valid(_WORKER, _with_version, _family("applied")),
        f"POST {_ROOT}/steps": Valid(_WORKER, _step, _family("applied")),
        f"POST {_ROOT}/request": Valid(_WORKER, path=_family("trained")),
        f"POST {_ROOT}/available": Valid(_WORKER, path=_family("approved")),
        f"POST {_ROOT}/pause": Valid(_WORKER, _reason, _family("available")),
        f"POST {_ROOT}/withdraw": Valid(_WORKER, _reason, _family("available")),
        f"POST /api/v1{_ROOT}": Valid(_WORKER, _application, _new_household),
        f"PUT /api/v1{_ROOT}": Valid(_WORKER, _offer, _family("applied")),
        f"POST /api/v1{_ROOT}/steps": Valid(_WORKER, _step, _family("applied")),
        f"POST /api/v1{_ROOT}/request": Valid(_WORKER, _note, _family("trained")),
        f"POST /api/v1{_ROOT}/available": Valid(_WORKER, path=_family("approved")),
        f"POST /api/v1{_ROOT}/pause": Valid(_WORKER, _reason, _family("available")),
        f"POST /api/v1{_ROOT}/withdraw": Valid(_WORKER, _reason, _family("available")),
    },
    bodies={
        f"POST {_ROOT}/pause": {"reason": "They move"},
        f"POST {_ROOT}/withdraw": {"reason": "They move"},
        f"POST {_ROOT}": {"applied_on": TODAY.isoformat(), "cares": ["ordinary"]},
        f"PUT {_ROOT}": {"cares": ["ordinary"]},
        f"POST {_ROOT}/steps": {"step": "visited", "stepped_on": TODAY.isoformat()},
    },
    creating={
        "foster_family": (_WORKER, f"POST {_ROOT}/new", f"POST /api/v1{_ROOT}", FosterFamily, "income_source"),
    },
    open_tables=frozenset({"home_terms"}),
)
