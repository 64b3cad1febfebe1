"""Schedules by what a child needs, planned again when that changes, and as long as a stay lasts."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.schemas import RiskRate
from app.cases.service import rate_risk
from app.cases.words import Risk
from app.children.models import Child
from app.core import clock
from app.placements.models import Placement
from app.placements.schemas import EndPrevious, PlacementStart
from app.placements.service import start_placement
from app.placements.words import EndReason, PlacementKind
from app.tasks.models import Task
from app.visits.models import Visit
from app.visits.planning import extend_visits, replan_changed, replan_visits
from app.visits.rules import CLOSER_SCHEDULES, SCHEDULES, due_from, need_of
from app.visits.words import Need
from tests.make import actor_for, make_case, make_child, make_household, make_institution, make_task, make_visit, reload

TODAY = clock.today()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due_days(db: Session, placement_id: object, since: date) -> list[int]:
    days = db.scalars(
        select(Task.due_on)
        .where(
            Task.subject_id == placement_id,
            Task.kind == "visit",
            Task.done_on.is_(None),
            Task.cancelled_on.is_(None),
        )
        .order_by(Task.due_on)
    )
    return [(day - since).days for day in days]


def test_a_high_risk_comes_before_a_disability() -> None:
    assert need_of(risk="high", disability=True) is Need.HIGH_RISK
    assert need_of(risk="low", disability=True) is Need.DISABILITY
    assert need_of(risk=None, disability=None) is Need.USUAL


def test_closer_visits_are_weekly_then_fortnightly_then_monthly() -> None:
    close = CLOSER_SCHEDULES[PlacementKind.KINSHIP_FORMAL, Need.HIGH_RISK]
    assert list(close.due_days) == [7, 14, 21, 28, 42, 56, 70, 84, 91, 122, 152, 183, 274, 365]


def test_the_last_interval_repeats_where_the_schedule_says_so() -> None:
    begins = date(2020, 1, 1)
    stay = SCHEDULES[PlacementKind.RESIDENTIAL_INSTITUTION]
    days = due_from(stay, begins, after=begins + timedelta(days=720), until=begins + timedelta(days=1000))
    assert [(day - begins).days for day, _tolerance in days] == [810, 900, 990]
    family = SCHEDULES[PlacementKind.KINSHIP_FORMAL]
    assert due_from(family, begins, after=begins + timedelta(days=365), until=date(2030, 1, 1)) == []


def test_a_child_at_high_risk_begins_with_close_visits(db: Session, worker: Actor) -> None:
    child = make_child(db, worker=worker, has_disability=True)
    make_case(db, child, risk="high")
    command = PlacementStart(
        child=child.id, kind=PlacementKind.KINSHIP_FORMAL, household=make_household(db).id, started_on=TODAY
    )
    placement_id, _new = start_placement(db, worker, command)
    assert due_days(db, placement_id, TODAY)[:5] == [7, 14, 21, 28, 42]
    assert db.get_one(Placement, placement_id).visits_by == "high_risk"


def test_a_rated_risk_plans_the_visits_again_and_keeps_what_is_overdue(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker, since=ago(200))
    case = make_case(db, child, risk="low")
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    overdue = make_task(db, child, due_on=ago(17), subject_id=placement.id)
    ahead = make_task(db, child, due_on=TODAY + timedelta(days=74), subject_id=placement.id)
    rate_risk(db, worker, case.id, RiskRate(risk=Risk.HIGH, reason="The mother is ill"))
    assert reload(db, overdue).cancelled_on is None
    assert reload(db, ahead).cancel_reason == "not_needed"
    assert due_days(db, placement.id, TODAY)[:4] == [-17, 7, 14, 21]
    assert replan_visits(db, worker, child.id) == 0, "the same again changes nothing"
    rate_risk(db, worker, case.id, RiskRate(risk=Risk.LOW, reason="All is well"))
    assert due_days(db, placement.id, TODAY) == [-17, 74, 165]


def test_every_night_a_new_disability_is_found(db: Session, worker: Actor) -> None:
    child = make_child(db, household=make_household(db), worker=worker, since=ago(100))
    assert replan_changed(db) == 0
    child.has_disability = True
    db.flush()
    assert replan_changed(db) == 1
    assert replan_changed(db) == 0
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    assert due_days(db, placement.id, TODAY)[:2] == [7, 14]
    assert reload(db, placement).visits_by == "disability"


def test_residents_are_visited_as_long_as_they_stay(db: Session, worker: Actor) -> None:
    resident = make_child(db, institution=make_institution(db), worker=worker, since=ago(3000))
    placement = db.scalars(select(Placement).where(Placement.child_id == resident.id)).one()
    placement.created_at = clock.now() - timedelta(days=800)
    make_task(db, resident, due_on=ago(80), subject_id=placement.id, done_on=ago(80))
    assert extend_visits(db) == 1
    days = due_days(db, placement.id, ago(800))
    assert days == [810, 900, 990, 1080]
    assert extend_visits(db) == 0


def test_visits_logged_before_the_placement_was_recorded_become_its_own(db: Session, worker: Actor) -> None:
    """A move two months ago is recorded today; the worker has visited the family since, in the old placement."""
    child = make_child(db, institution=make_institution(db), worker=worker, since=ago(400))
    stay = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    before = make_visit(db, stay, visited_on=ago(70))
    first, second = make_visit(db, stay, visited_on=ago(54)), make_visit(db, stay, visited_on=ago(29))
    of_the_stay = make_task(db, child, due_on=ago(50), subject_id=stay.id, done_on=ago(54), done_by_id=first.id)
    family = make_household(db)
    command = PlacementStart(
        child=child.id,
        kind=PlacementKind.KINSHIP_FORMAL,
        household=family.id,
        started_on=ago(61),
        end_previous=EndPrevious(reason=EndReason.MOVED_TO_PERMANENT),
    )
    placement_id, _new = start_placement(db, worker, command)
    moved = {visit.id: visit.placement_id for visit in db.scalars(select(Visit).where(Visit.child_id == child.id))}
    db.expire_all()
    moved = {visit.id: visit.placement_id for visit in db.scalars(select(Visit).where(Visit.child_id == child.id))}
    assert moved == {before.id: stay.id, first.id: placement_id, second.id: placement_id}
    done = db.execute(
        select(Task.due_on, Task.done_on, Task.done_by_id)
        .where(Task.subject_id == placement_id, Task.kind == "visit", Task.done_on.is_not(None))
        .order_by(Task.due_on)
    ).all()
    assert [tuple(row) for row in done] == [(ago(54), ago(54), first.id), (ago(31), ago(29), second.id)]
    undone = reload(db, of_the_stay)
    assert (undone.done_on, undone.cancel_reason) == (None, "placement_ended")


def test_a_volunteer_knows_of_no_light_check_of_a_child_restricted_since(db: Session, worker: Actor, api_for) -> None:
    child: Child = make_child(db, household=make_household(db), worker=worker)
    check = make_task(db, child, due_on=TODAY, kind="izu_check", post_id=None)
    api = api_for(actor_for(db, Role.VOLUNTEER))
    assert [row["id"] for row in api.get("/tasks").json()["items"]] == [str(check.id)]
    child.restricted = True
    db.flush()
    assert api.get("/tasks").json()["items"] == []
