from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.approvals.models import Approval
from app.approvals.queries import waiting_for
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.audit.models import AuditEvent
from app.cases import closing, grouping, queries, service, transfer_queries, transferring
from app.cases.history import items_of
from app.cases.models import Case, CaseClosing, CaseTransfer
from app.cases.schemas import (
    CaseAdvance,
    CaseClose,
    CaseContactRecord,
    CaseHold,
    CaseOpen,
    CaseQuery,
    CaseReopen,
    ConcernAdd,
    GroupJoin,
    RiskRate,
    TransferAccept,
    TransferAsk,
    TransferDecline,
    TransferQuery,
)
from app.cases.words import CaseState, ClosingReason, Risk, Tier
from app.children.models import Child
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.ids import new_id
from app.placements.schemas import EndPrevious, PlacementStart
from app.placements.service import start_placement
from app.plans.service import request_plan
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from tests.cases.build import a_case, a_concern, a_contact
from tests.make import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_approval,
    make_case,
    make_child,
    make_household,
    make_plan,
    make_task,
    reload,
)

TODAY = clock.today()


@pytest.fixture
def worker(db: Session) -> Actor:
    return actor_for(db, Role.SOCIAL_WORKER)


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


@pytest.fixture
def acting(web: Database) -> Callable[..., Any]:
    """Carries a verb out as the web does: in the web's role, under row-level security, committed at the end."""

    def act(verb: Callable[..., Any], actor: Actor, *given: Any) -> Any:
        with web.unit_of_work() as session:
            bind_actor(session, actor)
            return verb(session, actor, *given)

    return act


def opening(**given: Any) -> CaseOpen:
    return CaseOpen.model_validate(a_case() | given)


def opened(acting: Any, actor: Actor, child: Child, **given: Any) -> UUID:
    case_id, is_new = acting(service.open_case, actor, child.id, opening(**given))
    assert is_new
    return case_id


def due(db: Session, child: Child) -> dict[str, Any]:
    rows = db.execute(select(Task.kind, Task.due_on).where(Task.child_id == child.id, IS_OPEN)).all()
    return {row.kind: (row.due_on - TODAY).days for row in rows}


def kinds(db: Session, child: Child) -> list[str]:
    wanted = select(AuditEvent.kind).where(AuditEvent.subject_id == child.id).order_by(AuditEvent.id)
    return list(db.scalars(wanted))


# Opening


def test_a_case_opens_with_its_concerns_and_its_clock(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child, risk="high")
    case = db.get_one(Case, case_id)
    assert (case.state, case.risk, case.tier) == ("registered", "high", "professional")
    assert due(db, child) == {"see_child": 1, "assess": 2, "plan": 14}
    detail = acting(queries.open_case_file, worker, case_id)
    assert [concern.concern.value for concern in detail.concerns] == ["neglect", "school_dropout"]
    assert detail.concerns[0].place is not None
    assert [rating.risk for rating in detail.ratings] == [Risk.HIGH]
    assert kinds(db, child) == ["case.opened", "case.read"]
    summary = queries.case_of(db, child.id)
    assert summary is not None
    assert (summary.id, summary.state, summary.transfer_waits) == (case_id, CaseState.REGISTERED, False)


@pytest.mark.parametrize(("risk", "days"), [("high", 1), ("medium", 3), ("low", 7)])
def test_the_first_contact_is_as_soon_as_the_risk_asks(
    db: Session, acting: Any, worker: Actor, child: Child, *, risk: str, days: int
) -> None:
    opened(acting, worker, child, risk=risk)
    assert due(db, child)["see_child"] == days


def test_the_same_twice_makes_one_case(acting: Any, worker: Actor, child: Child) -> None:
    command = opening()
    first = acting(service.open_case, worker, child.id, command)
    assert acting(service.open_case, worker, child.id, command) == (first[0], False)
    with pytest.raises(Conflict):
        acting(service.open_case, worker, child.id, opening())


def test_a_child_nobody_holds_comes_into_the_caseload(db: Session, acting: Any, worker: Actor) -> None:
    child = make_child(db)
    opened(acting, worker, child)
    assert reload(db, child).responsible_post_id == worker.post_id


def test_a_grown_person_has_a_case_like_anybody(db: Session, acting: Any, worker: Actor) -> None:
    grown = make_child(db, worker=worker, born_on=TODAY.replace(year=TODAY.year - 31))
    assert opened(acting, worker, grown)


def test_another_workers_child_is_not_opened(db: Session, acting: Any, child: Child) -> None:
    with pytest.raises(Forbidden):
        acting(service.open_case, actor_for(db, Role.PSYCHOLOGIST), child.id, opening())
    with pytest.raises(NotFound):
        acting(service.open_case, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), child.id, opening())
    with pytest.raises(Forbidden):
        acting(service.open_case, actor_for(db, Role.VOLUNTEER), child.id, opening())


def test_days_and_places_that_cannot_be(acting: Any, worker: Actor, child: Child) -> None:
    for wrong, field in (
        ({"identified_on": TODAY + timedelta(days=1)}, "concerns.0.identified_on"),
        ({"village": 11019999}, "concerns.0.village"),
    ):
        with pytest.raises(FieldError) as refused:
            acting(service.open_case, worker, child.id, opening(concerns=[a_concern() | wrong]))
        assert refused.value.errors[0][0] == field


# Risk and steps


def test_the_risk_rises_and_falls_with_its_clock(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child, risk="low")
    contact = CaseContactRecord.model_validate(a_contact())
    acting(service.record_contact, worker, case_id, contact)
    assert due(db, child) == {"assess": 7, "plan": 14}
    acting(service.rate_risk, worker, case_id, RiskRate(risk=Risk.HIGH, reason="The uncle came back"))
    assert due(db, child) == {"see_child": 1, "assess": 2, "plan": 14}
    acting(service.rate_risk, worker, case_id, RiskRate(risk=Risk.MEDIUM, reason="He was arrested"))
    assert due(db, child) == {"see_child": 3, "assess": 7, "plan": 14}
    ratings = acting(queries.open_case_file, worker, case_id).ratings
    assert [rating.risk.value for rating in ratings] == ["medium", "high", "low"]


def test_what_happens_elsewhere_brings_the_case_on(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    acting(service.reach_state, worker, child.id, CaseState.ASSESSED)
    opened(acting, worker, child)
    acting(service.reach_state, worker, child.id, CaseState.PLANNED)
    assert set(due(db, child)) == {"see_child"}
    acting(service.reach_state, worker, child.id, CaseState.ASSESSED)
    assert db.scalars(select(Case.state)).one() == "planned"


def test_a_child_who_moves_before_the_plan_still_needs_the_plan(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    opened(acting, worker, child)
    acting(service.reach_state, worker, child.id, CaseState.IN_IMPLEMENTATION)
    assert {"assess", "plan"} <= set(due(db, child))
    acting(service.reach_state, worker, child.id, CaseState.PLANNED)
    assert set(due(db, child)) == {"see_child"}


def test_a_step_by_hand(acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    acting(service.advance_case, worker, case_id, CaseAdvance(state=CaseState.ASSESSED))
    with pytest.raises(FieldError):
        acting(service.advance_case, worker, case_id, CaseAdvance(state=CaseState.IN_IMPLEMENTATION))
    back = CaseAdvance(state=CaseState.REGISTERED, reason="It was another child's assessment")
    acting(service.advance_case, worker, case_id, back)
    steps = acting(queries.open_case_file, worker, case_id).steps
    assert [step.kind.value for step in steps] == ["went_back", "advanced", "opened"]


# Tiers


def test_a_sector_holds_a_case_of_low_risk_and_gives_it_back_when_it_rises(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    officer = actor_for(db, Role.SECTOR_OFFICER)
    with pytest.raises(NotFound):
        acting(service.open_case, officer, child.id, opening(risk="low"))
    case_id = opened(acting, worker, child, risk="low", sector_post=officer.post_id)
    child = reload(db, child)
    assert (child.responsible_post_id, child.supervising_post_id) == (officer.post_id, worker.post_id)
    assert set(db.scalars(select(Task.post_id).where(Task.child_id == child.id))) == {officer.post_id}
    assert acting(queries.list_cases, officer, CaseQuery()).items[0].tier is Tier.SECTOR
    acting(service.record_contact, worker, case_id, CaseContactRecord.model_validate(a_contact()))
    acting(service.rate_risk, officer, case_id, RiskRate(risk=Risk.MEDIUM, reason="She has bruises"))
    child = reload(db, child)
    assert (child.responsible_post_id, child.supervising_post_id) == (worker.post_id, None)
    assert reload(db, db.get_one(Case, case_id)).tier == "professional"
    assert set(db.scalars(select(Task.post_id).where(Task.child_id == child.id, IS_OPEN))) == {worker.post_id}
    assert {"read_handover", "see_child"} <= set(due(db, child))
    with pytest.raises(NotFound):
        acting(queries.open_case_file, officer, case_id)


@pytest.mark.parametrize("given", [{"risk": "medium"}, {"concerns": [a_concern() | {"concern": "sexual_violence"}]}])
def test_what_a_sector_may_not_hold(
    db: Session, acting: Any, worker: Actor, child: Child, given: dict[str, Any]
) -> None:
    post = actor_for(db, Role.SECTOR_OFFICER).post_id
    with pytest.raises(FieldError) as refused:
        acting(service.open_case, worker, child.id, opening(**({"risk": "low", "sector_post": post} | given)))
    assert refused.value.errors[0][0] == "sector_post"


def test_a_grave_concern_takes_the_case_back(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    officer = actor_for(db, Role.SECTOR_OFFICER)
    case_id = opened(acting, worker, child, risk="low", sector_post=officer.post_id)
    grave = ConcernAdd.model_validate(a_concern() | {"concern": "sexual_violence"})
    acting(service.add_concern, officer, case_id, grave)
    assert reload(db, child).responsible_post_id == worker.post_id


def test_a_case_is_given_to_the_sector_later_and_taken_back(
    db: Session, acting: Any, worker: Actor, child: Child
) -> None:
    officer, elsewhere = actor_for(db, Role.SECTOR_OFFICER), actor_for(db, Role.SECTOR_OFFICER, 1201)
    case_id = opened(acting, worker, child, risk="low")
    with pytest.raises(FieldError):
        acting(service.hold_case, worker, case_id, CaseHold(post=elsewhere.post_id, reason="Near"))
    acting(service.hold_case, worker, case_id, CaseHold(post=officer.post_id, reason="The volunteers look in"))
    acting(service.hold_case, officer, case_id, CaseHold(reason="We have no volunteer there now"))
    assert reload(db, child).responsible_post_id == worker.post_id


# Transfer


def asked(acting: Any, actor: Actor, case_id: UUID, to: int = OTHER_DISTRICT) -> UUID:
    command = TransferAsk(district=to, reason="The family moved", note="Ask Aunt Clarisse first")
    transfer_id, _is_new = acting(transferring.ask_transfer, actor, case_id, command)
    return transfer_id


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


# Closing


def ending(reason: ClosingReason, **given: Any) -> CaseClose:
    return CaseClose.model_validate({"id": new_id(), "reason": reason, "words": "As agreed with all"} | given)


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


# Groups


def test_brothers_and_sisters_in_three_districts(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    sister, brother = make_child(db, given="Iriza", worker=worker), make_child(db, given="Gasana", worker=worker)
    cases = [opened(acting, worker, one) for one in (child, sister, brother)]
    for other in (sister, brother):
        acting(grouping.join_group, worker, cases[0], GroupJoin(code=other.code.lower(), reason="The same mother"))
    far = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    sister.responsible_post_id, sister.area_code = far.post_id, OTHER_VILLAGE
    db.flush()
    seen = acting(queries.open_case_file, worker, cases[0]).group
    assert {member.code: member.name for member in seen} == {
        child.code: "Keza Mutesi",
        sister.code: None,
        brother.code: "Gasana Mutesi",
    }
    from_afar = acting(queries.open_case_file, far, cases[1]).group
    assert [member.name for member in from_afar if member.child] == ["Iriza Mutesi"]
    assert len(from_afar) == 3
    acting(grouping.leave_group, worker, cases[2])
    assert len(acting(queries.open_case_file, far, cases[1]).group) == 2


def test_a_group_tells_nothing_of_children_elsewhere(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    stranger = make_child(db, village=OTHER_VILLAGE)
    make_case(db, stranger)
    case_id = opened(acting, worker, child)
    for code in (stranger.code, child.code, "TMM-7K3Q9D", "nobody"):
        with pytest.raises(FieldError):
            acting(grouping.join_group, worker, case_id, GroupJoin(code=code, reason="The same mother"))


# Lists and history


def test_the_list_is_filtered(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    other = make_child(db)
    make_case(db, other, risk="high")
    make_case(db, make_child(db, village=OTHER_VILLAGE))
    case_id = opened(acting, worker, child, risk="low")
    make_task(db, child, due_on=TODAY - timedelta(days=30))

    def found(**query: Any) -> set[UUID]:
        return {case.child for case in acting(queries.list_cases, worker, CaseQuery(**query)).items}

    assert found() == {child.id, other.id}
    assert found(mine=True) == found(late=True) == found(risk=Risk.LOW) == {child.id}
    assert found(state=CaseState.CLOSED) == set()
    acting(closing.close_case, worker, case_id, ending(ClosingReason.NOT_A_CASE))
    assert found(state=CaseState.CLOSED) == {child.id}
    first = acting(queries.list_cases, worker, CaseQuery(limit=1))
    assert first.next is None


def test_the_story_of_a_case(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    case_id = opened(acting, worker, child)
    acting(service.record_contact, worker, case_id, CaseContactRecord.model_validate(a_contact()))
    asked(acting, worker, case_id)
    acting(service.advance_case, worker, case_id, CaseAdvance(state=CaseState.ASSESSED))
    titles = {item.title for item in acting(items_of, worker, child.id)}
    assert titles == {
        "Opened the case",
        "Risk rated: Medium risk",
        "The child was seen",
        "Transfer to another district: Waiting for the other district",
        "Went on: Assessed",
    }
    assert acting(items_of, actor_for(db, Role.NATIONAL_OFFICER), child.id) == []
