from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.cases import closing, queries, service
from app.cases.models import Case, CaseClosing, CaseTransfer
from app.cases.schemas import (
    CaseContactRecord,
    CaseReopen,
)
from app.cases.words import CaseState, ClosingReason
from app.children.models import Child
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden
from app.core.ids import new_id
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from tests.cases.build import a_contact, asked, due, ending, opened
from tests.make import (
    actor_for,
    make_approval,
    make_child,
    make_household,
    make_task,
    reload,
)

TODAY = clock.today()


def test_a_good_end_is_agreed_to_and_followed(db: Session, acting: Any, worker: Actor) -> None:
    child = make_child(db, worker=worker, household=make_household(db))
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    case_id = opened(acting, worker, child)
    make_task(db, child, due_on=TODAY + timedelta(days=30))
    acting(service.reach_state, worker, child.id, CaseState.UNDER_FOLLOW_UP)
    closing_id, _is_new = acting(closing.close_case, worker, case_id, ending(ClosingReason.GOALS_MET))
    assert db.get_one(CaseClosing, closing_id).unmet == []
    assert db.get_one(Case, case_id).closed_on is None
    with pytest.raises(Conflict):
        acting(closing.close_case, worker, case_id, ending(ClosingReason.GOALS_MET))
    approval = db.scalars(select(Approval).where(Approval.subject_id == closing_id)).one()
    acting(approve, supervisor, approval.id, Approve())
    case = reload(db, db.get_one(Case, case_id))
    assert (case.state, case.closing_reason, case.closed_on) == ("closed", "goals_met", TODAY)
    assert case.retain_until is not None
    assert case.retain_until.year == TODAY.year + 10
    open_tasks = db.scalars(select(Task.kind).where(Task.child_id == child.id, IS_OPEN)).all()
    assert open_tasks == ["aftercare"] * 4
    well = CaseContactRecord.model_validate(a_contact() | {"aftermath": "well"})
    acting(service.record_contact, worker, case_id, well)
    assert len(db.scalars(select(Task.id).where(Task.child_id == child.id, IS_OPEN)).all()) == 3
    help_needed = CaseContactRecord.model_validate(a_contact() | {"aftermath": "needs_help"})
    acting(service.record_contact, worker, case_id, help_needed)
    assert "follow_worry" in due(db, child)


def test_what_is_not_met_is_shown_and_needs_the_supervisors_reason(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    case_id = opened(acting, worker, child)
    closing_id, _is_new = acting(closing.close_case, worker, case_id, ending(ClosingReason.GOALS_MET))
    assert db.get_one(CaseClosing, closing_id).unmet == ["lives_somewhere", "followed_up"]
    approval = db.scalars(select(Approval).where(Approval.subject_id == closing_id)).one()
    with pytest.raises(FieldError) as refused:
        acting(approve, supervisor, approval.id, Approve())
    assert refused.value.errors[0][0] == "reason"
    acting(approve, supervisor, approval.id, Approve(reason="She went back long ago; we have it on paper"))
    assert reload(db, db.get_one(Case, case_id)).state == "closed"


def test_a_returned_closing_is_asked_for_again(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    case_id = opened(acting, worker, child)
    first, _is_new = acting(closing.close_case, worker, case_id, ending(ClosingReason.FAMILY_DECLINED))
    approval = db.scalars(select(Approval).where(Approval.subject_id == first)).one()
    acting(return_to_author, supervisor, approval.id, Return(reason="Speak with the grandmother first"))
    assert "correct" in due(db, child)
    acting(closing.close_case, worker, case_id, ending(ClosingReason.FAMILY_DECLINED))
    assert "correct" not in due(db, child)


def test_contact_is_lost_only_after_attempts(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    missed = a_contact() | {"outcome": "not_reached"}
    for attempt in range(3):
        with pytest.raises(FieldError) as refused:
            acting(closing.close_case, worker, case_id, ending(ClosingReason.LOST_CONTACT))
        assert str(3 - attempt) in refused.value.errors[0][1]
        acting(service.record_contact, worker, case_id, CaseContactRecord.model_validate(missed | {"id": new_id()}))
        assert due(db, child)["find_again"] == 7
    acting(closing.close_case, worker, case_id, ending(ClosingReason.LOST_CONTACT))
    assert db.get_one(Case, case_id).state == "registered"


def test_a_death_closes_at_once(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    asked(acting, worker, case_id)
    waiting = make_approval(db, child, worker, kind="plan")
    with pytest.raises(FieldError):
        acting(closing.close_case, worker, case_id, ending(ClosingReason.CHILD_DIED))
    acting(closing.close_case, worker, case_id, ending(ClosingReason.CHILD_DIED, ended_on=TODAY))
    assert reload(db, db.get_one(Case, case_id)).closing_reason == "child_died"
    assert due(db, child) == {}
    assert reload(db, waiting).state == "withdrawn"
    assert db.scalars(select(CaseTransfer.state)).all() == ["withdrawn"]
    with pytest.raises(Forbidden):
        acting(closing.reopen_case, worker, case_id, CaseReopen(reason="It was another child"))


def test_a_duplicate_is_closed_and_opened_again_by_the_supervisor_only(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    case_id = opened(acting, worker, child)
    for code, field in ((None, "other_code"), ("Keza", "other_code"), (child.code, "other_code")):
        with pytest.raises(FieldError) as refused:
            acting(closing.close_case, worker, case_id, ending(ClosingReason.DUPLICATE, other_code=code))
        assert refused.value.errors[0][0] == field
    acting(closing.close_case, worker, case_id, ending(ClosingReason.DUPLICATE, other_code="tmm 7k3q9d"))
    assert db.scalars(select(CaseClosing.other_code)).one() == "TMM-7K3Q9D"
    again = CaseReopen(reason="They are twins, and two children")
    with pytest.raises(Forbidden):
        acting(closing.reopen_case, worker, case_id, again)
    acting(closing.reopen_case, actor_for(db, Role.DISTRICT_SUPERVISOR), case_id, again)
    case = reload(db, db.get_one(Case, case_id))
    assert (case.state, case.closed_on, case.retain_until) == ("registered", None, None)
    assert set(due(db, child)) == {"see_child", "assess", "plan"}
    steps = acting(queries.open_case_file, worker, case_id).steps
    assert [step.kind.value for step in steps] == ["reopened", "closed", "opened"]


def test_a_case_is_not_opened_again_beside_another(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    acting(closing.close_case, worker, case_id, ending(ClosingReason.NOT_A_CASE))
    opened(acting, worker, child)
    with pytest.raises(Conflict):
        acting(closing.reopen_case, worker, case_id, CaseReopen(reason="There is something after all"))


def test_aged_out_is_for_the_grown(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    with pytest.raises(FieldError):
        acting(closing.close_case, worker, opened(acting, worker, child), ending(ClosingReason.AGED_OUT))
    grown = make_child(db, worker=worker, born_on=TODAY.replace(year=TODAY.year - 24))
    assert acting(closing.close_case, worker, opened(acting, worker, grown), ending(ClosingReason.AGED_OUT))[1]
