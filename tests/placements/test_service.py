from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.placements.models import Placement
from app.placements.queries import list_placements, placements_of, read_placement
from app.placements.schemas import EndPrevious, PlacementEnd, PlacementQuery, PlacementStart
from app.placements.service import end_placement, start_placement
from app.placements.words import EndReason, PlacementKind
from app.tasks.models import Task
from tests.make import (
    OTHER_DISTRICT,
    OTHER_SECTOR,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_task,
    reload,
)

K, E = PlacementKind, EndReason
TODAY = clock.today()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def into_family(child: Child, household: Any, **given: Any) -> PlacementStart:
    values = {"kind": K.FOSTER_MALAYIKA_MURINZI, "started_on": TODAY} | given
    return PlacementStart(child=child.id, household=household.id, **values)


def test_a_resident_moves_into_a_foster_family_in_one_act(db: Session, worker: Actor) -> None:
    home = make_institution(db)
    child = make_child(db, institution=home, worker=worker, since=days_ago(400))
    family = make_household(db)
    stay = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    open_task = make_task(db, child, due_on=TODAY + timedelta(days=5), subject_id=stay.id)
    missed = make_task(db, child, due_on=days_ago(50), subject_id=stay.id)

    placement_id, is_new = start_placement(
        db, worker, into_family(child, family, started_on=days_ago(2), end_previous=EndPrevious(reason=E.REUNIFIED))
    )

    assert is_new
    stay, child = reload(db, stay), reload(db, child)
    assert (stay.ended_on, stay.end_reason, stay.end_was_planned) == (days_ago(2), "reunified", True)
    assert reload(db, open_task).cancel_reason == "placement_ended"
    assert reload(db, missed).cancel_reason == "missed"
    placement = db.get_one(Placement, placement_id)
    assert (placement.from_kind, placement.is_residential) == ("residential_institution", False)
    assert (placement.area_code, placement.household_id) == (family.area_code, family.id)
    assert (child.institution_id, child.household_id) == (None, family.id)
    assert (child.lives_as, child.lives_since) == ("foster_malayika_murinzi", days_ago(2))
    assert child.area_code == family.area_code
    tasks = db.scalars(select(Task).where(Task.subject_id == placement_id, Task.kind == "visit").order_by(Task.due_on))
    due = [(task.due_on, task.tolerance_days, task.post_id) for task in tasks]
    assert due[0] == (days_ago(2) + timedelta(days=7), 3, worker.post_id)
    assert len(due) == 7
    checks = db.scalars(select(Task).where(Task.subject_id == placement_id, Task.kind == "izu_check")).all()
    assert {check.post_id for check in checks} == {None}
    kinds = db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id).order_by(AuditEvent.id))
    assert list(kinds) == ["placement.ended", "placement.started"]


def test_a_child_without_home_is_admitted(db: Session, worker: Actor) -> None:
    home = make_institution(db)
    child = make_child(db)
    placement_id, _new = start_placement(
        db,
        worker,
        PlacementStart(child=child.id, kind=K.RESIDENTIAL_INSTITUTION, started_on=days_ago(3000), institution=home.id),
    )
    assert reload(db, child).institution_id == home.id
    assert read_placement(db, worker, placement_id).from_kind is None
    first = db.scalar(select(func.min(Task.due_on)).where(Task.subject_id == placement_id))
    assert first == TODAY + timedelta(days=90)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"started_on": TODAY + timedelta(days=1)}, "started_on"),
        ({"started_on": date(2018, 3, 26)}, "started_on"),
        ({"started_on": days_ago(101)}, "started_on"),
        ({"end_previous": None}, "end_previous.reason"),
        ({"kind": K.STREET}, "household"),
        ({"kind": K.RESIDENTIAL_INSTITUTION}, "institution"),
        ({"household": new_id()}, "household"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(db: Session, worker: Actor, given: dict[str, Any], field: str) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    family = make_household(db)
    values = {
        "child": child.id,
        "household": family.id,
        "kind": K.FOSTER_MALAYIKA_MURINZI,
        "started_on": TODAY,
        "end_previous": EndPrevious(reason=E.REUNIFIED),
    } | given
    with pytest.raises(FieldError) as caught:
        start_placement(db, worker, PlacementStart(**values))
    assert caught.value.errors[0][0] == field
    assert db.scalar(select(func.count()).select_from(Placement).where(Placement.child_id == child.id)) == 1


def test_the_constraint_speaks_at_the_field_if_the_rules_ever_miss_one(
    db: Session, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    family = make_household(db)
    monkeypatch.setattr("app.placements.service.episodes_of", lambda *_given: [])
    with pytest.raises(FieldError) as caught, db.begin_nested():
        start_placement(db, worker, into_family(child, family))
    assert caught.value.errors[0][0] == "started_on"
    assert reload(db, child).household_id is None


def test_only_an_approved_family_fosters_and_only_up_to_its_capacity(db: Session, worker: Actor) -> None:
    child = make_child(db)
    unchecked = make_household(db, vetting="not_checked")
    with pytest.raises(FieldError, match="another look") as caught:
        start_placement(db, worker, into_family(child, unchecked))
    assert "approved" in caught.value.errors[0][1]
    full = make_household(db, capacity=1)
    make_child(db, household=full)
    with pytest.raises(FieldError) as caught:
        start_placement(db, worker, into_family(child, full))
    assert "room" in caught.value.errors[0][1]
    parents = make_household(db, kind="birth", vetting="not_checked", capacity=1)
    make_child(db, household=parents)
    start_placement(db, worker, into_family(child, parents, kind=K.REUNIFICATION_BIOLOGICAL))


def test_a_mistake_is_replaced_and_leaves_no_time_behind(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker, since=days_ago(10))
    kin = make_household(db, kind="kin", vetting="not_checked", capacity=3)
    wrong = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    placement_id, _new = start_placement(
        db,
        worker,
        into_family(
            child,
            kin,
            kind=K.KINSHIP_FORMAL,
            started_on=days_ago(30),
            end_previous=EndPrevious(reason=E.DATA_CORRECTION),
        ),
    )
    assert reload(db, wrong).ended_on == wrong.started_on
    assert db.get_one(Placement, placement_id).from_kind is None


def test_sending_twice_makes_one_placement(db: Session, worker: Actor) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    command = into_family(child, make_household(db), id=new_id(), end_previous=EndPrevious(reason=E.REUNIFIED))
    assert start_placement(db, worker, command) == (command.id, True)
    assert start_placement(db, worker, command) == (command.id, False)
    assert db.scalar(select(func.count()).select_from(Placement).where(Placement.child_id == child.id)) == 2
    assert db.scalar(select(func.count()).select_from(Task).where(Task.child_id == child.id)) == 13
    other = command.model_copy(update={"note": "Something else"})
    with pytest.raises(Conflict):
        start_placement(db, worker, other)


def test_another_workers_child_is_not_moved(db: Session, worker: Actor) -> None:
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=colleague)
    family = make_household(db)
    with pytest.raises(Forbidden, match="responsible"):
        start_placement(db, worker, into_family(child, family))
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    start_placement(db, supervisor, into_family(child, family))


def test_a_child_of_another_district_is_not_found(db: Session, worker: Actor) -> None:
    child = make_child(db, village=OTHER_VILLAGE)
    with pytest.raises(NotFound):
        start_placement(db, worker, into_family(child, make_household(db)))


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.NATIONAL_OFFICER, Role.INSTITUTION_MANAGER, Role.ADMINISTRATOR])
def test_other_roles_place_nobody(db: Session, role: Role) -> None:
    home = make_institution(db)
    actor = actor_for(db, role, institution=home if role is Role.INSTITUTION_MANAGER else None)
    child = make_child(db, institution=home)
    with pytest.raises(Forbidden):
        start_placement(db, actor, into_family(child, make_household(db)))


def far_family(db: Session, worker: Actor) -> Any:
    return make_household(db, village=OTHER_VILLAGE, created_by=worker.account_id)


def test_a_move_to_another_district_keeps_the_worker(db: Session, web: Database, worker: Actor) -> None:
    child = make_child(db, institution=make_institution(db), worker=worker)
    family = far_family(db, worker)
    command = into_family(child, family, end_previous=EndPrevious(reason=E.REUNIFIED))
    with web.unit_of_work() as session:
        bind_actor(session, worker)
        start_placement(session, worker, command)
    child = reload(db, child)
    assert child.district_code == OTHER_DISTRICT
    assert child.responsible_post_id == worker.post_id
    there = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    assert [row.kind for row in placements_of(db, there, child.id)] == [
        K.FOSTER_MALAYIKA_MURINZI,
        K.RESIDENTIAL_INSTITUTION,
    ]


def test_a_supervisor_moves_a_colleagues_child_out_of_their_own_sight(db: Session, web: Database) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, worker=worker)
    family = far_family(db, supervisor)
    with web.unit_of_work() as session:
        bind_actor(session, supervisor)
        start_placement(session, supervisor, into_family(child, family))
    assert reload(db, child).district_code == OTHER_DISTRICT
    assert list_placements(db, supervisor, PlacementQuery(child=child.id)).items == []


def test_a_child_of_nobody_who_leaves_the_district_stays_somebodys(db: Session, worker: Actor) -> None:
    child = make_child(db)
    start_placement(db, worker, into_family(child, far_family(db, worker)))
    assert reload(db, child).responsible_post_id == worker.post_id
    tasks = db.scalars(select(Task.post_id).where(Task.child_id == child.id, Task.kind == "visit"))
    assert set(tasks) == {worker.post_id}


def test_an_institution_elsewhere_is_out_of_reach(db: Session, worker: Actor) -> None:
    child = make_child(db)
    home = make_institution(db, sector=OTHER_SECTOR)
    with pytest.raises(FieldError) as caught:
        start_placement(
            db,
            worker,
            PlacementStart(child=child.id, kind=K.RESIDENTIAL_INSTITUTION, started_on=TODAY, institution=home.id),
        )
    assert caught.value.errors[0][0] == "institution"


def test_a_restricted_child_has_no_light_checks(db: Session, worker: Actor) -> None:
    child = make_child(db, worker=worker, restricted=True)
    start_placement(db, worker, into_family(child, make_household(db)))
    assert set(db.scalars(select(Task.kind).where(Task.child_id == child.id))) == {"visit"}


# Ending


def test_a_placement_ends_and_what_was_due_is_due_no_more(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker)
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    task = make_task(db, child, due_on=TODAY + timedelta(days=3), subject_id=placement.id)
    end_placement(db, worker, placement.id, PlacementEnd(ended_on=TODAY, reason=E.CHILD_RAN_AWAY), 1)
    placement, child = reload(db, placement), reload(db, child)
    assert (placement.ended_on, placement.end_was_planned, placement.version) == (TODAY, False, 2)
    assert (child.household_id, child.lives_as, child.lives_since) == (None, None, None)
    assert reload(db, task).cancel_reason == "placement_ended"
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "placement.ended")).one()
    assert (event.subject_id, event.content["reason"]) == (child.id, "child_ran_away")


def test_an_end_before_the_start_or_in_the_future_is_told(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker, since=days_ago(10))
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    for ended_on in (days_ago(11), TODAY + timedelta(days=1)):
        with pytest.raises(FieldError) as caught:
            end_placement(db, worker, placement.id, PlacementEnd(ended_on=ended_on, reason=E.POVERTY))
        assert caught.value.errors[0][0] == "ended_on"


def test_who_comes_second_is_told(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker)
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    command = PlacementEnd(ended_on=TODAY, reason=E.POVERTY)
    end_placement(db, worker, placement.id, command, 1)
    with pytest.raises(Stale) as caught:
        end_placement(db, worker, placement.id, command, 1)
    assert caught.value.current["reason"] == "poverty"
    with pytest.raises(Conflict):
        end_placement(db, worker, placement.id, command)


def test_nobody_moves_a_child_who_has_died(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker)
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    end_placement(db, worker, placement.id, PlacementEnd(ended_on=TODAY, reason=E.CHILD_DEATH))
    with pytest.raises(FieldError, match="another look"):
        start_placement(db, worker, into_family(child, make_household(db)))


# Reading


def test_a_list_shows_what_the_role_sees(db: Session, worker: Actor) -> None:
    home, family = make_institution(db), make_household(db)
    child = make_child(db, institution=home, worker=worker, since=days_ago(20))
    make_placement(db, child, household=family, started_on=days_ago(300), ended_on=days_ago(20))
    query = PlacementQuery(child=child.id)
    whole = list_placements(db, worker, query).items
    assert [row.household for row in whole] == [None, family.id]
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    assert [(row.kind, row.household) for row in list_placements(db, officer, query).items] == [
        (K.RESIDENTIAL_INSTITUTION, None),
        (K.FOSTER_MALAYIKA_MURINZI, None),
    ]
    assert list_placements(db, officer, PlacementQuery(household=family.id)).items == []
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    assert [row.kind for row in list_placements(db, manager, query).items] == [K.RESIDENTIAL_INSTITUTION]
    volunteer = actor_for(db, Role.VOLUNTEER)
    assert list_placements(db, volunteer, query).items == []
    elsewhere = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    assert list_placements(db, elsewhere, query).items == []


def test_a_manager_never_sees_where_a_former_resident_went(db: Session) -> None:
    home = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    child = make_child(db, household=make_household(db), since=days_ago(20))
    make_placement(db, child, institution=home, started_on=days_ago(300), ended_on=days_ago(20))
    assert list_placements(db, manager, PlacementQuery(child=child.id)).items == []


def test_a_list_is_paged_and_filtered(db: Session, worker: Actor) -> None:
    home = make_institution(db)
    for number in range(5):
        make_child(db, institution=home, since=days_ago(10 * (number + 1)))
    seen, cursor = [], None
    while True:
        page = list_placements(db, worker, PlacementQuery(institution=home.id, open=True, limit=2, cursor=cursor))
        seen += [row.started_on for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [days_ago(10 * (number + 1)) for number in range(5)]
    assert list_placements(db, worker, PlacementQuery(institution=home.id, open=False)).items == []
