"""Placements in depth, for the tests of the house."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.placements.models import CaregiverDeath, LegalAct, SupportItem, TimeAway
from tests.house.parts import Around, Part, Valid
from tests.make import make_preparation, make_time_away

TODAY = clock.today()
_WORKER = Role.SOCIAL_WORKER
_PAGE, _API = "POST /placements/{placement_id}", "POST /api/v1/placements/{placement_id}"


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "preparation": [make_preparation(db, around.child)],
        "time_away": [make_time_away(db, around.placement)],
        "support": [_given(db, around)],
    }


def _given(db: Session, around: Around) -> SupportItem:
    made = SupportItem(
        placement_id=around.placement.id,
        child_id=around.child.id,
        item="Mattress",
        quantity=1,
        amount_rwf=30_000,
        source="programme",
        given_on=TODAY,
    )
    db.add(made)
    db.flush()
    return made


def _corrected(_world: Any = None) -> dict[str, Any]:
    return {name: value for name, value in _support().items() if name != "id"} | {"amount_rwf": 1}


def _nobodys(world: Any) -> dict[str, Any]:
    """A child of the district for whom nothing is prepared."""
    return {"child_id": world.records["child", "own"][3].id}


def _preparation(_world: Any = None) -> dict[str, Any]:
    return {"id": new_id(), "kind": "kinship_formal", "planned_on": TODAY + timedelta(days=14)}


def _step(_world: Any = None) -> dict[str, Any]:
    return {"step": "child_told", "done_on": TODAY, "done_by": "Uwase Marie", "note": "She wants to see the house"}


def _support(_world: Any = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "item": "Mattress",
        "quantity": 2,
        "amount_rwf": 30000,
        "source": "programme",
        "given_on": TODAY,
    }


def _legal_act(_world: Any = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": "court_order",
        "number": "RC 12/2026",
        "decided_on": TODAY,
        "body": "Court of Nyarugenge",
    }


def _time_away(_world: Any = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": "respite",
        "from_on": TODAY - timedelta(days=40),
        "until_on": TODAY - timedelta(days=30),
        "place": "With the aunt",
        "note": "The caregiver rested",
    }


def _death(_world: Any = None) -> dict[str, Any]:
    return {"id": new_id(), "died_on": TODAY - timedelta(days=1), "note": "After a long illness"}


def _edit(world: Any) -> dict[str, Any]:
    return {"brought_by": "The aunt", "child_was": "Calm", "_version": world.one("placement").version}


def _steps(world: Any) -> dict[str, Any]:
    return _step() | {"step": ["child_told"], "_version": world.one("preparation").version}


_BACK = Valid(_WORKER, lambda _world: {"until_on": TODAY})
_DROP = Valid(_WORKER, lambda _world: {"reason": "The family changed its mind"})

PART = Part(
    subjects={"preparation_id": "preparation", "away_id": "time_away", "support_id": "support"},
    records=_records,
    valid={
        f"{_PAGE}/edit": Valid(_WORKER, _edit),
        "PATCH /api/v1/placements/{placement_id}": Valid(_WORKER, lambda _world: {"brought_by": "The aunt"}),
        f"{_PAGE}/support/new": Valid(_WORKER, _support),
        f"{_API}/support": Valid(_WORKER, _support),
        "POST /support/{support_id}/edit": Valid(_WORKER, lambda _world: _corrected() | {"_version": 1}),
        "PUT /api/v1/support/{support_id}": Valid(_WORKER, _corrected),
        f"{_PAGE}/legal-acts/new": Valid(_WORKER, _legal_act),
        f"{_API}/legal-acts": Valid(_WORKER, _legal_act),
        f"{_PAGE}/times-away/new": Valid(_WORKER, _time_away),
        f"{_API}/times-away": Valid(_WORKER, _time_away),
        f"{_PAGE}/caregiver-death/new": Valid(_WORKER, _death),
        f"{_API}/caregiver-death": Valid(_WORKER, _death),
        "POST /times-away/{away_id}/end": _BACK,
        "POST /api/v1/times-away/{away_id}/end": _BACK,
        "POST /children/{child_id}/preparation/begin": Valid(_WORKER, _preparation, _nobodys),
        "POST /api/v1/children/{child_id}/preparation": Valid(_WORKER, _preparation, _nobodys),
        "POST /preparations/{preparation_id}/done": Valid(_WORKER, _steps),
        "POST /api/v1/preparations/{preparation_id}/done": Valid(_WORKER, _step),
        "POST /preparations/{preparation_id}/drop": _DROP,
        "POST /api/v1/preparations/{preparation_id}/drop": _DROP,
    },
    creating={
        "support": (_WORKER, f"{_PAGE}/support/new", f"{_API}/support", SupportItem, "item"),
        "legal_act": (_WORKER, f"{_PAGE}/legal-acts/new", f"{_API}/legal-acts", LegalAct, "number"),
        "time_away": (_WORKER, f"{_PAGE}/times-away/new", f"{_API}/times-away", TimeAway, "place"),
        "death": (_WORKER, f"{_PAGE}/caregiver-death/new", f"{_API}/caregiver-death", CaregiverDeath, "note"),
    },
    bodies={
        "POST /placements/{placement_id}/support": _support() | {"id": None, "given_on": TODAY.isoformat()},
        "PUT /support/{support_id}": _corrected() | {"given_on": TODAY.isoformat()},
        "POST /placements/{placement_id}/legal-acts": _legal_act() | {"id": None, "decided_on": TODAY.isoformat()},
        "POST /placements/{placement_id}/times-away": {
            "kind": "respite",
            "from_on": TODAY.isoformat(),
            "place": "With the aunt",
        },
        "POST /placements/{placement_id}/caregiver-death": {"died_on": TODAY.isoformat()},
        "POST /times-away/{away_id}/end": {"until_on": TODAY.isoformat()},
        "POST /children/{child_id}/preparation": {
            "kind": "kinship_formal",
            "planned_on": (TODAY + timedelta(days=14)).isoformat(),
        },
        "POST /preparations/{preparation_id}/done": _step() | {"done_on": TODAY.isoformat()},
        "POST /preparations/{preparation_id}/drop": {"reason": "The family changed its mind"},
    },
    open_tables=frozenset({"placement_settings", "preparation_items"}),
)
