"""What plan and case mean for each other: a new home under an approved plan, and the plan of a case that is closed.

Under an approved plan, a child who came into a family is followed up there. Placements lie below plans, so the two meet
here. A home for a few nights or weeks is none to follow up: what has to be decided is still open.
"""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.cases.listeners import on_case_closed
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.core import clock
from app.placements.gates import Start, on_start
from app.placements.words import PASSING_KINDS, PLACED_KINDS, PlacementKind
from app.plans.events import PlanClosed
from app.plans.models import Plan
from app.plans.words import PlanState

LASTING_KINDS = PLACED_KINDS - PASSING_KINDS - {PlacementKind.FOSTER_SHORT_TERM}


def follow_up(db: Session, actor: Actor, start: Start) -> None:
    """The case of a child who begins to live in a lasting home is under follow-up, where a plan is in force."""
    in_force = exists().where(Plan.child_id == start.child_id, Plan.state == PlanState.IN_FORCE.value)
    if start.kind in LASTING_KINDS and db.scalar(select(in_force)):
        reach_state(db, actor, start.child_id, CaseState.UNDER_FOLLOW_UP)


def end_with_the_case(db: Session, actor: Actor, case_id: UUID) -> None:
    """The plan in force of a case ends on the day on which the case is closed; its tasks were stopped with it."""
    plan = db.scalars(
        select(Plan).where(Plan.case_id == case_id, Plan.state == PlanState.IN_FORCE.value).with_for_update()
    ).one_or_none()
    if plan is None:
        return
    plan.state, plan.ended_on = PlanState.CLOSED.value, clock.today()
    plan.version += 1
    db.flush()
    record(db, actor, PlanClosed(plan=plan.id), subject_id=plan.child_id)


on_start(follow_up)
on_case_closed(end_with_the_case)
