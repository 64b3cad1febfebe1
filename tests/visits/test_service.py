from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.ids import new_id
from app.placements.models import Placement
from app.tasks.models import Task
from app.visits.models import Visit
from app.visits.queries import list_visits, open_visit, read_visit
from app.visits.schemas import VisitLog, VisitQuery
from app.visits.service import log_visit
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_task,
    make_visit,
    reload,
)

TODAY = clock.today()


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker, since=TODAY - timedelta(days=100))


def placement_of(db: Session, child: Child) -> Placement:
    return db.scalars(select(Placement).where(Placement.child_id == child.id)).one()


def visit(placement: Placement, **given: Any) -> VisitLog:
    values = {"kind": VisitKind.FOLLOW_UP_ROUTINE, "visited_on": TODAY, "child_seen": True} | given
    return VisitLog(placement=placement.id, **values)


def due(db: Session, child: Child, days: int, **values: Any) -> Task:
    return make_task(
        db,
        child,
        due_on=TODAY + timedelta(days=days),
        subject_id=placement_of(db, child).id,
        tolerance_days=7,
        **values,
    )


def test_a_visit_with_the_child_seen_does_the_planned_one(db: Session, worker: Actor, child: Child) -> None:
    placement = placement_of(db, child)
    long_ago, near, later = due(db, child, -60), due(db, child, -3), due(db, child, 40)
    visit_id, is_new = log_visit(
        db, worker, visit(placement, wellbeing={"food": 4, "safety": 2}, note="She goes to school")
    )
    assert is_new
    near = reload(db, near)
    assert (near.done_on, near.done_by_id) == (TODAY, visit_id)
    assert [reload(db, task).done_on for task in (long_ago, later)] == [None, None]
    found = read_visit(db, worker, visit_id)
    assert (found.task, found.late, found.note) == (near.id, False, "She goes to school")
    assert found.wellbeing == {WellbeingDomain.FOOD: 4, WellbeingDomain.SAFETY: 2}
    event = db.scalars(select(AuditEvent).where(AuditEvent.kind == "visit.logged")).one()
    assert (event.subject_id, event.content["task"]) == (child.id, str(near.id))
    assert "school" not in str(event.content)


def test_a_late_visit_does_the_oldest_that_is_overdue(db: Session, worker: Actor, child: Child) -> None:
    oldest, newer = due(db, child, -60), due(db, child, -30)
    visit_id, _new = log_visit(db, worker, visit(placement_of(db, child)))
    assert reload(db, oldest).done_by_id == visit_id
    assert reload(db, newer).done_on is None
    assert read_visit(db, worker, visit_id).late is True


def test_a_visit_without_the_child_does_nothing(db: Session, worker: Actor, child: Child) -> None:
    task = due(db, child, 0)
    log_visit(db, worker, visit(placement_of(db, child), child_seen=False, not_seen_reason=NotSeenReason.AT_SCHOOL))
    assert reload(db, task).done_on is None


@pytest.mark.parametrize("kind", [VisitKind.PHONE, VisitKind.SCHOOL, VisitKind.IZU_CHECK])
def test_a_call_or_a_light_check_is_no_follow_up(db: Session, worker: Actor, child: Child, kind: VisitKind) -> None:
    task = due(db, child, 0)
    visit_id, _new = log_visit(
        db, worker, visit(placement_of(db, child), kind=kind, child_seen=kind is not VisitKind.PHONE)
    )
    assert reload(db, task).done_on is None
    seen = read_visit(db, worker, visit_id)
    assert seen.not_seen_reason == (NotSeenReason.BY_PHONE if kind is VisitKind.PHONE else None)


def test_what_was_done_before_the_end_may_be_told_after_it(db: Session, worker: Actor, child: Child) -> None:
    task = due(db, child, -10, cancelled_on=TODAY, cancel_reason="missed")
    placement = placement_of(db, child)
    placement.ended_on, placement.end_reason, placement.end_was_planned = TODAY, "reunified", True
    db.flush()
    visit_id, _new = log_visit(db, worker, visit(placement, visited_on=TODAY - timedelta(days=9)))
    task = reload(db, task)
    assert (task.done_by_id, task.cancelled_on, task.cancel_reason) == (visit_id, None, None)


@pytest.mark.parametrize("days", [-101, 1])
def test_a_visit_outside_the_placement_is_told_at_its_day(db: Session, worker: Actor, child: Child, days: int) -> None:
    with pytest.raises(FieldError) as caught:
        log_visit(db, worker, visit(placement_of(db, child), visited_on=TODAY + timedelta(days=days)))
    assert caught.value.errors[0][0] == "visited_on"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"child_seen": False}, "not_seen_reason"),
        ({"kind": "phone"}, "child_seen"),
        ({"safe": "not_safe"}, "safe_why"),
        ({"seen_alone": True, "child_seen": False, "not_seen_reason": "at_school"}, "seen_alone"),
        ({"worries": ["gossip"]}, "worries"),
        ({"not_seen_reason": "at_school"}, "not_seen_reason"),
        ({"wellbeing": {"food": 0}}, "wellbeing"),
        ({"wellbeing": {"food": 5}}, "wellbeing"),
        ({"wellbeing": {"shoes": 2}}, "wellbeing"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "\x00"}, "note"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_what_a_visit_cannot_hold(given: dict[str, Any], field: str) -> None:
    values = {"placement": new_id(), "kind": "school", "visited_on": date(2026, 1, 1), "child_seen": True} | given
    with pytest.raises(ValidationError) as caught:
        VisitLog.model_validate(values)
    assert caught.value.errors()[0]["loc"][0] == field


def test_sending_twice_makes_one_visit(db: Session, worker: Actor, child: Child) -> None:
    first, second = due(db, child, -30), due(db, child, -20)
    command = visit(placement_of(db, child), id=new_id())
    assert log_visit(db, worker, command) == (command.id, True)
    assert log_visit(db, worker, command) == (command.id, False)
    assert reload(db, first).done_on == TODAY
    assert reload(db, second).done_on is None
    assert db.scalar(select(func.count()).select_from(Visit)) == 1
    with pytest.raises(Conflict):
        log_visit(db, worker, command.model_copy(update={"note": "Another"}))


def test_a_volunteer_looks_in_on_a_child_of_the_village(db: Session, web: Database, child: Child) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    check, task = due(db, child, 0, kind="izu_check", post_id=None), due(db, child, 0)
    command = visit(placement_of(db, child), kind=VisitKind.IZU_CHECK, note="All is well")
    with web.unit_of_work() as session:
        bind_actor(session, volunteer)
        visit_id, _new = log_visit(session, volunteer, command)
        assert read_visit(session, volunteer, visit_id).note == "All is well"
    assert reload(db, check).done_by_id == visit_id
    assert reload(db, task).done_on is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": VisitKind.FOLLOW_UP_ROUTINE}, "kind"),
        ({"kind": VisitKind.IZU_CHECK, "wellbeing": {"food": 1}}, "wellbeing"),
        ({"kind": VisitKind.IZU_CHECK, "note": "x" * 301}, "note"),
    ],
)
def test_a_volunteers_check_is_light(db: Session, child: Child, given: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        log_visit(db, actor_for(db, Role.VOLUNTEER), visit(placement_of(db, child), **given))
    assert caught.value.errors[0][0] == field


def test_a_volunteer_finds_neither_other_villages_nor_residents_nor_restricted_children(db: Session) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    far = make_child(db, household=make_household(db, village=OTHER_VILLAGE))
    resident = make_child(db, institution=make_institution(db))
    restricted = make_child(db, household=make_household(db), restricted=True)
    for child in (far, resident, restricted):
        with pytest.raises(NotFound):
            log_visit(db, volunteer, visit(placement_of(db, child), kind=VisitKind.IZU_CHECK))


@pytest.mark.parametrize("role", [Role.NATIONAL_MANAGER, Role.PARTNER, Role.AUDITOR])
def test_other_roles_log_no_visits(db: Session, child: Child, role: Role) -> None:
    with pytest.raises(Forbidden):
        log_visit(db, actor_for(db, role), visit(placement_of(db, child)))


def test_a_worker_of_another_district_finds_nothing(db: Session, child: Child) -> None:
    elsewhere = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    placement = placement_of(db, child)
    made = make_visit(db, placement)
    with pytest.raises(NotFound):
        log_visit(db, elsewhere, visit(placement))
    with pytest.raises(NotFound):
        open_visit(db, elsewhere, made.id)
    assert list_visits(db, elsewhere, VisitQuery(child=child.id)).items == []


def test_who_sees_what_of_a_visit(db: Session, worker: Actor, child: Child) -> None:
    made = make_visit(db, placement_of(db, child), wellbeing={"food": 1}, note="Hungry")
    assert open_visit(db, worker, made.id).wellbeing == {WellbeingDomain.FOOD: 1}
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    seen = open_visit(db, officer, made.id)
    assert (seen.wellbeing, seen.note, seen.child_seen) == ({}, None, True)
    volunteer = actor_for(db, Role.VOLUNTEER)
    with pytest.raises(NotFound):
        open_visit(db, volunteer, made.id)
    opened = db.scalars(select(AuditEvent.account_id).where(AuditEvent.kind == "visit.opened"))
    assert list(opened) == [worker.account_id, officer.account_id]


def test_a_manager_sees_visits_in_the_own_institution_only(db: Session) -> None:
    home = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=home)
    child = make_child(db, institution=home, since=TODAY - timedelta(days=20))
    before = make_placement(
        db,
        child,
        household=make_household(db),
        started_on=TODAY - timedelta(days=90),
        ended_on=TODAY - timedelta(days=20),
    )
    make_visit(db, before, visited_on=TODAY - timedelta(days=50))
    inside = make_visit(db, db.scalars(select(Placement).where(Placement.institution_id == home.id)).one())
    assert [row.id for row in list_visits(db, manager, VisitQuery(child=child.id)).items] == [inside.id]
