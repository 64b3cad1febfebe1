"""The verbs on decisions: write, change, send for approval; what follows an approval; and the day of the gate."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.models import Child
from app.children.rules import age_on
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import FieldError, Forbidden, NotFound
from app.core.i18n import gettext as _
from app.core.records import check_version, create_once
from app.decisions import gate  # noqa: F401 - it says what is asked when a placement starts
from app.decisions.events import (
    DecisionChanged,
    DecisionDecided,
    DecisionMade,
    DecisionRequested,
    GatekeepingSet,
)
from app.decisions.models import Decision
from app.decisions.queries import read_decision, sibling_ids, visible_decisions
from app.decisions.rules import (
    check_open,
    decided_as,
)
from app.decisions.schemas import DecisionContent, DecisionMake
from app.decisions.words import DecisionState
from app.decisions.writing import content_of, share
from app.fostering.models import HomeTerm
from app.fostering.queries import terms
from app.fostering.words import Term
from app.tasks.service import complete_tasks_of
from app.tasks.words import TaskKind

MOST_SHARED = 8


def make_decision(db: Session, actor: Actor, child_id: UUID, command: DecisionMake) -> tuple[UUID, bool]:
    """Writes down what a panel decided about a child, as a draft. Returns its id and whether it is new.

    A draft may be half done. Raises `FieldError` for what cannot be read or kept as it was typed; `NotFound` and
    `Forbidden` for a child of others.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    values, shared = content_of(db, actor, child, command)
    decision_id, is_new = create_once(
        db, Decision, actor, command, child_id=child.id, written_by=actor.account_id, **values
    )
    if is_new:
        share(db, actor, decision_id, shared)
        event = DecisionMade(decision=decision_id, placement_kind=values["kind"], siblings=shared)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return decision_id, is_new


def change_decision(
    db: Session, actor: Actor, decision_id: UUID, command: DecisionContent, *, version: int | None
) -> None:
    """Writes a draft, or a decision that was returned, anew. Raises `Stale`, and `Conflict` once it was sent."""
    require(actor, Permission.CASES_WRITE)
    child, decision = _to_work_on(db, actor, decision_id)
    check_open(DecisionState(decision.state))
    values, shared = content_of(db, actor, child, command)
    before = {name: getattr(decision, name) for name in values}
    current = {"version": decision.version, "necessity": decision.necessity, "suitability": decision.suitability}
    check_version(decision, version, current=current, typed=command.model_dump(mode="json"))
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(decision, name, values[name])
    decision.written_by = actor.account_id
    db.flush()
    share(db, actor, decision_id, shared)
    event = DecisionChanged(decision=decision_id, fields=changed)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def request_decision(db: Session, actor: Actor, decision_id: UUID) -> UUID:
    """Sends a decision for approval: to the supervisor, or for residential care to the State.

    Returns the approval's id. Raises `FieldError` on each field that a draft still lacks: where poverty stands alone,
    an option that comes first is not weighed, the child was not heard without a reason, or a far home is not explained
    among them; `Conflict` where it waits or is approved already.
    """
    require(actor, Permission.CASES_WRITE)
    child, decision = _to_work_on(db, actor, decision_id)
    check_open(DecisionState(decision.state))
    draft = read_decision(db, actor, decision_id)
    lacks = [(one.field, one.words) for one in draft.missing]
    if lacks or draft.kind is None:
        raise FieldError(*lacks[0], *lacks[1:])
    known = terms(db)
    who = [child.id, *sibling_ids(db, decision_id)]
    births = db.scalars(select(Child.born_on).where(Child.id.in_(who)))
    kind = decided_as(
        draft.kind,
        [age_on(born_on, clock.today()) for born_on in births],
        state_below_years=known.number(Term.STATE_BELOW_YEARS),
        always_state=bool(known.number(Term.STATE_DECIDES_RESIDENTIAL)),
    )
    # A draft keeps both answers as they were typed; what is sent says one of the two.
    if draft.child_heard:
        decision.not_heard = None
    else:
        decision.child_said = None
    decision.state, decision.approval_kind = DecisionState.REQUESTED.value, kind.value
    decision.version += 1
    db.flush()
    approval_id = ask_approval(
        db,
        actor,
        kind,
        decision_id,
        path=f"/decisions/{decision_id}",
        area_code=child.area_code,
        child_id=child.id,
    )
    event = DecisionRequested(decision=decision_id, approval_kind=kind.value)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return approval_id


def set_gatekeeping(db: Session, since: date | None) -> None:
    """From this day on nobody enters residential care without an approved decision; None switches it off.

    For the operator and the demonstration: the web may not change the programme's terms.
    """
    row = insert(HomeTerm).values(key=Term.GATEKEEPING_FROM.value, day=since)
    db.execute(row.on_conflict_do_update(index_elements=["key"], set_={"day": since}))
    record(db, None, GatekeepingSet(since=since))


def gatekeeping_since(db: Session) -> date | None:
    """The day from which the gate is kept; None while it is not."""
    return terms(db).day(Term.GATEKEEPING_FROM)


def _decided(db: Session, actor: Actor, approval: Approval) -> None:
    """What follows when a decision is approved, returned, or taken back by who asked."""
    wanted = select(Decision).where(Decision.id == approval.subject_id).with_for_update()
    decision = db.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if decision is None:
        raise NotFound
    if approval.state == ApprovalState.APPROVED.value:
        if actor.account_id in {decision.created_by, decision.written_by}:
            raise Forbidden(_("You wrote this decision; somebody else approves it"))
        decision.state, decision.approved_at = DecisionState.APPROVED.value, clock.now()
        for child_id in (decision.child_id, *sibling_ids(db, decision.id)):
            complete_tasks_of(db, child_id, TaskKind.DECIDE_AGAIN, done_by_id=decision.id)
    else:
        returned = approval.state == ApprovalState.RETURNED.value
        decision.state = (DecisionState.RETURNED if returned else DecisionState.DRAFT).value
    decision.version += 1
    db.flush()
    event = DecisionDecided(decision=decision.id, state=decision.state)
    record(db, actor, event, subject_id=decision.child_id, area_code=approval.area_code)


def _to_work_on(db: Session, actor: Actor, decision_id: UUID) -> tuple[ChildAtWork, Decision]:
    child_id = db.scalar(select(Decision.child_id).where(Decision.id == decision_id, visible_decisions(actor)))
    if child_id is None:
        raise NotFound
    child = child_to_work_on(db, actor, child_id)
    wanted = select(Decision).where(Decision.id == decision_id).with_for_update()
    return child, db.scalars(wanted.execution_options(populate_existing=True)).one()


on_decision(ApprovalKind.DECISION, _decided)
on_decision(ApprovalKind.RESIDENTIAL_ENTRY, _decided)
