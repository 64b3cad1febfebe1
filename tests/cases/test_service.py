from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.cases import closing, grouping, queries, service
from app.cases.history import TELLS
from app.cases.models import Case
from app.cases.schemas import (
    CaseAdvance,
    CaseContactRecord,
    CaseHold,
    CaseQuery,
    ConcernAdd,
    GroupJoin,
    RiskRate,
)
from app.cases.words import CaseState, ClosingReason, Risk, Tier
from app.children.models import Child
from app.children.timeline import tell
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN, my_tasks
from app.tasks.words import TaskKind
from tests.cases.build import a_concern, a_contact, asked, due, ending, kinds, opened, opening
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_case,
    make_child,
    make_task,
    reload,
)

TODAY = clock.today()


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


@pytest.mark.parametrize("later", [True, False])
def test_a_case_given_to_a_sector_stands_on_the_officers_day_until_it_is_opened(
    db: Session, acting: Any, worker: Actor, child: Child, later: bool
) -> None:
    officer = actor_for(db, Role.SECTOR_OFFICER)
    if later:
        case_id = opened(acting, worker, child, risk="low")
        acting(service.hold_case, worker, case_id, CaseHold(post=officer.post_id, reason="The volunteers look in"))
    else:
        case_id = opened(acting, worker, child, risk="low", sector_post=officer.post_id)

    def to_read(actor: Actor) -> list[str | None]:
        return [task.path for task in acting(my_tasks, actor) if task.kind is TaskKind.READ_HANDOVER]

    assert to_read(officer) == [f"/children/{child.id}/case"]
    acting(queries.open_case_page, worker, child.id)
    assert len(to_read(officer)) == 1, "somebody else's reading is not the officer's"
    acting(queries.open_case_page, officer, child.id)
    assert to_read(officer) == []


def test_a_case_that_comes_back_is_read_once(db: Session, acting: Any, worker: Actor, child: Child) -> None:
    officer = actor_for(db, Role.SECTOR_OFFICER)
    case_id = opened(acting, worker, child, risk="low", sector_post=officer.post_id)
    acting(service.rate_risk, officer, case_id, RiskRate(risk=Risk.MEDIUM, reason="She has bruises"))
    to_read = [task for task in acting(my_tasks, worker) if task.kind is TaskKind.READ_HANDOVER]
    assert len(to_read) == 1, "what the officer has not read comes back as one thing"
    acting(queries.open_case_file, worker, case_id)
    assert "read_handover" not in due(db, child)


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
    titles = {item.title for item in acting(tell, worker, child.id, (TELLS,))}
    assert titles == {
        "Opened the case",
        "Risk rated: Medium risk",
        "The child was seen",
        "Transfer to another district: Waiting for the other district",
        "Went on: Assessed",
    }
    assert acting(tell, actor_for(db, Role.NATIONAL_OFFICER), child.id, (TELLS,)) == []
