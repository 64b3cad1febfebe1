"""What was decided before a child enters residential care, or leaves it. For the gate, which asks about every child."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.children.words import PlacementKind
from app.core import clock
from app.decisions.models import Decision, Match
from app.decisions.queries import counts_for
from app.decisions.words import DecisionState
from app.placements.gates import Start
from app.placements.models import Placement


def has_approved_entry(db: Session, start: Start, *, days: int) -> bool:
    """Whether an approved decision lets a child into this institution in this kind of care, and was not used yet."""
    used = exists().where(
        Placement.child_id == start.child_id,
        Placement.id != start.placement_id,
        Placement.kind == start.kind.value,
        Placement.institution_id == start.institution_id,
        Placement.created_at > Decision.approved_at,
        Placement.end_reason.is_distinct_from("data_correction"),
    )
    wanted = exists().where(
        counts_for(start.child_id),
        Decision.state == DecisionState.APPROVED.value,
        Decision.kind == start.kind.value,
        Decision.institution_id == start.institution_id,
        Decision.approved_at >= clock.now() - timedelta(days=days),
        ~used,
    )
    return bool(db.scalar(select(wanted)))


def decided_moves(
    db: Session, child_id: UUID, household_id: UUID | None = None, *, but: UUID | None = None
) -> set[PlacementKind]:
    """The kinds of care that an approved decision names for a child, and that no placement has used since.

    A decision for one family counts for that family, and for the one that was chosen in the matching; with
    `household_id` None it counts for any. `but` is the placement that is just starting. One statement.
    """
    used = exists().where(
        Placement.child_id == child_id,
        Placement.kind == Decision.kind,
        Placement.created_at > Decision.approved_at,
        Placement.end_reason.is_distinct_from("data_correction"),
    )
    if but is not None:
        used = used.where(Placement.id != but)
    wanted = select(Decision.kind).where(
        counts_for(child_id), Decision.state == DecisionState.APPROVED.value, ~used.correlate(Decision)
    )
    if household_id is not None:
        chosen = exists().where(
            Match.decision_id == Decision.id, Match.child_id == child_id, Match.household_id == household_id
        )
        named = or_(Decision.household_id.is_(None), Decision.household_id == household_id)
        wanted = wanted.where(or_(named, chosen.correlate(Decision)))
    return {PlacementKind(kind) for kind in db.scalars(wanted) if kind is not None}
