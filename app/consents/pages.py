"""Consent for people: what may be shared, what was said, what must not be told to whom."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.approvals.queries import approvals_of
from app.approvals.schemas import ApprovalRow
from app.children.work import ChildAtWork, checked_at_work, child_to_read, may_work_on
from app.consents import queries, service
from app.consents.schemas import ConsentRecord, ConsentRow, ConsentWithdraw, WithholdingAdd, WithholdingLift
from app.consents.words import Answer, Assent, ConsentState, Giver, How, LegalBasis, Purpose, WithholdReason
from app.core import clock
from app.core.asking import day_boxes, done, tried
from app.core.db import Db
from app.core.forms import Form, Typed
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import StrictRoute
from app.core.schemas import ListQuery
from app.core.templating import render


class Anew(ListQuery):
    """Which request without consent is asked once more, or with whom something is to be shared."""

    again: UUID | None = None
    organisation: str | None = Field(None, max_length=100)


router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
_TONES = {
    ConsentState.HOLDS: "done",
    ConsentState.WAITS: "due",
    ConsentState.REFUSED: "overdue",
    ConsentState.CHILD_SAYS_NO: "overdue",
    ConsentState.NOT_AGREED: "quiet",
    ConsentState.WITHDRAWN: "quiet",
}


@router.get("/children/{child_id}/consents")
def show_consents(request: Request, db: Db, actor: Reader, child_id: UUID) -> HTMLResponse:
    """For each purpose whether it may be done, then every answer, then what must not be told."""
    child, found = queries.open_consents(db, actor, child_id)
    return render(
        request,
        "consents/list.html",
        child=child,
        found=found,
        tones=_TONES,
        may_write=may_work_on(actor, child.facts),
    )


@router.get("/children/{child_id}/consents/new")
def new_consent(
    request: Request, db: Db, actor: Writer, child_id: UUID, query: Annotated[Anew, Query()]
) -> HTMLResponse:
    """Asks what was said, by whom, to what; or once more for what was not agreed to, filled in as it was."""
    child, found = queries.open_consents(db, actor, child_id)
    values = {"id": str(new_id()), "basis": LegalBasis.CONSENT.value} | day_boxes("given_on", clock.today())
    if query.organisation:
        values |= {"purpose": Purpose.SHARING.value, "organisation": query.organisation}
    for row in found.consents:
        if row.id == query.again and row.state is ConsentState.NOT_AGREED:
            values |= {
                "purpose": row.purpose.value,
                "organisation": row.organisation or "",
                "answer": row.answer.value,
                "basis": row.basis.value,
                "reason": row.reason or "",
            }
    return _consent_form(request, db, actor, child, Form(values))


@router.post("/children/{child_id}/consents/new")
def record_consent(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Writes the answer down."""
    command = form.bind(ConsentRecord)
    if command and tried(db, form, command, lambda given: service.record_consent(db, actor, child_id, given)):
        waits = command.basis is not LegalBasis.CONSENT
        message = _("It is written down, and waits for the supervisor.") if waits else _("It is written down.")
        return _done(child_id, message, "due" if waits else "done")
    return _consent_form(request, db, actor, child_to_read(db, actor, child_id), form)


def _consent_form(request: Request, db: Session, actor: Actor, child: ChildAtWork, form: Form) -> HTMLResponse:
    return render(
        request,
        "consents/new.html",
        status=form.status,
        child=checked_at_work(actor, child),
        form=form,
        purposes=Purpose,
        answers=Answer,
        bases=LegalBasis,
        hows=How,
        givers=Giver,
        assents=Assent,
        documents=queries.written_consents(db, child.id),
        before=_asked_before(db, child, form),
    )


def _asked_before(db: Session, child: ChildAtWork, form: Form) -> list[tuple[ConsentRow, ApprovalRow | None]]:
    purpose, another = form.value("purpose"), form.value("basis") != LegalBasis.CONSENT.value
    if not another or purpose not in {word.value for word in Purpose}:
        return []
    return queries.not_agreed_before(db, child.id, Purpose(purpose), form.value("organisation") or None)


@router.get("/consents/{consent_id}")
def show_consent(request: Request, db: Db, actor: Reader, consent_id: UUID) -> HTMLResponse:
    """One answer, or one other basis with what the supervisor said."""
    child, consent = queries.open_consent(db, actor, consent_id)
    return render(
        request,
        "consents/detail.html",
        child=child,
        consent=consent,
        tones=_TONES,
        approval=approvals_of(db, [consent_id]).get(consent_id),
        may_write=may_work_on(actor, child.facts),
        before=_before(db, consent),
        anew=consent.state is ConsentState.NOT_AGREED,
    )


def _before(db: Session, consent: ConsentRow) -> list[tuple[ConsentRow, ApprovalRow | None]]:
    if consent.basis is LegalBasis.CONSENT:
        return []
    found = queries.not_agreed_before(db, consent.child, consent.purpose, consent.organisation)
    return [(row, answer) for row, answer in found if row.created_at < consent.created_at]


@router.get("/consents/{consent_id}/withdraw")
def ask_withdraw(request: Request, db: Db, actor: Writer, consent_id: UUID) -> HTMLResponse:
    """Asks from when, and why."""
    return _withdraw_form(request, db, actor, consent_id, Form(day_boxes("withdrawn_on", clock.today())))


@router.post("/consents/{consent_id}/withdraw")
def withdraw_consent(request: Request, db: Db, actor: Writer, consent_id: UUID, form: Typed) -> Response:
    """Writes the withdrawal down."""
    if tried(
        db, form, form.bind(ConsentWithdraw), lambda given: service.withdraw_consent(db, actor, consent_id, given)
    ):
        child_id = queries.read_consent(db, actor, consent_id).child
        return _done(child_id, _("The withdrawal is written down. From now on it is not shared."))
    return _withdraw_form(request, db, actor, consent_id, form)


def _withdraw_form(request: Request, db: Session, actor: Actor, consent_id: UUID, form: Form) -> HTMLResponse:
    child, consent = queries.open_consent(db, actor, consent_id)
    checked_at_work(actor, child)
    return render(request, "consents/withdraw.html", status=form.status, child=child, consent=consent, form=form)


@router.get("/children/{child_id}/withholdings/new")
def new_withholding(request: Request, db: Db, actor: Writer, child_id: UUID) -> HTMLResponse:
    """Asks what must not be told, to whom and why."""
    child, _found = queries.open_consents(db, actor, child_id)
    return _withholding_form(request, actor, child, Form({"id": str(new_id())}))


@router.post("/children/{child_id}/withholdings/new")
def add_withholding(request: Request, db: Db, actor: Writer, child_id: UUID, form: Typed) -> Response:
    """Writes it down."""
    if tried(db, form, form.bind(WithholdingAdd), lambda given: service.add_withholding(db, actor, child_id, given)):
        return _done(child_id, _("It is written down."))
    return _withholding_form(request, actor, child_to_read(db, actor, child_id), form)


def _withholding_form(request: Request, actor: Actor, child: ChildAtWork, form: Form) -> HTMLResponse:
    child = checked_at_work(actor, child)
    return render(request, "consents/withhold.html", status=form.status, child=child, form=form, reasons=WithholdReason)


@router.get("/withholdings/{withholding_id}/lift")
def ask_lift(request: Request, db: Db, actor: Writer, withholding_id: UUID) -> HTMLResponse:
    """Asks why it may be told now."""
    return _lift_form(request, db, actor, withholding_id, Form())


@router.post("/withholdings/{withholding_id}/lift")
def lift_withholding(request: Request, db: Db, actor: Writer, withholding_id: UUID, form: Typed) -> Response:
    """Says that it may be told."""
    if tried(
        db, form, form.bind(WithholdingLift), lambda given: service.lift_withholding(db, actor, withholding_id, given)
    ):
        child_id = queries.read_withholding(db, actor, withholding_id).child
        return _done(child_id, _("It may be told now."))
    return _lift_form(request, db, actor, withholding_id, form)


def _lift_form(request: Request, db: Session, actor: Actor, withholding_id: UUID, form: Form) -> HTMLResponse:
    withholding = queries.read_withholding(db, actor, withholding_id)
    child, _found = queries.open_consents(db, actor, withholding.child)
    checked_at_work(actor, child)
    return render(request, "consents/lift.html", status=form.status, child=child, withholding=withholding, form=form)


def _done(child_id: UUID, message: str, kind: str = "done") -> Response:
    return done(f"/children/{child_id}/consents", message, kind)
