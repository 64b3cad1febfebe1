"""Caseloads, hand-overs, covers and conferences, against the database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.supervision import handed, queries, service
from app.supervision.models import HandOver
from app.supervision.schemas import ActionGiven, ConferenceRecord, Cover, ReadUntil, Reassign
from app.tasks.models import Task
from app.tasks.queries import my_tasks
from app.tasks.words import TaskKind
from tests import make
from tests.make import (
    actor_for,
    make_case,
    make_child,
    make_household,
    make_placement,
    make_task,
    make_visit,
    reload,
)

TODAY = clock.today()


@pytest.fixture
def colleague(db):
    return actor_for(db, Role.PSYCHOLOGIST)


def kinds_of(db, actor):
    return [task.kind for task in my_tasks(db, actor)]


# Caseloads


def test_a_load_counts_open_professional_cases_by_risk(db, supervisor, worker):
    for risk in ("high", "medium", "medium", "low", None):
        make_case(db, make_child(db, worker=worker), risk=risk)
    make_case(db, make_child(db, worker=worker), risk="low", tier="sector")
    make_case(
        db, make_child(db, worker=worker), risk="low", state="closed", closed_on=TODAY, closing_reason="goals_met"
    )
    make_child(db, worker=worker)
    load = next(row for row in queries.list_caseloads(db, supervisor) if row.post == worker.post_id)
    assert (load.high, load.medium, load.low, load.unrated, load.cases) == (1, 2, 1, 1, 5)
    assert load.children == 8
    assert load.never_seen == 5
    assert load.holders == worker.display_name
    assert not load.too_heavy


def test_more_than_25_cases_are_too_many(db, supervisor, worker, client_for):
    def load():
        return next(row for row in queries.list_caseloads(db, supervisor) if row.post == worker.post_id)

    for _number in range(25):
        make_case(db, make_child(db, worker=worker))
    assert (load().cases, load().too_heavy) == (25, False)
    assert "Too many" not in client_for(supervisor).open("/caseloads").text
    make_case(db, make_child(db, worker=worker))
    assert (load().cases, load().too_heavy) == (26, True)
    assert "Too many" in client_for(supervisor).open("/caseloads").text


def test_a_load_says_what_is_late_and_who_waits_longest(db, supervisor, worker):
    child = make_child(db, worker=worker)
    make_case(db, child)
    placement = make_placement(db, child, household=make_household(db), started_on=TODAY - timedelta(days=200))
    make_visit(db, placement, visited_on=TODAY - timedelta(days=50))
    make_visit(db, placement, visited_on=TODAY - timedelta(days=3), child_seen=False)
    make_task(db, child, due_on=TODAY - timedelta(days=8), tolerance_days=7)
    make_task(db, child, due_on=TODAY - timedelta(days=7), tolerance_days=7)
    load = next(row for row in queries.list_caseloads(db, supervisor) if row.post == worker.post_id)
    assert (load.late, load.weeks_unseen, load.never_seen) == (1, 7, 0)


def test_the_heaviest_load_comes_first_and_other_districts_are_not_there(db, supervisor, worker, colleague):
    far = actor_for(db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    for _number in range(2):
        make_case(db, make_child(db, worker=worker))
    make_case(db, make_child(db, worker=colleague))
    posts = [row.post for row in queries.list_caseloads(db, supervisor)]
    assert posts.index(worker.post_id) < posts.index(colleague.post_id)
    assert far.post_id not in posts
    with pytest.raises(NotFound):
        queries.open_caseload(db, supervisor, far.post_id)


def test_a_worker_does_not_see_the_board(db, worker):
    with pytest.raises(Forbidden):
        queries.list_caseloads(db, worker)


# Reassigning


def handing(children, post, note="The aunt asks for visits on Saturdays."):
    return Reassign(children=[child.id for child in children], post=post, note=note)


def test_children_go_with_their_tasks_and_a_note(db, supervisor, worker, colleague):
    children = [make_child(db, worker=worker) for _number in range(3)]
    task = make_task(db, children[0], due_on=TODAY)
    given = service.reassign(db, supervisor, worker.post_id, handing(children[:2], colleague.post_id))
    assert given == 2
    assert [reload(db, child).responsible_post_id for child in children] == [
        colleague.post_id,
        colleague.post_id,
        worker.post_id,
    ]
    assert reload(db, task).post_id == colleague.post_id
    assert kinds_of(db, colleague).count(TaskKind.READ_HANDOVER) == 1, "one note, one thing to read"
    notes = db.scalars(select(HandOver)).all()
    assert {(note.from_post_id, note.to_post_id) for note in notes} == {(worker.post_id, colleague.post_id)}
    events = db.scalars(select(AuditEvent).where(AuditEvent.kind == "child.handed_over")).all()
    assert {event.subject_id for event in events} == {child.id for child in children[:2]}
    assert "Saturdays" not in str([event.content for event in events])


def test_all_of_them_go_or_none(db, supervisor, worker, colleague):
    mine, others = make_child(db, worker=worker), make_child(db, worker=colleague)
    with pytest.raises(FieldError) as wrong:
        service.reassign(db, supervisor, worker.post_id, handing([mine, others], colleague.post_id))
    assert wrong.value.errors[0][0] == "children"
    assert reload(db, mine).responsible_post_id == worker.post_id


@pytest.mark.parametrize("where", ["far", "same"])
def test_children_go_to_another_worker_of_the_district_only(where, db, supervisor, worker):
    far = actor_for(db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    post = far.post_id if where == "far" else worker.post_id
    with pytest.raises(FieldError) as wrong:
        service.reassign(db, supervisor, worker.post_id, handing([make_child(db, worker=worker)], post))
    assert wrong.value.errors[0][0] == "post"


def test_reading_the_note_ends_its_task(db, supervisor, worker, colleague):
    child = make_child(db, worker=worker)
    service.reassign(db, supervisor, worker.post_id, handing([child], colleague.post_id))
    assert handed.read_hand_overs(db, worker, child.id) == 0, "it is not theirs to read"
    assert handed.read_hand_overs(db, colleague, child.id) == 1
    assert handed.read_hand_overs(db, colleague, child.id) == 0
    assert TaskKind.READ_HANDOVER not in kinds_of(db, colleague)
    assert handed.hand_overs_of(db, child.id)[0].read_at is not None


def test_a_caseload_that_is_handed_over_is_one_thing_to_read(db, supervisor, worker, colleague):
    children = [make_child(db, worker=worker) for _number in range(3)]
    service.reassign(db, supervisor, worker.post_id, handing(children[:2], colleague.post_id))
    service.reassign(db, supervisor, worker.post_id, handing(children[2:], colleague.post_id, "He has moved."))
    found = handed.handed_to_me(db, colleague)
    assert [(row.note, len(row.children)) for row in found] == [
        ("He has moved.", 1),
        ("The aunt asks for visits on Saturdays.", 2),
    ]
    assert found[1].from_holder == worker.display_name
    assert {child.id for row in found for child in row.children} == {child.id for child in children}
    assert handed.handed_to_me(db, worker) == [], "it is not theirs to read"
    assert kinds_of(db, colleague).count(TaskKind.READ_HANDOVER) == 2, "one for many, and one for the one"
    assert handed.read_handed_to_me(db, colleague, ReadUntil(until=found[1].at)) == 2
    assert [row.note for row in handed.handed_to_me(db, colleague)] == ["He has moved."], "what came later stays"
    assert handed.read_handed_to_me(db, colleague, ReadUntil(until=found[0].at)) == 1
    assert handed.read_handed_to_me(db, colleague, ReadUntil(until=found[0].at)) == 0
    assert TaskKind.READ_HANDOVER not in kinds_of(db, colleague)
    events = db.scalars(select(AuditEvent).where(AuditEvent.kind == "child.hand_over_read")).all()
    assert {event.subject_id for event in events} == {child.id for child in children}


def test_reading_child_by_child_ends_the_one_task_with_the_last(db, supervisor, worker, colleague):
    children = [make_child(db, worker=worker) for _number in range(2)]
    service.reassign(db, supervisor, worker.post_id, handing(children, colleague.post_id))
    handed.read_hand_overs(db, colleague, children[0].id)
    assert TaskKind.READ_HANDOVER in kinds_of(db, colleague)
    handed.read_hand_overs(db, colleague, children[1].id)
    assert TaskKind.READ_HANDOVER not in kinds_of(db, colleague)


def test_a_second_lot_before_the_first_is_read_is_no_second_thing_to_do(db, supervisor, worker, colleague):
    children = [make_child(db, worker=worker) for _number in range(4)]
    service.reassign(db, supervisor, worker.post_id, handing(children[:2], colleague.post_id))
    service.reassign(db, supervisor, worker.post_id, handing(children[2:], colleague.post_id))
    assert kinds_of(db, colleague).count(TaskKind.READ_HANDOVER) == 1


def test_what_went_on_before_it_was_read_is_read_by_whoever_has_it_now(db, supervisor, worker, colleague):
    third = actor_for(db, Role.SOCIAL_WORKER)
    children = [make_child(db, worker=worker) for _number in range(2)]
    service.reassign(db, supervisor, worker.post_id, handing(children, colleague.post_id))
    for child in children:
        service.reassign(db, supervisor, colleague.post_id, handing([child], third.post_id, "Go on with it."))
    assert handed.handed_to_me(db, colleague) == []
    assert TaskKind.READ_HANDOVER not in kinds_of(db, colleague), "nothing is left to read"
    assert handed.read_hand_overs(db, third, children[0].id) == 2
    assert kinds_of(db, third).count(TaskKind.READ_HANDOVER) == 1


def test_the_note_of_one_child_that_went_on_leaves_no_task_behind(db, supervisor, worker, colleague):
    third = actor_for(db, Role.SOCIAL_WORKER)
    child = make_child(db, worker=worker)
    service.reassign(db, supervisor, worker.post_id, handing([child], colleague.post_id))
    service.reassign(db, supervisor, colleague.post_id, handing([child], third.post_id))
    handed.read_hand_overs(db, third, child.id)
    assert TaskKind.READ_HANDOVER not in kinds_of(db, third)


def test_a_hand_over_names_who_held_the_post_then(db, supervisor, worker, colleague):
    child = make_child(db, worker=worker)
    service.reassign(db, supervisor, worker.post_id, handing([child], colleague.post_id))
    third = actor_for(db, Role.SOCIAL_WORKER)
    covering = Cover(account=third.account_id, starts_on=TODAY, ends_on=TODAY + timedelta(days=14))
    service.cover_post(db, supervisor, worker.post_id, covering)
    [note] = handed.hand_overs_of(db, child.id)
    assert (note.from_holder, note.to_holder) == (worker.display_name, colleague.display_name)


def test_what_is_late_comes_first_in_a_caseload_then_the_risk(db, supervisor, worker):
    low, high, late = (make_child(db, given=given, worker=worker) for given in ("Ana", "Bea", "Cyd"))
    for child, risk in ((low, "low"), (high, "high"), (late, "low")):
        make_case(db, child, risk=risk)
    make.make_task(db, late, due_on=TODAY - timedelta(days=9))
    load = queries.open_caseload(db, supervisor, worker.post_id)
    assert [row.id for row in load.items] == [late.id, high.id, low.id]
    assert (load.post.late, load.post.late_visits) == (1, 1)


# Cover during leave


def cover(actor, days=14):
    return Cover(account=actor.account_id, starts_on=TODAY, ends_on=TODAY + timedelta(days=days))


def test_a_cover_is_an_appointment_that_ends(db, supervisor, worker, colleague):
    appointment = service.cover_post(db, supervisor, worker.post_id, cover(colleague))
    assert [row.name for row in queries.covers_of(db, worker.post_id)] == [colleague.display_name]
    load = queries.open_caseload(db, supervisor, worker.post_id).post
    assert colleague.display_name in (load.holders or "")
    with pytest.raises(Conflict):
        service.cover_post(db, supervisor, worker.post_id, cover(colleague, 3))
    service.end_cover(db, supervisor, worker.post_id, appointment)
    assert queries.covers_of(db, worker.post_id) == []
    with pytest.raises(NotFound):
        service.end_cover(db, supervisor, worker.post_id, appointment)


def test_who_holds_a_post_is_not_offered_to_cover_it(db, supervisor, worker, colleague):
    offered = {row.id for row in queries.colleagues(db, supervisor, worker.post_id)}
    assert colleague.account_id in offered
    assert worker.account_id not in offered
    service.cover_post(db, supervisor, worker.post_id, cover(colleague))
    again = {row.id for row in queries.colleagues(db, supervisor, worker.post_id)}
    assert colleague.account_id in again, "who covers until a day may do so later as well"
    with pytest.raises(Conflict):
        service.cover_post(db, supervisor, worker.post_id, cover(worker))


def test_who_works_elsewhere_covers_nothing_here(db, supervisor, worker):
    far = actor_for(db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    with pytest.raises(FieldError):
        service.cover_post(db, supervisor, worker.post_id, cover(far))
    with pytest.raises(NotFound):
        service.cover_post(db, supervisor, far.post_id, cover(worker))


# Conferences


def conference(*actions, **values):
    given = {"held_on": TODAY, "attended": ["Uwera Alice"], "child_took_part": True, "minutes": "She wishes to stay."}
    return ConferenceRecord(**(given | values), actions=list(actions))


def action(actor, days=7):
    return ActionGiven(what="Ask the school", post=actor.post_id, due_on=TODAY + timedelta(days=days))


def test_a_conference_gives_out_tasks(db, worker, colleague):
    child = make_child(db, worker=worker)
    case = make_case(db, child)
    conference_id, is_new = service.record_conference(db, worker, child.id, conference(action(colleague)))
    assert is_new
    found = queries.conferences_of(db, worker, child.id)
    assert [(row.id, len(row.actions)) for row in found] == [(conference_id, 1)]
    assert TaskKind.CONFERENCE in kinds_of(db, colleague)
    assert case.id is not None
    with pytest.raises(Forbidden):
        service.do_action(db, worker, found[0].actions[0].id)
    assert service.do_action(db, colleague, found[0].actions[0].id) == conference_id
    assert TaskKind.CONFERENCE not in kinds_of(db, colleague)
    assert queries.open_conference(db, worker, conference_id).actions[0].done_on == TODAY
    assert db.scalar(select(Task.done_on).where(Task.kind == TaskKind.CONFERENCE.value)) == TODAY
    with pytest.raises(Forbidden):
        service.reopen_action(db, worker, found[0].actions[0].id)
    for _twice in range(2):
        assert service.reopen_action(db, colleague, found[0].actions[0].id) == conference_id
    assert queries.open_conference(db, worker, conference_id).actions[0].done_on is None
    assert TaskKind.CONFERENCE in kinds_of(db, colleague)
    open_still = select(func.count()).where(Task.kind == TaskKind.CONFERENCE.value, Task.done_on.is_(None))
    assert db.scalar(open_still) == 1, "said twice, it is due once"


def test_an_action_has_a_worker_of_the_district_and_a_day_to_come(db, worker):
    child = make_child(db, worker=worker)
    far = actor_for(db, Role.SOCIAL_WORKER, make.OTHER_DISTRICT)
    for wrong, field in ((action(far), "actions.0.post"), (action(worker, -1), "actions.0.due_on")):
        with pytest.raises(FieldError) as told:
            service.record_conference(db, worker, child.id, conference(wrong))
        assert told.value.errors[0][0] == field


def test_another_worker_records_nothing(db, worker, colleague):
    child = make_child(db, worker=worker)
    with pytest.raises(Forbidden):
        service.record_conference(db, colleague, child.id, conference())
