from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.queries import waiting_for
from app.approvals.schemas import Approve
from app.approvals.service import approve
from app.audit.models import AuditEvent
from app.cases import queries, transfer_queries, transferring
from app.cases.models import Case
from app.cases.schemas import (
    TransferAccept,
    TransferDecline,
    TransferQuery,
)
from app.children.models import Child
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.placements.schemas import EndPrevious, PlacementStart
from app.placements.service import start_placement
from app.plans.service import request_plan
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from tests.cases.build import asked, due, opened
from tests.make import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_approval,
    make_child,
    make_household,
    make_plan,
    reload,
)

TODAY = clock.today()


def test_a_transfer_moves_everything_when_it_is_accepted(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    case_id = opened(acting, worker, child)
    transfer_id = asked(acting, worker, case_id)
    assert db.scalars(select(Task.post_id).where(Task.kind == "accept_transfer")).all() == [supervisor.post_id]
    coded = acting(transfer_queries.list_transfers, supervisor, TransferQuery()).items[0]
    assert (coded.child_code, coded.child, coded.note, coded.incoming) == (child.code, None, None, True)
    with pytest.raises(NotFound):
        acting(queries.open_case_file, supervisor, case_id)
    assert reload(db, child).responsible_post_id == worker.post_id
    acting(transferring.accept_transfer, supervisor, transfer_id, TransferAccept(post=receiver.post_id))
    child = reload(db, child)
    assert (child.responsible_post_id, child.district_code) == (receiver.post_id, OTHER_DISTRICT)
    assert db.get_one(Case, case_id).district_code == OTHER_DISTRICT
    open_posts = set(db.scalars(select(Task.post_id).where(Task.child_id == child.id, IS_OPEN)))
    assert open_posts == {receiver.post_id}
    assert {"read_handover", "assess", "plan", "see_child"} == set(due(db, child))
    assert acting(queries.open_case_file, receiver, case_id).transfers[0].note == "Ask Aunt Clarisse first"
    assert "read_handover" not in due(db, child), "the receiver has opened it"
    with pytest.raises(NotFound):
        acting(queries.open_case_file, worker, case_id)
    with pytest.raises(Conflict):
        acting(transferring.accept_transfer, supervisor, transfer_id, TransferAccept(post=receiver.post_id))


def test_what_waits_for_approval_goes_back_when_the_case_moves(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    case_id = opened(acting, worker, child)
    waiting = make_approval(db, child, worker, kind="plan")
    transfer_id = asked(acting, worker, case_id)
    acting(transferring.accept_transfer, supervisor, transfer_id, TransferAccept(post=receiver.post_id))
    approval = reload(db, waiting)
    assert (approval.state, approval.reason) == ("withdrawn", "The case was transferred")
    answered = db.scalars(select(AuditEvent.content).where(AuditEvent.kind == "case.transfer_answered")).one()
    assert answered["approvals_withdrawn"] == 1
    again = db.scalars(select(Task).where(Task.child_id == child.id, Task.kind == "correct", IS_OPEN)).one()
    assert (again.post_id, again.path) == (receiver.post_id, approval.path)


def test_a_plan_that_waited_is_decided_where_the_case_goes_on(db: Session, acting: Any, worker: Actor) -> None:
    child = make_child(db, worker=worker, household=make_household(db))
    before = actor_for(db, Role.DISTRICT_SUPERVISOR)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    case_id = opened(acting, worker, child)
    plan = make_plan(db, child)
    acting(request_plan, worker, plan.id)
    [waiting] = acting(waiting_for, before)
    transfer_id = asked(acting, worker, case_id)
    acting(transferring.accept_transfer, supervisor, transfer_id, TransferAccept(post=receiver.post_id))
    # The child stays with the family in the old district; nobody there has anything to decide any more.
    assert (reload(db, child).district_code, reload(db, plan).state) == (DISTRICT, "draft")
    assert acting(waiting_for, before) == []
    acting(request_plan, receiver, plan.id)
    assert acting(waiting_for, before) == []
    [waiting] = acting(waiting_for, supervisor)
    with pytest.raises(NotFound):
        acting(approve, before, waiting.id, Approve())
    acting(approve, supervisor, waiting.id, Approve())
    assert reload(db, plan).state == "in_force"
    assert not set(db.scalars(select(Task.kind).where(Task.child_id == child.id, IS_OPEN))) & {"correct"}


def test_what_waits_for_the_supervisor_follows_a_child_who_moves(db: Session, acting: Any, worker: Actor) -> None:
    child = make_child(db, worker=worker, household=make_household(db, village=OTHER_VILLAGE))
    before = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    waiting = make_approval(db, child, worker)
    move = PlacementStart(
        child=child.id,
        kind="foster_malayika_murinzi",
        started_on=TODAY,
        household=make_household(db, head="Mukamana Rose").id,
        end_previous=EndPrevious(reason="moved_to_permanent"),
    )
    acting(start_placement, worker, move)
    assert acting(waiting_for, before) == []
    assert [row.id for row in acting(waiting_for, supervisor)] == [waiting.id]


def test_a_child_in_a_family_here_stays_counted_here(db: Session, acting: Any, worker: Actor) -> None:
    child = make_child(db, worker=worker, household=make_household(db))
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    receiver = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    case_id = opened(acting, worker, child)
    acting(
        transferring.accept_transfer,
        supervisor,
        asked(acting, worker, case_id),
        TransferAccept(post=receiver.post_id),
    )
    child = reload(db, child)
    assert (child.district_code, child.supervising_post_id) == (DISTRICT, supervisor.post_id)
    for reader in (supervisor, receiver):
        assert acting(queries.open_case_file, reader, case_id).id == case_id


def test_a_declined_transfer_changes_nothing(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    case_id = opened(acting, worker, child)
    transfer_id = asked(acting, worker, case_id)
    with pytest.raises(Conflict):
        asked(acting, worker, case_id, 13)
    with pytest.raises(Forbidden):
        acting(transferring.withdraw_transfer, supervisor, transfer_id)
    acting(transferring.decline_transfer, supervisor, transfer_id, TransferDecline(reason="She lives with you"))
    detail = acting(queries.open_case_file, worker, case_id)
    assert (detail.transfers[0].state.value, detail.transfers[0].answer) == ("declined", "She lives with you")
    assert reload(db, child).responsible_post_id == worker.post_id
    assert "accept_transfer" not in due(db, child)
    acting(transferring.withdraw_transfer, worker, asked(acting, worker, case_id, 13))
    assert "accept_transfer" not in due(db, child)


def test_only_the_asked_district_answers(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    transfer_id = asked(acting, worker, case_id)
    accept = TransferAccept(post=worker.post_id)
    with pytest.raises(Forbidden):
        acting(transferring.accept_transfer, actor_for(db, Role.DISTRICT_SUPERVISOR), transfer_id, accept)
    with pytest.raises(NotFound):
        acting(transferring.accept_transfer, actor_for(db, Role.DISTRICT_SUPERVISOR, 21), transfer_id, accept)
    receiving = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    with pytest.raises(FieldError):
        acting(transferring.accept_transfer, receiving, transfer_id, accept)
    with pytest.raises(FieldError):
        asked(acting, worker, opened(acting, worker, make_child(db, worker=worker)), DISTRICT)
