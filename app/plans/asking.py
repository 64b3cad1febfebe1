"""The verbs of services and providers: ask, acknowledge, answer, give feedback, withdraw; keep the register."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.scope import hand_over
from app.audit.service import record
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.children.models import Child
from app.children.work import child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once, create_with_code
from app.core.schemas import changes
from app.people.models import Post
from app.places.models import Place
from app.plans.asked_queries import hours_for, read_service, visible_services
from app.plans.asked_schemas import (
    FeedbackRecord,
    ProviderChange,
    ProviderRegister,
    ServiceAnswer,
    ServiceAsk,
    ServiceWithdraw,
)
from app.plans.consent import why_not_share
from app.plans.events import (
    ProviderSaved,
    ServiceAcknowledged,
    ServiceAnswered,
    ServiceAsked,
    ServiceFeedback,
    ServiceWithdrawn,
)
from app.plans.models import ServiceProvider, ServiceRequest
from app.plans.rules import answer_due, usual_urgency
from app.plans.words import ServiceStatus
from app.referrals.words import Outcome
from app.tasks.models import Task
from app.tasks.rules import DAYS_TO_READ
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "service"
PREFIX = "SRV"
GIVEN = frozenset({Outcome.SERVICE_PROVIDED, Outcome.PARTLY})


def ask_service(db: Session, actor: Actor, child_id: UUID, command: ServiceAsk) -> tuple[UUID, bool]:
    """Asks a provider for a service; until it answers, the worker has a task to ask what became of it.

    Returns the id and whether it is new. Raises `FieldError` for a provider of whom nothing is asked any more,
    `Conflict` where the family refused to share.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    provider = db.execute(
        select(ServiceProvider.id, ServiceProvider.name, ServiceProvider.post_id, ServiceProvider.is_active).where(
            ServiceProvider.id == command.provider
        )
    ).one_or_none()
    if provider is None:
        raise FieldError("provider", _("Choose a provider from the register"))
    urgency = command.urgency or usual_urgency(command.kind)
    sent_at = clock.now()
    due_at = answer_due(sent_at, hours_for(db, urgency))
    with db.begin_nested():
        service_id, is_new, _code = create_with_code(
            db,
            ServiceRequest,
            actor,
            command,
            prefix=PREFIX,
            child_id=child_id,
            child_code=child.code,
            provider_id=provider.id,
            provider_post_id=provider.post_id,
            kind=command.kind.value,
            urgency=urgency.value,
            asked=command.asked,
            told=command.told or None,
            sent_at=sent_at,
            due_at=due_at,
        )
        if not is_new:
            return service_id, False
        if not provider.is_active:
            raise FieldError("provider", _("Nothing is asked of this provider any more"))
        refusal = why_not_share(db, child_id, provider.name, urgency)
        if refusal is not None:
            raise Conflict(refusal)
    task = TaskPlan(
        kind=TaskKind.SERVICE,
        due_on=due_at.astimezone(clock.KIGALI).date(),
        tolerance_days=0,
        post_id=child.responsible_post_id or actor.post_id,
        area_code=child.area_code,
        path=f"/services/{service_id}/answer",
    )
    plan_tasks(db, actor, [task], subject_kind=SUBJECT, subject_id=service_id, child_id=child_id)
    asked = ServiceAsked(
        service=service_id, provider=provider.id, service_kind=command.kind.value, urgency=urgency.value
    )
    record(db, actor, asked, subject_id=child_id, area_code=child.area_code)
    return service_id, True


def acknowledge_service(db: Session, actor: Actor, service_id: UUID) -> None:
    """The provider has seen it."""
    require(actor, Permission.SERVICES_ANSWER)
    service = _to_answer(db, actor, service_id)
    if service.status != ServiceStatus.SENT.value:
        raise Conflict(_("It is acknowledged already"))
    service.status, service.acknowledged_at = ServiceStatus.ACKNOWLEDGED.value, clock.now()
    service.version += 1
    db.flush()
    record(db, actor, ServiceAcknowledged(service=service_id), subject_id=service.child_id)


def answer_service(
    db: Session, actor: Actor, service_id: UUID, command: ServiceAnswer, version: int | None = None
) -> None:
    """Says what came of it, as the provider or as the worker who heard it; the worker's task is done.

    What the provider says becomes a task of the worker until it is read.
    Raises `Conflict` where it was answered or withdrawn already.
    """
    require(actor, Permission.SERVICES_ANSWER, Permission.CASES_WRITE)
    service = _to_answer(db, actor, service_id)
    check_version(service, version, current={"status": service.status}, typed={"status": ServiceStatus.ANSWERED.value})
    service.status, service.ended_at = ServiceStatus.ANSWERED.value, clock.now()
    service.answered_by, service.outcome, service.answer = (
        actor.account_id,
        command.outcome.value,
        command.answer or None,
    )
    db.flush()
    by_provider = actor.role is Role.SERVICE_PROVIDER
    if by_provider:
        # A provider sees no child; what its answer brings about in the case is the service's own doing.
        hand_over(db, service.child_id)
    complete_tasks_of(db, service_id, TaskKind.SERVICE, done_by_id=service_id)
    if by_provider:
        _plan_reading(db, actor, service, command.outcome)
    if command.outcome in GIVEN:
        reach_state(db, actor, service.child_id, CaseState.IN_IMPLEMENTATION)
    answered = ServiceAnswered(service=service_id, outcome=command.outcome.value, by_provider=by_provider)
    record(db, actor, answered, subject_id=service.child_id)


def _plan_reading(db: Session, actor: Actor, service: ServiceRequest, outcome: Outcome) -> None:
    """Puts the answer onto the day of whoever has the child now, or else asked: today where no help was given."""
    asked = select(Task.post_id).where(Task.subject_id == service.id, Task.kind == TaskKind.SERVICE.value)
    asked = asked.order_by(Task.created_at.desc()).limit(1)
    child = db.execute(
        select(
            func.coalesce(Child.responsible_post_id, asked.scalar_subquery()).label("post_id"), Child.area_code
        ).where(Child.id == service.child_id)
    ).one()
    read = TaskPlan(
        kind=TaskKind.READ_ANSWER,
        due_on=clock.days_ahead(DAYS_TO_READ) if outcome in GIVEN else clock.today(),
        tolerance_days=0,
        post_id=child.post_id,
        area_code=child.area_code,
        path=f"/services/{service.id}",
    )
    plan_tasks(db, actor, [read], subject_kind=SUBJECT, subject_id=service.id, child_id=service.child_id)


def record_feedback(
    db: Session, actor: Actor, service_id: UUID, command: FeedbackRecord, version: int | None = None
) -> None:
    """Writes down how the service was for the child or the caregiver; a later word replaces the one before."""
    require(actor, Permission.CASES_WRITE)
    service = _of_child(db, actor, service_id)
    before = {"helped": service.helped, "feedback": service.feedback}
    typed: dict[str, Any] = {"helped": command.helped.value, "feedback": command.feedback}
    check_version(service, version, current=before, typed=typed)
    if service.status != ServiceStatus.ANSWERED.value:
        raise Conflict(_("Write down first what came of the service"))
    service.feedback_by, service.helped = command.feedback_by.value, command.helped.value
    service.feedback, service.feedback_on = command.feedback or None, clock.today()
    db.flush()
    told = ServiceFeedback(service=service_id, feedback_by=command.feedback_by.value, helped=command.helped.value)
    record(db, actor, told, subject_id=service.child_id)


def withdraw_service(
    db: Session, actor: Actor, service_id: UUID, command: ServiceWithdraw, version: int | None = None
) -> None:
    """Withdraws what was asked before it was answered."""
    require(actor, Permission.CASES_WRITE)
    service = _of_child(db, actor, service_id)
    current = {"status": service.status}
    check_version(service, version, current=current, typed={"status": ServiceStatus.WITHDRAWN.value})
    _still_waits(service)
    service.status, service.ended_at, service.answer = ServiceStatus.WITHDRAWN.value, clock.now(), command.reason
    db.flush()
    drop_tasks_of(db, service_id, TaskKind.SERVICE)
    record(db, actor, ServiceWithdrawn(service=service_id), subject_id=service.child_id)


def _to_answer(db: Session, actor: Actor, service_id: UUID) -> ServiceRequest:
    service = (
        _locked(db, actor, service_id) if actor.role is Role.SERVICE_PROVIDER else _of_child(db, actor, service_id)
    )
    _still_waits(service)
    return service


def _of_child(db: Session, actor: Actor, service_id: UUID) -> ServiceRequest:
    child_id = read_service(db, actor, service_id).child
    if child_id is None:
        raise NotFound
    child_to_work_on(db, actor, child_id)
    return _locked(db, actor, service_id)


def _locked(db: Session, actor: Actor, service_id: UUID) -> ServiceRequest:
    service = db.scalars(
        select(ServiceRequest).where(ServiceRequest.id == service_id, visible_services(actor)).with_for_update()
    ).one_or_none()
    if service is None:
        raise NotFound
    return service


def _still_waits(service: ServiceRequest) -> None:
    if not ServiceStatus(service.status).waits:
        raise Conflict(_("This was answered or withdrawn already"))


# Providers


def register_provider(db: Session, actor: Actor, command: ProviderRegister) -> tuple[UUID, bool]:
    """Registers a provider. Raises `FieldError` for a place that is no district and a post that is no provider's."""
    require(actor, Permission.CASES_WRITE)
    _check_provider(db, command)
    try:
        with db.begin_nested():
            provider_id, is_new = create_once(db, ServiceProvider, actor, command, **_provider_values(command))
    except IntegrityError as error:
        raise _post_taken(error) from error
    if is_new:
        saved = ProviderSaved(provider=provider_id, fields=sorted(command.model_fields_set - {"id"}))
        record(db, actor, saved, subject_id=provider_id)
    return provider_id, is_new


def change_provider(
    db: Session, actor: Actor, provider_id: UUID, command: ProviderChange, version: int | None = None
) -> None:
    """Writes what is known of a provider now."""
    require(actor, Permission.CASES_WRITE)
    provider = db.scalars(
        select(ServiceProvider).where(ServiceProvider.id == provider_id).with_for_update()
    ).one_or_none()
    if provider is None:
        raise NotFound
    _check_provider(db, command)
    after = _provider_values(command) | {"is_active": command.is_active}
    before = {name: getattr(provider, name) for name in after}
    check_version(provider, version, current=before, typed=after)
    changed = changes(before, after)
    for name in changed:
        setattr(provider, name, after[name])
    try:
        with db.begin_nested():
            db.flush()
    except IntegrityError as error:
        raise _post_taken(error) from error
    record(db, actor, ProviderSaved(provider=provider_id, fields=sorted(changed)), subject_id=provider_id)


def _provider_values(command: ProviderRegister | ProviderChange) -> dict[str, Any]:
    return {
        "name": command.name,
        "kind": command.kind.value,
        "district_code": command.district,
        "phone": command.phone,
        "contact": command.contact,
        "post_id": command.post,
    }


def _check_provider(db: Session, command: ProviderRegister | ProviderChange) -> None:
    if command.district is not None:
        level = db.scalar(select(Place.level).where(Place.code == command.district))
        if level != "district":
            raise FieldError("district", _("Choose a district"))
    if command.post is not None:
        role = db.scalar(select(Post.role).where(Post.id == command.post))
        if role != Role.SERVICE_PROVIDER.value:
            raise FieldError("post", _("Choose the post of a service provider"))


def _post_taken(error: IntegrityError) -> Exception:
    if violated(error) == "uq_service_providers_post_id":
        return FieldError("post", _("This post answers for another provider already"))
    return error
