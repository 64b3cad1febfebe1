from collections.abc import Callable
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
from app.audit.models import AuditEvent
from app.children.models import Household
from app.children.words import PlacementKind
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.fostering.models import FosterFamily, FosterStep
from app.fostering.queries import board, list_families, read_fostering
from app.fostering.schemas import Ask, FamilyApply, FosterDetail, FosterQuery, Offer, Reason, StepRecord
from app.fostering.service import (
    apply_to_foster,
    change_offer,
    make_available,
    pause,
    record_step,
    request_approval,
    withdraw,
)
from app.fostering.words import Care, Stage, Step
from app.placements.schemas import PlacementStart
from app.placements.service import start_placement
from app.tasks.models import Task
from tests.clients import PageClient
from tests.make import OTHER_DISTRICT, actor_for, make_child, make_foster_family, make_household, reload

TODAY = clock.today()


@pytest.fixture
def household(db: Session) -> Household:
    return make_household(db, vetting="not_checked")


def application(**given: Any) -> FamilyApply:
    return FamilyApply(**({"applied_on": TODAY, "cares": [Care.ORDINARY]} | given))


def step(what: Step, **given: Any) -> StepRecord:
    return StepRecord(**({"step": what, "stepped_on": TODAY} | given))


def family_of(db: Session, actor: Actor, household: Household) -> FosterDetail:
    found = read_fostering(db, actor, household.id).family
    assert found is not None
    return found


def test_the_way_from_application_to_the_first_child(
    db: Session, worker: Actor, supervisor: Actor, household: Household
) -> None:
    apply_to_foster(db, worker, household.id, application())
    with pytest.raises(FieldError):
        record_step(db, worker, household.id, step(Step.CHECKED))
    for done in (Step.RECORD_CHECKED, Step.REFERENCES_TAKEN, Step.HOME_CHECKED, Step.CHECKED):
        record_step(db, worker, household.id, step(done))
    assert reload(db, household).vetting == "checked"
    with pytest.raises(FieldError):
        request_approval(db, worker, household.id, Ask())
    record_step(db, worker, household.id, step(Step.TRAINED))
    approval = request_approval(db, worker, household.id, Ask())
    with pytest.raises(Forbidden):
        approve(db, worker, approval, Approve())
    approve(db, supervisor, approval, Approve())
    assert reload(db, household).vetting == "approved"
    assert family_of(db, worker, household).stage is Stage.APPROVED
    make_available(db, worker, household.id)
    found = family_of(db, worker, household)
    assert (found.stage, found.free, found.renewal_due) == (Stage.AVAILABLE, 2, False)
    task = db.scalars(select(Task).where(Task.kind == "renew_family")).one()
    assert found.approved_until is not None
    assert (task.due_on, task.post_id) == (found.approved_until - timedelta(days=60), worker.post_id)
    assert [one.step for one in found.steps if one.step is Step.APPROVED]


def test_a_returned_request_leaves_the_family_where_it_was(
    db: Session, worker: Actor, supervisor: Actor, household: Household
) -> None:
    make_foster_family(db, household, stage="trained", approved_on=None, approved_until=None)
    approval = request_approval(db, worker, household.id, Ask(note="All at home agree"))
    assert db.get_one(Approval, approval).note == f"{household.head_name}. All at home agree"
    with pytest.raises(Conflict):
        request_approval(db, worker, household.id, Ask())
    return_to_author(db, supervisor, approval, Return(reason="No second reference"))
    found = family_of(db, worker, household)
    assert (found.stage, found.steps[0].step, found.steps[0].note) == (
        Stage.TRAINED,
        Step.RETURNED,
        "No second reference",
    )
    assert db.scalar(select(Task.kind).where(Task.subject_id == found.id)) == "correct"


def test_a_renewal_moves_the_end_and_its_task(db: Session, worker: Actor, supervisor: Actor) -> None:
    household = make_household(db)
    family = make_foster_family(db, household, approved_until=TODAY + timedelta(days=10))
    assert [one.renewal_due for one in list_families(db, worker, FosterQuery(renewal=True)).items] == [True]
    approve(db, supervisor, request_approval(db, worker, household.id, Ask()), Approve())
    assert reload(db, family).approved_until > TODAY + timedelta(days=700)
    assert family.stage == "available"
    assert list_families(db, worker, FosterQuery(renewal=True)).items == []


def test_an_approval_that_comes_after_the_withdrawal_changes_nothing(
    db: Session, worker: Actor, supervisor: Actor
) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    approval = request_approval(db, worker, household.id, Ask())
    withdraw(db, worker, household.id, Reason(reason="They moved"))
    with pytest.raises(Conflict):
        approve(db, supervisor, approval, Approve())
    assert reload(db, household).vetting == "withdrawn"


def test_a_family_with_children_is_paused_not_withdrawn(db: Session, worker: Actor) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    make_child(db, household=household, worker=worker)
    with pytest.raises(Conflict, match="Decide first where the child will live"):
        withdraw(db, worker, household.id, Reason(reason="A neighbour worries"))
    pause(db, worker, household.id, Reason(reason="A neighbour worries"))
    found = family_of(db, worker, household)
    assert (found.stage, found.paused_why, found.children, found.free) == (
        Stage.PAUSED,
        "A neighbour worries",
        1,
        1,
    )
    assert [one.initials for one in found.hosted] == ["K. M."]


def test_a_finding_against_an_available_family_pauses_it(db: Session, worker: Actor) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    found = step(Step.RECORD_CHECKED, in_order=False, note="A sentence of 2025")
    record_step(db, worker, household.id, found)
    assert family_of(db, worker, household).stage is Stage.PAUSED
    with pytest.raises(FieldError):
        make_available(db, worker, household.id)


def test_who_was_approved_before_the_steps_begins_as_approved(db: Session, worker: Actor) -> None:
    household = make_household(db, vetted_on=TODAY - timedelta(days=100))
    apply_to_foster(db, worker, household.id, application(applied_on=TODAY - timedelta(days=200)))
    found = family_of(db, worker, household)
    assert (found.stage, found.approved_on) == (Stage.APPROVED, TODAY - timedelta(days=100))
    assert found.missing, "the checks themselves are still to be written down"


def test_a_withdrawn_family_may_apply_again(db: Session, worker: Actor) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    withdraw(db, worker, household.id, Reason(reason="A new baby"))
    with pytest.raises(FieldError):
        record_step(db, worker, household.id, step(Step.TRAINED))
    record_step(db, worker, household.id, step(Step.APPLIED))
    found = family_of(db, worker, household)
    assert (found.stage, found.record_checked_on, reload(db, household).vetting) == (
        Stage.APPLIED,
        None,
        "not_checked",
    )


def test_the_same_application_twice_is_one(db: Session, worker: Actor, household: Household) -> None:
    command = application(id=new_id())
    first = apply_to_foster(db, worker, household.id, command)
    assert apply_to_foster(db, worker, household.id, command) == (first[0], False)
    with pytest.raises(Conflict):
        apply_to_foster(db, worker, household.id, application(income_source="Tea"))
    assert db.scalars(select(FosterStep.step).where(FosterStep.household_id == household.id)).all() == ["applied"]


def test_a_late_check_does_not_push_a_newer_one_out(db: Session, worker: Actor) -> None:
    household = make_household(db)
    family = make_foster_family(db, household, home_checked_on=TODAY)
    record_step(db, worker, household.id, step(Step.HOME_CHECKED, stepped_on=TODAY - timedelta(days=90)))
    assert reload(db, family).home_checked_on == TODAY


def test_only_a_foster_household_applies(db: Session, worker: Actor) -> None:
    with pytest.raises(FieldError):
        apply_to_foster(db, worker, make_household(db, kind="kin").id, application())


def test_a_stale_offer_is_told(db: Session, worker: Actor, household: Household) -> None:
    make_foster_family(db, household, stage="applied")
    change_offer(db, worker, household.id, Offer(cares=[Care.EMERGENCY]), version=1)
    with pytest.raises(Stale):
        change_offer(db, worker, household.id, Offer(cares=[Care.ORDINARY]), version=1)
    assert family_of(db, worker, household).cares == [Care.EMERGENCY]


def test_elsewhere_nothing_is_found(db: Session, household: Household) -> None:
    make_foster_family(db, household)
    far = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    with pytest.raises(NotFound):
        read_fostering(db, far, household.id)
    with pytest.raises(NotFound):
        pause(db, far, household.id, Reason(reason="x"))
    assert list_families(db, far, FosterQuery()).items == []


def test_the_list_and_the_board_agree(db: Session, worker: Actor) -> None:
    full = make_household(db, capacity=1)
    make_foster_family(db, full)
    make_child(db, household=full)
    free = make_household(db)
    make_foster_family(db, free, cares=["ordinary", "emergency"])
    make_foster_family(db, make_household(db), stage="paused")
    assert board(db, worker)[Stage.AVAILABLE] == len(
        list_families(db, worker, FosterQuery(stage=Stage.AVAILABLE)).items
    )
    assert [one.household for one in list_families(db, worker, FosterQuery(free=True)).items] == [free.id]
    assert [one.household for one in list_families(db, worker, FosterQuery(care=Care.EMERGENCY)).items] == [free.id]


def test_nothing_that_was_found_stands_in_the_log(db: Session, worker: Actor) -> None:
    household = make_household(db)
    make_foster_family(db, household)
    record_step(db, worker, household.id, step(Step.VISITED, note="kirazira"))
    pause(db, worker, household.id, Reason(reason="kirazira"))
    told = db.scalars(select(AuditEvent.content).where(AuditEvent.subject_id == household.id)).all()
    assert told
    assert "kirazira" not in str(told)
    assert db.scalar(select(Approval.id)) is None
    assert db.scalar(select(FosterFamily.paused_why)) == "kirazira"


def test_a_paused_family_receives_no_child_and_the_list_says_why(
    db: Session, worker: Actor, client_for: Callable[[Actor], PageClient]
) -> None:
    child = make_child(db, worker=worker)
    paused, lapsed, full, fits = (make_household(db, capacity=1) for _number in range(4))
    make_foster_family(db, paused, stage="paused")
    make_foster_family(db, lapsed, approved_until=TODAY - timedelta(days=1))
    make_foster_family(db, fits)
    make_child(db, household=full)
    kin = make_household(db, kind="kin", head="Kin")
    page = client_for(worker).open(f"/children/{child.id}/placements/new?kind=foster_malayika_murinzi")
    chosen = {
        household.code for household in (paused, lapsed, full, fits, kin) if f'value="{household.id}"' in page.html
    }
    assert chosen == {fits.code}
    for words in (
        f"{paused.code}: This family is paused",
        f"{lapsed.code}: The approval ended on",
        f"{full.code}: This household has no room",
    ):
        assert words in page.text
    sought = client_for(worker).open(f"/children/{child.id}/placements/new?kind=foster_malayika_murinzi&q={kin.code}")
    assert f"{kin.code}: This household is no foster family" in sought.text

    def placed(household: Household, days: int = 0) -> PlacementStart:
        return PlacementStart(
            child=child.id,
            kind=PlacementKind.FOSTER_MALAYIKA_MURINZI,
            started_on=TODAY - timedelta(days=days),
            household=household.id,
            unprepared_reason="The night before",
        )

    for household in (paused, lapsed, kin):
        with pytest.raises(FieldError) as told, db.begin_nested():
            start_placement(db, worker, placed(household))
        assert told.value.errors[0][0] == "household"
    # What began two months ago is a fact, however the family stands today.
    start_placement(db, worker, placed(paused, days=60))
