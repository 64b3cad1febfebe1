"""What the answers of a visit bring about: the rules, and what happens in the database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.children.models import Child
from app.core import clock
from app.core.errors import Conflict
from app.placements.models import Placement
from app.tasks.models import Task
from app.tasks.words import TaskKind
from app.visits.alerts import acknowledge_alert, alerts_for
from app.visits.follow_rules import TRIGGERS, compared, what_follows
from app.visits.models import ChildAlert
from app.visits.queries import LOOKED_AT, wellbeing_of
from app.visits.schemas import VisitLog
from app.visits.service import confirm_risk, log_visit
from app.visits.words import Safe, VisitKind, Worry
from tests.clients import PageClient
from tests.make import (
    OTHER_DISTRICT,
    actor_for,
    make_case,
    make_child,
    make_household,
    make_task,
    make_visit,
    reload,
)

TODAY = clock.today()
Clients = Callable[[Actor | None], PageClient]


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker, since=TODAY - timedelta(days=100))


def placement_of(db: Session, child: Child) -> Placement:
    return db.scalars(select(Placement).where(Placement.child_id == child.id)).one()


def a_visit(placement: Placement, **given: Any) -> VisitLog:
    values = {"kind": VisitKind.FOLLOW_UP_ROUTINE, "visited_on": TODAY, "child_seen": True} | given
    return VisitLog(placement=placement.id, **values)


def open_tasks(db: Session, child: Child, kind: str) -> list[Task]:
    return list(
        db.scalars(
            select(Task).where(
                Task.child_id == child.id, Task.kind == kind, Task.done_on.is_(None), Task.cancelled_on.is_(None)
            )
        )
    )


@pytest.mark.parametrize(
    ("answers", "risk", "tasks", "alert"),
    [
        ([], None, {}, False),
        ([("safe", "safe"), ("wellbeing.food", "2")], None, {}, False),
        ([("safe", "not_safe")], "high", {TaskKind.SEE_CHILD: 1}, True),
        ([("wellbeing.safety", "1")], "high", {TaskKind.SEE_CHILD: 1}, True),
        ([("wellbeing.care", "1"), ("safe", "worried")], "high", {TaskKind.SEE_CHILD: 1}, True),
        ([("wellbeing.food", "1")], None, {TaskKind.FOLLOW_WORRY: 7}, False),
        ([("safe", "worried")], None, {TaskKind.FOLLOW_WORRY: 7}, False),
        ([("worry", "beaten")], "high", {TaskKind.SEE_CHILD: 1}, True),
        ([("worry", "hungry")], None, {TaskKind.FOLLOW_WORRY: 7}, False),
    ],
)
def test_what_follows_from_answers(answers: Any, risk: str | None, tasks: Any, *, alert: bool) -> None:
    follows = what_follows(TRIGGERS, answers)
    assert (follows.risk, follows.tasks, follows.alert) == (risk, tasks, alert)


def test_a_domain_is_compared_with_the_last_time() -> None:
    rows = compared([("food", "Food"), ("care", "Care"), ("legal", "Papers")], {"food": 3, "care": 1}, {"care": 4})
    assert [(row.domain, row.now, row.before, row.change) for row in rows] == [("food", 3, None, 0), ("care", 1, 4, -3)]


def test_a_child_who_is_not_safe_is_everybodys_business_at_once(db: Session, worker: Actor, child: Child) -> None:
    case = make_case(db, child)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    placement = placement_of(db, child)
    visit_id, _new = log_visit(db, worker, a_visit(placement, safe=Safe.NOT_SAFE, safe_why="The uncle drinks"))
    (task,) = open_tasks(db, child, "see_child")
    assert (task.due_on, task.post_id) == (TODAY + timedelta(days=1), worker.post_id)
    (alert,) = alerts_for(db, supervisor)
    assert (alert.code, alert.path) == (child.code, f"/visits/{visit_id}")
    assert alerts_for(db, worker) == []
    assert alerts_for(db, actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)) == []
    assert reload(db, case).risk == "medium", "a visit suggests, a person rates"

    confirm_risk(db, worker, visit_id)
    assert reload(db, case).risk == "high"
    assert open_tasks(db, child, "see_child") == [task], "the visit asked for it already, and by then"
    assert reload(db, placement).visits_by == "high_risk"
    due = [task.due_on for task in open_tasks(db, child, "visit")]
    assert min(due) == TODAY + timedelta(days=7)
    with pytest.raises(Conflict):
        confirm_risk(db, worker, visit_id)

    acknowledge_alert(db, supervisor, alert.id)
    assert alerts_for(db, supervisor) == []
    with pytest.raises(Conflict):
        acknowledge_alert(db, supervisor, alert.id)
    content = str(db.scalars(select(AuditEvent.content)).all())
    assert "uncle" not in content


def test_without_a_case_there_is_nothing_to_rate(db: Session, worker: Actor, child: Child) -> None:
    visit_id, _new = log_visit(db, worker, a_visit(placement_of(db, child), worries=[Worry.BEATEN]))
    with pytest.raises(Conflict, match="open one first"):
        confirm_risk(db, worker, visit_id)
    assert db.scalar(select(Case.id).where(Case.child_id == child.id)) is None


def test_who_sees_the_child_has_looked_into_the_worry(db: Session, worker: Actor, child: Child) -> None:
    worry = make_task(db, child, due_on=TODAY, kind="follow_worry", created_at=clock.now() - timedelta(days=3))
    later = make_task(db, child, due_on=TODAY, kind="see_child")
    placement = placement_of(db, child)
    log_visit(db, worker, a_visit(placement, visited_on=TODAY - timedelta(days=1)))
    assert reload(db, worry).done_on == TODAY - timedelta(days=1)
    assert reload(db, later).done_on is None, "it was not known on the day of the visit"


def test_a_volunteer_tells_that_a_child_is_not_safe(db: Session, child: Child) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    told = a_visit(placement_of(db, child), kind=VisitKind.IZU_CHECK, safe=Safe.NOT_SAFE, note="She is alone at night")
    log_visit(db, volunteer, told)
    assert len(open_tasks(db, child, "see_child")) == 1
    assert db.scalars(select(ChildAlert.kind).where(ChildAlert.child_id == child.id)).all() == ["not_safe"]


def test_a_wished_visit_is_planned_once(db: Session, worker: Actor, child: Child) -> None:
    wished = TODAY + timedelta(days=20)
    placement = placement_of(db, child)
    log_visit(db, worker, a_visit(placement, next_visit_on=wished))
    log_visit(db, worker, a_visit(placement, next_visit_on=wished + timedelta(days=2)))
    assert [task.due_on for task in open_tasks(db, child, "visit")] == [wished]


def test_the_page_shows_the_picture_and_one_button(
    db: Session, client_for: Clients, worker: Actor, child: Child
) -> None:
    make_case(db, child)
    placement = placement_of(db, child)
    make_visit(db, placement, visited_on=TODAY - timedelta(days=30), wellbeing={"safety": 3, "food": 2})
    path = f"/placements/{placement.id}/visits/new"
    client = client_for(worker)
    form = client.open(path).form(path)
    typed = form | {"child_seen": "true", "wellbeing.safety": "1", "wellbeing.food": "4", "seen_alone": "true"}
    page = client.post_form(path, typed)
    assert "/visits/" in page.url
    assert "Very bad, worse: Fair the last time" in page.text
    assert "Good, better: Bad the last time" in page.text
    assert "<svg" in page.html
    rate = page.url.removeprefix("http://testserver") + "/rate-risk"
    page = client.post_form(rate, {})
    assert "The risk is rated" in page.text
    looked_at = db.execute(select(LOOKED_AT), {"child_id": child.id}).scalar_one()
    assert [row.change for row in wellbeing_of(looked_at)] == [2, -2]


def test_the_supervisor_acknowledges_on_a_page(db: Session, client_for: Clients, worker: Actor, child: Child) -> None:
    log_visit(db, worker, a_visit(placement_of(db, child), safe=Safe.NOT_SAFE, safe_why="Beaten"))
    client = client_for(actor_for(db, Role.DISTRICT_SUPERVISOR))
    page = client.open("/alerts")
    assert child.code in page.text
    alert = db.scalars(select(ChildAlert)).one()
    page = client.post_form(f"/alerts/{alert.id}/acknowledge", {})
    assert "No alert waits" in page.text
    assert child.code in client.open("/alerts?waiting=false").text
    client_for(worker).open("/alerts", status=403)
