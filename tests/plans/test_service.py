from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.children.models import Child
from app.children.timeline import tell
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.plans import content, service
from app.plans.history import TELLS
from app.plans.models import Plan, PlanAction, PlanClock, PlanGoal, SupportPackage
from app.plans.queries import costs_of, read_file, read_plan, summary_of
from app.plans.schemas import (
    MOST_RWF,
    ActionAdd,
    ActionChange,
    ActionReport,
    GoalAdd,
    GoalChange,
    PackageAdd,
    PackageGive,
    PlanChange,
    PlanEnd,
    PlanStart,
    ReviewRecord,
)
from app.tasks.models import Task
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_plan,
    open_case_of,
    reload,
)

TODAY = clock.today()


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def approval_of(db: Session, plan_id: UUID) -> UUID:
    return db.scalars(select(Approval.id).where(Approval.subject_id == plan_id, Approval.state == "requested")).one()


def part(db: Session, table: Any, plan_id: UUID) -> Any:
    return db.scalars(select(table).where(table.plan_id == plan_id).order_by(table.created_at)).first()


def tasks(db: Session, child: Child, kind: str) -> list[Task]:
    found = select(Task).where(Task.child_id == child.id, Task.kind == kind, Task.cancelled_on.is_(None))
    return list(db.scalars(found.order_by(Task.due_on)))


def review(**given: Any) -> ReviewRecord:
    values = {
        "reviewed_on": TODAY,
        "child_heard": True,
        "child_said": "I like school",
        "changed": "She has a bed",
        "result": "continue",
        "next_review_on": TODAY + timedelta(days=90),
    }
    return ReviewRecord(**(values | given))


def test_from_a_draft_to_a_plan_in_force(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    case = open_case_of(db, child)
    plan_id, _new = service.start_plan(db, worker, child.id, PlanStart(aim="She lives with her aunt"))
    with pytest.raises(Conflict, match="goal"):
        service.request_plan(db, worker, plan_id)
    db.refresh(db.get_one(Plan, plan_id))
    goal, _new = content.add_goal(db, worker, plan_id, GoalAdd(domain="learning", statement="Reads a page a day"))
    given = {"what": "Talk with the teacher", "responsible": "office", "due_on": TODAY + timedelta(days=7)}
    action, _new = content.add_action(db, worker, plan_id, ActionAdd(goal=goal, **given))
    assert tasks(db, child, "plan_action") == [], "a draft gives nobody a task"
    service.request_plan(db, worker, plan_id, db.get_one(Plan, plan_id).version)
    approve(db, supervisor, approval_of(db, plan_id), Approve())
    db.expire_all()
    plan = db.get_one(Plan, plan_id)
    assert (plan.state, plan.in_force_on, plan.review_on) == ("in_force", TODAY, TODAY + timedelta(days=90))
    assert reload(db, case).state == "planned"
    [task] = tasks(db, child, "plan_action")
    assert (task.post_id, task.path) == (worker.post_id, f"/plan-actions/{action}/report")
    [due] = tasks(db, child, "review")
    assert (due.due_on, due.path) == (plan.review_on, f"/plans/{plan_id}/reviews/new")
    content.report_action(db, worker, action, ActionReport(done=True, done_on=TODAY))
    assert reload(db, task).done_on == TODAY
    assert reload(db, case).state == "in_implementation"
    kinds = set(db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id)))
    assert {"plan.started", "plan.changed", "plan.requested", "plan.in_force", "plan.action_reported"} <= kinds
    assert "aunt" not in str(list(db.scalars(select(AuditEvent.content))))


def test_without_a_case_there_is_no_plan(db: Session, worker: Actor, child: Child) -> None:
    with pytest.raises(Conflict, match="case"):
        service.start_plan(db, worker, child.id, PlanStart(aim="Something"))


def test_a_case_has_one_draft(db: Session, worker: Actor, child: Child) -> None:
    make_plan(db, child)
    with pytest.raises(Conflict, match="written already"):
        service.start_plan(db, worker, child.id, PlanStart(aim="Another"))


def test_a_double_click_starts_one_plan(db: Session, worker: Actor, child: Child) -> None:
    open_case_of(db, child)
    command = PlanStart(id=new_id(), aim="She lives with her aunt")
    assert service.start_plan(db, worker, child.id, command) == (command.id, True)
    assert service.start_plan(db, worker, child.id, command) == (command.id, False)


def test_what_waits_for_approval_is_not_changed(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    service.request_plan(db, worker, plan.id)
    goal = part(db, PlanGoal, plan.id)
    for change in (
        lambda: service.change_plan(db, worker, plan.id, PlanChange(aim="Other")),
        lambda: content.add_goal(db, worker, plan.id, GoalAdd(domain="food", statement="Eats twice a day")),
        lambda: content.change_goal(db, worker, goal.id, GoalChange(domain="food", statement="x")),
        lambda: content.add_package(db, worker, plan.id, PackageAdd(kind="food", amount_rwf=1, source="family")),
    ):
        with pytest.raises(Conflict, match="take the request back"), db.begin_nested():
            change()
    with pytest.raises(Forbidden):
        approve(db, worker, approval_of(db, plan.id), Approve())
    service.withdraw_plan(db, worker, plan.id)
    assert reload(db, plan).state == "draft"
    content.change_goal(db, worker, goal.id, GoalChange(domain="food", statement="Eats twice a day"))
    service.request_plan(db, worker, plan.id)
    return_to_author(db, supervisor, approval_of(db, plan.id), Return(reason="What does the aunt want?"))
    assert reload(db, plan).state == "returned"
    service.change_plan(db, worker, plan.id, PlanChange(aim="Lives with the aunt", family_says="Gladly"))
    service.request_plan(db, worker, plan.id)
    assert tasks(db, child, "correct") == [] or tasks(db, child, "correct")[0].done_on is not None


def test_two_phones_and_one_plan(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    seen = plan.version
    service.change_plan(db, worker, plan.id, PlanChange(aim="From the first phone"), seen)
    with pytest.raises(Stale) as stale, db.begin_nested():
        service.change_plan(db, worker, plan.id, PlanChange(aim="From the second phone"), seen)
    assert stale.value.current["aim"] == "From the first phone"
    seen = reload(db, plan).version
    content.add_goal(db, worker, plan.id, GoalAdd(domain="food", statement="Eats twice a day"))
    with pytest.raises(Stale):
        service.request_plan(db, worker, plan.id, seen)


def test_two_phones_and_one_goal(db: Session, worker: Actor, child: Child) -> None:
    goal = part(db, PlanGoal, make_plan(db, child).id)
    content.change_goal(db, worker, goal.id, GoalChange(domain="food", statement="First"), 1)
    with pytest.raises(Stale) as stale:
        content.change_goal(db, worker, goal.id, GoalChange(domain="food", statement="Second"), 1)
    assert stale.value.current["statement"] == "First"


def test_a_new_version_waits_while_the_old_one_is_in_force(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    old = make_plan(db, child, state="in_force")
    action, package = part(db, PlanAction, old.id), part(db, SupportPackage, old.id)
    with pytest.raises(Conflict, match="new version"), db.begin_nested():
        service.change_plan(db, worker, old.id, PlanChange(aim="Other"))
    new_plan, _new = service.start_plan(db, worker, child.id, PlanStart(aim="She stays with her aunt"))
    copy = read_plan(db, worker, new_plan)
    assert [len(copy.goals), len(copy.actions), len(copy.packages)] == [1, 1, 1]
    assert copy.actions[0].goal == copy.goals[0].id
    # Work goes on meanwhile, and counts in the new version.
    content.report_action(db, worker, action.id, ActionReport(done=True, done_on=TODAY))
    content.give_package(db, worker, package.id, PackageGive(given_on=TODAY, amount_rwf=30_000))
    service.request_plan(db, worker, new_plan)
    assert reload(db, old).state == "in_force"
    approve(db, supervisor, approval_of(db, new_plan), Approve())
    assert reload(db, old).state == "superseded"
    now = read_plan(db, worker, new_plan)
    assert (now.number, now.actions[0].done_on, now.packages) == (2, TODAY, [])
    assert [(cost.planned_rwf, cost.given_rwf) for cost in costs_of(db, child.id)] == [(0, 30_000)]
    assert tasks(db, child, "plan_action") == [], "what is done is nobody's task"


def test_the_old_districts_supervisor_does_not_approve_what_moved(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    plan = make_plan(db, child)
    service.request_plan(db, worker, plan.id)
    child.area_code = OTHER_VILLAGE
    db.flush()
    with pytest.raises(Conflict, match="another district"), db.begin_nested():
        approve(db, supervisor, approval_of(db, plan.id), Approve())
    assert reload(db, plan).state == "requested"


def test_a_plan_of_a_closed_case_is_not_approved(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    service.request_plan(db, worker, plan.id)
    case = db.get_one(Case, plan.case_id)
    case.state, case.closed_on, case.closing_reason = "closed", TODAY, "aged_out"
    db.flush()
    with pytest.raises(Conflict, match="closed"), db.begin_nested():
        approve(db, supervisor, approval_of(db, plan.id), Approve())


@pytest.mark.parametrize("amount", [-1, MOST_RWF + 1, 10**18, "1.5", "many"])
def test_amounts_are_whole_and_believable(amount: Any) -> None:
    with pytest.raises(ValidationError):
        PackageAdd(kind="cash", amount_rwf=amount, source="district")


@pytest.mark.parametrize("quantity", [0, -3, 10_001])
def test_quantities_are_believable(quantity: int) -> None:
    with pytest.raises(ValidationError):
        PackageAdd(kind="cash", amount_rwf=1, source="district", quantity=quantity)


def test_the_cost_by_source(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    for source, amount in (("district", 5_000), ("partner", MOST_RWF), ("partner", MOST_RWF)):
        content.add_package(db, worker, plan.id, PackageAdd(kind="cash", amount_rwf=amount, source=source))
    assert costs_of(db, child.id) == [], "a draft costs nothing yet"
    plan.state, plan.in_force_on = "in_force", TODAY
    db.flush()
    file = read_file(db, child.id)
    assert {cost.source.value: cost.planned_rwf for cost in file.costs} == {"district": 40_000, "partner": 2 * MOST_RWF}
    assert (file.planned_rwf, file.given_rwf) == (40_000 + 2 * MOST_RWF, 0)
    package = part(db, SupportPackage, plan.id)
    content.give_package(db, worker, package.id, PackageGive(given_on=TODAY, amount_rwf=36_000, receipt="0042"), 1)
    with pytest.raises(Conflict):
        content.give_package(db, worker, package.id, PackageGive(given_on=TODAY, amount_rwf=36_000))
    assert read_file(db, child.id).given_rwf == 36_000


def test_a_review_hears_the_child_and_plans_the_next(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child, state="in_force")
    command = review(id=new_id())
    assert service.record_review(db, worker, plan.id, command) == (command.id, True)
    assert service.record_review(db, worker, plan.id, command) == (command.id, False)
    assert reload(db, plan).review_on == TODAY + timedelta(days=90)
    service.record_review(db, worker, plan.id, review(next_review_on=TODAY + timedelta(days=30)))
    assert [task.due_on for task in tasks(db, child, "review") if task.done_on is None] == [TODAY + timedelta(days=30)]
    assert len(tell(db, worker, child.id, (TELLS,))) == 3
    summary = summary_of(db, worker, child.id)
    assert summary is not None
    assert (summary.plan, summary.open_actions, summary.late_actions) == (plan.id, 1, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"next_review_on": TODAY + timedelta(days=91)}, "next_review_on"),
        ({"next_review_on": date(9999, 12, 31)}, "next_review_on"),
        ({"next_review_on": TODAY}, "next_review_on"),
        ({"next_review_on": None}, "next_review_on"),
        ({"result": "end"}, "next_review_on"),
        ({"reviewed_on": TODAY + timedelta(days=1)}, "reviewed_on"),
        ({"reviewed_on": TODAY - timedelta(days=31), "next_review_on": TODAY}, "reviewed_on"),
        ({"child_said": None}, "child_said"),
        ({"child_heard": False}, "not_heard"),
        ({"not_heard": "ill"}, "not_heard"),
    ],
)
def test_what_a_review_needs_is_told(
    db: Session, worker: Actor, child: Child, given: dict[str, Any], field: str
) -> None:
    plan = make_plan(db, child, state="in_force")
    with pytest.raises(FieldError) as error, db.begin_nested():
        service.record_review(db, worker, plan.id, review(**given))
    assert error.value.errors[0][0] == field


def test_the_limit_of_a_review_is_data(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child, state="in_force")
    db.get_one(PlanClock, "review").hours = 30 * 24
    db.flush()
    with pytest.raises(FieldError):
        service.record_review(db, worker, plan.id, review(next_review_on=TODAY + timedelta(days=31)))


def test_only_a_plan_in_force_is_reviewed_and_closed(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    for verb in (
        lambda: service.record_review(db, worker, plan.id, review()),
        lambda: service.end_plan(db, worker, plan.id, PlanEnd(reason="Done")),
        lambda: content.reach_goal(db, worker, part(db, PlanGoal, plan.id).id),
        lambda: content.report_action(
            db, worker, part(db, PlanAction, plan.id).id, ActionReport(done=True, done_on=TODAY)
        ),
    ):
        with pytest.raises(Conflict, match="not in force"), db.begin_nested():
            verb()


def test_closing_a_plan_ends_what_is_due(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child, state="in_force")
    service.record_review(db, worker, plan.id, review())
    content.reach_goal(db, worker, part(db, PlanGoal, plan.id).id)
    service.end_plan(db, worker, plan.id, PlanEnd(reason="She is at home"), reload(db, plan).version)
    assert [task for task in tasks(db, child, "review") if task.done_on is None] == []
    assert reload(db, plan).state == "closed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"responsible": "other"}, "responsible_name"),
        ({"responsible": "family", "post": new_id()}, "post"),
        ({"responsible": "office", "post": new_id()}, "post"),
        ({"responsible": "office", "responsible_name": "Somebody"}, "responsible_name"),
        ({"responsible": "family", "goal": new_id()}, "goal"),
    ],
)
def test_an_action_says_who(db: Session, worker: Actor, child: Child, given: dict[str, Any], field: str) -> None:
    plan = make_plan(db, child)
    with pytest.raises(FieldError) as error:
        content.add_action(db, worker, plan.id, ActionAdd(what="Repair the roof", due_on=TODAY, **given))
    assert error.value.errors[0][0] == field


def test_an_action_of_another_office_is_reported_there(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    psychologist, colleague = actor_for(db, Role.PSYCHOLOGIST), actor_for(db, Role.SOCIAL_WORKER)
    plan = make_plan(db, child)
    action = part(db, PlanAction, plan.id)
    theirs = {"what": "Talk with the child", "responsible": "office", "post": psychologist.post_id, "due_on": TODAY}
    content.change_action(db, worker, action.id, ActionChange(**theirs), 1)
    service.request_plan(db, worker, plan.id)
    approve(db, supervisor, approval_of(db, plan.id), Approve())
    [task] = tasks(db, child, "plan_action")
    assert task.post_id == psychologist.post_id
    with pytest.raises(Forbidden), db.begin_nested():
        content.report_action(db, colleague, action.id, ActionReport(done=False, not_done_because="No time"))
    with pytest.raises(FieldError), db.begin_nested():
        content.report_action(db, psychologist, action.id, ActionReport(done=False))
    content.report_action(db, psychologist, action.id, ActionReport(done=False, not_done_because="The child was ill"))
    assert reload(db, action).state == "not_done"


def test_what_is_taken_out_is_kept_and_not_shown(db: Session, worker: Actor, child: Child) -> None:
    plan = make_plan(db, child)
    goal = part(db, PlanGoal, plan.id)
    content.change_goal(db, worker, goal.id, GoalChange(domain="food", statement="x", dropped=True), 1)
    assert read_plan(db, worker, plan.id).goals == []
    assert db.scalar(select(func.count(PlanGoal.id)).where(PlanGoal.plan_id == plan.id)) == 1


def test_it_is_the_districts_business(db: Session, child: Child) -> None:
    plan = make_plan(db, child)
    far = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    with pytest.raises(NotFound):
        read_plan(db, far, plan.id)
    with pytest.raises(NotFound):
        service.change_plan(db, far, plan.id, PlanChange(aim="Mine"))
    with pytest.raises(Forbidden):
        service.change_plan(db, actor_for(db, Role.SOCIAL_WORKER), plan.id, PlanChange(aim="Mine"))
