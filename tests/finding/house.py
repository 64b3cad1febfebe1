"""Duplicates, questions and joins, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.children.models import Child
from app.core.ids import new_id
from app.finding.models import ChildJoin
from tests import make
from tests.house.parts import Around, Part, Valid
from tests.make import actor_for, make_child, make_join, make_question


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    return {
        "duplicate_question": [make_question(db, around.child, around.child, around.worker)],
        "join": [make_join(db, around.child, around.child, around.worker)],
    }


def _far_twin(world: Any, child: Child) -> Child:
    """A record in the other district that is likely the same."""
    worker = actor_for(world.db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    return make_child(
        world.db,
        given=child.given_name,
        family=child.family_name,
        village=make.OTHER_VILLAGE,
        worker=worker,
        born_on=child.born_on,
    )


def _near_twin(world: Any) -> Child:
    child = world.records["child", "own"][3]
    return make_child(world.db, given=child.given_name, family=child.family_name, born_on=child.born_on)


def _own(world: Any) -> dict[str, Any]:
    return {"child_id": world.one("child").id}


def _nobodys(world: Any) -> dict[str, Any]:
    return {"child_id": world.records["child", "own"][3].id}


def _asks(world: Any) -> dict[str, Any]:
    return {"id": new_id(), "other": _far_twin(world, world.one("child")).id, "note": "A scar over the left eye"}


def _joins(world: Any) -> dict[str, Any]:
    return {"id": new_id(), "other": _near_twin(world).id, "keep": "this", "reason": "The same mother told both"}


def _asked_of_me(world: Any) -> dict[str, Any]:
    far = actor_for(world.db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    child = make_child(world.db, village=make.OTHER_VILLAGE, worker=far)
    return {"duplicate_question_id": make_question(world.db, child, world.one("child"), far).id}


def _joined(world: Any) -> dict[str, Any]:
    join = make_join(world.db, world.records["child", "own"][3], _near_twin(world), world.actor, done=True)
    return {"join_id": join.id}


_WORKER, _SUPERVISOR = Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR
_ASK = Valid(_WORKER, _asks, _own)
_ANSWER = Valid(_WORKER, lambda _world: {"answer": "not_same", "note": "Ours is two years older"}, _asked_of_me)
_JOIN = Valid(_SUPERVISOR, _joins, _nobodys)
_PART = Valid(_SUPERVISOR, lambda _world: {"reason": "They were seen together"}, _joined)
_ANOTHER = "018f3b1e-0000-7000-8000-000000000000"
_REASON = {"reason": "They were seen together"}

PART = Part(
    subjects={"duplicate_question_id": "duplicate_question", "join_id": "join"},
    records=_records,
    valid={
        "POST /children/{child_id}/duplicate-questions": _ASK,
        "POST /api/v1/children/{child_id}/duplicate-questions": _ASK,
        "POST /duplicate-questions/{duplicate_question_id}/answer": _ANSWER,
        "POST /api/v1/duplicate-questions/{duplicate_question_id}/answer": _ANSWER,
        "POST /children/{child_id}/joins/new": _JOIN,
        "POST /api/v1/children/{child_id}/joins": _JOIN,
        "POST /joins/{join_id}/part": _PART,
        "POST /api/v1/joins/{join_id}/part": _PART,
        "POST /api/v1/children/check-duplicates": Valid(
            _WORKER,
            lambda _world: {
                "given_name": "Ineza",
                "family_name": "Umutoni",
                "sex": "female",
                "birth_precision": "unknown",
            },
        ),
    },
    creating={
        "/children/{child_id}/joins/new": (
            _SUPERVISOR,
            "POST /children/{child_id}/joins/new",
            "POST /api/v1/children/{child_id}/joins",
            ChildJoin,
            "reason",
        )
    },
    bodies={
        "POST /children/{child_id}/duplicate-questions": {"other": _ANOTHER},
        "POST /children/{child_id}/joins": {"other": _ANOTHER, "reason": "One mother"},
        "POST /joins/{join_id}/part": _REASON,
        "POST /duplicate-questions/{duplicate_question_id}/answer": {"answer": "not_same"},
    },
)
