from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.children.models import Child, Household
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.instruments import history, queries, service
from app.instruments.models import InstrumentAnswers
from app.instruments.schemas import ChangeDraft, SendAnswers, StartDraft, SwitchOn
from app.tasks.models import Task
from tests.make import actor_for, make_answers, make_child, make_household, make_task, reload

FEEDBACK = {"told": True, "heard": 4, "respected": 3, "helped": 3}


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


def send(child: Child, **values: Any) -> SendAnswers:
    content = {"child": child.id, "instrument": "caregiver_feedback", "answers": FEEDBACK} | values
    return SendAnswers.model_validate(content)


def test_a_set_is_sent_once(db: Session, worker: Actor, child: Child) -> None:
    command = send(child, id=new_id())
    first, again = (service.send_answers(db, worker, command) for _try in range(2))
    assert first == (command.id, True)
    assert again == (command.id, False)
    found = db.get_one(InstrumentAnswers, command.id)
    assert (found.state, found.scores) == ("submitted", {"mean": 3.3})
    with pytest.raises(Conflict):
        service.send_answers(db, worker, send(child, id=command.id, answers=FEEDBACK | {"heard": 1}))


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, {"answers.told", "answers.heard", "answers.respected", "answers.helped"}),
        (FEEDBACK | {"heard": 5, "nonsense": 1}, {"answers.heard", "answers.nonsense"}),
        (FEEDBACK | {"missing": ["gold"]}, {"answers.missing"}),
    ],
)
def test_what_does_not_fit_is_told_at_its_question(
    answers: dict[str, Any], fields: set[str], db: Session, worker: Actor, child: Child
) -> None:
    with pytest.raises(FieldError) as told:
        service.send_answers(db, worker, send(child, answers=answers))
    assert {field for field, _message in told.value.errors} == fields


def test_a_draft_is_completed_by_a_machine(db: Session, worker: Actor, child: Child) -> None:
    draft_id, _new = service.send_answers(db, worker, send(child, answers={"told": True}, submit=False))
    service.change_draft(db, worker, draft_id, ChangeDraft(answers=FEEDBACK | {"told": None}), version=1)
    draft = db.get_one(InstrumentAnswers, draft_id)
    assert (draft.version, "told" in draft.answers) == (2, False)
    with pytest.raises(Stale):
        service.change_draft(db, worker, draft_id, ChangeDraft(answers={"told": True}), version=1)
    with pytest.raises(FieldError):
        service.submit(db, worker, draft_id)
    service.change_draft(db, worker, draft_id, ChangeDraft(answers={"told": True}), version=2)
    with pytest.raises(Stale):
        service.submit(db, worker, draft_id, version=2)
    service.submit(db, worker, draft_id, version=3)
    with pytest.raises(Conflict):
        service.submit(db, worker, draft_id)
    with pytest.raises(Conflict):
        service.save_section(db, worker, draft_id, "help", FEEDBACK, version=2)


def test_a_second_draft_of_the_same_form_is_refused_and_one_of_another_household_is_not(
    db: Session, worker: Actor, child: Child
) -> None:
    first, is_new = service.start_draft(db, worker, child.id, "family_assessment", StartDraft())
    assert is_new
    assert service.start_draft(db, worker, child.id, "family_assessment", StartDraft()) == (first, False)
    aunt = StartDraft(household=make_household(db, head="Mukamana Rose").id)
    second, is_new = service.start_draft(db, worker, child.id, "family_assessment", aunt)
    assert is_new
    assert second != first
    with pytest.raises(Conflict):
        service.send_answers(
            db, worker, send(child, instrument="family_assessment", answers={"danger": False}, submit=False)
        )
    with pytest.raises(FieldError):
        service.start_draft(db, worker, child.id, "child_profile", StartDraft(household=new_id()))
    by_code = StartDraft(household_code=db.get_one(Household, aunt.household).code)
    assert service.start_draft(db, worker, child.id, "family_assessment", by_code) == (second, False)
    both = by_code.model_copy(update={"household": child.household_id or new_id()})
    with pytest.raises(FieldError):
        service.start_draft(db, worker, child.id, "family_assessment", both)


def test_the_database_itself_keeps_what_was_submitted(db: Session, worker: Actor, child: Child) -> None:
    made = make_answers(db, child, worker, answers=FEEDBACK)
    with pytest.raises(DBAPIError, match="never changes"), db.begin_nested():
        db.execute(text("update instrument_answers set answers = '{}' where id = :id"), {"id": made.id})
    db.execute(text("update instrument_answers set state = 'superseded' where id = :id"), {"id": made.id})


def test_the_second_lock_hides_psychological_answers(db: Session, web: Database, worker: Actor, child: Child) -> None:
    author = actor_for(db, Role.PSYCHOLOGIST)
    made = make_answers(db, child, author, instrument="sdq_scores", sensitive="psychological")
    made_id, seen = made.id, {}
    for actor in (author, worker, actor_for(db, Role.DISTRICT_SUPERVISOR), actor_for(db, Role.PSYCHOLOGIST)):
        with web.unit_of_work() as session:
            bind_actor(session, actor)
            seen[actor.account_id] = session.scalar(select(InstrumentAnswers.id).where(InstrumentAnswers.id == made_id))
    assert list(seen.values()) == [made_id, made_id, None, None]


def test_other_domains_read_the_newest_set_but_never_a_psychological_one(
    db: Session, worker: Actor, child: Child
) -> None:
    make_answers(db, child, worker, submitted_at=clock.now() - timedelta(days=9))
    newest = make_answers(db, child, worker, scores={"lowest": 2})
    make_answers(db, child, worker, state="superseded", submitted_at=clock.now() + timedelta(hours=1))
    hidden = make_answers(db, child, worker, instrument="sdq_scores", sensitive="psychological", scores={"total": 3})
    found = queries.latest_submitted(db, child.id, "wellbeing")
    assert found is not None
    assert found.id == newest.id
    assert queries.latest_submitted(db, child.id, "sdq_scores") is None
    assert queries.scores_of(db, [newest.id, hidden.id]) == {newest.id: {"lowest": 2}}
    assert queries.scores_of(db, []) == {}


def test_what_follows_a_submission_happens_with_it(
    db: Session, worker: Actor, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_effects", {})
    heard = []
    service.on_submission("caregiver_feedback", lambda _db, _actor, answers: heard.append(answers.id))
    answers_id, _new = service.send_answers(db, worker, send(child))
    service.send_answers(db, worker, send(child, instrument="child_profile", answers={"mother": "dead"}, submit=False))
    assert heard == [answers_id]


def test_a_correction_does_the_task_of_the_returned_set(db: Session, worker: Actor, child: Child) -> None:
    old = make_answers(db, child, worker, instrument="caregiver_feedback", answers=FEEDBACK)
    task = make_task(db, child, due_on=clock.today(), subject_id=old.id, kind="correct", subject_kind="approval")
    new = service.correct(db, worker, old.id)
    assert service.correct(db, worker, old.id) == new, "a correction that is begun goes on"
    service.submit(db, worker, new)
    assert reload(db, db.get_one(Task, task.id)).done_by_id == new
    with pytest.raises(Conflict):
        service.correct(db, worker, old.id)


def test_a_version_is_switched_on_from_a_day_for_one_district(db: Session, worker: Actor, child: Child) -> None:
    supervisor = actor_for(db, Role.DISTRICT_SUPERVISOR)
    tomorrow = clock.today() + timedelta(days=1)
    service.switch_on(db, supervisor, "caregiver_feedback", SwitchOn(version=2, starts_on=tomorrow))
    assert queries.active_versions(db, 11)["caregiver_feedback"].version == 1
    assert queries.active_versions(db, 11, on=tomorrow)["caregiver_feedback"].version == 2
    assert queries.active_versions(db, 12, on=tomorrow)["caregiver_feedback"].version == 1
    service.switch_on(db, supervisor, "caregiver_feedback", SwitchOn(version=2))
    answers_id, _new = service.start_draft(db, worker, child.id, "caregiver_feedback", StartDraft())
    assert db.get_one(InstrumentAnswers, answers_id).instrument_version == 2
    with pytest.raises(Conflict):
        service.switch_on(db, supervisor, "caregiver_feedback", SwitchOn(version=1))
    for wrong in (SwitchOn(version=9), SwitchOn(version=2, starts_on=clock.today() - timedelta(days=1))):
        with pytest.raises(FieldError):
            service.switch_on(db, supervisor, "caregiver_feedback", wrong)
    with pytest.raises(NotFound):
        service.switch_on(db, supervisor, "nonsense", SwitchOn(version=2))
    with pytest.raises(Forbidden):
        service.switch_on(db, worker, "caregiver_feedback", SwitchOn(version=2))


def test_a_draft_in_the_newest_version_is_not_carried_over(db: Session, worker: Actor, child: Child) -> None:
    draft_id, _new = service.start_draft(db, worker, child.id, "caregiver_feedback", StartDraft())
    with pytest.raises(Conflict):
        service.carry_over(db, worker, draft_id)


def test_a_child_who_moved_to_another_district_is_written_about_there(db: Session, worker: Actor, child: Child) -> None:
    draft = make_answers(db, child, worker, state="draft", answers={"food": 2})
    there = actor_for(db, Role.SOCIAL_WORKER, 12)
    child.area_code, child.responsible_post_id = 12010102, there.post_id
    db.flush()
    service.save_section(db, there, draft.id, "body", {"food": "3"}, version=0)
    with pytest.raises(NotFound):
        service.save_section(db, worker, draft.id, "body", {"food": "1"}, version=1)


def test_no_answer_stands_in_the_log(db: Session, worker: Actor, child: Child) -> None:
    service.send_answers(db, worker, send(child, answers=FEEDBACK | {"note": "kirazira"}))
    contents = db.scalars(select(AuditEvent.content).where(AuditEvent.subject_id == child.id)).all()
    assert contents
    assert not any("kirazira" in str(content) for content in contents)


def test_the_timeline_tells_what_was_submitted(db: Session, worker: Actor, child: Child) -> None:
    make_answers(db, child, worker, scores={"worrying": 2})
    make_answers(db, child, worker, state="draft", instrument="child_profile")
    items = history.items_of(db, worker, child.id)
    assert [(item.title, item.text) for item in items] == [("Submitted: How the child is doing", "2 things are bad")]
    assert set(history.summary_of(db, worker, child.id)) == {"wellbeing", "child_profile"}
