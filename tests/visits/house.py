"""Visits in depth, for the tests of the house."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.placements.models import Placement
from app.visits.models import PsychSession
from tests.house.parts import CASE_WORK, Around, Part, Valid
from tests.make import (
    actor_for,
    make_alert,
    make_case,
    make_child,
    make_household,
    make_session,
    make_visit,
)

TODAY = clock.today()
_SESSIONS = "POST /children/{child_id}/sessions/new", "POST /api/v1/children/{child_id}/sessions"


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "psych_session": [make_session(db, around.child, actor_for(db, Role.PSYCHOLOGIST))],
        "alert": [make_alert(db, around.child)],
    }


def _a_bad_visit(world: Any) -> dict[str, Any]:
    """A visit that suggests a high risk, to a child of the actor with an open case."""
    child = make_child(world.db, household=make_household(world.db), worker=world.actor)
    make_case(world.db, child)
    placement = world.db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    return {"visit_id": make_visit(world.db, placement, safe="not_safe", suggests_risk="high").id}


def _session(_world: Any = None) -> dict[str, Any]:
    return {"id": new_id(), "kind": "individual", "held_on": TODAY, "note": "She spoke of her mother"}


_CONFIRM = Valid(Role.SOCIAL_WORKER, path=_a_bad_visit)
_ACKNOWLEDGE = Valid(Role.DISTRICT_SUPERVISOR)

PART = Part(
    subjects={"psych_session_id": "psych_session", "alert_id": "alert"},
    records=_records,
    reach={"psych_session": CASE_WORK, "alert": {Role.DISTRICT_SUPERVISOR: {"own", "referred"}}},
    valid={
        "POST /visits/{visit_id}/rate-risk": _CONFIRM,
        "POST /api/v1/visits/{visit_id}/rate-risk": _CONFIRM,
        "POST /alerts/{alert_id}/acknowledge": _ACKNOWLEDGE,
        "POST /api/v1/alerts/{alert_id}/acknowledge": _ACKNOWLEDGE,
        _SESSIONS[0]: Valid(Role.PSYCHOLOGIST, _session),
        _SESSIONS[1]: Valid(Role.PSYCHOLOGIST, _session),
    },
    creating={"psych_session": (Role.PSYCHOLOGIST, *_SESSIONS, PsychSession, "note")},
    bodies={"POST /children/{child_id}/sessions": {"kind": "individual", "held_on": TODAY.isoformat()}},
    narrower=frozenset({"/children/{child_id}/sessions/new"}),
    open_tables=frozenset({"visit_triggers"}),
)
