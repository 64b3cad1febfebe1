"""The verbs of visits: somebody went to see a child, and what follows from it."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.audit.service import record
from app.cases.schemas import RiskRate
from app.cases.service import child_was_seen, rate_risk
from app.cases.words import Risk
from app.core import clock
from app.core.errors import Conflict
from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.records import create_once
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN, undone_tasks_of
from app.tasks.schemas import TaskPlan
from app.tasks.service import complete_task, plan_tasks
from app.tasks.words import TaskKind
from app.visits.alerts import raise_alert
from app.visits.events import VisitLogged, VisitRiskConfirmed
from app.visits.follow_rules import Answer, Follows, Trigger, what_follows
from app.visits.models import Visit, VisitTrigger
from app.visits.planning import SUBJECT
from app.visits.queries import Visited, case_risk_of, placement_to_visit, read_visit
from app.visits.rules import (
    OpenTask,
    check_next_visit,
    check_visit_day,
    check_volunteer_visit,
    fulfilled,
    is_planned_near,
    task_of,
)
from app.visits.schemas import VisitLog
from app.visits.words import AlertKind, VisitKind

VISIT_SUBJECT = "visit"
WISHED_TOLERANCE_DAYS = 3


def log_visit(db: Session, actor: Actor, command: VisitLog) -> tuple[UUID, bool]:
    """Somebody visited a child; if the child was seen, the planned visit that it was is done.

    What a bad answer brings about happens at once: tasks for the child's worker, an alert to the supervisor, a risk
    that the visit's page suggests. Returns the visit's id and whether it is new. Raises `FieldError` for a day outside
    the placement, and where a volunteer's light check holds more than it may; `NotFound` for a placement out of reach.
    """
    require(actor, Permission.VISITS_WRITE, Permission.VISITS_CHECK)
    placement = placement_to_visit(db, actor, command.placement)
    check_visit_day(
        command.visited_on,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        today=clock.today(),
    )
    check_next_visit(command.next_visit_on, visited_on=command.visited_on, today=clock.today())
    if not actor.may_ever(Permission.VISITS_WRITE):
        check_volunteer_visit(
            command.kind,
            assessed=bool(command.wellbeing),
            more=bool(
                command.seen_alone or command.worries or command.worry_words or command.agreed or command.next_visit_on
            ),
            note=command.note,
        )
    follows = what_follows(_triggers(db), answers_of(command))
    visit_id, is_new = create_once(
        db,
        Visit,
        actor,
        command,
        placement_id=placement.id,
        child_id=placement.child_id,
        kind=command.kind.value,
        visited_on=command.visited_on,
        child_seen=command.child_seen,
        not_seen_reason=command.not_seen_reason,
        wellbeing={domain.value: score for domain, score in command.wellbeing.items()},
        note=command.note or None,
        seen_alone=command.seen_alone,
        safe=command.safe,
        safe_why=command.safe_why or None,
        worries=[worry.value for worry in command.worries],
        worry_words=command.worry_words or None,
        agreed=command.agreed or None,
        next_visit_on=command.next_visit_on,
        suggests_risk=follows.risk,
        visited_by_post_id=actor.post_id,
        area_code=placement.area_code,
    )
    if is_new:
        task = _fulfil(db, placement, command, visit_id)
        _have_looked(db, placement, command, visit_id)
        _follow(db, actor, placement, follows, visit_id)
        _wish(db, actor, placement, command)
        logged = VisitLogged(
            visit=visit_id,
            placement=placement.id,
            visit_kind=command.kind.value,
            visited_on=command.visited_on,
            child_seen=command.child_seen,
            task=task,
            suggests_risk=follows.risk,
            because=follows.because,
        )
        record(db, actor, logged, subject_id=placement.child_id, area_code=placement.area_code)
    return visit_id, is_new


def answers_of(command: VisitLog) -> list[Answer]:
    """The answers of a visit as the triggers read them."""
    answers = [(f"wellbeing.{domain.value}", str(score)) for domain, score in command.wellbeing.items()]
    answers += [("worry", worry.value) for worry in command.worries]
    if command.safe is not None:
        answers.append(("safe", command.safe.value))
    return answers


def _triggers(db: Session) -> list[Trigger]:
    return [
        Trigger(
            code=row.code,
            question=row.question,
            answers=frozenset(row.answers),
            risk=row.risk,
            task=TaskKind(row.task_kind) if row.task_kind else None,
            due_days=row.due_days,
            alert=row.alert,
        )
        for row in db.scalars(select(VisitTrigger).order_by(VisitTrigger.code))
    ]


def _fulfil(db: Session, placement: Visited, command: VisitLog, visit_id: UUID) -> UUID | None:
    """Marks the planned visit that this one was as done, if it was one; returns its id."""
    kind = task_of(command.kind)
    if kind is None or not command.child_seen:
        return None
    undone = [OpenTask(task.id, task.due_on, task.tolerance_days) for task in undone_tasks_of(db, placement.id, kind)]
    task = fulfilled(undone, command.visited_on, child_seen=command.child_seen)
    if task is None:
        return None
    complete_task(db, task.id, done_on=command.visited_on, done_by_id=visit_id)
    return task.id


def _have_looked(db: Session, placement: Visited, command: VisitLog, visit_id: UUID) -> None:
    """Who saw the child has looked into what was open until that day; a volunteer's light check is not enough."""
    if not command.child_seen or command.kind is VisitKind.IZU_CHECK:
        return
    until = datetime.combine(command.visited_on + timedelta(days=1), time(), clock.KIGALI)
    looked_into = [TaskKind.SEE_CHILD.value, TaskKind.FOLLOW_WORRY.value]
    db.execute(
        update(Task)
        .where(
            Task.child_id == placement.child_id,
            Task.kind.in_(looked_into),
            Task.created_at < until,
            IS_OPEN,
        )
        .values(done_on=command.visited_on, done_by_id=visit_id, version=Task.version + 1)
    )
    child_was_seen(db, placement.child_id, done_by_id=visit_id)


def confirm_risk(db: Session, actor: Actor, visit_id: UUID) -> UUID:
    """Takes the risk that a visit suggests over into the child's case; returns the child.

    Raises `Conflict` where the visit suggests none, where it is rated so already, or where no case is open.
    """
    require(actor, Permission.CASES_WRITE)
    visit = read_visit(db, actor, visit_id)
    if visit.suggests_risk is None:
        raise Conflict(_("This visit suggests no other risk"))
    case = case_risk_of(db, visit.child)
    if case is None:
        raise Conflict(_("The child has no open case: open one first"))
    if case.risk == visit.suggests_risk:
        raise Conflict(_("The risk is rated so already"))
    reason = _("The visit of %(day)s asks for it") % {"day": day(visit.visited_on)}
    rate_risk(db, actor, case.id, RiskRate(risk=Risk(visit.suggests_risk), reason=reason))
    event = VisitRiskConfirmed(visit=visit_id, risk=visit.suggests_risk)
    record(db, actor, event, subject_id=visit.child)
    return visit.child


def _follow(db: Session, actor: Actor, placement: Visited, follows: Follows, visit_id: UUID) -> None:
    page = f"/placements/{placement.id}/visits/new"
    plans = [
        TaskPlan(
            kind=kind,
            due_on=clock.days_ahead(days),
            tolerance_days=0,
            post_id=placement.post_id,
            area_code=placement.area_code,
            path=page,
        )
        for kind, days in follows.tasks.items()
    ]
    plan_tasks(db, actor, plans, subject_kind=VISIT_SUBJECT, subject_id=visit_id, child_id=placement.child_id)
    if follows.alert:
        raise_alert(
            db,
            actor,
            AlertKind.NOT_SAFE,
            child_id=placement.child_id,
            area_code=placement.area_code,
            path=f"/visits/{visit_id}",
            visit_id=visit_id,
        )


def _wish(db: Session, actor: Actor, placement: Visited, command: VisitLog) -> None:
    """Plans the visit that the visitor wants to make next, unless one is planned about that day."""
    wished = command.next_visit_on
    if wished is None or placement.ended_on is not None:
        return
    planned = db.scalars(
        select(Task.due_on).where(Task.subject_id == placement.id, Task.kind == TaskKind.VISIT.value, IS_OPEN)
    )
    if is_planned_near(planned, wished):
        return
    plan = TaskPlan(
        kind=TaskKind.VISIT,
        due_on=wished,
        tolerance_days=WISHED_TOLERANCE_DAYS,
        post_id=placement.post_id,
        area_code=placement.area_code,
        path=f"/placements/{placement.id}/visits/new",
    )
    plan_tasks(db, actor, [plan], subject_kind=SUBJECT, subject_id=placement.id, child_id=placement.child_id)
