"""What My day says of each thing that is due: whom or which house it is about."""

from typing import Any

from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.casefile.day import tasks_due
from app.core import clock
from app.core.ids import new_id
from app.tasks.models import Task
from app.tasks.schemas import TaskPlan
from app.tasks.service import plan_tasks
from app.tasks.words import TaskKind
from app.transformation.claim_schemas import ClaimReport
from app.transformation.claim_service import report_claim
from app.transformation.models import TransformationPlan
from tests.cases.build import make_transfer
from tests.make import (
    DISTRICT,
    OTHER_SECTOR,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_foster_family,
    make_household,
    make_institution,
    make_task,
)

TODAY = clock.today()


def reported(db, house, **values: Any):
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    came: dict[str, Any] = {"kind": "admission", "name": "Umwiza", "happened_on": TODAY}
    return report_claim(db, manager, house.id, ClaimReport(**(came | values)))[0]


def planned(db, actor, kind, subject_id, path):
    plan = TaskPlan(
        kind=kind, due_on=TODAY, tolerance_days=0, post_id=actor.post_id, area_code=actor.area.lo, path=path
    )
    plan_tasks(db, actor, [plan], subject_kind="x", subject_id=subject_id, child_id=None)


def test_a_report_of_a_house_names_the_house(db, worker, client_for):
    house = make_institution(db, name="House of Peace")
    child = make_child(db, institution=house, worker=worker)
    reported(db, house)
    reported(db, house, kind="exit", name=None, child=child.id)
    text = client_for(worker).open("/").text
    assert "Check what an institution reported: House of Peace" in text
    about_child = text.partition(f"Check what an institution reported: Keza, {child.code}")[2]
    assert about_child.index("House of Peace") < about_child.index("A claim counts only when")


def test_what_is_about_a_family_or_the_plan_of_a_house_names_it(db, worker, client_for):
    family = make_foster_family(db, make_household(db, head="Uwera Alice"))
    house = make_institution(db, name="House of Peace")
    plan = TransformationPlan(institution_id=house.id, becomes="other")
    db.add(plan)
    db.flush()
    planned(db, worker, TaskKind.RENEW_FAMILY, family.id, f"/households/{family.household_id}/fostering")
    planned(db, worker, TaskKind.CORRECT, plan.id, f"/institutions/{house.id}/resources")
    text = client_for(worker).open("/").text
    assert "Renew the approval of a foster family: Uwera Alice, FAM-" in text
    assert "Correct what was returned: House of Peace" in text
    bind_actor(db, worker)
    tasks_due(db, worker)
    noted = db.query(AuditEvent).filter(AuditEvent.kind == "records.listed").order_by(AuditEvent.id.desc()).first()
    assert noted.content["ids"] == [str(family.household_id)], "a family's name was read"


def test_a_house_out_of_reach_is_not_named(db, worker):
    far = make_institution(db, name="House of Elsewhere", sector=OTHER_SECTOR)
    claim = reported(db, far)
    planned(db, worker, TaskKind.CHECK_CLAIM, claim, f"/claims/{claim}")
    bind_actor(db, worker)
    assert [due.about for due in tasks_due(db, worker)] == [None]


def test_my_day_asks_as_often_whatever_is_due(db, worker, statements):
    child = make_child(db, household=make_household(db), worker=worker)
    make_task(db, child, due_on=TODAY)
    bind_actor(db, worker)
    with statements.counted() as few:
        tasks_due(db, worker)
    house = make_institution(db)
    for _number in range(4):
        reported(db, house)
        planned(db, worker, TaskKind.RENEW_FAMILY, make_foster_family(db, make_household(db)).id, "/households")
    db.query(Task).filter(Task.child_id.is_(None)).update({"post_id": worker.post_id, "due_on": TODAY})
    db.flush()
    with statements.counted() as many:
        assert len(tasks_due(db, worker)) == 9
    assert len(many) == len(few)


def test_a_task_of_a_kind_without_a_name_is_told_as_it_is(db, worker, client_for):
    planned(db, worker, TaskKind.CORRECT, new_id(), "/approvals")
    assert "Correct what was returned" in client_for(worker).open("/").text


def test_a_transfer_that_is_asked_bears_the_childs_code_and_nothing_more(db, client_for):
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    child = make_child(db, given="Hirwa", village=OTHER_VILLAGE)
    transfer = make_transfer(db, child, to=DISTRICT)
    planned(db, supervisor, TaskKind.ACCEPT_TRANSFER, transfer.id, f"/transfers/{transfer.id}")
    page = client_for(supervisor).open("/")
    assert f"Answer the transfer of a case: {child.code}" in page.text
    assert "Hirwa" not in page.html
    assert str(child.id) not in page.html
    bind_actor(db, supervisor)
    transfer.state, transfer.answered_at = "withdrawn", clock.now()
    db.flush()
    assert [due.code for due in tasks_due(db, supervisor)] == [None], "it is none of theirs any more"
