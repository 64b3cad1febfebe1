"""Questions between districts; joining and parting, under row-level security."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.approvals.models import Approval
from app.approvals.schemas import Approve, Return
from app.approvals.service import approve, return_to_author
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.children import duplicates
from app.children.models import Child
from app.children.queries import JoinedInto, read_child
from app.children.work import child_to_read
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.ids import new_id
from app.finding import queries, service
from app.finding.models import ChildJoin, DuplicateQuestion
from app.finding.schemas import AnswerQuestion, AskDuplicate, JoinRecords, PartRecords
from app.finding.words import JoinState
from app.placements.models import Placement
from app.tables import metadata
from app.tasks.models import Task
from tests import make
from tests.make import (
    OTHER_DISTRICT,
    OTHER_VILLAGE,
    actor_for,
    make_case,
    make_child,
    make_household,
    make_institution,
    make_placement,
    make_question,
    make_task,
    make_visit,
    reload,
)

BORN = date(2015, 5, 4)


def twin_records(db: Session, **second: Any) -> tuple[Child, Child]:
    """Two records of one child in one district."""
    first = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN)
    return first, make_child(db, **({"given": "Arine", "family": "Mukalugwiza", "born_on": BORN} | second))


def joining(other: Child, **values: Any) -> JoinRecords:
    return JoinRecords.model_validate({"id": new_id(), "other": other.id, "reason": "The same mother"} | values)


def everything(db: Session) -> dict[str, Any]:
    """Every row of every table that points at a child, and the children, as the database writes them down."""
    db.flush()
    tables = {
        table.name
        for table in metadata.sorted_tables
        if table.name == "children"
        or (
            table.name not in {"child_joins", "approvals"}
            and ("child_id" in table.c or any(key.column.table.name == "children" for key in table.foreign_keys))
        )
    }
    return {
        name: sorted(db.scalars(text(f"select t::text from {name} t")).all())  # noqa: S608 - names of our tables
        for name in sorted(tables)
    }


# Asking


def test_a_worker_asks_the_worker_of_a_record_elsewhere(db: Session, web: Database) -> None:
    mine, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN, worker=mine)
    other = make_child(db, given="Arine", family="Mukalugwiza", born_on=BORN, village=OTHER_VILLAGE, worker=far_worker)
    other_code, other_id, child_id = other.code, other.id, child.id
    with web.unit_of_work() as acting:
        bind_actor(acting, mine)
        [candidate] = duplicates.duplicates_of(acting, mine, child_id)
        assert (candidate.code, candidate.district, candidate.in_reach) == (other_code, "Gasabo", False)
        assert (candidate.given_name, candidate.family_name) == (None, None)
        question_id, _new = service.ask_duplicate(acting, mine, child_id, AskDuplicate(other=other_id, note="A scar"))
    [task] = db.scalars(select(Task).where(Task.subject_id == question_id))
    assert (task.kind, task.post_id, task.child_id) == ("answer_duplicate", far_worker.post_id, other.id)
    with web.unit_of_work() as acting:
        bind_actor(acting, far_worker)
        told = queries.open_question(acting, far_worker, question_id)
        assert (told.told.name, told.child, told.may_answer) == ("Aline Mukarugwiza", None, True)
        service.answer_question(acting, far_worker, question_id, AnswerQuestion(answer="same", note="She moved in May"))
    assert reload(db, task).done_on is not None
    back = db.scalars(select(Task).where(Task.subject_id == question_id, Task.done_on.is_(None))).one()
    assert (back.kind, back.post_id, back.child_id) == ("read_duplicate", mine.post_id, child_id)
    with web.unit_of_work() as acting:
        bind_actor(acting, mine)
        answer = queries.open_question(acting, mine, question_id)
        assert (answer.answer, answer.answer_note, answer.other) == ("same", "She moved in May", None)
        with pytest.raises(NotFound):
            child_to_read(acting, mine, other_id)
    assert reload(db, back).done_on is not None
    events = db.scalars(select(AuditEvent).where(AuditEvent.kind == "duplicate.answered")).all()
    assert {event.subject_id for event in events} == {child.id, other.id}
    assert "Aline" not in str([event.content for event in db.scalars(select(AuditEvent))])


def test_a_record_that_nobody_holds_is_asked_of_the_supervisor(db: Session, web: Database) -> None:
    mine, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    child = make_child(db, worker=mine)
    other = make_child(db, village=OTHER_VILLAGE)
    with web.unit_of_work() as acting:
        bind_actor(acting, mine)
        question_id, _new = service.ask_duplicate(acting, mine, child.id, AskDuplicate(other=other.id))
        with pytest.raises(Conflict, match="asked already"):
            service.ask_duplicate(acting, mine, child.id, AskDuplicate(other=other.id))
    assert db.get_one(DuplicateQuestion, question_id).to_post_id == supervisor.post_id


def test_nobody_is_asked_about_a_child_who_is_not_alike(db: Session, web: Database) -> None:
    mine = actor_for(db, Role.SOCIAL_WORKER)
    child, stranger = make_child(db, worker=mine), make_child(db, given="Eric", family="Gasana", village=OTHER_VILLAGE)
    near = make_child(db)
    with web.unit_of_work() as acting:
        bind_actor(acting, mine)
        with pytest.raises(FieldError, match="needs another look"):
            service.ask_duplicate(acting, mine, child.id, AskDuplicate(other=stranger.id))
        with pytest.raises(FieldError):
            service.ask_duplicate(acting, mine, child.id, AskDuplicate(other=near.id))
        with pytest.raises(FieldError):
            service.ask_duplicate(acting, mine, child.id, AskDuplicate(other=new_id()))


def test_only_who_works_on_the_other_record_answers(db: Session, web: Database) -> None:
    mine, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    colleague = actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    child, other = make_child(db, worker=mine), make_child(db, village=OTHER_VILLAGE, worker=far_worker)
    question = make_question(db, child, other, mine)
    question_id, stranger = question.id, actor_for(db, Role.SOCIAL_WORKER, 21)
    for actor, refusal in ((mine, Forbidden), (colleague, Forbidden), (stranger, NotFound)):
        with web.unit_of_work() as acting:
            bind_actor(acting, actor)
            with pytest.raises(refusal):
                service.answer_question(acting, actor, question_id, AnswerQuestion(answer="same"))
    with web.unit_of_work() as acting:
        bind_actor(acting, far_worker)
        service.answer_question(acting, far_worker, question_id, AnswerQuestion(answer="cannot_say"))
        with pytest.raises(Conflict, match="answered already"):
            service.answer_question(acting, far_worker, question_id, AnswerQuestion(answer="same"))


# Joining and parting


def _joined(web: Database, actor: Actor, child: Child, other: Child, **values: Any) -> Any:
    with web.unit_of_work() as acting:
        bind_actor(acting, actor)
        return service.join_records(acting, actor, child.id, joining(other, **values))[0]


def test_joining_moves_everything_and_parting_puts_every_byte_back(db: Session, web: Database) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db, worker=worker)
    house = make_institution(db)
    stay = make_placement(db, gone, institution=house, started_on=clock.today() - timedelta(days=300))
    visit = make_visit(db, stay)
    task = make_task(db, gone, due_on=clock.today())
    make_case(db, kept)
    double = make_case(db, gone)
    make_question(db, kept, gone, worker)
    before = everything(db)
    join_id = _joined(web, supervisor, kept, gone)
    join = reload(db, db.get_one(ChildJoin, join_id))
    assert join.state == JoinState.JOINED.value
    assert {reload(db, one).child_id for one in (stay, visit, task, double)} == {kept.id}
    assert (double.state, double.closing_reason) == ("closed", "duplicate")
    reload(db, kept)
    assert (kept.institution_id, kept.lives_as, kept.area_code) == (house.id, stay.kind, stay.area_code)
    assert kept.other_names == ["Arine Mukalugwiza"]
    assert reload(db, gone).joined_into == kept.id
    # What ties the two together can belong to neither alone, and waits.
    assert [one["table"] for one in join.stayed] == ["duplicate_questions"]
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        service.part_records(acting, supervisor, join_id, PartRecords(reason="They were seen together"))
    assert everything(db) == before
    kinds = {(event.kind, event.subject_id) for event in db.scalars(select(AuditEvent))}
    assert {(kind, one.id) for kind in ("child.joined", "child.parted") for one in (kept, gone)} <= kinds


def test_what_was_written_since_stays_with_the_kept_record(db: Session, web: Database) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    make_task(db, gone, due_on=clock.today())
    join_id = _joined(web, supervisor, kept, gone)
    since = make_task(db, kept, due_on=clock.today())
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        service.part_records(acting, supervisor, join_id, PartRecords(reason="Two children"))
    assert reload(db, since).child_id == kept.id
    assert db.scalar(select(func.count()).select_from(Task).where(Task.child_id == gone.id)) == 1
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        with pytest.raises(Conflict, match="not joined"):
            service.part_records(acting, supervisor, join_id, PartRecords(reason="Again"))


def test_a_joined_record_leads_to_the_kept_one_and_is_in_no_list(db: Session, web: Database) -> None:
    supervisor, stranger = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    kept, gone = twin_records(db, worker=stranger)
    kept.responsible_post_id = None
    kept_id, gone_id = kept.id, gone.id
    assert _joined(web, supervisor, kept, gone)
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        with pytest.raises(JoinedInto) as leads:
            read_child(acting, supervisor, gone_id)
        assert leads.value.kept_id == kept_id
        assert acting.scalars(select(Child.id)).all() == [kept_id]
        found = acting.scalars(text("select search_children('arine', 0, 99999999, 20)")).all()
        assert found == [kept_id]
        assert duplicates.duplicates_of(acting, supervisor, kept_id) == []
    # Whoever read the joined record before gains nothing by it.
    with web.unit_of_work() as acting:
        bind_actor(acting, stranger)
        for child_id in (gone_id, kept_id):
            with pytest.raises(NotFound) as refused:
                read_child(acting, stranger, child_id)
            assert not isinstance(refused.value, JoinedInto)


def test_a_worker_asks_and_the_supervisor_joins_by_agreeing(db: Session, web: Database) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    colleague = actor_for(db, Role.SOCIAL_WORKER)
    kept, gone = twin_records(db, worker=colleague)
    join_id = _joined(web, worker, kept, gone)
    assert db.get_one(ChildJoin, join_id).state == JoinState.ASKED.value
    approval = db.scalars(select(Approval).where(Approval.subject_id == join_id)).one()
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        with pytest.raises(Conflict, match="waits already"):
            service.join_records(acting, worker, kept.id, joining(gone))
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        approve(acting, supervisor, approval.id, Approve())
    assert reload(db, gone).joined_into == kept.id


def test_a_join_that_was_sent_back_joins_nothing(db: Session, web: Database) -> None:
    worker, supervisor = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    join_id = _joined(web, worker, kept, gone)
    approval = db.scalars(select(Approval).where(Approval.subject_id == join_id)).one()
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        return_to_author(acting, supervisor, approval.id, Return(reason="Ask the mother"))
    assert reload(db, gone).joined_into is None
    assert db.get_one(ChildJoin, join_id).state == JoinState.RETURNED.value


def test_records_of_two_districts_need_the_worker_elsewhere_and_both_supervisors(db: Session, web: Database) -> None:
    worker, far_worker = actor_for(db, Role.SOCIAL_WORKER), actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT)
    near, far = actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.DISTRICT_SUPERVISOR, OTHER_DISTRICT)
    child = make_child(db, worker=worker)
    other = make_child(db, village=OTHER_VILLAGE, worker=far_worker)
    family = make_household(db, village=OTHER_VILLAGE)
    stay = make_placement(db, other, household=family)
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        with pytest.raises(FieldError):
            service.join_records(acting, worker, child.id, joining(other))
    make_question(db, child, other, worker, answer="same", answered_at=clock.now())
    join_id = _joined(web, worker, child, other)
    asked = {one.area_code // 1_000_000: one.id for one in db.scalars(select(Approval))}
    assert set(asked) == {make.DISTRICT, OTHER_DISTRICT}
    with web.unit_of_work() as acting:
        bind_actor(acting, near)
        approve(acting, near, asked[make.DISTRICT], Approve())
    assert reload(db, other).joined_into is None
    with web.unit_of_work() as acting:
        bind_actor(acting, far)
        approve(acting, far, asked[OTHER_DISTRICT], Approve())
    assert reload(db, other).joined_into == child.id
    assert reload(db, stay).child_id == child.id
    # The child lives where the open placement says; the far supervisor parts what was not one child.
    assert reload(db, child).area_code == family.area_code
    with web.unit_of_work() as acting:
        bind_actor(acting, far)
        service.part_records(acting, far, join_id, PartRecords(reason="Two cousins"))
    assert (reload(db, child).area_code, child.lives_as) == (make.VILLAGE, None)
    assert (reload(db, other).area_code, other.household_id) == (family.area_code, family.id)


def test_overlapping_placements_are_refused_with_what_to_do_first(db: Session, web: Database) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    for child in (kept, gone):
        make_placement(db, child, household=make_household(db), started_on=clock.today() - timedelta(days=50))
    before = everything(db)
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        with pytest.raises(Conflict, match="End or correct the placement in the record that is joined"):
            service.join_records(acting, supervisor, kept.id, joining(gone))
    assert everything(db) == before


def test_placements_that_follow_each_other_become_one_life(db: Session, web: Database) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    moved = clock.today() - timedelta(days=50)
    make_placement(db, gone, institution=make_institution(db), started_on=moved - timedelta(days=90), ended_on=moved)
    make_placement(db, kept, household=make_household(db), started_on=moved)
    assert _joined(web, supervisor, kept, gone)
    stays = db.scalars(select(Placement).where(Placement.child_id == kept.id).order_by(Placement.started_on)).all()
    assert [one.is_residential for one in stays] == [True, False]


def test_a_record_that_took_another_in_is_kept(db: Session, web: Database) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    third = make_child(db, given="Aline", family="Mukarugwiza", born_on=BORN)
    assert _joined(web, supervisor, kept, gone)
    with web.unit_of_work() as acting:
        bind_actor(acting, supervisor)
        with pytest.raises(Conflict, match="keep this one, or part"):
            service.join_records(acting, supervisor, third.id, joining(kept))
    assert _joined(web, supervisor, third, kept, keep="other")


def test_the_database_joins_nothing_that_is_not_agreed(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    kept, gone = twin_records(db)
    join = make.make_join(db, kept, gone, worker)
    wanted = select(func.join_children(join.id, clock.today()))
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        with pytest.raises(DBAPIError, match="not agreed"), acting.begin_nested():
            acting.execute(wanted)


def test_twins_are_never_called_the_same(db: Session, web: Database) -> None:
    worker = actor_for(db, Role.SOCIAL_WORKER)
    first = make_child(db, given="Gakuru", family="Mugisha", born_on=BORN, sex="male")
    make_child(db, given="Gato", family="Mugisha", born_on=BORN, sex="male")
    with web.unit_of_work() as acting:
        bind_actor(acting, worker)
        assert duplicates.duplicates_of(acting, worker, first.id) == []


def test_every_table_of_a_child_can_move(db: Session) -> None:
    """A row is remembered by its id."""
    for table in metadata.sorted_tables:
        if "child_id" in table.c or any(key.column.table.name == "children" for key in table.foreign_keys):
            assert "id" in table.c, table.name


def test_a_case_is_not_lost(db: Session, web: Database) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    kept, gone = twin_records(db)
    only = make_case(db, gone)
    assert _joined(web, supervisor, kept, gone)
    assert (reload(db, only).child_id, only.state) == (kept.id, "registered")
    assert db.scalar(select(func.count()).select_from(Case)) == 1
