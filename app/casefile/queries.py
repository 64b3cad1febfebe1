"""Every read of the way home; each for a child whose file the caller has just opened."""

from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, cast, exists, func, select
from sqlalchemy.orm import Session

from app.approvals.models import Approval
from app.approvals.words import ApprovalKind, ApprovalState
from app.casefile.rules import WayFacts
from app.cases.models import Case
from app.children.schemas import ChildFile
from app.decisions.models import Decision, Match
from app.instruments.models import InstrumentAnswers
from app.placements.models import Preparation, PreparationItem, PreparationStep
from app.placements.words import RESIDENTIAL_KINDS, PlacementKind
from app.plans.models import Plan, PlanReview
from app.tasks.models import Task
from app.tasks.queries import IS_OPEN
from app.tasks.words import TaskKind
from app.tracing.models import TracingRequest
from app.visits.follow_rules import Scored
from app.visits.models import Visit
from app.visits.queries import LOOKED_AT, wellbeing_of

_CHILD: Any = bindparam("child_id")
ASSESSMENT = "child_assessment"
"""The instrument by which a child counts as assessed."""


def at_a_glance(db: Session, child: ChildFile) -> tuple[WayFacts, list[Scored]]:
    """What the domains know of how far a child is, and of its wellbeing, in one statement."""
    known = dict(db.execute(_facts(), {"child_id": child.id}).one()._mapping)  # noqa: SLF001 - a row's names
    wellbeing = wellbeing_of(known.pop("looked_at"))
    residential = child.lives_as in RESIDENTIAL_KINDS
    in_family_since = child.lives_since if child.lives_as is not None and not residential else None
    at_home = child.lives_as is PlacementKind.WITH_PARENTS
    return WayFacts(**known, residential=residential, in_family_since=in_family_since, at_home=at_home), wellbeing


@cache
def _facts() -> Select[Any]:
    return select(
        LOOKED_AT.label("looked_at"),
        _newest(Case.state, Case, Case.opened_on).label("case_state"),
        _newest(Case.risk, Case, Case.opened_on).label("risk"),
        select(cast(func.timezone("Africa/Kigali", func.max(InstrumentAnswers.submitted_at)), Date))
        .where(
            InstrumentAnswers.child_id == _CHILD,
            InstrumentAnswers.instrument == ASSESSMENT,
            InstrumentAnswers.state != "draft",
        )
        .scalar_subquery()
        .label("assessed_on"),
        _newest(TracingRequest.state, TracingRequest, TracingRequest.opened_on).label("tracing_state"),
        _newest(Decision.state, Decision, Decision.created_at).label("decision_state"),
        _newest(Decision.kind, Decision, Decision.created_at).label("decided_kind"),
        exists()
        .where(Task.child_id == _CHILD, Task.kind == TaskKind.DECIDE_AGAIN.value, IS_OPEN)
        .label("decision_due"),
        exists().where(Match.child_id == _CHILD).label("matched"),
        select(func.count(PreparationStep.id))
        .join(Preparation, Preparation.id == PreparationStep.preparation_id)
        .where(Preparation.child_id == _CHILD, Preparation.dropped_on.is_(None))
        .scalar_subquery()
        .label("prepared"),
        select(func.count(PreparationItem.code)).scalar_subquery().label("to_prepare"),
        select(Plan.state)
        .where(Plan.child_id == _CHILD, Plan.state != "superseded")
        .order_by((Plan.state == "in_force").desc(), Plan.created_at.desc())
        .limit(1)
        .scalar_subquery()
        .label("plan_state"),
        select(func.max(Plan.in_force_on)).where(Plan.child_id == _CHILD).scalar_subquery().label("plan_since"),
        select(func.max(PlanReview.reviewed_on))
        .where(PlanReview.child_id == _CHILD)
        .scalar_subquery()
        .label("reviewed_on"),
        _waits(ApprovalKind.CLOSURE).label("closing_asked"),
        _waits(ApprovalKind.ASSESSMENT).label("assessment_waits"),
        select(func.max(Visit.visited_on))
        .where(Visit.child_id == _CHILD, Visit.child_seen)
        .scalar_subquery()
        .label("last_seen_on"),
        select(func.min(Task.due_on))
        .where(Task.child_id == _CHILD, Task.kind == TaskKind.VISIT.value, IS_OPEN)
        .scalar_subquery()
        .label("visit_due_on"),
    )


def _newest(column: Any, table: Any, by: Any) -> Any:
    return (
        select(column).where(table.child_id == _CHILD).order_by(by.desc(), table.id.desc()).limit(1).scalar_subquery()
    )


def _waits(kind: ApprovalKind) -> Any:
    return exists().where(
        Approval.child_id == _CHILD,
        Approval.kind == kind.value,
        Approval.state == ApprovalState.REQUESTED.value,
    )
