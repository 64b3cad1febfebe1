"""The verbs on an open case: open it, add a concern, rate the risk, go on, give it to a sector, record a contact."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.access.roles import CASE_WORKERS, Role
from app.access.scope import hand_over
from app.audit.service import record
from app.cases.events import CaseAdvanced, CaseHeld, CaseOpened, ConcernAdded, ContactRecorded, RiskRated
from app.cases.listeners import risk_rated
from app.cases.models import Case, CaseConcern, CaseContact, RiskRating
from app.cases.queries import open_case_id, sector_posts
from app.cases.rules import CASE_PREFIX, check_advance, check_day, is_behind, why_not_sector
from app.cases.schemas import CaseAdvance, CaseContactRecord, CaseHold, CaseOpen, ConcernAdd, ConcernGiven, RiskRate
from app.cases.steps import (
    SUBJECT,
    add_step,
    case_to_work_on,
    is_grave,
    locked_case,
    must_be_open,
    plan_reading,
    set_holder,
    start_clock,
    task,
)
from app.cases.words import Aftermath, CaseState, ContactOutcome, Risk, StepKind, Tier
from app.children.words import RESTRICTED_CONCERNS
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, FieldError
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import create_once, create_with_code
from app.places.queries import resolve_place
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.service import complete_task, complete_tasks_of, give_tasks, plan_tasks
from app.tasks.words import TaskKind

DAYS_TO_TRY_AGAIN = 7
_DONE_BY: dict[CaseState, TaskKind] = {CaseState.ASSESSED: TaskKind.ASSESS, CaseState.PLANNED: TaskKind.PLAN}


def open_case(db: Session, actor: Actor, child_id: UUID, command: CaseOpen) -> tuple[UUID, bool]:
    """Opens the case of a child; returns its id and whether it is new.

    A child whom nobody holds comes into the caseload of the worker who opens the case. Raises `Conflict` where a case
    is open already, `FieldError` for days and places that cannot be, and for a sector that may not hold it.
    """
    require(actor, Permission.CASES_WRITE)
    child = child_to_work_on(db, actor, child_id)
    present = open_case_id(db, child_id)
    if present is not None and present != command.id:
        raise Conflict(_("The case of this child is open already"))
    places = [_checked(db, concern, field=f"concerns.{number}.") for number, concern in enumerate(command.concerns)]
    case_id, is_new, code = create_with_code(
        db,
        Case,
        actor,
        command,
        prefix=CASE_PREFIX,
        child_id=child_id,
        state=CaseState.REGISTERED.value,
        risk=command.risk.value,
        tier=Tier.PROFESSIONAL.value,
        area_code=child.area_code,
    )
    if not is_new:
        return case_id, False
    case = locked_case(db, case_id)
    for concern, place in zip(command.concerns, places, strict=True):
        db.add(_concern(actor, case, concern, place))
    add_step(db, actor, case, StepKind.OPENED)
    _add_rating(db, actor, case, command.risk, command.risk_reason)
    if child.responsible_post_id is None and actor.role in CASE_WORKERS:
        set_holder(db, child_id, responsible_post_id=actor.post_id)
        give_tasks(db, child_id, actor.post_id)
        child = child_to_work_on(db, actor, child_id)
    start_clock(db, actor, child, case, None)
    opened = CaseOpened(
        case=case_id,
        code=code,
        risk=command.risk.value,
        tier=Tier.SECTOR.value if command.sector_post else Tier.PROFESSIONAL.value,
        concerns=[concern.concern.value for concern in command.concerns],
    )
    record(db, actor, opened, subject_id=child_id, area_code=child.area_code)
    if command.sector_post is not None:
        _to_sector(db, actor, child, case, command.sector_post, None, field="sector_post")
    return case_id, True


def add_concern(db: Session, actor: Actor, case_id: UUID, command: ConcernAdd) -> tuple[UUID, bool]:
    """Writes a further concern down; returns its id and whether it is new.

    A grave one takes a case back from the sector.
    """
    child, case = case_to_work_on(db, actor, case_id)
    must_be_open(case)
    place = _checked(db, command)
    row = _concern(actor, case, command, place)
    values = {name: getattr(row, name) for name in _CONCERN_FIELDS}
    concern_id, is_new = create_once(db, CaseConcern, actor, command, case_id=case.id, child_id=child.id, **values)
    if is_new:
        event = ConcernAdded(case=case.id, concern=command.concern.value)
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
        if command.concern in RESTRICTED_CONCERNS and case.tier == Tier.SECTOR.value:
            _to_professional(db, actor, child, case, _("A grave concern was added"))
    return concern_id, is_new


def rate_risk(db: Session, actor: Actor, case_id: UUID, command: RiskRate) -> None:
    """Rates the risk again; its clock moves what is due, and a risk above low goes back to a professional."""
    child, case = case_to_work_on(db, actor, case_id)
    must_be_open(case)
    before = Risk(case.risk) if case.risk else None
    case.risk = command.risk.value
    _add_rating(db, actor, case, command.risk, command.reason)
    event = RiskRated(case=case.id, before=before.value if before else None, risk=command.risk.value)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    if command.risk is not Risk.LOW and case.tier == Tier.SECTOR.value:
        child = _to_professional(db, actor, child, case, command.reason)
    start_clock(db, actor, child, case, before)
    db.flush()


def advance_case(db: Session, actor: Actor, case_id: UUID, command: CaseAdvance, version: int | None = None) -> None:
    """Brings a case to another step. Raises `FieldError` where that needs a reason, or cannot be."""
    child, case = case_to_work_on(db, actor, case_id, version, command.model_dump(mode="json"))
    check_advance(CaseState(case.state), command.state, command.reason)
    _go(db, actor, child.area_code, case, command.state, command.reason)
    _complete_until(db, case.id, command.state)


def _complete_until(db: Session, case_id: UUID, state: CaseState) -> None:
    for reached, done in _DONE_BY.items():
        if reached is state or is_behind(reached, state):
            complete_tasks_of(db, case_id, done, done_by_id=case_id)


def reach_state(db: Session, actor: Actor, child_id: UUID, state: CaseState) -> None:
    """Brings the open case of a child as far as what has just happened says, and completes the task that asked for it.

    For other domains: an assessment or a plan was approved, a placement began. The caller has asked whether it may. A
    placement passes over what is still to be done: a child who moved in before there was a plan needs the plan.
    """
    case_id = open_case_id(db, child_id)
    if case_id is None:
        return
    case = locked_case(db, case_id)
    if is_behind(CaseState(case.state), state):
        case.version += 1
        _go(db, actor, case.area_code, case, state, None)
    if state in _DONE_BY:
        _complete_until(db, case_id, state)


def child_was_seen(db: Session, child_id: UUID, *, done_by_id: UUID) -> None:
    """For other domains: somebody saw the child, so the first answer to the risk is given."""
    case_id = open_case_id(db, child_id)
    if case_id is not None:
        complete_tasks_of(db, case_id, TaskKind.SEE_CHILD, done_by_id=done_by_id)
        complete_tasks_of(db, case_id, TaskKind.FIND_AGAIN, done_by_id=done_by_id)


def hold_case(db: Session, actor: Actor, case_id: UUID, command: CaseHold, version: int | None = None) -> None:
    """Gives a case of low risk to a sector officer's post, or takes it back to whoever supervises it."""
    child, case = case_to_work_on(db, actor, case_id, version, command.model_dump(mode="json"))
    must_be_open(case)
    if command.post is None:
        if case.tier != Tier.SECTOR.value:
            raise FieldError("post", _("This is needed"))
        _to_professional(db, actor, child, case, command.reason)
        return
    if actor.role is Role.SECTOR_OFFICER or case.tier == Tier.SECTOR.value:
        raise FieldError("post", _("A sector holds this case already: take it back first"))
    _to_sector(db, actor, child, case, command.post, command.reason, field="post")


def record_contact(db: Session, actor: Actor, case_id: UUID, command: CaseContactRecord) -> tuple[UUID, bool]:
    """Writes an attempt to reach the child down; returns its id and whether it is new.

    On a closed case it is aftercare, and says how life goes.
    """
    child, case = case_to_work_on(db, actor, case_id)
    is_closed = case.closed_on is not None
    check_day(command.contacted_on, today=clock.today(), field="contacted_on", since=case.opened_on)
    reached = command.outcome is not ContactOutcome.NOT_REACHED
    if is_closed and reached and command.aftermath is None:
        raise FieldError("aftermath", _("Say how life goes"))
    if command.aftermath is not None and not (is_closed and reached):
        raise FieldError("aftermath", _("This is asked only after a case is closed, when somebody was reached"))
    contact_id, is_new = create_once(
        db,
        CaseContact,
        actor,
        command,
        case_id=case.id,
        child_id=child.id,
        contacted_on=command.contacted_on,
        kind=command.kind.value,
        outcome=command.outcome.value,
        aftermath=command.aftermath.value if command.aftermath else None,
        note=command.note or None,
        by_post_id=actor.post_id,
    )
    if is_new:
        _follow_contact(db, actor, child, case, command, contact_id)
        event = ContactRecorded(
            case=case.id,
            contacted_on=command.contacted_on,
            outcome=command.outcome.value,
            aftermath=command.aftermath.value if command.aftermath else None,
        )
        record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return contact_id, is_new


def _follow_contact(
    db: Session, actor: Actor, child: ChildAtWork, case: Case, command: CaseContactRecord, contact_id: UUID
) -> None:
    reached = command.outcome is not ContactOutcome.NOT_REACHED
    kind, due_on = TaskKind.FIND_AGAIN, clock.days_ahead(DAYS_TO_TRY_AGAIN)
    if case.closed_on is not None:
        if reached:
            _complete_aftercare(db, case, contact_id, command)
        if command.aftermath is not Aftermath.NEEDS_HELP:
            return
        kind, due_on = TaskKind.FOLLOW_WORRY, clock.today()
    else:
        complete_tasks_of(db, case.id, TaskKind.FIND_AGAIN, done_by_id=contact_id)
        if command.outcome is ContactOutcome.CHILD_SEEN:
            complete_tasks_of(db, case.id, TaskKind.SEE_CHILD, done_by_id=contact_id, done_on=command.contacted_on)
        if reached:
            return
    again = task(child, case, kind, due_on=due_on, holder=child.responsible_post_id or actor.post_id)
    plan_tasks(db, actor, [again], subject_kind=SUBJECT, subject_id=case.id, child_id=child.id)


def _complete_aftercare(db: Session, case: Case, contact_id: UUID, command: CaseContactRecord) -> None:
    first = (
        select(Task.id)
        .where(Task.subject_id == case.id, Task.kind == TaskKind.AFTERCARE.value, IS_OPEN)
        .order_by(Task.due_on)
        .limit(1)
    )
    task_id = db.scalar(first)
    if task_id is not None:
        complete_task(db, task_id, done_on=command.contacted_on, done_by_id=contact_id)


_CONCERN_FIELDS = ("concern", "place_code", "place_words", "identified_on", "source", "identified_by", "note")


def _checked(db: Session, concern: ConcernGiven, field: str = "") -> int | None:
    """The code of the place where a concern was seen; raises `FieldError` for a day or place that cannot be."""
    check_day(concern.identified_on, today=clock.today(), field=f"{field}identified_on")
    if concern.village is None:
        return None
    return resolve_place(db, village=concern.village, field=f"{field}village").place_code


def _concern(actor: Actor, case: Case, given: ConcernGiven, place_code: int | None) -> CaseConcern:
    return CaseConcern(
        id=new_id(),
        created_by=actor.account_id,
        case_id=case.id,
        child_id=case.child_id,
        concern=given.concern.value,
        place_code=place_code,
        place_words=given.place_words,
        identified_on=given.identified_on,
        source=given.source.value,
        identified_by=given.identified_by,
        note=given.note or None,
    )


def _add_rating(db: Session, actor: Actor, case: Case, risk: Risk, reason: str) -> UUID:
    rating = RiskRating(
        id=new_id(),
        created_by=actor.account_id,
        case_id=case.id,
        child_id=case.child_id,
        risk=risk.value,
        reason=reason,
        by_post_id=actor.post_id,
    )
    db.add(rating)
    db.flush()
    risk_rated(db, actor, case.child_id)
    return rating.id


def _go(db: Session, actor: Actor, area_code: int, case: Case, state: CaseState, reason: str | None) -> None:
    before = CaseState(case.state)
    case.state = state.value
    kind = StepKind.ADVANCED if is_behind(before, state) else StepKind.WENT_BACK
    add_step(db, actor, case, kind, reason)
    event = CaseAdvanced(case=case.id, before=before.value, state=state.value)
    record(db, actor, event, subject_id=case.child_id, area_code=area_code)


def _to_sector(
    db: Session, actor: Actor, child: ChildAtWork, case: Case, post_id: UUID, reason: str | None, *, field: str
) -> None:
    refusal = why_not_sector(
        Risk(case.risk) if case.risk else None, restricted=child.restricted, grave=is_grave(db, case.id)
    )
    if refusal is not None:
        raise FieldError(field, refusal)
    if post_id not in {post.id for post in sector_posts(db, child.area_code, in_district=True)}:
        raise FieldError(field, _("Choose the post of a sector officer of the child's district"))
    supervising = child.responsible_post_id or actor.post_id
    set_holder(db, child.id, responsible_post_id=post_id, supervising_post_id=supervising)
    give_tasks(db, child.id, post_id)
    plan_reading(db, actor, case, post_id, child.area_code)
    case.tier = Tier.SECTOR.value
    add_step(db, actor, case, StepKind.TO_SECTOR, reason)
    event = CaseHeld(case=case.id, tier=case.tier, from_post=supervising, to_post=post_id)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)


def _to_professional(db: Session, actor: Actor, child: ChildAtWork, case: Case, reason: str) -> ChildAtWork:
    """Gives a case back to whoever supervised it, with a task to read why; returns the child as it is then."""
    # The sector's officer who does it loses the child by it, and still finishes the verb.
    hand_over(db, child.id)
    holder = child.supervising_post_id or actor.post_id
    set_holder(db, child.id, responsible_post_id=holder, supervising_post_id=None)
    give_tasks(db, child.id, holder)
    case.tier = Tier.PROFESSIONAL.value
    add_step(db, actor, case, StepKind.TO_PROFESSIONAL, reason)
    if holder != actor.post_id:
        plan_reading(db, actor, case, holder, child.area_code)
    event = CaseHeld(case=case.id, tier=case.tier, from_post=child.responsible_post_id, to_post=holder)
    record(db, actor, event, subject_id=child.id, area_code=child.area_code)
    return replace(child, responsible_post_id=holder, supervising_post_id=None)
