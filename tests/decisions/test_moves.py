"""A child leaves an institution for a family before that was decided: it may be, and somebody says why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.children.models import Child
from app.children.words import PlacementKind
from app.core import clock
from app.core.errors import FieldError
from app.core.ids import new_id
from app.decisions.rules import is_move_home
from app.decisions.service import set_gatekeeping
from app.institutions.queries import get_institution
from app.placements.models import Placement, PreparationStep
from app.placements.rules import PREPARATION_ITEMS
from app.placements.schemas import EndPrevious, PlacementEnd, PlacementStart, SleepsNext
from app.placements.service import end_placement, start_placement
from app.placements.words import EndReason
from app.tasks.models import Task
from app.transformation.settling import end_stay
from app.transformation.settling_schemas import EndStay
from tests.clients import ApiClient, PageClient
from tests.make import (
    actor_for,
    make_child,
    make_decision,
    make_household,
    make_institution,
    make_placement,
    make_preparation,
    reload,
)

TODAY = clock.today()
K = PlacementKind
WHY = "The aunt came for her this morning"


@pytest.fixture
def resident(db: Session, worker: Actor) -> Child:
    set_gatekeeping(db, TODAY - timedelta(days=30))
    registered = TODAY - timedelta(days=200)
    return make_child(db, institution=make_institution(db), worker=worker, registered_on=registered)


def move(child: Child, **given: Any) -> PlacementStart:
    values: dict[str, Any] = {
        "child": child.id,
        "kind": K.FOSTER_MALAYIKA_MURINZI,
        "started_on": TODAY,
        "end_previous": EndPrevious(reason=EndReason.MOVED_TO_PERMANENT),
    }
    return PlacementStart(**(values | given))


def due(db: Session, child: Child) -> list[Task]:
    wanted = select(Task).where(Task.child_id == child.id, Task.kind == "decide_again", Task.done_on.is_(None))
    return list(db.scalars(wanted.where(Task.cancelled_on.is_(None)).execution_options(populate_existing=True)))


@pytest.mark.parametrize(
    ("kind", "from_kind", "started_on", "asked"),
    [
        (K.KINSHIP_FORMAL, K.RESIDENTIAL_INSTITUTION, date(2026, 5, 1), True),
        (K.SUPPORTED_INDEPENDENT_LIVING, K.SMALL_GROUP_HOME, date(2026, 5, 1), True),
        (K.KINSHIP_FORMAL, K.RESIDENTIAL_INSTITUTION, date(2026, 4, 9), False),
        (K.KINSHIP_FORMAL, K.RESIDENTIAL_INSTITUTION, date(2026, 3, 31), False),
        (K.KINSHIP_FORMAL, K.FOSTER_EMERGENCY, date(2026, 5, 1), False),
        (K.HOSPITAL, K.RESIDENTIAL_INSTITUTION, date(2026, 5, 1), False),
        (K.KINSHIP_FORMAL, None, date(2026, 5, 1), False),
    ],
)
def test_which_moves_want_a_decision(
    kind: PlacementKind, from_kind: PlacementKind | None, started_on: date, asked: bool
) -> None:
    gate, registered = date(2026, 4, 1), date(2026, 4, 10)
    assert is_move_home(kind, from_kind, started_on, gate_from=gate, registered_on=registered) is asked
    assert not is_move_home(kind, from_kind, started_on, gate_from=None, registered_on=registered)


def test_a_move_without_a_decision_needs_a_reason_and_the_decision_follows(
    db: Session, worker: Actor, resident: Child
) -> None:
    family = make_household(db)
    with pytest.raises(FieldError) as problem, db.begin_nested():
        start_placement(db, worker, move(resident, household=family.id))
    assert problem.value.errors == [
        ("undecided_reason", "Say why the child moves before a decision for it is approved")
    ]
    assert reload(db, resident).household_id is None
    placement_id, _new = start_placement(db, worker, move(resident, household=family.id, undecided_reason=WHY))
    assert db.get_one(Placement, placement_id).undecided_reason == WHY
    [task] = due(db, resident)
    assert (task.due_on, task.post_id) == (TODAY + timedelta(days=3), worker.post_id)
    assert task.path == f"/children/{resident.id}/decisions"
    told = select(AuditEvent.content).where(AuditEvent.kind == "decision.move_before")
    assert db.scalars(told).one() == {"placement": str(placement_id), "due_on": task.due_on.isoformat()}


def test_with_a_decision_for_this_move_nobody_is_asked(db: Session, worker: Actor, resident: Child) -> None:
    family = make_household(db)
    make_decision(db, resident, worker, state="approved", household_id=family.id)
    start_placement(db, worker, move(resident, household=family.id))
    assert due(db, resident) == []


@pytest.mark.parametrize(
    "decided",
    [
        {"state": "requested"},
        {"state": "approved", "kind": "kinship_formal"},
        {"state": "approved", "approved_at": clock.now() - timedelta(days=400)},
    ],
    ids=["not approved yet", "for another kind of care", "used by a placement that ended"],
)
def test_another_decision_does_not_name_the_move(
    db: Session, worker: Actor, resident: Child, decided: dict[str, Any]
) -> None:
    stay = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    before = stay.started_on - timedelta(days=50)
    make_placement(db, resident, household=make_household(db), started_on=before, ended_on=stay.started_on)
    make_decision(db, resident, worker, **decided)
    with pytest.raises(FieldError):
        start_placement(db, worker, move(resident, household=make_household(db).id))


def test_a_decision_for_one_family_is_none_for_another(db: Session, worker: Actor, resident: Child) -> None:
    make_decision(db, resident, worker, state="approved", household_id=make_household(db).id)
    with pytest.raises(FieldError) as problem:
        start_placement(db, worker, move(resident, household=make_household(db).id))
    assert problem.value.errors[0][0] == "undecided_reason"


def test_without_gatekeeping_or_before_its_day_nobody_is_asked(db: Session, worker: Actor, resident: Child) -> None:
    set_gatekeeping(db, TODAY)
    start_placement(db, worker, move(resident, household=make_household(db).id, started_on=TODAY - timedelta(days=1)))
    assert due(db, resident) == []
    set_gatekeeping(db, None)
    other = make_child(db, given="Shema", institution=make_institution(db), worker=worker)
    start_placement(db, worker, move(other, household=make_household(db).id))


def test_an_end_that_nobody_planned_asks_as_well(db: Session, worker: Actor, resident: Child) -> None:
    stay = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    kin = {"kind": K.KINSHIP_INFORMAL, "household": make_household(db, kind="kin", vetting="checked").id}
    ends = {"ended_on": TODAY, "reason": EndReason.ABUSE_IN_PLACEMENT}
    with pytest.raises(FieldError) as problem, db.begin_nested():
        end_placement(db, worker, stay.id, PlacementEnd(**ends, next=SleepsNext(**kin)))
    assert problem.value.errors[0][0] == "next.undecided_reason"
    end_placement(db, worker, stay.id, PlacementEnd(**ends, next=SleepsNext(**kin, undecided_reason=WHY)))
    now = db.scalars(select(Placement).where(Placement.child_id == resident.id, Placement.ended_on.is_(None))).one()
    assert (now.kind, now.undecided_reason) == ("kinship_informal", WHY)
    [task] = due(db, resident)
    assert task.due_on == TODAY + timedelta(days=3)


def test_who_was_found_gone_is_written_down_without_a_reason_and_the_decision_follows(
    db: Session, worker: Actor, resident: Child
) -> None:
    assert resident.institution_id is not None
    house = get_institution(db, worker, resident.institution_id)
    end_stay(db, worker, house, resident.id, EndStay(ended_on=TODAY, reason="reunified"))
    start_placement(db, worker, move(resident, household=make_household(db).id, end_previous=None))
    assert len(due(db, resident)) == 1


# The pages


def dated(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_form_asks_only_where_nothing_is_decided_and_the_file_tells(
    db: Session, client_for: Callable[[Actor | None], PageClient], worker: Actor, resident: Child
) -> None:
    family = make_household(db, head="Nyirahabimana Rose")
    client = client_for(worker)
    path = f"/children/{resident.id}/placements/new?kind=foster_malayika_murinzi"
    page = client.open(path)
    assert "No approved decision names this move" in page.text
    assert page.links()["See the decisions"] == f"/children/{resident.id}/decisions"
    chosen = {"household": str(family.id), "end_previous.reason": "reunified", "note": "She took her doll"}
    typed = page.form(path) | dated("started_on", TODAY) | chosen
    page = client.post_form(path, typed, status=422)
    assert "Say why the child moves before a decision for it is approved" in page.text
    assert "She took her doll" in page.html
    client.post_form(path, typed | {"undecided_reason": WHY})
    told = client.open(f"/children/{resident.id}").text
    assert f"Without a decision: {WHY}" in told
    assert "Decide again where the child will live" in told
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id, Placement.ended_on.is_(None)))
    page = client.open(f"/placements/{placement.one().id}")
    assert "Why it began without a decision" in page.text
    assert WHY in page.text


def test_the_form_asks_nothing_where_it_does_not_apply(
    db: Session, client_for: Callable[[Actor | None], PageClient], worker: Actor, resident: Child
) -> None:
    path = f"/children/{resident.id}/placements/new?kind="
    client = client_for(worker)
    assert "undecided_reason" not in client.open(f"{path}hospital").html
    make_decision(db, resident, worker, state="approved")
    assert "undecided_reason" not in client.open(f"{path}foster_malayika_murinzi").html
    assert "undecided_reason" in client.open(f"{path}kinship_formal").html
    stay = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    assert "next.undecided_reason" in client.open(f"/placements/{stay.id}/end").html
    set_gatekeeping(db, TODAY + timedelta(days=1))
    assert "undecided_reason" not in client.open(f"{path}kinship_formal").html
    assert "undecided_reason" not in client.open(f"/placements/{stay.id}/end").html
    at_home = make_child(db, given="Shema", household=make_household(db), worker=worker)
    set_gatekeeping(db, TODAY)
    assert "undecided_reason" not in client.open(f"/children/{at_home.id}/placements/new?kind=kinship_formal").html


def test_the_form_names_the_open_steps_of_the_preparation(
    db: Session, client_for: Callable[[Actor | None], PageClient], worker: Actor, resident: Child
) -> None:
    begun = make_preparation(db, resident)
    (first, done), (_second, still_open) = PREPARATION_ITEMS[:2]
    said = {"preparation_id": begun.id, "child_id": resident.id, "item": first, "done_on": TODAY, "done_by": "Uwase"}
    db.add(PreparationStep(**said))
    db.flush()
    page = client_for(worker).open(f"/children/{resident.id}/placements/new?kind=kinship_formal")
    assert still_open in page.text
    assert done not in page.text


# The API


def test_a_move_by_machine(
    db: Session, api_for: Callable[[Actor | None], ApiClient], worker: Actor, resident: Child
) -> None:
    wanted = {
        "id": str(new_id()),
        "child": str(resident.id),
        "kind": "foster_malayika_murinzi",
        "started_on": TODAY.isoformat(),
        "household": str(make_household(db).id),
        "end_previous": {"reason": "reunified"},
    }
    api = api_for(worker)
    answer = api.post("/placements", json=wanted)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["undecided_reason"]
    made = api.post("/placements", json=wanted | {"undecided_reason": WHY})
    assert (made.status_code, made.json()["undecided_reason"]) == (201, WHY)
    listed = api.get(f"/placements?child={resident.id}").json()["items"]
    assert [row["undecided_reason"] for row in listed] == [WHY, None]


def test_the_house_reads_nothing_of_it(
    db: Session, api_for: Callable[[Actor | None], ApiClient], worker: Actor
) -> None:
    house = make_institution(db)
    child = make_child(db, institution=house, worker=worker)
    stay = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    stay.undecided_reason = WHY
    db.flush()
    manager = api_for(actor_for(db, Role.INSTITUTION_MANAGER, institution=house))
    [row] = manager.get("/placements").json()["items"]
    assert (row["id"], row["undecided_reason"]) == (str(stay.id), None)
