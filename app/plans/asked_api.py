"""The JSON door of services and providers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.plans import asked_queries as queries
from app.plans import asking
from app.plans.asked_schemas import (
    FeedbackRecord,
    ProviderChange,
    ProviderQuery,
    ProviderRegister,
    ProviderRow,
    ServiceAnswer,
    ServiceAsk,
    ServiceQuery,
    ServiceRow,
    ServiceWithdraw,
)

router = APIRouter(route_class=StrictRoute)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Provider = Annotated[Actor, requires(Permission.SERVICES_ANSWER)]
ReaderOrProvider = Annotated[Actor, requires(Permission.CASES_READ, Permission.SERVICES_ANSWER)]
Answerer = Annotated[Actor, requires(Permission.SERVICES_ANSWER, Permission.CASES_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version that you read, from its `ETag`.")]


def _exists(model: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": "The same was recorded before; this is what exists"}}


@router.get("/children/{child_id}/services", summary="List what was asked of providers for a child")
def list_of_child(child_id: UUID, db: Db, actor: Reader) -> list[ServiceRow]:
    """What was asked for a child, newest first, with what came of it."""
    return queries.services_of(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/services", status_code=201, responses=_exists(ServiceRow), summary="Ask for a service"
)
def ask_service(child_id: UUID, db: Db, actor: Writer, command: ServiceAsk, response: Response) -> ServiceRow:
    """Asks a provider for a service. It is told the child's code and what stands here, nothing else."""
    service_id, is_new = asking.ask_service(db, actor, child_id, command)
    return _service(db, actor, service_id, response, is_new=is_new)


@router.get("/services", summary="List what was asked of your organisation")
def list_inbox(db: Db, actor: Provider, query: Annotated[ServiceQuery, Query()]) -> Page[ServiceRow]:
    """What waits for your organisation's answer, what is due first on top; or what is over."""
    return queries.inbox(db, actor, query)


@router.get("/services/{service_id}", summary="Read what was asked")
def get_service(service_id: UUID, db: Db, actor: ReaderOrProvider, response: Response) -> ServiceRow:
    """One thing that was asked, with its version in the `ETag`."""
    found = queries.open_service(db, actor, service_id)
    return versioned(response, found)


@router.post("/services/{service_id}/acknowledge", summary="Acknowledge what was asked")
def acknowledge(service_id: UUID, db: Db, actor: Provider, response: Response) -> ServiceRow:
    """Says that your organisation has seen it."""
    asking.acknowledge_service(db, actor, service_id)
    return _service(db, actor, service_id, response)


@router.post("/services/{service_id}/answer", summary="Answer what was asked")
def answer(
    service_id: UUID, db: Db, actor: Answerer, command: ServiceAnswer, response: Response, if_match: IfMatch = None
) -> ServiceRow:
    """Says what came of it; a worker writes down here what a provider told by telephone."""
    asking.answer_service(db, actor, service_id, command, version_from_if_match(if_match))
    return _service(db, actor, service_id, response)


@router.post("/services/{service_id}/feedback", summary="Record how a service was")
def feedback(
    service_id: UUID, db: Db, actor: Writer, command: FeedbackRecord, response: Response, if_match: IfMatch = None
) -> ServiceRow:
    """Writes down whether it helped, as the child or the caregiver sees it. The provider does not read it."""
    asking.record_feedback(db, actor, service_id, command, version_from_if_match(if_match))
    return _service(db, actor, service_id, response)


@router.post("/services/{service_id}/withdraw", summary="Withdraw what was asked")
def withdraw(
    service_id: UUID, db: Db, actor: Writer, command: ServiceWithdraw, response: Response, if_match: IfMatch = None
) -> ServiceRow:
    """Withdraws it before it was answered."""
    asking.withdraw_service(db, actor, service_id, command, version_from_if_match(if_match))
    return _service(db, actor, service_id, response)


@router.get("/providers", summary="List providers")
def list_providers(db: Db, actor: Reader, query: Annotated[ProviderQuery, Query()]) -> Page[ProviderRow]:
    """The register of providers, by name; of one kind or for one district if asked."""
    return queries.list_providers(db, actor, query)


@router.post("/providers", status_code=201, responses=_exists(ProviderRow), summary="Register a provider")
def register_provider(db: Db, actor: Writer, command: ProviderRegister, response: Response) -> ProviderRow:
    """Registers an organisation that services are asked of."""
    provider_id, is_new = asking.register_provider(db, actor, command)
    if not is_new:
        response.status_code = 200
    return _provider(db, actor, provider_id, response)


@router.get("/providers/{provider_id}", summary="Read a provider")
def get_provider(provider_id: UUID, db: Db, actor: Reader, response: Response) -> ProviderRow:
    """One provider, with its version in the `ETag`."""
    return _provider(db, actor, provider_id, response)


@router.put("/providers/{provider_id}", summary="Change a provider")
def change_provider(
    provider_id: UUID, db: Db, actor: Writer, command: ProviderChange, response: Response, if_match: IfMatch = None
) -> ProviderRow:
    """Writes what is known of a provider now."""
    asking.change_provider(db, actor, provider_id, command, version_from_if_match(if_match))
    return _provider(db, actor, provider_id, response)


def _provider(db: Db, actor: Actor, provider_id: UUID, response: Response) -> ProviderRow:
    found = queries.read_provider(db, actor, provider_id)
    return versioned(response, found)


def _service(db: Db, actor: Actor, service_id: UUID, response: Response, *, is_new: bool | None = None) -> ServiceRow:
    found = queries.read_service(db, actor, service_id)
    if is_new is False:
        response.status_code = 200
    return versioned(response, found)
