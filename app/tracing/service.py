"""The verbs of tracing: open, act, end; record, change and verify a relative; record a contact."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.db import violated
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.core.schemas import changes
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_tasks_of, drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind
from app.tracing.consent import why_no_tracing
from app.tracing.events import (
    RelativeChanged,
    RelativeContacted,
    RelativeRecorded,
    RelativeVerified,
    TracingActed,
    TracingEnded,
    TracingOpened,
)
from app.tracing.models import Relative, RelativeContact, TracingAction, TracingRequest
from app.tracing.queries import read_relative, read_search
from app.tracing.rules import check_next_step, check_past, why_no_contact
from app.tracing.schemas import (
    ActionRecord,
    RelativeChange,
    RelativeContactRecord,
    RelativeRecord,
    RelativeVerify,
    TracingEnd,
    TracingOpen,
)
from app.tracing.words import Alive, TracingState, Verification, Wish

SUBJECT = "tracing"


def open_tracing(db: Session, actor: Actor, child_id: UUID, command: TracingOpen) -> tuple[UUID, bool]:
    """Opens the search for a child's family.

    Returns its id and whether it is new. Raises `Conflict` where one is open, or where the consent to trace was
    refused.
    """
    child = _child(db, actor, child_id)
    refusal = why_no_tracing(db, child_id)
    if refusal is not None:
        raise Conflict(refusal)
    try:
        with db.begin_nested():
            tracing_id, is_new = create_once(
                db,
                TracingRequest,
                actor,
                command,
                child_id=child_id,
                relatives_known=command.relatives_known or None,
                last_places=command.last_places or None,
                told_by=command.told_by,
                more=command.more or None,
            )
    except IntegrityError as error:
        if violated(error) == "ix_tracing_requests_one_open":
            raise Conflict(_("A search for this child's family is open already")) from error
        raise
    if is_new:
        record(db, actor, TracingOpened(tracing=tracing_id), subject_id=child_id, area_code=child.area_code)
    return tracing_id, is_new


def record_action(db: Session, actor: Actor, tracing_id: UUID, command: ActionRecord) -> tuple[UUID, bool]:
    """Records what was done; it does the task that was open, and its next step becomes the next one.

    Raises `FieldError` for days that do not fit, `Conflict` where the search is over.
    """
    child, search = _search(db, actor, tracing_id)
    today = clock.today()
    check_past("done_on", command.done_on, today)
    with db.begin_nested():
        action_id, is_new = create_once(
            db,
            TracingAction,
            actor,
            command,
            child_id=child.id,
            tracing_id=tracing_id,
            done_on=command.done_on,
            kind=command.kind.value,
            place=command.place,
            by_whom=command.by_whom,
            outcome=command.outcome,
            next_step=command.next_step,
            next_on=command.next_on,
        )
        if not is_new:
            # Sent twice: what stands now is no reason to refuse what was recorded before.
            return action_id, False
        _still_open(search)
        check_next_step(command.next_step, command.next_on, command.done_on, today)
    complete_tasks_of(db, tracing_id, TaskKind.TRACE, done_by_id=action_id, done_on=command.done_on)
    if command.next_on is not None:
        plan = TaskPlan(
            kind=TaskKind.TRACE,
            due_on=command.next_on,
            tolerance_days=0,
            post_id=child.responsible_post_id or actor.post_id,
            area_code=child.area_code,
            path=f"/children/{child.id}/tracing",
        )
        plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=tracing_id, child_id=child.id)
    acted = TracingActed(tracing=tracing_id, action=action_id, action_kind=command.kind.value, next_on=command.next_on)
    record(db, actor, acted, subject_id=child.id, area_code=child.area_code)
    return action_id, True


def end_tracing(db: Session, actor: Actor, tracing_id: UUID, command: TracingEnd, version: int | None = None) -> None:
    """Ends the search: found, not found, or closed with a reason. What was still to be done is not due any more."""
    child, search = _search(db, actor, tracing_id)
    check_version(search, version, current={"state": search.state}, typed={"state": command.state.value})
    _still_open(search)
    if not command.state.is_end:
        raise FieldError("state", _("Say how the search ended"))
    if command.state is not TracingState.FOUND and not command.reason:
        raise FieldError("reason", _("Say why the search ends"))
    search.state, search.ended_on, search.reason = command.state.value, clock.today(), command.reason
    db.flush()
    drop_tasks_of(db, tracing_id, TaskKind.TRACE)
    ended = TracingEnded(tracing=tracing_id, state=command.state.value)
    record(db, actor, ended, subject_id=child.id, area_code=child.area_code)


def record_relative(db: Session, actor: Actor, child_id: UUID, command: RelativeRecord) -> tuple[UUID, bool]:
    """Records a relative of the child, who is not verified yet."""
    child = _child(db, actor, child_id)
    _check_safety(command)
    relative_id, is_new = create_once(db, Relative, actor, command, child_id=child_id, **_values(command))
    if is_new:
        made = RelativeRecorded(relative=relative_id, relationship=command.relationship.value)
        record(db, actor, made, subject_id=child_id, area_code=child.area_code)
    return relative_id, is_new


def change_relative(
    db: Session, actor: Actor, relative_id: UUID, command: RelativeChange, version: int | None = None
) -> None:
    """Writes what is known of a relative now. Raises `Stale` where somebody else changed it meanwhile."""
    child, relative = _relative(db, actor, relative_id)
    _check_safety(command)
    after = _values(command)
    before = {name: getattr(relative, name) for name in after}
    check_version(relative, version, current=before, typed=after)
    changed = changes(before, after)
    for name in changed:
        setattr(relative, name, after[name])
    db.flush()
    told = RelativeChanged(relative=relative_id, fields=sorted(changed))
    record(db, actor, told, subject_id=child.id, area_code=child.area_code)


def verify_relative(
    db: Session, actor: Actor, relative_id: UUID, command: RelativeVerify, version: int | None = None
) -> None:
    """Says whether this is the child's relative, and how that was checked."""
    child, relative = _relative(db, actor, relative_id)
    current = {"verification": relative.verification}
    check_version(relative, version, current=current, typed={"verification": command.verification.value})
    if command.verification is Verification.NOT_YET:
        raise FieldError("verification", _("Say what the check found"))
    check_past("verified_on", command.verified_on, clock.today())
    relative.verification, relative.verified_on = command.verification.value, command.verified_on
    relative.verified_how, relative.verified_by = command.verified_how, command.verified_by
    db.flush()
    verified = RelativeVerified(relative=relative_id, verification=command.verification.value)
    record(db, actor, verified, subject_id=child.id, area_code=child.area_code)


def record_contact(db: Session, actor: Actor, relative_id: UUID, command: RelativeContactRecord) -> tuple[UUID, bool]:
    """Records a contact of child and relative; a worry stops further contact until it is cleared up.

    Raises `FieldError` at `kind` where this contact should not be: before the verification, against the child's
    wish, or while there is a worry about safety.
    """
    child, relative = _relative(db, actor, relative_id)
    check_past("contact_on", command.contact_on, clock.today())
    with db.begin_nested():
        contact_id, is_new = create_once(
            db,
            RelativeContact,
            actor,
            command,
            child_id=child.id,
            relative_id=relative_id,
            contact_on=command.contact_on,
            kind=command.kind.value,
            child_took=command.child_took,
            relative_took=command.relative_took or None,
            worry=command.worry,
        )
        if not is_new:
            return contact_id, False
        reason = why_no_contact(
            command.kind,
            alive=Alive(relative.alive),
            wish=Wish(relative.wish),
            verification=Verification(relative.verification),
            safety_concern=relative.safety_concern,
        )
        if reason is not None:
            raise FieldError("kind", reason)
    if command.worry:
        relative.safety_concern = True
        relative.version += 1
        db.flush()
    contacted = RelativeContacted(
        relative=relative_id, contact=contact_id, contact_kind=command.kind.value, worry=command.worry
    )
    record(db, actor, contacted, subject_id=child.id, area_code=child.area_code)
    return contact_id, True


def _child(db: Session, actor: Actor, child_id: UUID) -> ChildAtWork:
    require(actor, Permission.CASES_WRITE)
    return child_to_work_on(db, actor, child_id)


def _search(db: Session, actor: Actor, tracing_id: UUID) -> tuple[ChildAtWork, TracingRequest]:
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, read_search(db, actor, tracing_id).child)
    search = db.scalars(select(TracingRequest).where(TracingRequest.id == tracing_id).with_for_update()).one_or_none()
    if search is None:
        raise NotFound
    return child, search


def _still_open(search: TracingRequest) -> None:
    if search.state != TracingState.OPEN.value:
        raise Conflict(_("This search is over. Open a new one where there is something new"))


def _relative(db: Session, actor: Actor, relative_id: UUID) -> tuple[ChildAtWork, Relative]:
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, read_relative(db, actor, relative_id).child)
    relative = db.scalars(select(Relative).where(Relative.id == relative_id).with_for_update()).one_or_none()
    if relative is None:
        raise NotFound
    return child, relative


def _check_safety(command: RelativeRecord | RelativeChange) -> None:
    if command.safety_concern and not command.safety_note:
        raise FieldError("safety_note", _("Say what worries you, in a few words"))


def _values(command: RelativeRecord | RelativeChange) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude={"id"})
