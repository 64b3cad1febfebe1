from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.access.scope import bind_actor
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.decisions.service import set_gatekeeping
from app.institutions.schemas import InstitutionChange
from app.institutions.service import change_institution
from app.placements.models import Placement
from app.tasks.models import Task
from app.tasks.schemas import TaskPlan
from app.tasks.service import plan_tasks
from app.tasks.words import TaskKind
from app.transformation import (
    breach_queries,
    census_queries,
    census_service,
    claim_queries,
    claim_service,
    queries,
    resource_queries,
    service,
)
from app.transformation.board import open_board
from app.transformation.census_schemas import CensusStart, CensusTick, PersonAdd, PersonMark
from app.transformation.claim_schemas import ClaimAccept, ClaimQuery, ClaimReject, ClaimReport
from app.transformation.models import PlanStep, StageChange, TransformationPlan
from app.transformation.schemas import (
    BreachAnswerWrite,
    ClosureQuery,
    FunderAdd,
    FunderContent,
    PlanWrite,
    StaffWrite,
    StageMove,
    StepAdd,
)
from app.transformation.settling_schemas import EndStay, Explain, KnownResident, RegisterResident
from app.transformation.words import Difference, NextStep, Obstacle, Readiness
from tests.make import (
    OTHER_DISTRICT,
    OTHER_SECTOR,
    actor_for,
    make_case,
    make_child,
    make_household,
    make_institution,
    make_placement,
    reload,
)
from tests.transformation.builders import make_census, make_claim, make_person

TODAY = clock.today()
MAY = TODAY - timedelta(days=190)


def move(to: int, **values: Any) -> StageMove:
    return StageMove.model_validate({"to": to, "reached_on": TODAY, "evidence": "The minutes say so"} | values)


def test_the_stages_one_after_the_other(db: Session) -> None:
    worker, national = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.NATIONAL_MANAGER)
    house = make_institution(db)
    child = make_child(db, institution=house, worker=worker)
    service.move_stage(db, worker, house.id, move(1, document="Letter 12"), version=1)
    service.move_stage(db, worker, house.id, move(2), version=2)
    assert (reload(db, house).moratorium_on, house.closure_stage) == (TODAY, 2)
    with pytest.raises(Stale):
        service.move_stage(db, worker, house.id, move(3), version=2)
    with pytest.raises(FieldError):
        service.move_stage(db, worker, house.id, move(4), version=3)
    service.move_stage(db, worker, house.id, move(3), version=3)
    with pytest.raises(FieldError):
        service.move_stage(db, worker, house.id, move(4), version=4)
    plan_id = service.write_plan(db, worker, house.id, PlanWrite(becomes="school"), version=None)
    approval_id = service.ask_for_plan(db, worker, house.id)
    with pytest.raises(Conflict):
        service.write_plan(db, worker, house.id, PlanWrite(becomes="other"), version=1)
    with pytest.raises(NotFound):
        approve(db, actor_for(db, Role.DISTRICT_SUPERVISOR), approval_id, Approve())
    approve(db, national, approval_id, Approve())
    plan = resource_queries.read_plan(db, house.id)
    assert plan is not None
    assert (plan.id, plan.approved_on) == (plan_id, TODAY)
    service.move_stage(db, national, house.id, move(4), version=4)
    service.move_stage(db, worker, house.id, move(5), version=5)
    with pytest.raises(FieldError):
        service.move_stage(db, worker, house.id, move(6), version=6)
    service.move_stage(db, worker, house.id, move(1, evidence="The director took it back"), version=6)
    assert reload(db, house).moratorium_on is None
    found = db.scalars(select(StageChange).order_by(StageChange.created_at)).all()
    assert [(change.from_stage, change.stage) for change in found] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 1)]
    kinds = db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == house.id))
    assert list(kinds).count("institution.stage_moved") == 6
    assert child.institution_id == house.id


def test_an_empty_house_ends_and_is_taken_off_the_register(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db, closure_stage=5, stage_reached_on=MAY, moratorium_on=MAY)
    for stage in (6, 7, 8):
        service.move_stage(db, worker, house.id, move(stage), version=None)
    assert (reload(db, house).closure_stage, house.registration, house.moratorium_on) == (8, "deregistered", MAY)


def test_a_returned_plan_and_a_changed_one(db: Session) -> None:
    worker, national = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.NATIONAL_MANAGER)
    house = make_institution(db)
    with pytest.raises(Conflict):
        service.ask_for_plan(db, worker, house.id)
    service.write_plan(db, worker, house.id, PlanWrite(becomes="school"), version=None)
    return_to_author(db, national, service.ask_for_plan(db, worker, house.id), Return(reason="And the cooks?"))
    plan = resource_queries.read_plan(db, house.id)
    assert plan is not None
    assert (plan.approved_on, plan.approval and plan.approval.reason) == (None, "And the cooks?")
    with pytest.raises(Stale):
        service.write_plan(db, worker, house.id, PlanWrite(becomes="school", staff="Trained"), version=7)
    service.write_plan(db, worker, house.id, PlanWrite(becomes="school", staff="Trained"), version=1)
    approve(db, national, service.ask_for_plan(db, worker, house.id), Approve())
    with pytest.raises(Conflict):
        service.ask_for_plan(db, worker, house.id)
    service.write_plan(db, worker, house.id, PlanWrite(becomes="other"), version=None)
    plan = resource_queries.read_plan(db, house.id)
    assert plan is not None
    assert plan.approved_on is None, "what was approved is another plan"


def test_admissions_after_the_moratorium(db: Session) -> None:
    supervisor, national = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.NATIONAL_MANAGER)
    house = make_institution(db, closure_stage=2, moratorium_on=MAY)
    make_child(db, institution=house, since=MAY)
    mistake = make_child(db)
    make_placement(db, mistake, institution=house, started_on=TODAY, ended_on=TODAY, end_reason="data_correction")
    late = make_child(db, institution=house, since=MAY + timedelta(days=1))
    hidden = make_child(db, institution=house, since=TODAY, restricted=True)
    for actor, codes in ((supervisor, {late.code, hidden.code}), (national, {late.code, None})):
        alerts = breach_queries.alerts_for(db, actor)
        assert {alert.child_code for alert in alerts} == codes
    assert breach_queries.alerts_for(db, actor_for(db, Role.SOCIAL_WORKER)) == []
    assert breach_queries.alerts_for(db, actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)) == []
    placement = next(alert.placement for alert in alerts if alert.child == late.id)
    answer = BreachAnswerWrite(placement=placement, answer="Back with her aunt")
    service.answer_breach(db, supervisor, house.id, answer)
    with pytest.raises(Conflict):
        service.answer_breach(db, national, house.id, answer)
    assert late.code not in {alert.child_code for alert in breach_queries.alerts_for(db, supervisor)}
    assert "Back with her aunt" in {row.answer for row in breach_queries.breaches_of(db, supervisor, house.id)}
    before = db.scalar(select(Placement.id).where(Placement.started_on == MAY))
    with pytest.raises(FieldError):
        service.answer_breach(db, supervisor, house.id, BreachAnswerWrite(placement=before, answer="Before"))
    closure, _board = queries.open_closure(db, supervisor, house.id)
    assert NextStep.BREACHES in {item.what for item in closure.left}


def test_the_board(db: Session) -> None:
    worker, officer = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.NATIONAL_OFFICER)
    house = make_institution(db)
    new = make_child(db, given="Hirwa", family="Nyiransengi", institution=house)
    assessed = make_child(db, given="Keza", institution=house, worker=worker, has_disability=True)
    make_case(db, assessed, state="planned")
    make_child(db, given="Iriza", institution=house, restricted=True)
    board = open_board(db, worker, house.id)
    assert [(row.id, row.readiness) for row in board.rows] == [
        (assessed.id, Readiness.ASSESSED),
        (new.id, Readiness.REGISTERED),
    ]
    assert board.rows[0].days == 100
    assert board.rows[1].obstacles == [Obstacle.NO_WORKER, Obstacle.NO_CASE, Obstacle.NOT_ASSESSED]
    assert board.hidden == 1
    coded = open_board(db, officer, house.id)
    assert {row.name for row in coded.rows} == {"H. N.", "K. M."}
    with pytest.raises(Forbidden):
        open_board(db, actor_for(db, Role.INSTITUTION_MANAGER, institution=house), house.id)
    with pytest.raises(NotFound):
        open_board(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), house.id)


def test_the_overview(db: Session) -> None:
    near = make_institution(db, name="A", closure_stage=2, moratorium_on=MAY)
    make_institution(db, name="B", sector=OTHER_SECTOR, closure_stage=5)
    make_child(db, institution=near, since=TODAY)
    supervisor, officer = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.NATIONAL_OFFICER)
    [row] = queries.list_closures(db, supervisor, ClosureQuery()).items
    assert (row.name, row.residents, row.breaches, row.stage) == ("A", 1, 1, 2)
    assert [row.name for row in queries.list_closures(db, officer, ClosureQuery()).items] == ["B", "A"]
    assert [row.name for row in queries.list_closures(db, officer, ClosureQuery(stage=5)).items] == ["B"]
    first = queries.list_closures(db, officer, ClosureQuery(limit=1))
    assert [row.name for row in queries.list_closures(db, officer, ClosureQuery(cursor=first.next)).items] == ["A"]
    assert queries.stage_counts(db, officer) == {2: 1, 5: 1}


def test_the_overview_begins_with_what_is_nearest_to_its_last_day(db: Session, client_for: Any) -> None:
    officer = actor_for(db, Role.NATIONAL_OFFICER)
    planned = {"Soon": 30, "Late": -20, "Turned": -90}
    for name, stage in (("Off", 8), ("Turned", 6), ("New", 0), ("Going", 5), ("Begun", 2), ("Soon", 3), ("Late", 4)):
        house = make_institution(db, name=name, closure_stage=stage)
        if name in planned:
            day = TODAY + timedelta(days=planned[name])
            db.add(TransformationPlan(institution_id=house.id, becomes="other", last_day_planned=day))
    db.flush()
    names, cursor = [], None
    while not names or cursor:
        page = queries.list_closures(db, officer, ClosureQuery(limit=2, cursor=cursor))
        names, cursor = [*names, *(row.name for row in page.items)], page.next
    assert names == ["Late", "Soon", "Going", "Begun", "New", "Turned", "Off"]
    text = client_for(officer).open("/closures").text
    assert text.count("Late by 20 days") == 1, "what has ended is not late"


def test_money_staff_and_steps(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db)
    funder_id, _new = service.add_funder(db, worker, house.id, FunderAdd(name="A parish", amount=9000, currency="usd"))
    service.end_funder(db, worker, funder_id)
    service.reopen_funder(db, worker, funder_id)
    assert resource_queries.funders_of(db, house.id)[0].ended_on is None
    right = FunderContent(name="A parish", amount=7000, currency="usd", tied=True)
    service.change_funder(db, worker, funder_id, right, 3)
    with pytest.raises(Stale):
        service.change_funder(db, worker, funder_id, right, 3)
    changes = (
        select(AuditEvent.content).where(AuditEvent.kind == "institution.resource_changed").order_by(AuditEvent.id)
    )
    assert [one["fields"] for one in db.scalars(changes)] == [[], ["ended_on"], ["ended_on"], ["amount", "tied"]]
    service.end_funder(db, worker, funder_id)
    step_id, _new = service.add_step(db, worker, house.id, StepAdd(what="Sell the bus", who="The board", due_on=TODAY))
    service.finish_step(db, worker, step_id)
    service.finish_step(db, worker, step_id, done=False)
    assert db.get_one(PlanStep, step_id).done_on is None
    service.finish_step(db, worker, step_id)
    service.write_staff(db, worker, house.id, StaffWrite(role="caregiver", number=8))
    service.write_staff(db, worker, house.id, StaffWrite(role="caregiver", number=8, retrained=5))
    found = resource_queries.open_resources(db, worker, house.id)
    assert (found.funders[0].ended_on, found.steps[0].done_on) == (TODAY, TODAY)
    assert [row.undecided for row in found.staff] == [3]
    with pytest.raises(FieldError):
        service.write_staff(db, worker, house.id, StaffWrite(role="guard", number=1, moved=2))
    with pytest.raises(NotFound):
        service.end_funder(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), funder_id)


# A census with a child nobody registered and one who left in May


def test_a_census_with_a_child_nobody_registered_and_one_who_left_in_may(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db)
    here = make_child(db, given="Aline", institution=house, worker=worker, since=MAY)
    gone = make_child(db, given="Benoit", institution=house, worker=worker, since=MAY - timedelta(days=900))
    at_school = make_child(db, given="Chance", institution=house, worker=worker)
    make_child(db, given="Divine", institution=house, restricted=True)
    episodes = dict(db.execute(select(Placement.id, Placement.version)).all())
    census_id, is_new = census_service.start_census(db, worker, house.id, CensusStart(counted_on=TODAY))
    assert is_new
    with pytest.raises(Conflict):
        census_service.start_census(db, worker, house.id, CensusStart(counted_on=TODAY))
    lines = {person.child: person.id for person in census_queries.read_census(db, worker, census_id).people}
    assert set(lines) == {here.id, gone.id, at_school.id}
    with pytest.raises(FieldError):
        census_service.finish_count(db, worker, census_id)
    everybody = list(lines.values())
    census_service.tick_people(db, worker, census_id, CensusTick(shown=everybody, present=everybody))
    census_service.tick_people(db, worker, census_id, CensusTick(shown=everybody, present=[lines[here.id]]))
    census_service.mark_person(
        db, worker, lines[at_school.id], PersonMark(status="absent", away_where="Boarding school")
    )
    with pytest.raises(FieldError):
        census_service.mark_person(db, worker, lines[gone.id], PersonMark(status="left"))
    census_service.mark_person(
        db, worker, lines[gone.id], PersonMark(status="left", away_on=MAY, away_where="An aunt in Huye")
    )
    new_one, _new = census_service.add_person(
        db, worker, census_id, PersonAdd(name="Umwiza Grace", sex="female", age_years=6)
    )
    with pytest.raises(Conflict):
        census_service.register_person(db, worker, new_one, registration())
    census_service.finish_count(db, worker, census_id)
    census = census_queries.read_census(db, worker, census_id)
    assert {person.id: person.difference for person in census.people if person.difference} == {
        lines[gone.id]: Difference.LEFT,
        new_one: Difference.NOT_REGISTERED,
    }
    assert (census.present, census.absent, census.gone, census.matches, census.hidden) == (2, 1, 1, 2, 1)
    assert all(person.resolves == worker.display_name for person in census.people if person.difference)
    assert dict(db.execute(select(Placement.id, Placement.version)).all()) == episodes, "a census changes no episode"
    with pytest.raises(FieldError):
        census_service.reconcile_census(db, worker, census_id)
    census_service.register_person(db, worker, new_one, registration())
    census_service.end_person(db, worker, lines[gone.id], EndStay(ended_on=MAY, reason="reunified"))
    with pytest.raises(Conflict):
        census_service.register_person(db, worker, new_one, registration())
    census = census_queries.read_census(db, worker, census_id)
    assert census.differences == 0
    assert reload(db, gone).institution_id is None
    registered = next(person for person in census.people if person.id == new_one)
    assert registered.child_code is not None
    census_service.reconcile_census(db, worker, census_id)
    assert census_queries.read_census(db, worker, census_id).state == "reconciled"
    with pytest.raises(Conflict):
        census_service.mark_person(db, worker, new_one, PersonMark(status="present"))


def registration() -> RegisterResident:
    return RegisterResident(given_name="Umwiza", sex="female", birth_precision="unknown", started_on=TODAY)


def test_the_register_may_be_set_right_elsewhere(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house, family = make_institution(db), make_household(db)
    child = make_child(db, given="Aline", institution=house, worker=worker)
    known = make_child(db, given="Grace", household=family, worker=worker, since=MAY)
    census_id, _new = census_service.start_census(db, worker, house.id, CensusStart(counted_on=TODAY))
    [line] = census_queries.read_census(db, worker, census_id).people
    census_service.mark_person(db, worker, line.id, PersonMark(status="left", away_on=TODAY))
    seen, _new = census_service.add_person(db, worker, census_id, PersonAdd(name="Geresi", sex="female"))
    visitor, _new = census_service.add_person(db, worker, census_id, PersonAdd(name="A visitor", sex="male"))
    census_service.finish_count(db, worker, census_id)
    make_placement_end(db, child)
    assert census_queries.read_census(db, worker, census_id).differences == 2, "the episode ended meanwhile"
    with pytest.raises(FieldError):
        census_service.know_person(db, worker, seen, KnownResident(code="TMM-999999"))
    with pytest.raises(FieldError):
        census_service.know_person(db, worker, seen, KnownResident(code=known.code))
    census_service.know_person(
        db, worker, seen, KnownResident(code=known.code.lower(), end_previous="return_to_institution")
    )
    assert reload(db, known).institution_id == house.id
    census_service.explain_person(db, worker, visitor, Explain(note="The director's nephew, for one night"))
    census_service.reconcile_census(db, worker, census_id)
    with pytest.raises(NotFound):
        census_queries.read_census(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), census_id)
    coded = census_queries.read_census(db, actor_for(db, Role.NATIONAL_OFFICER), census_id)
    assert "Geresi" not in coded.model_dump_json()
    assert "nephew" not in coded.model_dump_json()


def make_placement_end(db: Session, child: Any) -> None:
    placement = db.scalars(select(Placement).where(Placement.child_id == child.id)).one()
    placement.ended_on, placement.end_reason, placement.end_was_planned = TODAY, "reunified", True
    child.institution_id = child.lives_as = child.lives_since = None
    db.flush()


# Claims


def report(**values: Any) -> ClaimReport:
    content = {"kind": "admission", "name": "Hirwa", "happened_on": TODAY}
    return ClaimReport.model_validate(content | values)


def test_a_claim_becomes_a_fact_only_when_checked(db: Session) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    resident = make_child(db, given="Aline", institution=house, worker=worker)
    command = report(id=new_id(), destination="From the sector")
    claim_id, is_new = claim_service.report_claim(db, manager, house.id, command)
    assert (is_new, claim_service.report_claim(db, manager, house.id, command)) == (True, (claim_id, False))
    [task] = db.scalars(select(Task).where(Task.subject_id == claim_id))
    assert (task.kind, task.post_id, task.path) == ("check_claim", worker.post_id, f"/claims/{claim_id}")
    assert db.scalar(select(Placement.id).where(Placement.child_id != resident.id)) is None
    with pytest.raises(Forbidden):
        claim_service.accept_claim(db, manager, claim_id, ClaimAccept())
    claim_service.register_claimed(db, worker, claim_id, registration())
    assert reload(db, task).done_on == TODAY
    with pytest.raises(Conflict):
        claim_service.reject_claim(db, worker, claim_id, ClaimReject(reason="No"))
    exit_id, _new = claim_service.report_claim(db, manager, house.id, report(kind="exit", child=resident.id, name=None))
    claim = claim_queries.read_claim(db, worker, exit_id)
    assert (claim.name, claim.child, claim.lives_here) == ("Aline Mutesi", resident.id, True)
    with pytest.raises(FieldError):
        claim_service.accept_claim(db, worker, exit_id, ClaimAccept())
    claim_service.end_claimed(db, worker, exit_id, EndStay(ended_on=TODAY, reason="reunified"))
    assert reload(db, resident).institution_id is None
    told = claim_queries.read_claim(db, manager, exit_id)
    assert (told.state, told.child, told.child_code, told.lives_here) == ("accepted", None, None, None)


def test_who_came_without_a_decision_is_written_down_and_the_decision_follows(db: Session) -> None:
    set_gatekeeping(db, TODAY - timedelta(days=30))
    worker = actor_for(db, Role.SOCIAL_WORKER)
    house = make_institution(db)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    claim_id, _new = claim_service.report_claim(db, manager, house.id, report())
    claim_service.register_claimed(db, worker, claim_id, registration())
    [stay] = db.scalars(select(Placement).where(Placement.institution_id == house.id))
    assert stay.started_on == TODAY
    [task] = db.scalars(select(Task).where(Task.child_id == stay.child_id, Task.kind == "decide_again"))
    assert (task.post_id, task.path) == (worker.post_id, f"/children/{stay.child_id}/decisions")


def test_claims_that_do_not_hold(db: Session) -> None:
    worker, far = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    house, other = make_institution(db), make_institution(db, name="Other")
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    stranger = make_child(db, institution=other)
    for wrong in (
        report(happened_on=TODAY + timedelta(days=1)),
        report(name=None),
        report(child=stranger.id),
        report(kind="exit", child=stranger.id),
    ):
        with pytest.raises(FieldError):
            claim_service.report_claim(db, manager, house.id, wrong)
    with pytest.raises(NotFound):
        claim_service.report_claim(db, manager, other.id, report())
    with pytest.raises(Forbidden):
        claim_service.report_claim(db, worker, house.id, report())
    exit_id, _new = claim_service.report_claim(db, manager, house.id, report(kind="exit", name="Somebody"))
    [task] = db.scalars(select(Task).where(Task.subject_id == exit_id))
    assert task.post_id == worker.post_id, "nobody holds a resident here: the district's own worker"
    with pytest.raises(FieldError):
        claim_service.end_claimed(db, worker, exit_id, EndStay(ended_on=TODAY, reason="reunified"))
    with pytest.raises(NotFound):
        claim_service.reject_claim(db, far, exit_id, ClaimReject(reason="No"))
    claim_service.reject_claim(db, worker, exit_id, ClaimReject(reason="Nobody of this name lived there"))
    assert claim_queries.read_claim(db, manager, exit_id).reason == "Nobody of this name lived there"
    assert [row.id for row in claim_queries.list_claims(db, worker, house.id, ClaimQuery(state="rejected")).items] == [
        exit_id
    ]
    moved = make_child(db, given="Chance", household=make_household(db), worker=worker)
    again, _new = claim_service.report_claim(db, manager, house.id, report(kind="exit", name="Chance"))
    claim_service.accept_claim(db, worker, again, ClaimAccept(code=moved.code))


def test_the_second_lock(db: Session, web: Database) -> None:
    house, other = make_institution(db), make_institution(db, name="Far", sector=OTHER_SECTOR)
    manager = actor_for(db, Role.INSTITUTION_MANAGER, institution=house)
    elsewhere = actor_for(db, Role.INSTITUTION_MANAGER, institution=other)
    worker = actor_for(db, Role.SOCIAL_WORKER)
    read: Callable[[Session], Any] = lambda session: session.execute(select(claim_queries.Claim.id)).all()  # noqa: E731
    with web.unit_of_work() as session:
        bind_actor(session, manager)
        claim_service.report_claim(session, manager, house.id, report())
        assert len(read(session)) == 1
    for actor, count in ((worker, 1), (elsewhere, 0)):
        with web.unit_of_work() as session:
            bind_actor(session, actor)
            assert len(read(session)) == count


def test_what_is_written_about_a_house_goes_with_it_to_another_district(db: Session, web: Database) -> None:
    house, manager = make_institution(db), actor_for(db, Role.NATIONAL_MANAGER)
    former, now = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    claim, census = make_claim(db, house), make_census(db, house, former)
    make_person(db, census)
    plan = TaskPlan(
        kind=TaskKind.CHECK_CLAIM,
        due_on=TODAY,
        tolerance_days=0,
        post_id=former.post_id,
        area_code=house.area_code,
        path=f"/claims/{claim.id}",
    )
    plan_tasks(db, former, [plan], subject_kind="claim", subject_id=claim.id, child_id=None)
    db.flush()
    with web.unit_of_work() as acting:
        bind_actor(acting, manager)
        change_institution(acting, manager, house.id, InstitutionChange(sector=OTHER_SECTOR), version=None)
    db.expire_all()
    assert db.scalars(select(Task).where(Task.subject_id == claim.id)).one().post_id == supervisor.post_id
    with web.unit_of_work() as acting:
        bind_actor(acting, now)
        assert len(claim_queries.list_claims(acting, now, house.id, ClaimQuery()).items) == 1
        assert len(census_queries.open_census(acting, now, census.id).people) == 1
        claim_service.reject_claim(acting, now, claim.id, ClaimReject(reason="Nobody came"))
