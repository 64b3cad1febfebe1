from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.scope import bind_actor
from app.audit.models import AuditEvent
from app.children.models import Child
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, FieldError, Forbidden, NotFound, Stale
from app.core.ids import new_id
from app.plans import asking
from app.plans.asked_queries import inbox, open_service, provider_choices, services_of
from app.plans.asked_schemas import (
    FeedbackRecord,
    ProviderChange,
    ProviderRegister,
    ServiceAnswer,
    ServiceAsk,
    ServiceQuery,
    ServiceWithdraw,
)
from app.plans.models import ServiceProvider, ServiceRequest
from app.plans.words import ServiceKind
from app.tasks.models import Task
from app.tasks.queries import my_tasks
from app.tasks.words import TaskKind
from tests.make import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_for,
    make_case,
    make_child,
    make_consent,
    make_household,
    make_provider,
    make_service,
    reload,
)

TODAY = clock.today()


@pytest.fixture
def nurse(db: Session) -> Actor:
    return actor_for(db, Role.SERVICE_PROVIDER)


@pytest.fixture
def child(db: Session, worker: Actor) -> Child:
    return make_child(db, household=make_household(db), worker=worker)


@pytest.fixture
def isange(db: Session, nurse: Actor) -> ServiceProvider:
    return make_provider(db, post_id=nurse.post_id)


def ask(provider: ServiceProvider, **given: Any) -> ServiceAsk:
    values = {"provider": provider.id, "kind": provider.kind, "asked": "Examine the child"}
    return ServiceAsk(**(values | given))


def task(db: Session, child: Child) -> Task:
    return db.scalars(select(Task).where(Task.child_id == child.id, Task.kind == "service")).one()


def test_from_the_question_to_the_childs_word(
    db: Session, web: Database, worker: Actor, nurse: Actor, child: Child, isange: ServiceProvider
) -> None:
    case = make_case(db, child, state="planned")
    command = ask(isange, id=new_id(), told="Hurt two days ago; speaks Kinyarwanda")
    assert asking.ask_service(db, worker, child.id, command) == (command.id, True)
    assert asking.ask_service(db, worker, child.id, command) == (command.id, False)
    asked = db.get_one(ServiceRequest, command.id)
    assert (asked.urgency, asked.due_at - asked.sent_at) == ("emergency", timedelta(hours=2))
    assert task(db, child).path == f"/services/{command.id}/answer"
    # The provider acts under its own limits of the database, which open no child.
    for verb in (
        lambda session: asking.acknowledge_service(session, nurse, command.id),
        lambda session: asking.answer_service(
            session, nurse, command.id, ServiceAnswer(outcome="service_provided", answer="Examined"), 2
        ),
    ):
        with web.unit_of_work() as session:
            bind_actor(session, nurse)
            verb(session)
    assert task(db, child).done_on == TODAY
    assert reload(db, case).state == "in_implementation"
    asking.record_feedback(db, worker, command.id, FeedbackRecord(feedback_by="child", helped="yes"), 3)
    _child, [found] = services_of(db, worker, child.id)
    assert (found.outcome, found.helped, found.provider_name) == ("service_provided", "yes", "Isange Nyarugenge")
    kinds = set(db.scalars(select(AuditEvent.kind).where(AuditEvent.subject_id == child.id)))
    assert {"service.asked", "service.acknowledged", "service.answered", "service.feedback"} <= kinds


def test_a_provider_sees_what_was_asked_of_it_and_nothing_else(
    db: Session, worker: Actor, nurse: Actor, child: Child, isange: ServiceProvider
) -> None:
    mine = make_service(db, child, isange, feedback_by="child", helped="harm", feedback="They shouted")
    other = make_service(db, child, make_provider(db, name="Another"))
    found = inbox(db, nurse, ServiceQuery())
    assert [row.id for row in found.items] == [mine.id]
    told = open_service(db, nurse, mine.id)
    assert (told.child, told.child_code, told.feedback, told.helped) == (None, child.code, None, None)
    assert "Keza" not in told.model_dump_json()
    for nothing in (lambda: open_service(db, nurse, other.id), lambda: asking.acknowledge_service(db, nurse, other.id)):
        with pytest.raises(NotFound):
            nothing()
    with pytest.raises(Forbidden):
        services_of(db, nurse, child.id)
    with pytest.raises(Forbidden):
        inbox(db, worker, ServiceQuery())
    assert inbox(db, nurse, ServiceQuery(waiting=False)).items == []


def test_a_refusal_blocks_and_an_emergency_does_not_wait(
    db: Session, worker: Actor, child: Child, isange: ServiceProvider
) -> None:
    school = make_provider(db, name="School of Gitega", kind="education")
    with pytest.raises(Conflict, match="Consent first"):
        asking.ask_service(db, worker, child.id, ask(school))
    asking.ask_service(db, worker, child.id, ask(isange))
    make_consent(db, child, purpose="sharing", organisation="School of Gitega")
    asking.ask_service(db, worker, child.id, ask(school))
    make_consent(db, child, purpose="sharing", organisation="Isange Nyarugenge", answer="refused")
    with pytest.raises(Conflict, match="refused"):
        asking.ask_service(db, worker, child.id, ask(isange))


def test_an_answer_comes_once(db: Session, worker: Actor, nurse: Actor, child: Child, isange: ServiceProvider) -> None:
    service = make_service(db, child, isange)
    with pytest.raises(Conflict, match="Write down first"), db.begin_nested():
        asking.record_feedback(db, worker, service.id, FeedbackRecord(feedback_by="child", helped="yes"))
    with pytest.raises(Stale), db.begin_nested():
        asking.answer_service(db, worker, service.id, ServiceAnswer(outcome="not_eligible"), 9)
    db.refresh(service)
    asking.answer_service(db, worker, service.id, ServiceAnswer(outcome="not_eligible"), 1)
    with pytest.raises(Conflict, match="already"):
        asking.answer_service(db, nurse, service.id, ServiceAnswer(outcome="service_provided"))
    with pytest.raises(Conflict, match="already"):
        asking.withdraw_service(db, worker, service.id, ServiceWithdraw(reason="Too late"))


@pytest.mark.parametrize(("outcome", "days"), [("service_provided", 3), ("not_eligible", 0)])
def test_the_answer_of_a_provider_is_on_the_workers_day_until_it_is_read(
    db: Session,
    web: Database,
    worker: Actor,
    nurse: Actor,
    child: Child,
    isange: ServiceProvider,
    outcome: str,
    days: int,
) -> None:
    service_id, _new = asking.ask_service(db, worker, child.id, ask(isange))
    colleague = actor_for(db, Role.SOCIAL_WORKER)

    def to_read() -> list[tuple[str | None, int]]:
        due = [one for one in my_tasks(db, worker) if one.kind is TaskKind.READ_ANSWER]
        return [(one.path, (one.due_on - TODAY).days) for one in due]

    with web.unit_of_work() as session:
        bind_actor(session, nurse)
        asking.answer_service(session, nurse, service_id, ServiceAnswer(outcome=outcome, answer="Come on Monday"))
    assert to_read() == [(f"/services/{service_id}", days)]
    for somebody_else in (nurse, colleague):
        open_service(db, somebody_else, service_id)
    assert len(to_read()) == 1
    open_service(db, worker, service_id)
    assert to_read() == []


def test_what_the_worker_wrote_down_is_nothing_to_read(
    db: Session, worker: Actor, child: Child, isange: ServiceProvider
) -> None:
    service_id, _new = asking.ask_service(db, worker, child.id, ask(isange))
    asking.answer_service(db, worker, service_id, ServiceAnswer(outcome="service_provided"))
    assert [one.kind for one in my_tasks(db, worker)] == []


def test_what_is_withdrawn_is_not_due(db: Session, worker: Actor, child: Child, isange: ServiceProvider) -> None:
    service_id, _new = asking.ask_service(db, worker, child.id, ask(isange))
    asking.withdraw_service(db, worker, service_id, ServiceWithdraw(reason="She went there herself"))
    assert task(db, child).cancelled_on == TODAY


def test_nothing_is_asked_of_a_provider_that_is_not_in_use(db: Session, worker: Actor, child: Child) -> None:
    gone = make_provider(db, is_active=False)
    for provider in (ask(gone), ask(gone).model_copy(update={"provider": new_id()})):
        with pytest.raises(FieldError) as error:
            asking.ask_service(db, worker, child.id, provider)
        assert error.value.errors[0][0] == "provider"
    assert provider_choices(db, ServiceKind.ISANGE, DISTRICT) == []


def test_the_register_of_providers(db: Session, worker: Actor, nurse: Actor) -> None:
    command = ProviderRegister(
        id=new_id(), name="Isange", kind="isange_one_stop", district=DISTRICT, post=nurse.post_id
    )
    assert asking.register_provider(db, worker, command) == (command.id, True)
    assert asking.register_provider(db, worker, command) == (command.id, False)
    for change, field in (
        ({"post": nurse.post_id}, "post"),
        ({"post": worker.post_id}, "post"),
        ({"district": 1101}, "district"),
    ):
        with pytest.raises(FieldError) as error:
            asking.register_provider(db, worker, ProviderRegister(name="Other", kind="health", **change))
        assert error.value.errors[0][0] == field
    now = ProviderChange(name="Isange Nyarugenge", kind="isange_one_stop", is_active=False)
    asking.change_provider(db, worker, command.id, now, 1)
    with pytest.raises(Stale):
        asking.change_provider(db, worker, command.id, now, 1)
    with pytest.raises(Forbidden):
        asking.register_provider(db, nurse, command)


def test_only_who_works_on_the_child_asks(db: Session, child: Child, isange: ServiceProvider) -> None:
    service = make_service(db, child, isange)
    with pytest.raises(Forbidden):
        asking.ask_service(db, actor_for(db, Role.SOCIAL_WORKER), child.id, ask(isange))
    with pytest.raises(NotFound):
        open_service(db, actor_for(db, Role.SOCIAL_WORKER, OTHER_DISTRICT), service.id)
