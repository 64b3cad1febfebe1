"""Every read of services and providers. A provider finds what was asked of its own post, and nothing else."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, false, null, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.access.rules import View
from app.audit.events import RecordsListed
from app.audit.service import record
from app.children.models import Child
from app.children.queries import holders_of, view_of, visible_children
from app.children.work import ChildAtWork, child_to_read
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import after, page_of
from app.core.schemas import Page
from app.people.models import Post
from app.places.models import Place
from app.plans.asked_schemas import ProviderQuery, ProviderRow, ServiceQuery, ServiceRow
from app.plans.events import ServiceRead
from app.plans.models import PlanClock, ServiceProvider, ServiceRequest
from app.plans.rules import URGENCY_HOURS, clock_name
from app.plans.words import ServiceKind, ServiceStatus, ServiceUrgency
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

MOST_PROVIDERS = 200
_KEY = (ServiceRequest.due_at.expression, ServiceRequest.id.expression)
_PROVIDER_KEY = (ServiceProvider.name.expression, ServiceProvider.id.expression)


def visible_services(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor sees what was asked: of their own post, or for a child whose file they read."""
    if actor.role is Role.SERVICE_PROVIDER:
        return ServiceRequest.provider_post_id == actor.post_id
    if view_of(actor) is not View.WHOLE:
        return false()
    return exists().where(Child.id == ServiceRequest.child_id, visible_children(actor))


def services_of(db: Session, actor: Actor, child_id: UUID) -> tuple[ChildAtWork, list[ServiceRow]]:
    """What was asked for a child, newest first; noted as read."""
    require(actor, Permission.CASES_READ)
    child = child_to_read(db, actor, child_id)
    found = read_services(db, actor, child_id)
    record(db, actor, ServiceRead(), subject_id=child_id, area_code=child.area_code)
    return child, found


def read_services(db: Session, actor: Actor, child_id: UUID) -> list[ServiceRow]:
    """The same for whoever has just opened the child; one statement."""
    rows = db.execute(
        _services(actor)
        .where(ServiceRequest.child_id == child_id)
        .order_by(ServiceRequest.sent_at.desc(), ServiceRequest.id.desc())
    )
    return [ServiceRow.model_validate(row) for row in rows]


def inbox(db: Session, actor: Actor, query: ServiceQuery) -> Page[ServiceRow]:
    """What was asked of the caller's own organisation: what waits, the most urgent first; noted as listed."""
    require(actor, Permission.SERVICES_ANSWER)
    over = ServiceRequest.ended_at.is_not(None)
    statement = (
        _services(actor).add_columns(ServiceRequest.child_id.label("about")).where(~over if query.waiting else over)
    )
    statement = after(statement, _KEY, query.cursor, newest_first=not query.waiting)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    listed = RecordsListed(
        what="services",
        filter={"waiting": str(query.waiting)},
        rows=len(rows[: query.limit]),
        ids=[row.about for row in rows[: query.limit]],
    )
    record(db, actor, listed)
    return page_of(rows, query.limit, ServiceRow.model_validate, lambda row: (row.due_at, row.id))


def open_service(db: Session, actor: Actor, service_id: UUID) -> ServiceRow:
    """One thing that was asked; noted as read. Reading the provider's answer ends the task of the reader's post."""
    require(actor, Permission.CASES_READ, Permission.SERVICES_ANSWER)
    found, child_id = _one(db, actor, service_id)
    record(db, actor, ServiceRead(service=service_id), subject_id=child_id)
    if found.status is ServiceStatus.ANSWERED and found.child is not None:
        complete_tasks_of(db, service_id, TaskKind.READ_ANSWER, done_by_id=service_id, post_id=actor.post_id)
    return found


def read_service(db: Session, actor: Actor, service_id: UUID) -> ServiceRow:
    """The same without the note; raises `NotFound` out of reach; one statement."""
    return _one(db, actor, service_id)[0]


def _one(db: Session, actor: Actor, service_id: UUID) -> tuple[ServiceRow, UUID]:
    statement = _services(actor).add_columns(ServiceRequest.child_id.label("about"))
    row: Row[Any] | None = db.execute(statement.where(ServiceRequest.id == service_id)).one_or_none()
    if row is None:
        raise NotFound
    return ServiceRow.model_validate(row), row.about


def hours_for(db: Session, urgency: ServiceUrgency) -> int:
    """Within how many hours a provider should answer, as the programme has it now."""
    hours = db.scalar(select(PlanClock.hours).where(PlanClock.name == clock_name(urgency)))
    return hours if hours is not None else URGENCY_HOURS[urgency]


# Providers


def list_providers(db: Session, actor: Actor, query: ProviderQuery) -> Page[ProviderRow]:
    """The register of providers, by name. Nobody's child is in it, so nothing is noted."""
    require(actor, Permission.CASES_READ)
    statement = _providers()
    if query.kind is not None:
        statement = statement.where(ServiceProvider.kind == query.kind.value)
    if query.district is not None:
        here = ServiceProvider.district_code == query.district
        statement = statement.where(or_(here, ServiceProvider.district_code.is_(None)))
    statement = after(statement, _PROVIDER_KEY, query.cursor, newest_first=False)
    rows = db.execute(statement.limit(query.limit + 1)).all()
    return page_of(rows, query.limit, ProviderRow.model_validate, lambda row: (row.name, row.id))


def read_provider(db: Session, actor: Actor, provider_id: UUID) -> ProviderRow:
    """One provider; raises `NotFound`."""
    require(actor, Permission.CASES_READ)
    row = db.execute(_providers().where(ServiceProvider.id == provider_id)).one_or_none()
    if row is None:
        raise NotFound
    return ProviderRow.model_validate(row)


def provider_choices(db: Session, kind: ServiceKind, district: int) -> list[tuple[str, str, str]]:
    """Providers to ask for a kind of service, those of the district first: id, name, and how to reach them."""
    # What is asked of nobody in particular may be asked of any; a hospital also takes a child of Isange.
    near = ServiceProvider.district_code == district
    rows = db.execute(
        _providers()
        .where(ServiceProvider.is_active, ServiceProvider.kind == kind.value)
        .order_by(near.desc().nulls_last(), ServiceProvider.name, ServiceProvider.id)
        .limit(MOST_PROVIDERS)
    )
    return [
        (str(row.id), row.name, ", ".join(part for part in (row.district_name, row.contact, row.phone) if part))
        for row in rows
    ]


def provider_posts(db: Session) -> list[tuple[UUID, str]]:
    """The posts of service providers, with their title and who holds them today."""
    rows = db.execute(
        select(Post.id, Post.title, holders_of(Post.id).label("holders"))
        .where(Post.role == Role.SERVICE_PROVIDER.value)
        .where(or_(Post.closed_on.is_(None), Post.closed_on > clock.today()))
        .order_by(Post.title, Post.id)
        .limit(MOST_PROVIDERS)
    )
    return [(row.id, ", ".join(part for part in (row.title, row.holders) if part) or str(row.id)) for row in rows]


def district_choices(db: Session) -> list[tuple[str, str]]:
    """Every district of the country, by name."""
    rows = db.execute(select(Place.code, Place.name).where(Place.level == "district").order_by(Place.name))
    return [(str(row.code), row.name) for row in rows]


def _providers() -> Select[Any]:
    columns: list[Any] = [
        ServiceProvider.id,
        ServiceProvider.name,
        ServiceProvider.kind,
        ServiceProvider.district_code.label("district"),
        Place.name.label("district_name"),
        ServiceProvider.phone,
        ServiceProvider.contact,
        ServiceProvider.post_id.label("post"),
        ServiceProvider.is_active,
        ServiceProvider.version,
    ]
    return select(*columns).outerjoin(Place, Place.code == ServiceProvider.district_code)


def _services(actor: Actor) -> Select[Any]:
    provider = actor.role is Role.SERVICE_PROVIDER
    columns: list[Any] = [
        ServiceRequest.id,
        ServiceRequest.code,
        (null() if provider else ServiceRequest.child_id).label("child"),
        ServiceRequest.child_code,
        ServiceRequest.provider_id.label("provider"),
        ServiceProvider.name.label("provider_name"),
        ServiceRequest.provider_post_id.is_not(None).label("answers_itself"),
        ServiceRequest.kind,
        ServiceRequest.urgency,
        ServiceRequest.asked,
        ServiceRequest.told,
        ServiceRequest.status,
        ServiceRequest.sent_at,
        ServiceRequest.due_at,
        ServiceRequest.acknowledged_at,
        ServiceRequest.ended_at,
        ServiceRequest.outcome,
        ServiceRequest.answer,
        *(
            (null() if provider else column).label(column.key)
            for column in (
                ServiceRequest.feedback_by,
                ServiceRequest.helped,
                ServiceRequest.feedback,
                ServiceRequest.feedback_on,
            )
        ),
        ServiceRequest.version,
    ]
    return (
        select(*columns)
        .join(ServiceProvider, ServiceProvider.id == ServiceRequest.provider_id)
        .where(visible_services(actor))
    )
