"""Tracing, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.tracing.models import Relative, RelativeContact, TracingAction, TracingRequest
from tests.house.parts import Around, Part, Valid
from tests.make import make_relative, make_search

TODAY = clock.today()


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "tracing": [make_search(db, around.child)],
        "relative": [make_relative(db, around.child)],
    }


def _search(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "last_places": "Near the market of Gitega", "told_by": "The cook of the home"}


def _action(_world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "done_on": TODAY,
        "kind": "local_leader",
        "place": "Gitega",
        "outcome": "The chief of the village knows an aunt",
        "next_step": "Visit the aunt",
        "next_on": clock.days_ahead(7),
    }


def _relative(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "name": "Mukamana Rose", "relationship": "aunt_uncle", "wish": "contact"}


def _relative_now(world: Any) -> dict[str, Any]:
    changed = {"name": "Mukamana Rosine", "relationship": "aunt_uncle", "alive": "yes"}
    return changed | {"_version": world.one("relative").version}


def _verified(world: Any) -> dict[str, Any]:
    return {
        "verification": "verified",
        "verified_on": TODAY,
        "verified_how": "Two neighbours knew them both",
        "verified_by": "The worker",
        "_version": world.one("relative").version,
    }


def _contact(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "contact_on": TODAY, "kind": "call", "child_took": "She laughed and sang"}


def _end(world: Any) -> dict[str, Any]:
    return {"state": "not_found", "reason": "Nobody knows them", "_version": world.one("tracing").version}


def _without_search(world: Any) -> dict[str, Any]:
    """A child whose family nobody searches for yet."""
    return {"child_id": world.records["child", "own"][1].id}


def _own_child(world: Any) -> dict[str, Any]:
    return {"child_id": world.one("child").id}


_WORKER = Role.SOCIAL_WORKER

# Bodies that are complete, so that the routes answer whose the record is and not what is missing.
_BODIES: dict[str, dict[str, Any]] = {
    "POST /tracing/{tracing_id}/actions": {"done_on": TODAY.isoformat(), "kind": "radio", "outcome": "Nothing yet"},
    "POST /tracing/{tracing_id}/end": {"state": "found"},
    "POST /children/{child_id}/relatives": {"name": "Mukamana Rose", "relationship": "mother"},
    "PUT /relatives/{relative_id}": {"name": "Mukamana Rose", "relationship": "mother"},
    "POST /relatives/{relative_id}/verify": {
        "verification": "verified",
        "verified_on": TODAY.isoformat(),
        "verified_how": "Papers",
        "verified_by": "The worker",
    },
    "POST /relatives/{relative_id}/contacts": {
        "contact_on": TODAY.isoformat(),
        "kind": "letter",
        "child_took": "She laughed",
    },
}

PART = Part(
    subjects={"tracing_id": "tracing", "relative_id": "relative"},
    records=_records,
    valid={
        "POST /children/{child_id}/tracing/new": Valid(_WORKER, _search, _without_search),
        "POST /tracing/{tracing_id}/actions/new": Valid(_WORKER, _action),
        "POST /tracing/{tracing_id}/end": Valid(_WORKER, _end),
        "POST /children/{child_id}/relatives/new": Valid(_WORKER, _relative, _own_child),
        "POST /relatives/{relative_id}/edit": Valid(_WORKER, _relative_now),
        "POST /relatives/{relative_id}/verify": Valid(_WORKER, _verified),
        "POST /relatives/{relative_id}/contacts/new": Valid(_WORKER, _contact),
        "POST /api/v1/children/{child_id}/tracing": Valid(_WORKER, _search, _without_search),
        "POST /api/v1/tracing/{tracing_id}/actions": Valid(_WORKER, _action),
        "POST /api/v1/tracing/{tracing_id}/end": Valid(_WORKER, _end),
        "POST /api/v1/children/{child_id}/relatives": Valid(_WORKER, _relative, _own_child),
        "PUT /api/v1/relatives/{relative_id}": Valid(_WORKER, _relative_now),
        "POST /api/v1/relatives/{relative_id}/verify": Valid(_WORKER, _verified),
        "POST /api/v1/relatives/{relative_id}/contacts": Valid(_WORKER, _contact),
    },
    creating={
        "tracing": (
            _WORKER,
            "POST /children/{child_id}/tracing/new",
            "POST /api/v1/children/{child_id}/tracing",
            TracingRequest,
            "told_by",
        ),
        "tracing action": (
            _WORKER,
            "POST /tracing/{tracing_id}/actions/new",
            "POST /api/v1/tracing/{tracing_id}/actions",
            TracingAction,
            "outcome",
        ),
        "relative": (
            _WORKER,
            "POST /children/{child_id}/relatives/new",
            "POST /api/v1/children/{child_id}/relatives",
            Relative,
            "name",
        ),
        "contact": (
            _WORKER,
            "POST /relatives/{relative_id}/contacts/new",
            "POST /api/v1/relatives/{relative_id}/contacts",
            RelativeContact,
            "child_took",
        ),
    },
    bodies=_BODIES,
    # Inside the district only the responsible worker and the supervisor write.
    narrower=frozenset(
        {
            "/children/{child_id}/tracing/new",
            "/children/{child_id}/relatives/new",
            "/tracing/{tracing_id}/actions/new",
            "/tracing/{tracing_id}/end",
            "/relatives/{relative_id}/edit",
            "/relatives/{relative_id}/verify",
            "/relatives/{relative_id}/contacts/new",
        }
    ),
)
