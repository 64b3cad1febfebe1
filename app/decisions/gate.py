"""The gate: what is asked before a child enters residential care, and when one leaves it for a family."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit.service import record
from app.children.models import Child
from app.children.words import PlacementKind
from app.core import clock
from app.core.errors import FieldError
from app.core.i18n import gettext as _
from app.decisions.events import EntryUndecided, MoveUndecided
from app.decisions.gate_queries import decided_moves, has_approved_entry
from app.decisions.rules import check_why_undecided, follow_up_day, is_admission, is_move_home, may_start_unasked
from app.fostering.queries import terms
from app.fostering.rules import Terms
from app.fostering.words import Term
from app.placements.gates import Start, on_start, on_undecided
from app.placements.words import PLACED_KINDS
from app.tasks.schemas import TaskPlan
from app.tasks.service import drop_tasks_of, plan_tasks
from app.tasks.words import TaskKind

OF_CHILD = "child"


def keep_gate(db: Session, actor: Actor, start: Start) -> None:
    """Refuses a new admission into residential care without an approved decision.

    An emergency may come first, and a child who was found in a house is there: the decision is asked for afterwards.

    Raises `FieldError` on `institution`, saying what to do. Asks nothing while gatekeeping is not switched on.
    """
    known = terms(db)
    if not is_admission(
        start.kind,
        start.started_on,
        gate_from=known.day(Term.GATEKEEPING_FROM),
        registered_on=_registered_on(db, start.child_id),
        corrects=start.corrects,
    ):
        return
    if has_approved_entry(db, start, days=known.number(Term.ENTRY_DAYS)):
        return
    if not (start.found or may_start_unasked(start.kind)):
        raise FieldError(
            "institution",
            _(
                "Nobody enters residential care without an approved decision for this institution. Write the decision "
                "of the panel and send it for approval. If the child needs a roof tonight, start an emergency foster "
                "family or a temporary shelter; the decision follows within %(hours)d hours."
            )
            % {"hours": known.number(Term.EMERGENCY_HOURS)},
        )
    due_on = _decide_afterwards(db, actor, start, known)
    event = EntryUndecided(placement=start.placement_id, due_on=due_on.isoformat())
    record(db, actor, event, subject_id=start.child_id, area_code=start.area_code)


def ask_why(db: Session, actor: Actor, start: Start) -> None:
    """Asks why a child leaves residential care for a family, or for independence, before that was decided.

    It is never refused: who were refused would write down another day. The decision is asked for afterwards. Where
    the stay had ended before, or the child was found, the move is a fact that nobody here could have asked about.

    Raises `FieldError` on `undecided_reason`. Asks nothing while gatekeeping is not switched on.
    """
    known = terms(db)
    if not is_move_home(
        start.kind,
        start.from_kind,
        start.started_on,
        gate_from=known.day(Term.GATEKEEPING_FROM),
        registered_on=_registered_on(db, start.child_id),
    ):
        return
    if start.kind in decided_moves(db, start.child_id, start.household_id, but=start.placement_id):
        return
    if start.leaves and not start.found:
        check_why_undecided(start.undecided_reason)
    due_on = _decide_afterwards(db, actor, start, known)
    event = MoveUndecided(placement=start.placement_id, due_on=due_on.isoformat())
    record(db, actor, event, subject_id=start.child_id, area_code=start.area_code)


def _undecided(db: Session, child_id: UUID) -> Collection[PlacementKind]:
    """What a resident moves into today with a reason only."""
    since = terms(db).day(Term.GATEKEEPING_FROM)
    if since is None or since > clock.today():
        return ()
    return PLACED_KINDS - decided_moves(db, child_id)


def _registered_on(db: Session, child_id: UUID) -> date:
    return db.scalar(select(Child.registered_on).where(Child.id == child_id)) or clock.today()


def _decide_afterwards(db: Session, actor: Actor, start: Start, known: Terms) -> date:
    """Reminds of the decision that should have come first; returns the day until which it is due."""
    due_on = follow_up_day(start.started_on, hours=known.number(Term.EMERGENCY_HOURS), today=clock.today())
    plan = TaskPlan(
        kind=TaskKind.DECIDE_AGAIN,
        due_on=due_on,
        tolerance_days=0,
        post_id=start.post_id,
        area_code=start.area_code,
        path=f"/children/{start.child_id}/decisions",
    )
    drop_tasks_of(db, start.child_id, TaskKind.DECIDE_AGAIN)
    plan_tasks(db, actor, [plan], subject_kind=OF_CHILD, subject_id=start.child_id, child_id=start.child_id)
    return due_on


on_start(keep_gate)
on_start(ask_why)
on_undecided(_undecided)
