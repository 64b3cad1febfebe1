from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.children.schemas import ChildAssign
from app.children.service import assign_child
from app.core import clock
from app.tasks.queries import list_tasks, my_tasks, next_task, open_tasks_of_child
from app.tasks.schemas import TaskQuery
from app.tasks.service import give_tasks
from app.tasks.words import TaskKind
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_household,
    make_institution,
    make_task,
    reload,
)

TODAY = clock.today()


def test_a_worker_has_the_tasks_of_the_post_and_of_nobody(db: Session) -> None:
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    mine = make_child(db, household=make_household(db), worker=worker)
    theirs = make_child(db, household=make_household(db), worker=colleague)
    nobodys = make_child(db, household=make_household(db))
    far = make_child(db, household=make_household(db, village=OTHER_VILLAGE))
    expected = [
        make_task(db, mine, due_on=TODAY - timedelta(days=20)).id,
        make_task(db, nobodys, due_on=TODAY).id,
        make_task(db, mine, due_on=TODAY + timedelta(days=7)).id,
    ]
    other = make_task(db, theirs, due_on=TODAY)
    make_task(db, far, due_on=TODAY)
    make_task(db, mine, due_on=TODAY + timedelta(days=8))
    make_task(db, mine, due_on=TODAY, done_on=TODAY)
    make_task(db, mine, due_on=TODAY, cancelled_on=TODAY, cancel_reason="missed")
    make_task(db, mine, due_on=TODAY, kind="izu_check", post_id=None)
    assert [task.id for task in my_tasks(db, worker)] == expected
    shown = next_task(db, worker, theirs.id, TaskKind.VISIT)
    assert shown is not None
    assert shown.id == other.id


def test_a_volunteer_has_the_light_checks_of_the_village(db: Session) -> None:
    volunteer = actor_for(db, Role.VOLUNTEER)
    child = make_child(db, household=make_household(db))
    far = make_child(db, household=make_household(db, village=OTHER_VILLAGE))
    check = make_task(db, child, due_on=TODAY, kind="izu_check", post_id=None)
    make_task(db, child, due_on=TODAY)
    make_task(db, far, due_on=TODAY, kind="izu_check", post_id=None)
    assert [task.id for task in my_tasks(db, volunteer)] == [check.id]


@pytest.mark.parametrize("role", [Role.CELL_COORDINATOR, Role.SECTOR_OFFICER, Role.NATIONAL_MANAGER])
def test_other_rungs_have_no_visits(db: Session, role: Role) -> None:
    child = make_child(db, institution=make_institution(db))
    make_task(db, child, due_on=TODAY)
    assert my_tasks(db, actor_for(db, role)) == []


def test_the_list_is_paged_earliest_first(db: Session) -> None:
    worker = actor_for(db, Role.PSYCHOLOGIST)
    child = make_child(db, household=make_household(db), worker=worker)
    for days in (3, -3, 0, 5, -40):
        make_task(db, child, due_on=TODAY + timedelta(days=days))
    first = list_tasks(db, worker, TaskQuery(limit=3))
    assert first.next
    second = list_tasks(db, worker, TaskQuery(limit=3, cursor=first.next))
    days = [(row.due_on - TODAY).days for row in first.items + second.items]
    assert days == [-40, -3, 0, 3, 5]
    assert second.next is None
    assert [row.standing for row in first.items] == ["overdue", "today", "today"]
    assert len(list_tasks(db, worker, TaskQuery(until=TODAY)).items) == 3


def test_a_new_worker_gets_the_visits(db: Session) -> None:
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    visit = make_task(db, child, due_on=TODAY)
    done = make_task(db, child, due_on=TODAY, done_on=TODAY)
    check = make_task(db, child, due_on=TODAY, kind="izu_check", post_id=None)
    give_tasks(db, child.id, colleague.post_id)
    assert reload(db, visit).post_id == colleague.post_id
    assert reload(db, done).post_id == worker.post_id
    assert reload(db, check).post_id is None


def test_giving_a_child_to_another_worker_gives_the_visits(db: Session) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    worker, colleague = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, household=make_household(db), worker=worker)
    visit = make_task(db, child, due_on=TODAY)
    assign_child(db, supervisor, child.id, ChildAssign(post=colleague.post_id))
    assert reload(db, visit).post_id == colleague.post_id


def test_who_watches_over_a_child_elsewhere_knows_what_is_due(db: Session) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    child = make_child(db, household=make_household(db))
    make_task(db, child, due_on=TODAY)
    assert open_tasks_of_child(db, supervisor, child.id) == []
    child.supervising_post_id = supervisor.post_id
    db.flush()
    assert [task.child for task in open_tasks_of_child(db, supervisor, child.id)] == [child.id]
    assert my_tasks(db, supervisor) == []
