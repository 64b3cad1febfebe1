"""Houses on the way to their last day, for the tests of the house."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.core import clock
from app.core.ids import new_id
from app.transformation.models import Census, CensusPerson, Claim, Funder, PlanStep, TransformationPlan
from tests.house.parts import WORKERS, Around, Part, Valid
from tests.make import make_child
from tests.transformation.builders import make_census, make_claim, make_person

TODAY = clock.today()
_WORKER, _SUPERVISOR, _MANAGER = Role.SOCIAL_WORKER, Role.DISTRICT_SUPERVISOR, Role.INSTITUTION_MANAGER
NATION = (Role.NATIONAL_OFFICER, Role.NATIONAL_MANAGER)


def _records(db: Session, around: Around) -> dict[str, list[Any]]:
    house = around.institution
    census = make_census(db, house, around.worker)
    step = PlanStep(institution_id=house.id, what="Repair the roof", who="The sector", due_on=TODAY)
    funder = Funder(institution_id=house.id, name="Friends of the house", currency="usd", amount=9000)
    plan = TransformationPlan(institution_id=house.id, becomes="school")
    db.add_all([step, funder, plan])
    db.flush()
    return {
        "census": [census],
        "person": [make_person(db, census)],
        "claim": [make_claim(db, house)],
        "step": [step],
        "funder": [funder],
    }


# What must be there before


def _draft(world: Any) -> dict[str, Any]:
    census = make_census(world.db, world.one("institution"), world.actor, state="draft", counted_at=None)
    return {"census_id": census.id, "person_id": make_person(world.db, census).id}


def _agreeing(world: Any) -> dict[str, Any]:
    return {"census_id": make_census(world.db, world.one("institution"), world.actor).id}


def _who_left(world: Any) -> dict[str, Any]:
    house = world.one("institution")
    child = make_child(world.db, institution=house, worker=world.actor)
    census = make_census(world.db, house, world.actor)
    gone = make_person(world.db, census, child_id=child.id, was_known=True, status="left", away_on=TODAY)
    return {"person_id": gone.id}


def _exit(world: Any) -> dict[str, Any]:
    house = world.one("institution")
    child = make_child(world.db, institution=house, worker=world.actor)
    return {"claim_id": make_claim(world.db, house, kind="exit", child_id=child.id).id}


def _exit_recorded(world: Any) -> dict[str, Any]:
    child = make_child(world.db, worker=world.actor)
    return {"claim_id": make_claim(world.db, world.one("institution"), kind="exit", child_id=child.id).id}


def _own_claim(world: Any) -> dict[str, Any]:
    claim = make_claim(world.db, world.one("institution"), created_by=world.actor.account_id)
    return {"claim_id": claim.id}


def _breached(world: Any) -> dict[str, Any]:
    house = world.one("institution")
    house.moratorium_on = TODAY - timedelta(days=200)
    world.db.flush()
    return {}


def _admitted(world: Any) -> dict[str, Any]:
    resident = world.records["child", "own"][1]
    placement = next(one for one in world.all("placement") if one.child_id == resident.id and one.ended_on is None)
    return {"placement": placement.id, "answer": "The police brought her; she is back with her aunt"}


# Bodies


def _move(world: Any) -> dict[str, Any]:
    version = world.one("institution").version
    return {
        "to": 1,
        "reached_on": TODAY,
        "evidence": "The director signed",
        "document": "Minutes 4",
        "_version": version,
    }


def _plan(_world: Any) -> dict[str, Any]:
    return {"becomes": "milk_collection", "buildings": "The cooperative rents them", "_version": 1}


def _step(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "what": "Buy a tank", "who": "The cooperative", "due_on": TODAY + timedelta(days=30)}


def _funder(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "name": "A parish", "country": "Belgium", "amount": 12000, "currency": "usd", "tied": True}


def _gives() -> dict[str, Any]:
    return {"name": "A parish", "amount": 7000, "currency": "usd"}


def _staff(_world: Any) -> dict[str, Any]:
    return {"role": "caregiver", "number": 8, "trained": 2, "retrained": 5, "moved": 1, "paid_off": 1}


def _census(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "counted_on": TODAY, "note": "In the evening"}


def _person(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "name": "Ineza", "sex": "female", "age_years": 4}


def _tick(world: Any) -> dict[str, Any]:
    ids = [world.one("person").id]
    return {"shown": ids, "present": ids}


def _registration(_world: Any) -> dict[str, Any]:
    return {
        "given_name": "Umwiza",
        "sex": "female",
        "born_on": TODAY - timedelta(days=2200),
        "birth_precision": "estimated",
        "started_on": TODAY,
    }


def _known(world: Any) -> dict[str, Any]:
    return {"code": world.records["child", "own"][3].code, "started_on": TODAY}


def _end(_world: Any) -> dict[str, Any]:
    return {"ended_on": TODAY, "reason": "reunified"}


def _claim(_world: Any) -> dict[str, Any]:
    return {"id": new_id(), "kind": "admission", "name": "Hirwa", "happened_on": TODAY, "note": "At the gate"}


_VERBS: dict[str, Valid] = {
    "institutions/{institution_id}/closure/move": Valid(_WORKER, _move),
    "institutions/{institution_id}/answer-breach": Valid(_SUPERVISOR, _admitted, _breached),
    "institutions/{institution_id}/plan/ask": Valid(_WORKER),
    "steps/{step_id}/finish": Valid(_WORKER),
    "steps/{step_id}/reopen": Valid(_WORKER),
    "funders/{funder_id}/end": Valid(_WORKER),
    "funders/{funder_id}/reopen": Valid(_WORKER),
    "censuses/{census_id}/tick": Valid(_WORKER, _tick, _draft),
    "censuses/{census_id}/count": Valid(_WORKER, path=_draft),
    "censuses/{census_id}/reconcile": Valid(_WORKER, path=_agreeing),
    "census-people/{person_id}/mark": Valid(_WORKER, lambda _w: {"status": "absent", "away_where": "School"}, _draft),
    "census-people/{person_id}/register": Valid(_WORKER, _registration),
    "census-people/{person_id}/know": Valid(_WORKER, _known),
    "census-people/{person_id}/end": Valid(_WORKER, _end, _who_left),
    "census-people/{person_id}/explain": Valid(_WORKER, lambda _w: {"note": "A visitor for one night"}),
    "claims/{claim_id}/accept": Valid(_WORKER, path=_exit_recorded),
    "claims/{claim_id}/register": Valid(_WORKER, _registration),
    "claims/{claim_id}/know": Valid(_WORKER, _known),
    "claims/{claim_id}/end": Valid(_WORKER, _end, _exit),
    "claims/{claim_id}/withdraw": Valid(_MANAGER, path=_own_claim),
    "claims/{claim_id}/reject": Valid(_WORKER, lambda _w: {"reason": "Nobody of this name is there"}),
}
_MADE: dict[tuple[str, str], Valid] = {
    ("plan/edit", "plan"): Valid(_WORKER, _plan),
    ("staff/edit", "staff"): Valid(_WORKER, _staff),
    ("steps/new", "steps"): Valid(_WORKER, _step),
    ("funders/new", "funders"): Valid(_WORKER, _funder),
    ("census/new", "censuses"): Valid(_WORKER, _census),
    ("claims/new", "claims"): Valid(_MANAGER, _claim),
}
_HOUSE = "/institutions/{institution_id}/"
_PERSON = Valid(_WORKER, _person, _draft)

_DAY = TODAY.isoformat()
_BODIES: dict[str, dict[str, Any]] = {
    "institutions/{institution_id}/closure/move": {"to": 1, "reached_on": _DAY, "evidence": "Signed"},
    "institutions/{institution_id}/answer-breach": {"placement": str(new_id()), "answer": "Looked into"},
    "institutions/{institution_id}/plan": {"becomes": "school"},
    "institutions/{institution_id}/steps": {"what": "Buy a tank", "who": "The sector", "due_on": _DAY},
    "institutions/{institution_id}/funders": {"name": "A parish"},
    "institutions/{institution_id}/staff": {"role": "cook_cleaner", "number": 1},
    "institutions/{institution_id}/censuses": {"counted_on": _DAY},
    "institutions/{institution_id}/claims": {"kind": "admission", "name": "Hirwa", "happened_on": _DAY},
    "censuses/{census_id}/tick": {"shown": [], "present": []},
    "censuses/{census_id}/people": {"name": "Ineza", "sex": "female"},
    "census-people/{person_id}/mark": {"status": "present"},
    "census-people/{person_id}/explain": {"note": "A visitor"},
    "claims/{claim_id}/reject": {"reason": "Nobody of this name"},
} | {
    f"{subject}/{verb}": body
    for subject in ("census-people/{person_id}", "claims/{claim_id}")
    for verb, body in {
        "register": {"given_name": "Ineza", "sex": "female", "birth_precision": "unknown", "started_on": _DAY},
        "know": {"code": "TMM-7K3Q9D"},
        "end": {"ended_on": _DAY, "reason": "reunified"},
    }.items()
}

PART = Part(
    subjects={
        "census_id": "census",
        "person_id": "person",
        "claim_id": "claim",
        "step_id": "step",
        "funder_id": "funder",
    },
    records=_records,
    reach={
        "census": {role: {"own"} for role in WORKERS} | {role: {"own", "other", "referred"} for role in NATION},
        "person": {role: {"own"} for role in WORKERS},
        "claim": {role: {"own"} for role in WORKERS} | {_MANAGER: {"own"}},
        "step": {role: {"own"} for role in WORKERS} | {Role.NATIONAL_MANAGER: {"own", "other", "referred"}},
        "funder": {role: {"own"} for role in WORKERS} | {Role.NATIONAL_MANAGER: {"own", "other", "referred"}},
    },
    valid={f"POST {door}/{path}": valid for path, valid in _VERBS.items() for door in ("", "/api/v1")}
    | {f"POST {_HOUSE}{page}": valid for (page, _api), valid in _MADE.items()}
    | {f"POST /api/v1{_HOUSE}{api}": valid for (_page, api), valid in _MADE.items()}
    | {
        "POST /funders/{funder_id}/edit": Valid(
            _WORKER, lambda world: _gives() | {"_version": world.one("funder").version}
        ),
        "PUT /api/v1/funders/{funder_id}": Valid(_WORKER, lambda _world: _gives()),
    }
    | {"POST /censuses/{census_id}/people/new": _PERSON, "POST /api/v1/censuses/{census_id}/people": _PERSON},
    creating={
        "step": (_WORKER, f"POST {_HOUSE}steps/new", f"POST /api/v1{_HOUSE}steps", PlanStep, "what"),
        "funder": (_WORKER, f"POST {_HOUSE}funders/new", f"POST /api/v1{_HOUSE}funders", Funder, "name"),
        "census": (_WORKER, f"POST {_HOUSE}census/new", f"POST /api/v1{_HOUSE}censuses", Census, "note"),
        "census_person": (
            _WORKER,
            "POST /censuses/{census_id}/people/new",
            "POST /api/v1/censuses/{census_id}/people",
            CensusPerson,
            "name",
        ),
        "claim": (_MANAGER, f"POST {_HOUSE}claims/new", f"POST /api/v1{_HOUSE}claims", Claim, "note"),
    },
    bodies={f"POST /{path}": body for path, body in _BODIES.items()} | {"PUT /funders/{funder_id}": _gives()},
    open_tables=frozenset(
        {
            "institution_stages",
            "transformation_plans",
            "transformation_steps",
            "institution_funders",
            "institution_staff",
        }
    ),
)
