"""The verbs on consent: write down, withdraw, withhold, lift; and what the supervisor's word makes of an exception."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.work import child_to_work_on
from app.consents.events import (
    ConsentRecorded,
    ConsentWithdrawn,
    ExceptionDecided,
    WithholdingAdded,
    WithholdingLifted,
)
from app.consents.models import Consent, Withholding
from app.consents.queries import not_agreed_before, read_consent, read_withholding
from app.consents.rules import (
    check_assent,
    check_basis,
    check_days,
    check_giver,
    check_organisation,
    check_said,
    check_withdrawal,
)
from app.consents.schemas import ConsentRecord, ConsentWithdraw, WithholdingAdd, WithholdingLift
from app.consents.words import Giver, LegalBasis
from app.core import clock
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.documents.models import Document
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind


def record_consent(db: Session, actor: Actor, child_id: UUID, command: ConsentRecord) -> tuple[UUID, bool]:
    """Writes down an answer, or another basis, which then waits for the supervisor; returns its id and whether new.

    Raises `FieldError` where answer, giver, age and basis do not fit together.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    check_days(command.given_on, born_on=child.born_on, today=clock.today())
    check_basis(command.answer, command.basis, command.reason)
    check_said(command.how, command.given_by, command.basis)
    check_organisation(command.purpose, command.answer, command.organisation)
    giver = command.given_by or Giver.OTHER
    check_giver(giver, command.answer, command.basis, born_on=child.born_on, given_on=command.given_on)
    check_assent(command.given_by, command.answer, command.assent)
    _check_document(db, child_id, command.document)
    consent_id, is_new = create_once(
        db,
        Consent,
        actor,
        command,
        child_id=child_id,
        purpose=command.purpose.value,
        organisation=command.organisation,
        answer=command.answer.value,
        basis=command.basis.value,
        how=command.how,
        given_by=command.given_by,
        giver_name=command.giver_name,
        assent=command.assent,
        given_on=command.given_on,
        document_id=command.document,
        reason=command.reason,
        note=command.note or None,
    )
    if is_new:
        event = ConsentRecorded(
            consent=consent_id,
            purpose=command.purpose.value,
            answer=command.answer.value,
            basis=command.basis.value,
        )
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
        if command.basis is not LegalBasis.CONSENT:
            # Asked anew: what was to be put right of the earlier request is done with this one.
            for earlier, _answer in not_agreed_before(db, child_id, command.purpose, command.organisation):
                complete_tasks_of(db, earlier.id, TaskKind.CORRECT, done_by_id=consent_id)
            ask_approval(
                db,
                actor,
                ApprovalKind.SHARING,
                consent_id,
                path=f"/consents/{consent_id}",
                area_code=child.area_code,
                child_id=child_id,
                note=command.reason,
            )
    return consent_id, is_new


def _check_document(db: Session, child_id: UUID, document_id: UUID | None) -> None:
    if document_id is None:
        return
    known = select(Document.id).where(
        Document.id == document_id, Document.child_id == child_id, Document.withdrawn_at.is_(None)
    )
    if db.scalar(known) is None:
        raise FieldError("document", _("Choose one of this child's documents"))


def withdraw_consent(db: Session, actor: Actor, consent_id: UUID, command: ConsentWithdraw) -> None:
    """Writes down that a consent was withdrawn, from which day, and why. Raises `Conflict` the second time."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, read_consent(db, actor, consent_id).child)
    consent = db.get_one(Consent, consent_id, with_for_update=True)
    if consent.withdrawn_on is not None:
        raise Conflict(_("This was withdrawn already"))
    check_withdrawal(command.withdrawn_on, given_on=consent.given_on, today=clock.today())
    consent.withdrawn_on, consent.withdrawn_reason = command.withdrawn_on, command.reason
    consent.withdrawn_at = clock.now()
    consent.version += 1
    db.flush()
    event = ConsentWithdrawn(consent=consent_id, purpose=consent.purpose)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def add_withholding(db: Session, actor: Actor, child_id: UUID, command: WithholdingAdd) -> tuple[UUID, bool]:
    """Writes down what must not be told to whom; returns its id and whether it is new."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    withholding_id, is_new = create_once(
        db,
        Withholding,
        actor,
        command,
        child_id=child_id,
        what=command.what,
        from_whom=command.from_whom,
        reason=command.reason.value,
        note=command.note or None,
    )
    if is_new:
        event = WithholdingAdded(withholding=withholding_id, reason=command.reason.value)
        record(db, actor, event, subject_id=child_id, area_code=child.area_code)
    return withholding_id, is_new


def lift_withholding(db: Session, actor: Actor, withholding_id: UUID, command: WithholdingLift) -> None:
    """Says that it may be told from today on. Raises `Conflict` the second time."""
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, read_withholding(db, actor, withholding_id).child)
    withholding = db.get_one(Withholding, withholding_id, with_for_update=True)
    if withholding.lifted_on is not None:
        raise Conflict(_("This was lifted already"))
    withholding.lifted_on, withholding.lifted_reason = clock.today(), command.reason
    withholding.version += 1
    db.flush()
    event = WithholdingLifted(withholding=withholding_id)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def _exception_decided(db: Session, actor: Actor, approval: Approval) -> None:
    """What the supervisor says to another basis than consent; to agree takes a reason of their own."""
    agreed = approval.state == ApprovalState.APPROVED.value
    if agreed and not approval.reason:
        raise FieldError("reason", _("Write why the sharing is right although nobody consented"))
    consent = db.get_one(Consent, approval.subject_id, with_for_update=True)
    consent.agreed = agreed
    consent.version += 1
    db.flush()
    event = ExceptionDecided(consent=consent.id, agreed=agreed)
    record(db, actor, event, subject_id=consent.child_id, area_code=approval.area_code)


on_decision(ApprovalKind.SHARING, _exception_decided)
