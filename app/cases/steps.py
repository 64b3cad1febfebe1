"""What the verbs of cases share: finding the case to work on, its history, its clock."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.cases.models import Case, CaseConcern, CaseStep, RiskClock
from app.cases.rules import Clock, days_of, moved_due, rises
from app.cases.words import CaseState, Risk, StepKind
from app.children.models import Child
from app.children.words import RESTRICTED_CONCERNS
from app.children.work import ChildAtWork, child_to_work_on
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.records import check_version
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.rules import DAYS_TO_READ
from app.tasks.schemas import TaskPlan
from app.tasks.service import drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

SUBJECT = "case"
CLOCK_KINDS = (TaskKind.SEE_CHILD, TaskKind.ASSESS, TaskKind.PLAN)


def case_to_work_on(
    db: Session, actor: Actor, case_id: UUID, version: int | None = None, typed: dict[str, Any] | None = None
) -> tuple[ChildAtWork, Case]:
    """A case whose file the actor may write in, and its child, both locked until the end of the transaction.

    Raises `NotFound` out of reach, `Forbidden` where it is another worker's, `Stale` where the actor saw an older one.
    """
    require(actor, Permission.CASES_WRITE)
    child_id = db.scalar(select(Case.child_id).where(Case.id == case_id))
    if child_id is None:
        raise NotFound
    child = child_to_work_on(db, actor, child_id)
    case = locked_case(db, case_id)
    check_version(case, version, current=state_of(case), typed=typed or {})
    return child, case


def locked_case(db: Session, case_id: UUID) -> Case:
    """A case that the caller has found already, for a change."""
    statement = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return db.scalars(statement.execution_options(populate_existing=True)).one()


def must_be_open(case: Case) -> None:
    """Raises `Conflict` for a closed case."""
    if case.closed_on is not None:
        raise Conflict(_("The case is closed: open it again first"))


def state_of(case: Case) -> dict[str, Any]:
    """What a case says, in plain values, for comparing and for showing both versions."""
    return {"version": case.version, "state": case.state, "risk": case.risk, "tier": case.tier}


def add_step(db: Session, actor: Actor, case: Case, kind: StepKind, reason: str | None = None) -> UUID:
    """Writes into the case's history what has just changed; returns the id of the entry."""
    step = CaseStep(
        id=new_id(),
        created_by=actor.account_id,
        case_id=case.id,
        child_id=case.child_id,
        kind=kind.value,
        state=case.state,
        reason=reason,
        by_post_id=actor.post_id,
    )
    db.add(step)
    db.flush()
    return step.id


def clock_of(db: Session, risk: Risk) -> Clock:
    """How soon a risk is answered, as the programme has it now."""
    row = db.get_one(RiskClock, risk.value)
    return Clock(
        contact_hours=row.contact_hours,
        assessment_days=row.assessment_days,
        plan_days=row.plan_days,
        review_days=row.review_days,
    )


def start_clock(db: Session, actor: Actor, child: ChildAtWork, case: Case, before: Risk | None) -> None:
    """Plans what a rating asks for, or moves what it asked for before: see the child, assess, plan.

    What is done stays done; a greater danger asks to see the child again, unless somebody is to do so by then anyway,
    as after the visit that told of the danger.
    """
    if case.risk is None:
        return
    risk = Risk(case.risk)
    counts, today = clock_of(db, risk), clock.today()
    rose, began = rises(before, risk), _began_on(db, case)
    days = {
        TaskKind.SEE_CHILD: days_of(counts.contact_hours),
        TaskKind.ASSESS: counts.assessment_days,
        TaskKind.PLAN: counts.plan_days,
    }
    wanted = {kind for kind in days if kind is TaskKind.SEE_CHILD or _still_due(kind, CaseState(case.state))}
    rows = db.execute(
        select(Task.id, Task.kind, Task.due_on, Task.subject_id).where(
            Task.child_id == child.id, Task.kind.in_([kind.value for kind in days]), IS_OPEN
        )
    ).all()
    for row in rows:
        kind = TaskKind(row.kind)
        if row.subject_id != case.id:
            if row.due_on <= clock.days_ahead(days[kind]):
                wanted.discard(kind)
            continue
        due_on = moved_due(row.due_on, opened_on=began, rated_on=today, days=days[kind], rose=rose)
        wanted.discard(kind)
        if due_on != row.due_on:
            db.execute(update(Task).where(Task.id == row.id).values(due_on=due_on, version=Task.version + 1))
    if not rose:
        wanted.clear()
    plans = [
        task(child, case, kind, due_on=clock.days_ahead(days[kind]), holder=child.responsible_post_id or actor.post_id)
        for kind in CLOCK_KINDS
        if kind in wanted
    ]
    plan_tasks(db, actor, plans, subject_kind=SUBJECT, subject_id=case.id, child_id=child.id)


def _still_due(kind: TaskKind, state: CaseState) -> bool:
    if kind is TaskKind.ASSESS:
        return state is CaseState.REGISTERED
    return state in {CaseState.REGISTERED, CaseState.ASSESSED}


def _began_on(db: Session, case: Case) -> Any:
    """The day on which the case was opened, or opened again."""
    kinds = [StepKind.OPENED.value, StepKind.REOPENED.value]
    wanted = select(func.max(CaseStep.happened_on)).where(CaseStep.case_id == case.id, CaseStep.kind.in_(kinds))
    return db.scalar(wanted) or case.opened_on


def task(child: ChildAtWork, case: Case, kind: TaskKind, *, due_on: Any, holder: UUID | None) -> TaskPlan:
    """A task of a case, with the page on which it is done; the case itself where there is no other."""
    return TaskPlan(
        kind=kind,
        due_on=due_on,
        tolerance_days=7 if kind is TaskKind.AFTERCARE else 0,
        post_id=holder,
        area_code=child.area_code,
        path=_page_of(kind, child.id, case.id),
    )


def plan_reading(db: Session, actor: Actor, case: Case, post_id: UUID, area_code: int) -> None:
    """Whoever holds the case from now on reads it first; whoever held it before needs not any more."""
    drop_tasks_of(db, case.id, TaskKind.READ_HANDOVER)
    read = TaskPlan(
        kind=TaskKind.READ_HANDOVER,
        due_on=clock.days_ahead(DAYS_TO_READ),
        tolerance_days=0,
        post_id=post_id,
        area_code=area_code,
        path=f"/children/{case.child_id}/case",
    )
    plan_tasks(db, actor, [read], subject_kind=SUBJECT, subject_id=case.id, child_id=case.child_id)


def _page_of(kind: TaskKind, child_id: UUID, case_id: UUID) -> str:
    if kind in {TaskKind.SEE_CHILD, TaskKind.FIND_AGAIN, TaskKind.AFTERCARE}:
        return f"/cases/{case_id}/contacts/new"
    return f"/children/{child_id}/{_PAGES.get(kind, 'case')}"


_PAGES = {TaskKind.ASSESS: "instruments", TaskKind.PLAN: "plan"}
"""The last part of the address under the child's where the clock's tasks are done."""


def set_holder(db: Session, child_id: UUID, **values: Any) -> None:
    """Writes onto the child's row who holds and who supervises its case, and where the case is followed."""
    db.execute(update(Child).where(Child.id == child_id).values(**values, version=Child.version + 1))


def is_grave(db: Session, case_id: UUID) -> bool:
    """Whether one of a case's concerns is of those whose file opens to few."""
    grave = [concern.value for concern in RESTRICTED_CONCERNS]
    wanted = select(CaseConcern.id).where(CaseConcern.case_id == case_id, CaseConcern.concern.in_(grave)).limit(1)
    return db.scalar(wanted) is not None
