"""The end of a case: asking for it, what stops and what follows, and opening it again."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import Role
from app.approvals.models import Approval
from app.approvals.schemas import Approve
from app.approvals.service import approve as approve_request
from app.approvals.service import ask_approval, on_decision, withdraw_requests_about
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.cases.events import CaseClosed, CaseReopened, ClosingRequested
from app.cases.listeners import case_closed
from app.cases.models import Case, CaseClosing, CaseTransfer
from app.cases.queries import attempts_of, closing_rules, contacts_of, open_case_id
from app.cases.rules import (
    Standing,
    check_closing,
    check_day,
    months_after,
    needs_approval,
    unmet,
    why_not_reopen,
    years_after,
)
from app.cases.schemas import CaseClose, CaseReopen, ClosingApprove
from app.cases.steps import SUBJECT, add_step, case_to_work_on, locked_case, must_be_open, start_clock, task
from app.cases.words import CaseState, ClosingCondition, ClosingReason, StepKind, TransferState
from app.children.rules import age_on, code_in
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.service import drop_tasks_of, plan_tasks, stop_tasks_about
from app.tasks.words import TaskKind

CHILD_PREFIX = "TMM"
_CHECKS = (TaskKind.REVIEW, TaskKind.VISIT)
_PROMISES = (TaskKind.PLAN_ACTION, TaskKind.SERVICE, TaskKind.PREPARE)


def missing_conditions(db: Session, child: ChildAtWork, case: Case, reason: ClosingReason) -> list[ClosingCondition]:
    """The conditions that are not met if the case were closed for this reason now."""
    today = clock.today()
    late = Task.due_on + Task.tolerance_days < today
    kinds = [kind.value for kind in _CHECKS]
    overdue, promises = db.execute(
        select(
            func.count().filter(Task.kind.in_(kinds), late),
            func.count().filter(Task.kind.in_([kind.value for kind in _PROMISES])),
        ).where(Task.child_id == child.id, IS_OPEN)
    ).one()
    standing = Standing(
        state=CaseState(case.state),
        lives_as=child.lives_as,
        lives_since=child.lives_since,
        in_institution=child.institution_id is not None,
        overdue_checks=overdue,
        open_promises=promises,
    )
    return unmet(reason, standing, today)


def close_case(db: Session, actor: Actor, case_id: UUID, command: CaseClose) -> tuple[UUID, bool]:
    """Asks for a case to be closed, or closes it where the reason needs nobody's agreement.

    Returns the id of the request and whether it is new. Raises `FieldError` where the reason cannot be, `Conflict`
    where the case is closed or waits already. A sector's officer always asks.
    """
    child, case = case_to_work_on(db, actor, case_id)
    values: dict[str, Any] = {
        "case_id": case.id,
        "child_id": child.id,
        "reason": command.reason.value,
        "words": command.words,
        "ended_on": command.ended_on,
        "agency": command.agency,
        "other_code": None,
        "unmet": [],
    }
    if command.id is not None and db.scalar(select(CaseClosing.id).where(CaseClosing.id == command.id)) is not None:
        return create_once(db, CaseClosing, actor, command, **values)
    must_be_open(case)
    values["other_code"] = _check(db, child, case, command)
    missing = missing_conditions(db, child, case, command.reason)
    values["unmet"] = [condition.value for condition in missing]
    if waiting_closing(db, case.id) is not None:
        raise Conflict(_("The closing waits for the supervisor already"))
    for earlier in db.scalars(select(CaseClosing.id).where(CaseClosing.case_id == case.id)):
        drop_tasks_of(db, earlier, TaskKind.CORRECT)
    closing_id, is_new = create_once(db, CaseClosing, actor, command, **values)
    asked = ClosingRequested(case=case.id, closing=closing_id, reason=command.reason.value, unmet=values["unmet"])
    record(db, actor, asked, subject_id=child.id, area_code=child.area_code)
    if needs_approval(command.reason, CaseState(case.state)) or actor.role is Role.SECTOR_OFFICER:
        path = f"/children/{child.id}/case"
        ask_approval(
            db, actor, ApprovalKind.CLOSURE, closing_id, path=path, area_code=child.area_code, child_id=child.id
        )
    else:
        _close(db, actor, child, case, db.get_one(CaseClosing, closing_id))
    return closing_id, is_new


def _check(db: Session, child: ChildAtWork, case: Case, command: CaseClose) -> str | None:
    """The code of the other record, in its one spelling; raises `FieldError` where the reason cannot be."""
    today = clock.today()
    if command.ended_on is not None:
        check_day(command.ended_on, today=today, field="ended_on")
    if command.reason is ClosingReason.CHILD_DIED and command.ended_on is None:
        raise FieldError("ended_on", _("Write the day of the death, as well as it is known"))
    other = code_in(command.other_code, CHILD_PREFIX) if command.other_code else None
    if command.other_code and other is None:
        raise FieldError("other_code", _("Write a child's code, such as TMM-7K3Q9D"))
    if other == child.code:
        raise FieldError("other_code", _("This is the code of this record itself"))
    least = closing_rules(db)[command.reason].least_attempts
    check_closing(
        command.reason,
        age_years=age_on(child.born_on, today),
        attempts=attempts_of(contacts_of(db, case.id)) if least else 0,
        least_attempts=least,
        other_code=other,
    )
    return other


def waiting_closing(db: Session, case_id: UUID) -> UUID | None:
    """The request to close a case that waits for the supervisor, or None."""
    waits = select(Approval.id).where(
        Approval.subject_id == CaseClosing.id, Approval.state == ApprovalState.REQUESTED.value
    )
    return db.scalar(select(CaseClosing.id).where(CaseClosing.case_id == case_id, waits.exists()))


def approve_closing(db: Session, actor: Actor, closing_id: UUID, command: ClosingApprove) -> UUID:
    """Agrees to a closing, on the case's own page; returns the child's id.

    Raises `FieldError` on `reason` where a condition is not met and nobody says why it is closed nevertheless.
    """
    require(actor, Permission.APPROVALS_DECIDE)
    closing = db.get(CaseClosing, closing_id)
    if closing is None:
        raise NotFound
    waits = select(Approval.id).where(
        Approval.subject_id == closing_id, Approval.state == ApprovalState.REQUESTED.value
    )
    approval_id = db.scalar(waits)
    if approval_id is None:
        raise Conflict(_("This was decided already"))
    approve_request(db, actor, approval_id, Approve(reason=command.reason))
    return closing.child_id


def child_of_closing(db: Session, actor: Actor, closing_id: UUID) -> UUID:
    """The child of a request to close a case, for who may work on it."""
    closing = db.get(CaseClosing, closing_id)
    if closing is None:
        raise NotFound
    return child_to_work_on(db, actor, closing.child_id).id


def _decided(db: Session, actor: Actor, approval: Approval) -> None:
    """Closes the case where the supervisor agreed; a returned or withdrawn request changes nothing."""
    if approval.state != ApprovalState.APPROVED.value:
        return
    closing = db.get_one(CaseClosing, approval.subject_id)
    child = child_to_work_on(db, actor, closing.child_id)
    case = locked_case(db, closing.case_id)
    must_be_open(case)
    if closing.unmet and not approval.reason:
        raise FieldError("reason", _("Say why the case is closed although not everything is met."))
    case.version += 1
    _close(db, actor, child, case, closing)


def _close(db: Session, actor: Actor, child: ChildAtWork, case: Case, closing: CaseClosing) -> None:
    """Ends the case: nothing about it is due any more but aftercare, nothing waits, and the file has a last day."""
    reason, today = ClosingReason(closing.reason), clock.today()
    rule = closing_rules(db)[reason]
    case.state, case.closed_on, case.closing_reason = CaseState.CLOSED.value, today, reason.value
    case.retain_until = years_after(today, rule.retention_years)
    closing.closed_on = today
    _withdraw_transfer(db, actor, case)
    withdraw_requests_about(db, actor, child.id, _("The case was closed"))
    stopped = stop_tasks_about(db, child.id)
    add_step(db, actor, case, StepKind.CLOSED, closing.words)
    aftercare = [
        task(child, case, TaskKind.AFTERCARE, due_on=months_after(today, months), holder=child.responsible_post_id)
        for months in rule.aftercare_months
    ]
    plan_tasks(db, actor, aftercare, subject_kind=SUBJECT, subject_id=case.id, child_id=child.id)
    event = CaseClosed(
        case=case.id,
        closing=closing.id,
        reason=reason.value,
        retain_until=case.retain_until,
        tasks_stopped=stopped,
        aftercare=len(aftercare),
    )
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    case_closed(db, actor, case.id)


def _withdraw_transfer(db: Session, actor: Actor, case: Case) -> None:
    open_one = select(CaseTransfer).where(
        CaseTransfer.case_id == case.id, CaseTransfer.state == TransferState.REQUESTED.value
    )
    transfer = db.scalars(open_one.with_for_update()).one_or_none()
    if transfer is not None:
        transfer.state, transfer.answered_at = TransferState.WITHDRAWN.value, clock.now()
        transfer.answered_by, transfer.answer = actor.account_id, _("The case was closed")
        transfer.version += 1
        drop_tasks_of(db, transfer.id)


def reopen_case(db: Session, actor: Actor, case_id: UUID, command: CaseReopen) -> None:
    """Opens a closed case again as registered; its history stays, and its clock starts anew.

    Raises `Forbidden` for who may not, `Conflict` where it is open, or the child has another open case.
    """
    child, case = case_to_work_on(db, actor, case_id)
    if case.closed_on is None or case.closing_reason is None:
        raise Conflict(_("The case is open"))
    refusal = why_not_reopen(actor.role, ClosingReason(case.closing_reason))
    if refusal is not None:
        raise Forbidden(refusal)
    if open_case_id(db, child.id) is not None:
        raise Conflict(_("The case of this child is open already"))
    closed_as = case.closing_reason
    case.state, case.closed_on, case.closing_reason, case.retain_until = CaseState.REGISTERED.value, None, None, None
    drop_tasks_of(db, case.id, TaskKind.AFTERCARE)
    case.area_code = child.area_code
    add_step(db, actor, case, StepKind.REOPENED, command.reason)
    if case.risk is not None:
        start_clock(db, actor, child, case, None)
    record(db, actor, CaseReopened(case=case.id, closed_as=closed_as), subject_id=child.id, area_code=child.area_code)


on_decision(ApprovalKind.CLOSURE, _decided)
