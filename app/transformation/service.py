"""The verbs on a house's way to its last day: its stages, its plan, its money and staff."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.queries import approvals_of
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.residents import residents_of
from app.core import clock
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.institutions.listeners import on_area_asked, on_area_changed
from app.institutions.models import Institution
from app.institutions.queries import get_institution, visible_institutions
from app.institutions.schemas import InstitutionDetail
from app.institutions.service import lock_institution, set_stage
from app.institutions.words import ClosureStage
from app.placements.models import Placement
from app.transformation.events import BreachAnswered, PlanDecided, PlanWritten, ResourceChanged, StageMoved
from app.transformation.models import BreachAnswer, Funder, PlanStep, StaffPlan, StageChange, TransformationPlan
from app.transformation.moving import claims_that_follow, move_papers
from app.transformation.rules import HouseFacts, check_move, check_not_ahead, check_staff
from app.transformation.schemas import (
    BreachAnswerWrite,
    FunderAdd,
    FunderContent,
    PlanWrite,
    StaffWrite,
    StageMove,
    StepAdd,
)

# Stages


def move_stage(db: Session, actor: Actor, institution_id: UUID, command: StageMove, *, version: int | None) -> None:
    """Moves a house to another stage and keeps it in the history.

    Raises `FieldError` where stages are jumped over, the plan is not approved, or children still live there; `Stale`
    where the actor saw an older state.
    """
    require(actor, Permission.INSTITUTIONS_WRITE)
    house = lock_institution(db, actor, institution_id)
    present = {"stage": house.closure_stage, "reached_on": str(house.stage_reached_on)}
    approved = select(TransformationPlan.id).where(
        TransformationPlan.institution_id == institution_id, TransformationPlan.approved_on.is_not(None)
    )
    facts = HouseFacts(
        stage=house.closure_stage,
        reached_on=house.stage_reached_on,
        residents=residents_of(db, [institution_id]).get(institution_id, 0),
        plan_approved=db.scalar(approved) is not None,
    )
    check_move(facts, command.to, command.reached_on, today=clock.today())
    check_version(house, version, current=present, typed=command.model_dump(mode="json"))
    set_stage(house, ClosureStage(str(command.to)), command.reached_on)
    db.add(
        StageChange(
            id=new_id(),
            created_by=actor.account_id,
            institution_id=institution_id,
            from_stage=facts.stage,
            stage=command.to,
            reached_on=command.reached_on,
            evidence=command.evidence,
            document=command.document or None,
            by_post_id=actor.post_id,
        )
    )
    db.flush()
    moved = StageMoved(from_stage=facts.stage, stage=command.to, reached_on=command.reached_on.isoformat())
    record(db, actor, moved, subject_id=institution_id, area_code=house.area_code)


def answer_breach(db: Session, actor: Actor, institution_id: UUID, command: BreachAnswerWrite) -> None:
    """Says what came of an admission after the moratorium; it is no alert any more.

    Raises `FieldError` for a placement that is no such admission, `Conflict` where somebody answered before.
    """
    require(actor, Permission.APPROVALS_DECIDE)
    found = db.execute(
        select(Placement.child_id, Placement.area_code, Placement.started_on, Institution.moratorium_on)
        .join(Institution, Institution.id == Placement.institution_id)
        .where(Placement.id == command.placement, Institution.id == institution_id, visible_institutions(actor))
    ).one_or_none()
    if found is None:
        get_institution(db, actor, institution_id)
        raise FieldError("placement", _("This is no admission to this house"))
    if found.moratorium_on is None or found.started_on <= found.moratorium_on:
        raise FieldError("placement", _("This admission was not after the moratorium"))
    known = select(BreachAnswer.id).where(BreachAnswer.placement_id == command.placement)
    if db.scalar(known) is not None:
        raise Conflict(_("Somebody looked into this admission already"))
    db.add(
        BreachAnswer(
            id=new_id(),
            created_by=actor.account_id,
            placement_id=command.placement,
            institution_id=institution_id,
            child_id=found.child_id,
            area_code=found.area_code,
            answer=command.answer,
        )
    )
    db.flush()
    event = BreachAnswered(placement=command.placement, institution=institution_id)
    record(db, actor, event, subject_id=found.child_id, area_code=found.area_code)


# The plan


def write_plan(db: Session, actor: Actor, institution_id: UUID, command: PlanWrite, *, version: int | None) -> UUID:
    """Writes the plan of a house, or changes it; a changed plan needs the approval anew.

    Raises `Conflict` while it waits for approval, `Stale` where the actor saw an older version.
    """
    require(actor, Permission.INSTITUTIONS_WRITE)
    house = lock_institution(db, actor, institution_id)
    plan = db.scalar(
        select(TransformationPlan).where(TransformationPlan.institution_id == institution_id).with_for_update()
    )
    values = {name: value or None for name, value in command.model_dump(mode="json").items()}
    values["last_day_planned"] = command.last_day_planned
    if plan is None:
        plan = TransformationPlan(id=new_id(), created_by=actor.account_id, institution_id=institution_id, **values)
        db.add(plan)
        changed = sorted(name for name, value in values.items() if value is not None)
    else:
        changed = sorted(name for name, value in values.items() if getattr(plan, name) != value)
        if not changed:
            return plan.id
        if _waits(db, plan.id):
            raise Conflict(_("The plan waits for approval; take the request back before you change it"))
        check_version(plan, version, current=_plan_values(plan), typed=command.model_dump(mode="json"))
        plan.approved_on = None
        for name, value in values.items():
            setattr(plan, name, value)
    db.flush()
    written = PlanWritten(plan=plan.id, fields=changed)
    record(db, actor, written, subject_id=institution_id, area_code=house.area_code)
    return plan.id


def ask_for_plan(db: Session, actor: Actor, institution_id: UUID) -> UUID:
    """Asks the national manager to approve the plan of a house; returns the approval's id.

    Raises `Conflict` where there is no plan, or it is approved or waits already.
    """
    require(actor, Permission.CASES_WRITE)
    house = get_institution(db, actor, institution_id)
    plan = db.scalar(select(TransformationPlan).where(TransformationPlan.institution_id == institution_id))
    if plan is None:
        raise Conflict(_("Write the plan first"))
    if plan.approved_on is not None:
        raise Conflict(_("The plan is approved as it stands"))
    return ask_approval(
        db,
        actor,
        ApprovalKind.CLOSURE_PLAN,
        plan.id,
        path=f"/institutions/{institution_id}/resources",
        area_code=house.area_code,
        note=house.name,
    )


def _waits(db: Session, plan_id: UUID) -> bool:
    newest = approvals_of(db, [plan_id]).get(plan_id)
    return newest is not None and newest.state is ApprovalState.REQUESTED


def _plan_values(plan: TransformationPlan) -> dict[str, Any]:
    return {"becomes": plan.becomes, "version": plan.version}


def _plan_decided(db: Session, actor: Actor, approval: Approval) -> None:
    plan = db.scalar(select(TransformationPlan).where(TransformationPlan.id == approval.subject_id).with_for_update())
    if plan is None:
        return
    if approval.state == ApprovalState.APPROVED.value:
        plan.approved_on = clock.today()
    db.flush()
    decided = PlanDecided(plan=plan.id, state=approval.state)
    record(db, actor, decided, subject_id=plan.institution_id, area_code=approval.area_code)


# Steps, funders, staff


def add_step(db: Session, actor: Actor, institution_id: UUID, command: StepAdd) -> tuple[UUID, bool]:
    """Adds a step to the plan of a house; returns its id and whether it is new."""
    values = command.model_dump(exclude={"id"})
    return _add(db, actor, institution_id, PlanStep, command, "step", values)


def finish_step(db: Session, actor: Actor, step_id: UUID, *, done: bool = True) -> UUID:
    """Says that a step was done today, or that it is not done after all; returns the id of the house."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    step, house = _of_house(db, actor, PlanStep, step_id)
    if done == (step.done_on is None):
        step.done_on = clock.today() if done else None
        step.version += 1
        db.flush()
    changed = ResourceChanged(what="step", record=step_id, fields=("done_on",))
    record(db, actor, changed, subject_id=house[0], area_code=house[1])
    return house[0]


def add_funder(db: Session, actor: Actor, institution_id: UUID, command: FunderAdd) -> tuple[UUID, bool]:
    """Adds somebody who gives money to a house; returns the id and whether it is new."""
    return _add(db, actor, institution_id, Funder, command, "funder", _of_funder(command))


def change_funder(db: Session, actor: Actor, funder_id: UUID, command: FunderContent, version: int | None) -> UUID:
    """Puts right what was recorded of a funder; returns the id of the house. Raises `Stale` for an older version."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    funder, house = _of_house(db, actor, Funder, funder_id)
    values = _of_funder(command)
    current = {name: str(getattr(funder, name)) for name in values} | {"version": funder.version}
    check_version(funder, version, current=current, typed=command.model_dump(mode="json"))
    changed = tuple(name for name, value in values.items() if getattr(funder, name) != value)
    for name in changed:
        setattr(funder, name, values[name])
    db.flush()
    if changed:
        event = ResourceChanged(what="funder", record=funder_id, fields=changed)
        record(db, actor, event, subject_id=house[0], area_code=house[1])
    return house[0]


def _of_funder(command: FunderContent) -> dict[str, Any]:
    return command.model_dump(exclude={"id"}) | {
        "currency": command.currency.value,
        "country": command.country or None,
        "note": command.note or None,
    }


def end_funder(db: Session, actor: Actor, funder_id: UUID, *, ended_on: date | None = None) -> UUID:
    """Says that somebody gives no money any more, since today if no day is told; returns the id of the house."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    check_not_ahead("ended_on", ended_on, today=clock.today())
    funder, house = _of_house(db, actor, Funder, funder_id)
    if funder.ended_on is None:
        funder.ended_on = ended_on or clock.today()
        funder.version += 1
        db.flush()
    changed = ResourceChanged(what="funder", record=funder_id, fields=("ended_on",))
    record(db, actor, changed, subject_id=house[0], area_code=house[1])
    return house[0]


def reopen_funder(db: Session, actor: Actor, funder_id: UUID) -> UUID:
    """Says that somebody gives money after all; returns the id of the house."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    funder, house = _of_house(db, actor, Funder, funder_id)
    if funder.ended_on is not None:
        funder.ended_on = None
        funder.version += 1
        db.flush()
    changed = ResourceChanged(what="funder", record=funder_id, fields=("ended_on",))
    record(db, actor, changed, subject_id=house[0], area_code=house[1])
    return house[0]


def write_staff(db: Session, actor: Actor, institution_id: UUID, command: StaffWrite) -> None:
    """Says how many do one kind of work in a house and what they do after, instead of what was known before."""
    require(actor, Permission.INSTITUTIONS_WRITE)
    numbers = command.model_dump(exclude={"role"})
    check_staff(**numbers)
    house = lock_institution(db, actor, institution_id)
    wanted = select(StaffPlan).where(StaffPlan.institution_id == institution_id, StaffPlan.role == command.role.value)
    staff = db.scalar(wanted.with_for_update())
    if staff is None:
        staff = StaffPlan(
            id=new_id(),
            created_by=actor.account_id,
            institution_id=institution_id,
            role=command.role.value,
            **numbers,
        )
        db.add(staff)
    else:
        staff.version += 1
        for name, value in numbers.items():
            setattr(staff, name, value)
    db.flush()
    changed = ResourceChanged(what="staff", record=staff.id)
    record(db, actor, changed, subject_id=institution_id, area_code=house.area_code)


def _add(
    db: Session,
    actor: Actor,
    institution_id: UUID,
    table: type[Any],
    command: Any,
    what: str,
    values: dict[str, Any],
) -> tuple[UUID, bool]:
    require(actor, Permission.INSTITUTIONS_WRITE)
    house: InstitutionDetail = get_institution(db, actor, institution_id)
    record_id, is_new = create_once(db, table, actor, command, institution_id=institution_id, **values)
    if is_new:
        event = ResourceChanged(what=what, record=record_id)
        record(db, actor, event, subject_id=institution_id, area_code=house.area_code)
    return record_id, is_new


def _of_house(db: Session, actor: Actor, table: type[Any], record_id: UUID) -> tuple[Any, tuple[UUID, int]]:
    found = db.execute(
        select(table, Institution.id, Institution.area_code)
        .join(Institution, Institution.id == table.institution_id)
        .where(table.id == record_id, visible_institutions(actor))
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], (found[1], found[2])


on_decision(ApprovalKind.CLOSURE_PLAN, _plan_decided)
on_area_changed(move_papers)
on_area_asked(claims_that_follow)
