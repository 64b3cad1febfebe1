"""Supervision, for the tests of the house."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.children.models import Child
from app.core import clock
from app.core.ids import new_id
from app.people.models import Appointment
from app.supervision.models import Conference, ConferenceAction, HandOver
from tests.house.parts import Around, Part, Valid
from tests.make import actor_for, make_child

TODAY = clock.today()
_SUPERVISOR, _WORKER = Role.DISTRICT_SUPERVISOR, Role.SOCIAL_WORKER


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    conference = Conference(
        child_id=around.child.id,
        held_on=TODAY,
        attended=["The sector's officer"],
        child_took_part=True,
        minutes="She may stay",
    )
    db.add(conference)
    db.flush()
    action = ConferenceAction(
        conference_id=conference.id,
        child_id=around.child.id,
        what="Ask the school",
        post_id=around.worker.post_id,
        due_on=TODAY,
    )
    db.add(action)
    db.flush()
    return {"conference": [conference], "conference_action": [action]}


def _post_with_child(world: Any) -> dict[str, Any]:
    worker = actor_for(world.db, _WORKER)
    make_child(world.db, worker=worker)
    make_child(world.db, given="Gisa", worker=worker)
    return {"post_id": worker.post_id}


def _handing(world: Any) -> dict[str, Any]:
    # The newest child of somebody else's caseload; before the path made one it is anybody.
    handed = world.db.scalar(select(Child.id).where(Child.given_name == "Gisa").order_by(Child.created_at.desc()))
    return {
        "children": [handed or new_id()],
        "post": actor_for(world.db, _WORKER).post_id,
        "note": "The aunt in Gitega asks for a visit on Saturdays only.",
    }


def _covering(world: Any) -> dict[str, Any]:
    return {
        "account": actor_for(world.db, _WORKER).account_id,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=14),
    }


def _covered(world: Any) -> dict[str, Any]:
    path = _post_with_child(world)
    colleague = actor_for(world.db, _WORKER)
    cover = Appointment(
        account_id=colleague.account_id,
        post_id=path["post_id"],
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=7),
    )
    world.db.add(cover)
    world.db.flush()
    return path | {"appointment_id": cover.id}


def a_conference(world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "held_on": TODAY,
        "attended": ["Uwera Alice, social worker", "The head of the village"],
        "child_took_part": True,
        "minutes": "She wishes to stay with her aunt.",
        "actions": [{"what": "Ask the school", "post": world.actor.post_id, "due_on": TODAY + timedelta(days=7)}],
    }


def _handed(world: Any) -> dict[str, Any]:
    note = HandOver(child_id=world.one("child").id, to_post_id=world.actor.post_id, note="Visit on Saturdays")
    world.db.add(note)
    world.db.flush()
    return {}


def _handed_together(world: Any) -> dict[str, Any]:
    child = make_child(world.db, worker=world.actor)
    world.db.add(HandOver(child_id=child.id, to_post_id=world.actor.post_id, note="Visit on Saturdays"))
    world.db.flush()
    return {}


def _done_before(world: Any) -> dict[str, Any]:
    world.one("conference_action").done_on = TODAY
    world.db.flush()
    return {}


_REASSIGN = Valid(_SUPERVISOR, _handing, _post_with_child)
_COVER = Valid(_SUPERVISOR, _covering, _post_with_child)
_END = Valid(_SUPERVISOR, path=_covered)
_CONFERENCE = Valid(_WORKER, a_conference)
_DONE = Valid(_WORKER)
_REOPENED = Valid(_WORKER, path=_done_before)
_READ = Valid(_WORKER, path=_handed)
_READ_ALL = Valid(_WORKER, lambda _world: {"until": clock.now().isoformat()}, _handed_together)

PART = Part(
    subjects={"conference_id": "conference", "action_id": "conference_action"},
    records=_records,
    plain={"post_id": "post"},
    valid={
        "POST /caseloads/{post_id}/reassign": _REASSIGN,
        "POST /caseloads/{post_id}/cover": _COVER,
        "POST /caseloads/{post_id}/covers/{appointment_id}/end": _END,
        "POST /children/{child_id}/conferences/new": _CONFERENCE,
        "POST /children/{child_id}/hand-overs/read": _READ,
        "POST /api/v1/children/{child_id}/hand-overs/read": _READ,
        "POST /hand-overs/read": _READ_ALL,
        "POST /api/v1/hand-overs/read": _READ_ALL,
        "POST /conference-actions/{action_id}/done": _DONE,
        "POST /conference-actions/{action_id}/reopen": _REOPENED,
        "POST /api/v1/caseloads/{post_id}/reassign": _REASSIGN,
        "POST /api/v1/caseloads/{post_id}/cover": _COVER,
        "POST /api/v1/caseloads/{post_id}/covers/{appointment_id}/end": _END,
        "POST /api/v1/children/{child_id}/conferences": _CONFERENCE,
        "POST /api/v1/conference-actions/{action_id}/done": _DONE,
        "POST /api/v1/conference-actions/{action_id}/reopen": _REOPENED,
    },
    creating={
        "conference": (
            _WORKER,
            "POST /children/{child_id}/conferences/new",
            "POST /api/v1/children/{child_id}/conferences",
            Conference,
            "minutes",
        ),
    },
)
