"""What a new home means for the case: under an approved plan, a child who came into a family is followed up there.

Placements lie below plans, so the two meet here. A home for a few nights or weeks is none to follow up: what has to be
decided is still open.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.cases.service import reach_state
from app.cases.words import CaseState
from app.placements.gates import Start, on_start
from app.placements.words import PASSING_KINDS, PLACED_KINDS, PlacementKind
from app.plans.models import Plan
from app.plans.words import PlanState

LASTING_KINDS = PLACED_KINDS - PASSING_KINDS - {PlacementKind.FOSTER_SHORT_TERM}


def follow_up(db: Session, actor: Actor, start: Start) -> None:
    """The case of a child who begins to live in a lasting home is under follow-up, where a plan is in force."""
    in_force = exists().where(Plan.child_id == start.child_id, Plan.state == PlanState.IN_FORCE.value)
    if start.kind in LASTING_KINDS and db.scalar(select(in_force)):
        reach_state(db, actor, start.child_id, CaseState.UNDER_FOLLOW_UP)


on_start(follow_up)
