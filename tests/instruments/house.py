"""Forms and answers, for the tests of the house."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core.ids import new_id
from tests.house.parts import Around, Part, Valid
from tests.make import make_answers

WELLBEING = {"food": 3, "safety": "not_assessed", "child_voice": "I like it here"}
FUNCTIONING = {"scores": {"disability": "yes"}, "instrument": "child_functioning_5_17"}


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    draft = make_answers(db, around.child, around.worker, state="draft", answers={"food": 2})
    return {"draft": [draft], "answers": [make_answers(db, around.child, around.worker, answers=WELLBEING)]}


def _start(world: Any) -> dict[str, Any]:
    return {"child_id": world.one("child").id, "instrument": "child_assessment"}


def _section(world: Any) -> dict[str, Any]:
    return {"draft_id": world.one("draft").id, "section": "body"}


def _finished(world: Any) -> dict[str, Any]:
    """A draft in which nothing is missing."""
    child = world.records["child", "own"][1]
    draft = make_answers(
        world.db, child, world.actor, instrument="caregiver_feedback", state="draft", answers=_FEEDBACK
    )
    return {"draft_id": draft.id, "answers_id": draft.id}


_FEEDBACK = {"told": True, "heard": 4, "helped": 3, "respected": 4}


def _outdated(world: Any) -> dict[str, Any]:
    """A draft in the first version, where the district has switched the second on."""
    from app.instruments.models import InstrumentChoice

    found = _finished(world)
    choice = InstrumentChoice(id=new_id(), district_code=11, instrument="caregiver_feedback", instrument_version=2)
    world.db.add(choice)
    world.db.flush()
    return found


def _assessment(world: Any) -> dict[str, Any]:
    made = make_answers(world.db, world.one("child"), world.actor, instrument="child_assessment")
    return {"answers_id": made.id}


def _functioning(world: Any) -> dict[str, Any]:
    return {"answers_id": make_answers(world.db, world.one("child"), world.actor, **FUNCTIONING).id}


def _whole_set(world: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "child": world.one("child").id,
        "instrument": "caregiver_feedback",
        "answers": _FEEDBACK | {"note": "Come again"},
        "submit": True,
    }


def _plain_start(_world: Any) -> dict[str, Any]:
    return {"id": new_id()}


def _typed(_world: Any) -> dict[str, Any]:
    return {"_version": 0, "q-food": "3", "q-health": "not_assessed"}


def _switched(_world: Any) -> dict[str, Any]:
    return {"instrument": "caregiver_feedback"}


_WORKER, _SUPERVISOR = Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR
_SWITCH = Valid(_SUPERVISOR, lambda _world: {"version": 2}, _switched)
_CORRECT, _ASK, _TAKE = (
    Valid(_WORKER, path=_assessment),
    Valid(_WORKER, path=_assessment),
    Valid(_WORKER, path=_functioning),
)
_SUBMIT, _CARRY = Valid(_WORKER, path=_finished), Valid(_WORKER, path=_outdated)

PART = Part(
    subjects={"draft_id": "draft", "answers_id": "answers"},
    records=_records,
    plain={"instrument": {"/instruments": "wellbeing"}, "section": {"/drafts/": "body"}},
    open_tables=frozenset({"instrument_choices"}),
    valid={
        "POST /children/{child_id}/instruments/{instrument}/start": Valid(_WORKER, _plain_start, _start),
        "POST /drafts/{draft_id}/sections/{section}": Valid(_WORKER, _typed, _section),
        "POST /drafts/{draft_id}/sections/{section}/autosave": Valid(_WORKER, _typed, _section),
        "POST /drafts/{draft_id}/submit": _SUBMIT,
        "POST /drafts/{draft_id}/carry-over": _CARRY,
        "POST /answers/{answers_id}/correct": _CORRECT,
        "POST /answers/{answers_id}/request-approval": _ASK,
        "POST /answers/{answers_id}/take-over": _TAKE,
        "POST /instruments/{instrument}/switch-on": _SWITCH,
        "POST /api/v1/instruments/{instrument}/switch-on": _SWITCH,
        "POST /api/v1/answers": Valid(_WORKER, _whole_set),
        "PATCH /api/v1/answers/{answers_id}": Valid(_WORKER, lambda _world: {"answers": {"told": False}}, _finished),
        "POST /api/v1/answers/{answers_id}/submit": _SUBMIT,
        "POST /api/v1/answers/{answers_id}/carry-over": _CARRY,
        "POST /api/v1/answers/{answers_id}/correct": _CORRECT,
        "POST /api/v1/answers/{answers_id}/request-approval": _ASK,
        "POST /api/v1/answers/{answers_id}/take-over": _TAKE,
    },
    bodies={"PATCH /answers/{answers_id}": {"answers": {"food": 4}}},
)
