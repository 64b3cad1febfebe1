from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author, withdraw_request
from app.audit.models import AuditEvent
from app.children.models import Child
from app.children.timeline import tell
from app.children.words import EntryReason, PlacementKind
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.decisions.history import TELLS
from app.decisions.models import Decision, DecisionSibling, Match
from app.decisions.proposing import choose_family, open_matching
from app.decisions.queries import decisions_of, read_decision, summary_of
from app.decisions.schemas import Considered, DecisionContent, DecisionMake, MatchChoose, Sitting
from app.decisions.service import change_decision, gatekeeping_since, make_decision, request_decision, set_gatekeeping
from app.decisions.words import CareOption, DecisionNotHeard, DecisionState, Nearness, Siblings
from app.placements.schemas import EndPrevious, PlacementStart
from app.placements.service import start_placement
from app.placements.words import EndReason
from app.tasks.models import Task
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_child,
    make_foster_family,
    make_household,
    make_institution,
    reload,
)
from tests.make import make_decision as written

TODAY = clock.today()
WHY_NOT = {"considered": True, "finding": "Nobody was found", "why_not": "Nobody was found"}
ALL = ("family", "kin", "foster", "guardianship", "adoption_domestic")


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker)


def content(**given: Any) -> dict[str, Any]:
    return {
        "decided_on": TODAY,
        "panel": [{"name": "Mukamana Rose", "role": "Social worker"}, {"name": "Kalisa Jean", "role": "Uncle"}],
        "grounds": [EntryReason.DEATH_BOTH, EntryReason.POVERTY],
        "necessity": "Both parents died",
        "options": [{"option": option} | WHY_NOT for option in ALL],
        "kind": PlacementKind.FOSTER_MALAYIKA_MURINZI,
        "suitability": "She knows the family",
        "child_heard": True,
        "child_said": "I want to go to school",
        "siblings": Siblings.NONE,
    } | given


def decision(**given: Any) -> DecisionMake:
    return DecisionMake(**content(**given))


def approved(db: Session, author: Actor, child: Child, decider: Actor, **given: Any) -> Decision:
    decision_id, _is_new = make_decision(db, author, child.id, decision(**given))
    approve(db, decider, request_decision(db, author, decision_id), Approve())
    return reload(db, db.get_one(Decision, decision_id))


def test_a_decision_goes_to_the_supervisor_and_is_approved(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    decision_id, is_new = make_decision(db, worker, child.id, decision())
    assert is_new
    assert read_decision(db, worker, decision_id).state is DecisionState.DRAFT
    approval = request_decision(db, worker, decision_id)
    with pytest.raises(Conflict):
        request_decision(db, worker, decision_id)
    with pytest.raises(Conflict):
        change_decision(db, worker, decision_id, DecisionContent(**content()), version=None)
    with pytest.raises(Forbidden):
        approve(db, worker, approval, Approve())
    approve(db, supervisor, approval, Approve())
    found = read_decision(db, worker, decision_id)
    assert (found.state, found.approval_kind) == (DecisionState.APPROVED, "decision")
    assert summary_of(db, child.id) is not None
    assert [item.href for item in tell(db, worker, child.id, (TELLS,))] == [f"/decisions/{decision_id}"]


def test_poverty_alone_may_be_begun_with_and_is_never_sent(db: Session, worker: Actor, child: Child) -> None:
    decision_id, _is_new = make_decision(db, worker, child.id, decision(grounds=[EntryReason.POVERTY]))
    with pytest.raises(FieldError) as problem:
        request_decision(db, worker, decision_id)
    assert [field for field, _words in problem.value.errors] == ["grounds"]
    with pytest.raises(IntegrityError, match="never_poverty_alone"), db.begin_nested():
        db.execute(update(Decision).where(Decision.id == decision_id).values(state="requested"))


def test_a_draft_may_be_half_done_and_loses_nothing(db: Session, worker: Actor, child: Child) -> None:
    half = DecisionMake(
        decided_on=TODAY,
        panel=[Sitting(name="Mukamana Rose"), Sitting(), Sitting(role="Uncle")],
        options=[Considered(option=CareOption.KIN, finding="An aunt in Huye")],
        child_said="I want to go to school",
        not_heard=DecisionNotHeard.TOO_YOUNG,
        conditions="A visit every two weeks",
    )
    decision_id, _is_new = make_decision(db, worker, child.id, half)
    found = read_decision(db, worker, decision_id)
    assert [(one.name, one.role) for one in found.panel] == [("Mukamana Rose", None), (None, "Uncle")]
    assert (found.kind, found.child_heard, found.siblings, found.necessity) == (None, None, None, None)
    assert (found.child_said, found.not_heard) == ("I want to go to school", DecisionNotHeard.TOO_YOUNG)
    assert [one.finding for one in found.options] == ["An aunt in Huye"]
    with pytest.raises(FieldError) as problem:
        request_decision(db, worker, decision_id)
    assert [field for field, _words in problem.value.errors] == [
        "panel.0.role",
        "panel.1.name",
        "grounds",
        "necessity",
        "kind",
        "suitability",
        "child_heard",
        "siblings",
    ]
    assert [item.title for item in tell(db, worker, child.id, (TELLS,))] == ["Decision of the panel"]
    with pytest.raises(IntegrityError, match="whole"), db.begin_nested():
        db.execute(update(Decision).where(Decision.id == decision_id).values(state="requested"))


def test_what_is_sent_says_one_of_two_answers(db: Session, worker: Actor, child: Child) -> None:
    decision_id, _is_new = make_decision(
        db, worker, child.id, decision(child_heard=False, not_heard=DecisionNotHeard.TOO_YOUNG)
    )
    assert read_decision(db, worker, decision_id).child_said == "I want to go to school"
    request_decision(db, worker, decision_id)
    found = read_decision(db, worker, decision_id)
    assert (found.child_said, found.not_heard, found.missing) == (None, DecisionNotHeard.TOO_YOUNG, [])


def test_two_who_open_a_draft_do_not_overwrite_each_other(db: Session, worker: Actor, child: Child) -> None:
    decision_id, _is_new = make_decision(db, worker, child.id, DecisionMake(decided_on=TODAY))
    change_decision(db, worker, decision_id, DecisionContent(decided_on=TODAY, necessity="Mine"), version=1)
    with pytest.raises(Stale) as problem:
        change_decision(db, worker, decision_id, DecisionContent(decided_on=TODAY, necessity="Other"), version=1)
    assert problem.value.current["necessity"] == "Mine"


def test_a_returned_decision_is_corrected_and_sent_again(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    decision_id, _is_new = make_decision(db, worker, child.id, decision())
    return_to_author(db, supervisor, request_decision(db, worker, decision_id), Return(reason="Ask the aunt"))
    row = db.get_one(Decision, decision_id)
    assert row.state == "returned"
    assert db.scalar(select(Task.path).where(Task.kind == "correct")) == f"/decisions/{decision_id}"
    with pytest.raises(Stale):
        change_decision(db, worker, decision_id, DecisionContent(**content()), version=1)
    change_decision(
        db, worker, decision_id, DecisionContent(**content(necessity="The aunt is ill")), version=row.version
    )
    approval = request_decision(db, worker, decision_id)
    withdraw_request(db, worker, approval)
    assert reload(db, row).state == "draft"


def test_who_wrote_it_does_not_approve_it_whoever_asks(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    decision_id, _is_new = make_decision(db, supervisor, child.id, decision())
    approval = request_decision(db, worker, decision_id)
    with pytest.raises(Forbidden, match="You wrote this decision"):
        approve(db, supervisor, approval, Approve())


def test_residential_care_is_the_states_to_decide(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    home = make_institution(db)
    decision_id, _is_new = make_decision(
        db, worker, child.id, decision(kind=PlacementKind.RESIDENTIAL_INSTITUTION, institution=home.id)
    )
    manager = actor_for(db, Role.NATIONAL_MANAGER)
    with pytest.raises(NotFound):
        read_decision(db, manager, decision_id)
    approval = request_decision(db, worker, decision_id)
    with pytest.raises((Forbidden, NotFound)):
        approve(db, supervisor, approval, Approve())
    found = read_decision(db, manager, decision_id)
    assert (found.coded, found.child_code, found.initials, found.author) == (True, child.code, None, None)
    assert [one.name for one in found.panel] == [None, None]
    assert found.necessity == "Both parents died"
    approve(db, manager, approval, Approve())
    assert reload(db, db.get_one(Decision, decision_id)).state == "approved"


def test_the_manager_reads_no_name_of_a_child_or_of_its_siblings(db: Session, worker: Actor, child: Child) -> None:
    child.other_names = ["Bebe"]
    brother = make_child(db, given="Nshuti", family="Gatete", village=OTHER_VILLAGE)
    words = f"{child.given_name}, called Bebe, cries for Nshuti. No family takes Gatete Nshuti"
    row = written(db, child, worker, kind="residential_institution", siblings_why=words)
    db.add(DecisionSibling(decision_id=row.id, child_id=brother.id))
    request_decision(db, worker, row.id)
    told = read_decision(db, actor_for(db, Role.NATIONAL_MANAGER), row.id).siblings_why
    assert told == f"{child.code}, called {child.code}, cries for {brother.code}. No family takes {brother.code}"


def test_the_manager_decides_under_row_level_security(db: Session, worker: Actor, child: Child, web: Database) -> None:
    home = make_institution(db)
    child.restricted = True
    row = written(db, child, worker, kind="residential_institution", institution_id=home.id)
    approval = request_decision(db, worker, row.id)
    manager = actor_for(db, Role.NATIONAL_MANAGER)
    with web.unit_of_work() as session:
        bind_actor(session, manager)
        approve(session, manager, approval, Approve())
    assert reload(db, row).state == "approved"


def test_the_distance_is_computed_and_explained(db: Session, worker: Actor, child: Child) -> None:
    near = make_household(db)
    decision_id, _is_new = make_decision(db, worker, child.id, decision(household_code=near.code))
    assert read_decision(db, worker, decision_id).nearness is Nearness.VILLAGE
    far = make_household(db, village=OTHER_VILLAGE, created_by=worker.account_id)
    unexplained, _is_new = make_decision(db, worker, child.id, decision(household_code=far.code))
    with pytest.raises(FieldError) as problem:
        request_decision(db, worker, unexplained)
    assert [field for field, _words in problem.value.errors] == ["far_why"]
    make_decision(db, worker, child.id, decision(household_code=far.code, far_why="Her godmother"))
    with pytest.raises(FieldError) as problem:
        make_decision(db, worker, child.id, decision(household_code="FAM-ZZZZZZ"))
    assert [field for field, _words in problem.value.errors] == ["household_code"]


def test_a_decision_is_shared_by_brothers_and_sisters(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    brother = make_child(db, given="Manzi", sex="male", worker=worker)
    others = make_child(db, given="Shema", worker=actor_for(db, Role.PSYCHOLOGIST))
    far = make_child(db, village=OTHER_VILLAGE)
    for code in (others.code, far.code, "nonsense"):
        with pytest.raises(FieldError) as problem:
            make_decision(db, worker, child.id, decision(siblings=Siblings.TOGETHER, also_codes=code))
        assert [field for field, _words in problem.value.errors] == ["also_codes"]
    shared = approved(db, worker, child, supervisor, siblings=Siblings.TOGETHER, also_codes=f"{brother.code}, ")
    assert [row.id for row in decisions_of(db, brother.id)] == [shared.id]
    make_foster_family(db, make_household(db, capacity=1), siblings_welcome=True)
    fits = make_household(db, capacity=2)
    make_foster_family(db, fits, siblings_welcome=True)
    _child, matching = open_matching(db, worker, brother.id)
    assert (matching.children, [one.household for one in matching.proposals]) == (2, [fits.id])
    assert [one.excluded for one in matching.excluded] == [["Only 1 place is free, and 2 children come together"]]


def test_a_draft_that_names_a_sister_no_more(db: Session, worker: Actor, child: Child) -> None:
    sister = make_child(db, worker=worker)
    decision_id, _is_new = make_decision(
        db, worker, child.id, decision(siblings=Siblings.TOGETHER, also_codes=sister.code)
    )
    change_decision(db, worker, decision_id, DecisionContent(**content()), version=1)
    assert decisions_of(db, sister.id) == []
    again = DecisionContent(**content(siblings=Siblings.TOGETHER, also_codes=sister.code))
    change_decision(db, worker, decision_id, again, version=2)
    assert [row.id for row in decisions_of(db, sister.id)] == [decision_id]


def test_the_same_decision_twice_is_one(db: Session, worker: Actor, child: Child) -> None:
    command = decision(id=new_id())
    assert make_decision(db, worker, child.id, command)[1]
    assert not make_decision(db, worker, child.id, command)[1]


def test_others_do_not_write(db: Session, child: Child) -> None:
    with pytest.raises(Forbidden):
        make_decision(db, actor_for(db, Role.PSYCHOLOGIST), child.id, decision())
    far = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    with pytest.raises(NotFound):
        make_decision(db, far, child.id, decision())
    with pytest.raises(Forbidden):
        make_decision(db, actor_for(db, Role.NATIONAL_MANAGER), child.id, decision())


def test_a_baby_is_not_heard_with_a_reason(db: Session, worker: Actor) -> None:
    baby = make_child(db, worker=worker, born_on=TODAY - timedelta(days=200))
    made, _is_new = make_decision(
        db, worker, baby.id, decision(child_heard=False, child_said=None, not_heard=DecisionNotHeard.TOO_YOUNG)
    )
    assert read_decision(db, worker, made).not_heard is DecisionNotHeard.TOO_YOUNG


# Matching


def test_a_person_chooses_and_the_choice_is_kept(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    with pytest.raises(Conflict):
        choose_family(db, worker, child.id, MatchChoose(household=new_id(), why="x"))
    approved(db, worker, child, supervisor)
    near, far, paused = make_household(db), make_household(db, village=11020101), make_household(db)
    make_foster_family(db, near)
    make_foster_family(db, far)
    make_foster_family(db, paused, stage="paused")
    make_foster_family(db, make_household(db, village=OTHER_VILLAGE))
    _child, matching = open_matching(db, worker, child.id)
    assert [one.household for one in matching.proposals] == [near.id, far.id]
    with pytest.raises(FieldError) as problem:
        choose_family(db, worker, child.id, MatchChoose(household=paused.id, why="x"))
    assert problem.value.errors == [("household", "Not available: Paused")]
    command = MatchChoose(id=new_id(), household=far.id, why="Her school is there")
    match_id, is_new = choose_family(db, worker, child.id, command)
    assert (is_new, choose_family(db, worker, child.id, command)) == (True, (match_id, False))
    row = db.get_one(Match, match_id)
    assert (row.why, [one["household"] for one in row.others]) == ("Her school is there", [str(near.id)])
    chosen = open_matching(db, worker, child.id)[1].chosen
    assert chosen is not None
    assert (chosen.household, chosen.others) == (far.id, 1)
    assert len(tell(db, worker, child.id, (TELLS,))) == 2


def test_a_newer_decision_for_kin_ends_the_matching(
    db: Session, worker: Actor, supervisor: Actor, child: Child
) -> None:
    approved(db, worker, child, supervisor, decided_on=TODAY - timedelta(days=30))
    approved(db, worker, child, supervisor, kind=PlacementKind.KINSHIP_FORMAL)
    assert open_matching(db, worker, child.id)[1].decision is None


# The gate


def entry(child: Child, home: Any, **given: Any) -> PlacementStart:
    values = {
        "child": child.id,
        "kind": PlacementKind.RESIDENTIAL_INSTITUTION,
        "started_on": TODAY,
        "institution": home.id,
    }
    return PlacementStart(**(values | given))


@pytest.fixture
def gate(db: Session) -> None:
    set_gatekeeping(db, TODAY - timedelta(days=30))


@pytest.fixture
def known_child(db: Session, worker: Actor) -> Child:
    return make_child(db, worker=worker, registered_on=TODAY - timedelta(days=200))


def test_without_the_switch_nobody_is_asked(db: Session, worker: Actor, known_child: Child) -> None:
    start_placement(db, worker, entry(known_child, make_institution(db)))


@pytest.mark.usefixtures("gate")
def test_nobody_enters_without_a_decision(db: Session, worker: Actor, known_child: Child) -> None:
    home = make_institution(db)
    with pytest.raises(FieldError) as problem, db.begin_nested():
        start_placement(db, worker, entry(known_child, home))
    field, words = problem.value.errors[0]
    assert (field, "Write the decision of the panel" in words, "72 hours" in words) == ("institution", True, True)
    assert reload(db, known_child).institution_id is None


@pytest.mark.usefixtures("gate")
def test_with_the_states_decision_a_child_enters_once_and_there_only(
    db: Session, worker: Actor, known_child: Child
) -> None:
    home, other = make_institution(db), make_institution(db, name="Another Home")
    manager = actor_for(db, Role.NATIONAL_MANAGER)
    kind = PlacementKind.RESIDENTIAL_INSTITUTION
    approved(db, worker, known_child, manager, kind=kind, institution=home.id)
    with pytest.raises(FieldError), db.begin_nested():
        start_placement(db, worker, entry(known_child, other))
    placed, _is_new = start_placement(db, worker, entry(known_child, home, started_on=TODAY - timedelta(days=9)))
    assert placed
    out = EndPrevious(reason=EndReason.CHILD_RAN_AWAY)
    start_placement(
        db,
        worker,
        entry(
            known_child,
            home,
            kind=PlacementKind.STREET,
            institution=None,
            started_on=TODAY - timedelta(days=5),
            end_previous=out,
        ),
    )
    again = entry(known_child, home, end_previous=EndPrevious(reason=EndReason.RETURN_TO_INSTITUTION))
    with pytest.raises(FieldError), db.begin_nested():
        start_placement(db, worker, again)


@pytest.mark.usefixtures("gate")
def test_an_old_decision_holds_no_more(db: Session, worker: Actor, known_child: Child) -> None:
    home = make_institution(db)
    written(
        db,
        known_child,
        worker,
        kind="residential_institution",
        institution_id=home.id,
        state="approved",
        approved_at=clock.now() - timedelta(days=91),
    )
    with pytest.raises(FieldError), db.begin_nested():
        start_placement(db, worker, entry(known_child, home))


@pytest.mark.usefixtures("gate")
def test_an_emergency_comes_first_and_the_decision_follows(
    db: Session, worker: Actor, supervisor: Actor, known_child: Child
) -> None:
    shelter = make_institution(db, kind="transit_centre")
    start_placement(db, worker, entry(known_child, shelter, kind=PlacementKind.TEMPORARY_SHELTER))
    task = db.scalars(select(Task).where(Task.kind == "decide_again")).one()
    assert (task.due_on, task.post_id, task.path) == (
        TODAY + timedelta(days=3),
        worker.post_id,
        f"/children/{known_child.id}/decisions",
    )
    approved(db, worker, known_child, supervisor)
    assert reload(db, task).done_on == TODAY


@pytest.mark.usefixtures("gate")
def test_who_lived_there_before_is_stock(db: Session, worker: Actor, child: Child) -> None:
    start_placement(db, worker, entry(child, make_institution(db), started_on=TODAY - timedelta(days=1)))


@pytest.mark.usefixtures("gate")
def test_a_mistaken_record_is_put_right_without_a_decision(db: Session, worker: Actor) -> None:
    home, right = make_institution(db), make_institution(db, name="The Right Home")
    since = TODAY - timedelta(days=10)
    resident = make_child(db, institution=home, worker=worker, since=since, registered_on=TODAY - timedelta(days=99))
    mistake = EndPrevious(reason=EndReason.DATA_CORRECTION)
    with pytest.raises(FieldError), db.begin_nested():
        start_placement(db, worker, entry(resident, right, end_previous=mistake))
    start_placement(db, worker, entry(resident, right, started_on=since, end_previous=mistake))


def test_nothing_that_was_said_stands_in_the_log(db: Session, worker: Actor, supervisor: Actor, child: Child) -> None:
    approved(db, worker, child, supervisor, necessity="kirazira", child_said="kirazira", suitability="kirazira")
    told = db.scalars(select(AuditEvent.content).where(AuditEvent.subject_id == child.id)).all()
    assert told
    assert "kirazira" not in str(told)
    assert "Rose" not in str(told)
    assert db.scalar(select(Approval.state)) == "approved"


def test_the_operator_sets_the_day_of_the_gate_and_it_is_noted(db: Session) -> None:
    assert gatekeeping_since(db) is None
    set_gatekeeping(db, TODAY)
    assert gatekeeping_since(db) == TODAY
    set_gatekeeping(db, None)
    assert gatekeeping_since(db) is None
    noted = db.scalars(
        select(AuditEvent.content).where(AuditEvent.kind == "decision.gatekeeping_set").order_by(AuditEvent.id)
    ).all()
    assert [content["since"] for content in noted] == [TODAY.isoformat(), None]
