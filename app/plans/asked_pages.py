"""The pages of services: what is asked for a child, the provider's own list, and the register of providers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.core.asking import Carried, done, pressed, tried, version_in
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.templating import render
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
from app.plans.rules import EVIDENCE_HOURS, usual_urgency
from app.plans.words import FeedbackBy, Helped, ServiceKind, ServiceUrgency
from app.referrals.words import OF_A_SERVICE

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Provider = Annotated[Actor, requires(Permission.SERVICES_ANSWER)]
ReaderOrProvider = Annotated[Actor, requires(Permission.CASES_READ, Permission.SERVICES_ANSWER)]
Answerer = Annotated[Actor, requires(Permission.SERVICES_ANSWER, Permission.CASES_WRITE)]


@router.get("/children/{child_id}/services")
def list_of_child(request: Request, child_id: UUID, db: Db, actor: Reader) -> HTMLResponse:
    """What was asked of providers for a child."""
    child, found = queries.services_of(db, actor, child_id)
    may_write = may_work_on(actor, child.facts)
    return render(request, "services/of_child.html", child=child, found=found, may_write=may_write)


@router.get("/children/{child_id}/services/new")
def new_service(
    request: Request, child_id: UUID, db: Db, actor: Writer, kind: ServiceKind | None = None
) -> HTMLResponse:
    """First the kind of service, then whom to ask, for what, how soon, and the least that it is told."""
    child, _found = queries.services_of(db, actor, child_id)
    checked_at_work(actor, child)
    if kind is None:
        return render(request, "services/kind.html", child=child, kinds=ServiceKind)
    form = Form({"id": str(new_id()), "urgency": usual_urgency(kind).value})
    return _ask_page(request, db, child, kind, form)


@router.post("/children/{child_id}/services/new")
def ask_service(
    request: Request, child_id: UUID, db: Db, actor: Writer, form: Typed, kind: ServiceKind | None = None
) -> Response:
    """Asks the provider."""
    if kind is None:
        child = child_to_read(db, actor, child_id)
        return RedirectResponse(f"/children/{child.id}/services/new", 303)
    if tried(db, form, form.bind(ServiceAsk, kind=kind), lambda given: asking.ask_service(db, actor, child_id, given)):
        return done(f"/children/{child_id}/services", _("The service is asked for."))
    return _ask_page(request, db, child_to_read(db, actor, child_id), kind, form)


def _ask_page(request: Request, db: Session, child: ChildAtWork, kind: ServiceKind, form: Form) -> HTMLResponse:
    return render(
        request,
        "services/new.html",
        status=form.status,
        child=child,
        kind=kind,
        form=form,
        providers=queries.provider_choices(db, kind, child.area_code // 1_000_000),
        urgencies=ServiceUrgency,
        evidence_hours=EVIDENCE_HOURS,
    )


@router.get("/services")
def list_inbox(request: Request, db: Db, actor: Provider, query: Annotated[ServiceQuery, Query()]) -> HTMLResponse:
    """What waits for the answer of the reader's organisation."""
    found = queries.inbox(db, actor, query)
    return render(request, "services/inbox.html", block="list", found=found, query=query)


@router.get("/services/{service_id}")
def show_service(request: Request, service_id: UUID, db: Db, actor: ReaderOrProvider) -> HTMLResponse:
    """What was asked, how far the provider is, and what came of it."""
    return _detail(request, db, actor, queries.open_service(db, actor, service_id), Form({}))


def _detail(request: Request, db: Session, actor: Actor, service: ServiceRow, form: Form) -> HTMLResponse:
    may_write = False
    if service.child is not None and actor.may_ever(Permission.CASES_WRITE):
        may_write = may_work_on(actor, child_to_read(db, actor, service.child).facts)
    return render(request, "services/detail.html", status=form.status, service=service, form=form, may_write=may_write)


@router.post("/services/{service_id}/acknowledge")
def acknowledge(request: Request, service_id: UUID, db: Db, actor: Provider, form: Typed) -> Response:
    """Says that the organisation has seen it."""
    if pressed(db, form, lambda: asking.acknowledge_service(db, actor, service_id)):
        return done(f"/services/{service_id}", _("It is acknowledged. Say what came of it as soon as you know."))
    return _detail(request, db, actor, queries.read_service(db, actor, service_id), form)


@router.get("/services/{service_id}/answer")
def ask_answer(request: Request, service_id: UUID, db: Db, actor: Answerer) -> HTMLResponse:
    """Asks what came of it."""
    service = queries.open_service(db, actor, service_id)
    _check_theirs(db, actor, service)
    return _verb_page(request, "answer", service, Form({}))


@router.post("/services/{service_id}/answer")
def answer(request: Request, service_id: UUID, db: Db, actor: Answerer, form: Typed) -> Response:
    """Records what came of it."""
    command, version = form.bind(ServiceAnswer), version_in(form)
    carried = tried(db, form, command, lambda given: asking.answer_service(db, actor, service_id, given, version))
    return _answered(request, db, actor, service_id, form, "answer", carried)


@router.get("/services/{service_id}/feedback")
def ask_feedback(request: Request, service_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks how the service was for the child or the caregiver."""
    service = queries.open_service(db, actor, service_id)
    _check_theirs(db, actor, service)
    return _verb_page(request, "feedback", service, Form({}))


@router.post("/services/{service_id}/feedback")
def feedback(request: Request, service_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Records how it was."""
    command, version = form.bind(FeedbackRecord), version_in(form)
    carried = tried(db, form, command, lambda given: asking.record_feedback(db, actor, service_id, given, version))
    return _answered(request, db, actor, service_id, form, "feedback", carried)


@router.get("/services/{service_id}/withdraw")
def ask_withdrawal(request: Request, service_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """Asks why it is not needed any more."""
    service = queries.open_service(db, actor, service_id)
    _check_theirs(db, actor, service)
    return _verb_page(request, "withdraw", service, Form({}))


@router.post("/services/{service_id}/withdraw")
def withdraw(request: Request, service_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Withdraws what was asked."""
    command, version = form.bind(ServiceWithdraw), version_in(form)
    carried = tried(db, form, command, lambda given: asking.withdraw_service(db, actor, service_id, given, version))
    return _answered(request, db, actor, service_id, form, "withdraw", carried)


def _check_theirs(db: Session, actor: Actor, service: ServiceRow) -> None:
    if service.child is not None:
        checked_at_work(actor, child_to_read(db, actor, service.child))


def _answered(
    request: Request,
    db: Session,
    actor: Actor,
    service_id: UUID,
    form: Form,
    verb: str,
    carried: Carried[None] | None,
) -> Response:
    if carried:
        return done(f"/services/{service_id}", _("It is recorded."))
    return _verb_page(request, verb, queries.read_service(db, actor, service_id), form)


def _verb_page(request: Request, verb: str, service: ServiceRow, form: Form) -> HTMLResponse:
    return render(
        request,
        f"services/{verb}.html",
        status=form.status,
        service=service,
        form=form,
        outcomes=OF_A_SERVICE,
        who=FeedbackBy,
        helped=Helped,
    )


# Providers


@router.get("/providers")
def list_providers(request: Request, db: Db, actor: Reader, query: Annotated[ProviderQuery, Query()]) -> HTMLResponse:
    """The register of providers."""
    found = queries.list_providers(db, actor, query)
    return render(request, "services/providers.html", block="list", found=found, query=query, kinds=ServiceKind)


@router.get("/providers/new")
def new_provider(request: Request, db: Db, _actor: Writer) -> HTMLResponse:
    """Asks who the provider is and how to reach it."""
    return _provider_page(request, db, Form({"id": str(new_id())}))


@router.post("/providers/new")
def register_provider(request: Request, db: Db, actor: Writer, form: Typed) -> Response:
    """Registers the provider."""
    if tried(db, form, form.bind(ProviderRegister), lambda given: asking.register_provider(db, actor, given)):
        return done("/providers", _("The provider is registered."))
    return _provider_page(request, db, form)


@router.get("/providers/{provider_id}/edit")
def edit_provider(request: Request, provider_id: UUID, db: Db, actor: Writer) -> HTMLResponse:
    """The provider's record as a form."""
    provider = queries.read_provider(db, actor, provider_id)
    values = {name: str(getattr(provider, name) or "") for name in ProviderChange.model_fields if name != "is_active"}
    values["is_active"] = "yes" if provider.is_active else "no"
    return _provider_page(request, db, Form(values), provider=provider)


@router.post("/providers/{provider_id}/edit")
def change_provider(request: Request, provider_id: UUID, db: Db, actor: Writer, form: Typed) -> Response:
    """Changes the record, or shows both versions where somebody else was faster."""
    if tried(
        db,
        form,
        form.bind(ProviderChange),
        lambda given: asking.change_provider(db, actor, provider_id, given, version_in(form)),
        shows_both=True,
    ):
        return done("/providers", _("The record is changed."))
    provider = queries.read_provider(db, actor, provider_id)
    return _provider_page(request, db, form, provider=provider)


def _provider_page(
    request: Request,
    db: Session,
    form: Form,
    *,
    provider: ProviderRow | None = None,
) -> HTMLResponse:
    return render(
        request,
        "services/provider.html",
        status=form.status,
        form=form,
        provider=provider,
        kinds=ServiceKind,
        districts=queries.district_choices(db),
        posts=queries.provider_posts(db),
    )
