"""The verbs on a foster family: apply, change, record a step, ask for approval, make available, pause, withdraw."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.approvals.models import Approval
from app.approvals.service import ask_approval, on_decision
from app.approvals.words import ApprovalKind, ApprovalState
from app.audit.service import record
from app.children.household_queries import visible_households
from app.children.models import Household
from app.children.words import HouseholdKind, Vetting
from app.core import clock
from app.core.errors import Conflict, FieldError, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version, create_once
from app.fostering.events import FamilyApplied, FamilyChanged, FamilyStepped
from app.fostering.models import FosterFamily, FosterStep
from app.fostering.queries import children_now, terms, way_of, why_no_child
from app.fostering.rules import (
    APPROVED_STAGES,
    check_available,
    check_day,
    check_offer,
    check_pause,
    check_request,
    check_step,
    check_withdrawal,
    months_after,
    renewal_due,
    stage_after,
)
from app.fostering.schemas import Ask, FamilyApply, Offer, Reason, StepRecord
from app.fostering.words import CARE_OF, RECORDED_STEPS, Stage, Step, Term
from app.placements.gates import Start, on_offer, on_start
from app.tasks.schemas import TaskPlan
from app.tasks.service import drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "foster_family"
LATE_DAYS = 7
_DAY_OF = {
    Step.RECORD_CHECKED: "record_checked_on",
    Step.REFERENCES_TAKEN: "references_on",
    Step.HOME_CHECKED: "home_checked_on",
}


def apply_to_foster(db: Session, actor: Actor, household_id: UUID, command: FamilyApply) -> tuple[UUID, bool]:
    """A household applies; one that was approved before this service knew steps starts as approved.

    Returns the family's id and whether it is new. Raises `Conflict` where the household applied before, `FieldError`
    where it is no foster household or the offer contradicts itself.
    """
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household = _household(db, actor, household_id)
    check_day(command.applied_on, today=clock.today(), field="applied_on")
    _check_offer(command)
    if household.kind != HouseholdKind.FOSTER.value:
        raise FieldError("", _("Change the kind of this household to foster family first"))
    present = db.scalar(select(FosterFamily.id).where(FosterFamily.household_id == household_id))
    if present is not None and present != command.id:
        raise Conflict(_("This household has applied already"))
    approved = household.vetting == Vetting.APPROVED.value
    since = household.vetted_on or command.applied_on
    until = months_after(since, terms(db).number(Term.APPROVAL_MONTHS)) if approved else None
    stage = Stage.APPROVED if approved else Stage.APPLIED
    family_id, is_new = create_once(
        db,
        FosterFamily,
        actor,
        command,
        household_id=household_id,
        stage=stage.value,
        approved_on=since if approved else None,
        approved_until=until,
        **_offer(command),
    )
    if is_new:
        _line(db, actor, household_id, Step.APPLIED, command.applied_on)
        if until is not None:
            _line(db, actor, household_id, Step.APPROVED, since, note=_("Approved before the steps were written down"))
            _plan_renewal(db, actor, family_id, household, until, actor.post_id)
        event = FamilyApplied(family=family_id, stage=stage.value)
        record(db, actor, event, subject_id=household_id, area_code=household.area_code)
    return family_id, is_new


def change_offer(db: Session, actor: Actor, household_id: UUID, command: Offer, *, version: int | None) -> None:
    """Changes what a family offers. Raises `Stale`, and `FieldError` where it contradicts itself."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household, family = _family(db, actor, household_id)
    _check_offer(command)
    new = _offer(command)
    before = {name: getattr(family, name) for name in new}
    check_version(family, version, current=before, typed=command.model_dump(mode="json"))
    changed = [name for name, value in new.items() if before[name] != value]
    for name in changed:
        setattr(family, name, new[name])
    event = FamilyChanged(family=family.id, fields=changed)
    record(db, actor, event, subject_id=household_id, area_code=household.area_code)


def record_step(db: Session, actor: Actor, household_id: UUID, command: StepRecord) -> tuple[UUID, bool]:
    """Writes down a check, its completion, a training, a visit, or that a withdrawn family applied again."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household, family = _family(db, actor, household_id)
    values = {
        "household_id": household_id,
        "step": command.step.value,
        "stepped_on": command.stepped_on,
        "in_order": command.in_order,
        "note": command.note or None,
        "document": command.document or None,
    }
    if command.id and db.scalar(select(FosterStep.id).where(FosterStep.id == command.id)):
        return create_once(db, FosterStep, actor, command, **values)
    if command.step not in RECORDED_STEPS:
        raise FieldError("step", _("This step follows by itself; choose another one"))
    check_day(command.stepped_on, today=clock.today())
    months = terms(db).number(Term.RECORD_MONTHS)
    check_step(
        command.step,
        way_of(family),
        in_order=command.in_order,
        note=command.note,
        today=clock.today(),
        record_months=months,
    )
    step_id, is_new = create_once(db, FosterStep, actor, command, **values)
    column = _DAY_OF.get(command.step)
    if column is not None:
        # Something found against a family takes the former good finding away; a check that is written down late does
        # not push a newer one out.
        known = getattr(family, column)
        newest = command.stepped_on if known is None else max(known, command.stepped_on)
        setattr(family, column, newest if command.in_order else None)
    after = stage_after(command.step, Stage(family.stage), in_order=command.in_order)
    if after is Stage.PAUSED and not command.in_order:
        family.paused_why = command.note
    _move(db, household, family, after)
    _tell(db, actor, household, family, command.step, command.stepped_on)
    return step_id, is_new


def request_approval(db: Session, actor: Actor, household_id: UUID, command: Ask) -> UUID:
    """Asks the supervisor to approve a trained family, or to renew the approval; returns the approval's id."""
    require(actor, Permission.CASES_WRITE)
    household, family = _family(db, actor, household_id)
    check_request(way_of(family), today=clock.today(), record_months=terms(db).number(Term.RECORD_MONTHS))
    path = f"/households/{household_id}/fostering"
    approval_id = ask_approval(
        db,
        actor,
        ApprovalKind.FOSTER_FAMILY,
        family.id,
        path=path,
        area_code=household.area_code,
        # A request about no child says in its note what it is about.
        note=". ".join(part for part in (household.head_name, command.note) if part),
    )
    _line(db, actor, household_id, Step.ASKED, clock.today(), note=command.note)
    _tell(db, actor, household, family, Step.ASKED, clock.today())
    return approval_id


def make_available(db: Session, actor: Actor, household_id: UUID) -> None:
    """An approved family is ready for a child, for the first time or after a pause."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household, family = _family(db, actor, household_id)
    months = terms(db).number(Term.RECORD_MONTHS)
    check_available(way_of(family), today=clock.today(), record_months=months)
    family.paused_why = None
    _take(db, actor, household, family, Step.AVAILABLE, Stage.AVAILABLE)


def pause(db: Session, actor: Actor, household_id: UUID, command: Reason) -> None:
    """No further child comes for a while; who lives there stays."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household, family = _family(db, actor, household_id)
    check_pause(way_of(family))
    family.paused_why = command.reason
    _take(db, actor, household, family, Step.PAUSED, Stage.PAUSED, command.reason)


def withdraw(db: Session, actor: Actor, household_id: UUID, command: Reason) -> None:
    """The family fosters no more. Raises `Conflict` while children live there, saying what must happen first."""
    require(actor, Permission.HOUSEHOLDS_WRITE)
    household, family = _family(db, actor, household_id)
    children = db.scalar(select(children_now).select_from(Household).where(Household.id == household_id)) or 0
    check_withdrawal(way_of(family), children=children)
    family.approved_until = None
    for column in _DAY_OF.values():
        setattr(family, column, None)
    drop_tasks_of(db, family.id)
    _take(db, actor, household, family, Step.WITHDRAWN, Stage.WITHDRAWN, command.reason)


def _decided(db: Session, actor: Actor, approval: Approval) -> None:
    """What follows when the supervisor decides about a family."""
    found = db.scalars(
        select(FosterFamily)
        .where(FosterFamily.id == approval.subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    household = db.get_one(Household, found.household_id, populate_existing=True)
    today = clock.today()
    if approval.state == ApprovalState.RETURNED.value:
        _line(db, actor, household.id, Step.RETURNED, today, in_order=False, note=approval.reason)
        _tell(db, actor, household, found, Step.RETURNED, today)
    if approval.state != ApprovalState.APPROVED.value:
        return
    if found.stage == Stage.WITHDRAWN.value:
        raise Conflict(_("The family was withdrawn meanwhile"))
    known = terms(db)
    renewed = Stage(found.stage) in APPROVED_STAGES
    found.approved_on = found.approved_on if renewed else today
    found.approved_until = months_after(today, known.number(Term.APPROVAL_MONTHS))
    drop_tasks_of(db, found.id, TaskKind.RENEW_FAMILY)
    _plan_renewal(db, actor, found.id, household, found.approved_until, approval.asked_by_post_id)
    _move(db, household, found, Stage(found.stage) if renewed else Stage.APPROVED)
    step = Step.RENEWED if renewed else Step.APPROVED
    _line(db, actor, household.id, step, today, note=approval.reason)
    _tell(db, actor, household, found, step, today)


def keep_pause(db: Session, _actor: Actor, start: Start) -> None:
    """Refuses a foster placement in a family that takes no further child now. Raises `FieldError` on `household`.

    What began longer ago and is written down late is a fact.
    """
    if start.kind not in CARE_OF or start.household_id is None:
        return
    if start.started_on < clock.days_ahead(-LATE_DAYS):
        return
    reason = why_no_child(db, [start.household_id]).get(start.household_id)
    if reason is not None:
        raise FieldError("household", reason)


on_decision(ApprovalKind.FOSTER_FAMILY, _decided)
on_start(keep_pause)
on_offer(why_no_child)


def _household(db: Session, actor: Actor, household_id: UUID) -> Household:
    wanted = select(Household).where(Household.id == household_id, visible_households(actor))
    found = db.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _family(db: Session, actor: Actor, household_id: UUID) -> tuple[Household, FosterFamily]:
    household = _household(db, actor, household_id)
    wanted = select(FosterFamily).where(FosterFamily.household_id == household_id).with_for_update()
    family = db.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if family is None:
        raise Conflict(_("Write down the application of this family first"))
    return household, family


def _check_offer(command: Offer) -> None:
    check_offer(
        age_from=command.age_from,
        age_to=command.age_to,
        cares=list(command.cares),
        disability_training=command.disability_training,
    )


def _offer(command: Offer) -> dict[str, Any]:
    return {
        "income_source": command.income_source,
        "languages": [language.value for language in dict.fromkeys(command.languages)],
        "age_from": command.age_from,
        "age_to": command.age_to,
        "sex": command.sex.value if command.sex else None,
        "siblings_welcome": command.siblings_welcome,
        "disability_training": command.disability_training or None,
        "cares": [care.value for care in dict.fromkeys(command.cares)],
    }


def _take(
    db: Session,
    actor: Actor,
    household: Household,
    family: FosterFamily,
    step: Step,
    stage: Stage,
    note: str | None = None,
) -> None:
    _line(db, actor, household.id, step, clock.today(), note=note)
    _move(db, household, family, stage)
    _tell(db, actor, household, family, step, clock.today())


def _line(
    db: Session,
    actor: Actor,
    household_id: UUID,
    step: Step,
    stepped_on: date,
    *,
    in_order: bool = True,
    note: str | None = None,
) -> None:
    line = FosterStep(
        id=new_id(),
        created_by=actor.account_id,
        household_id=household_id,
        step=step.value,
        stepped_on=stepped_on,
        in_order=in_order,
        note=note,
    )
    db.add(line)


_VETTING = {
    Stage.APPLIED: Vetting.NOT_CHECKED,
    Stage.CHECKED: Vetting.CHECKED,
    Stage.TRAINED: Vetting.CHECKED,
    Stage.WITHDRAWN: Vetting.WITHDRAWN,
}


def _move(db: Session, household: Household, family: FosterFamily, stage: Stage) -> None:
    """The family's stage, and what the household's own record says of its vetting."""
    family.stage = stage.value
    family.version += 1
    vetting = _VETTING.get(stage, Vetting.APPROVED)
    if household.vetting != vetting.value:
        since = None if vetting is Vetting.NOT_CHECKED else clock.today()
        db.execute(
            update(Household)
            .where(Household.id == household.id)
            .values(vetting=vetting.value, vetted_on=since, version=Household.version + 1)
        )
    db.flush()


def _tell(db: Session, actor: Actor, household: Household, family: FosterFamily, step: Step, on: date) -> None:
    event = FamilyStepped(family=family.id, step=step.value, stepped_on=on, stage=family.stage)
    record(db, actor, event, subject_id=household.id, area_code=household.area_code)


def _plan_renewal(
    db: Session, actor: Actor, family_id: UUID, household: Household, until: date, post_id: UUID | None
) -> None:
    notice = terms(db).number(Term.RENEWAL_NOTICE_DAYS)
    plan = TaskPlan(
        kind=TaskKind.RENEW_FAMILY,
        due_on=renewal_due(until, notice),
        tolerance_days=notice,
        post_id=post_id,
        area_code=household.area_code,
        path=f"/households/{household.id}/fostering",
    )
    plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=family_id, child_id=None)
