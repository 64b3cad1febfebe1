"""A child's one screen: who, where, how far, what is next, and what happened."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.access.rules import View
from app.casefile import following  # noqa: F401 - it says what follows an assessment
from app.casefile.history import story
from app.casefile.queries import at_a_glance
from app.casefile.rules import StepState, next_step, steps
from app.casefile.topics import ADDRESS_OF_STEP, STEP_OF_TASK, TOPICS
from app.casefile.words import Show, Standing
from app.cases.words import Risk
from app.children.queries import open_child
from app.children.rules import may_assign, may_restrict, sees_openings
from app.children.schemas import ChildFile
from app.children.work import why_not_at_work
from app.core import clock
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.templating import render
from app.placements.queries import placements_of
from app.placements.rules import was_separated, why_not_theirs
from app.placements.schemas import PlacementRow
from app.placements.words import EndReason
from app.tasks.queries import next_task, open_tasks_of_child
from app.tasks.schemas import TaskRow
from app.tasks.words import Due, TaskKind
from app.visits.queries import placement_to_check

router = APIRouter(route_class=StrictRoute, include_in_schema=False)
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]


NEWEST = 10
"""How much of the story a child's screen tells at first: what a phone shows in a few turns of the thumb."""


@router.get("/children/{child_id}")
def show_child(
    request: Request,
    child_id: UUID,
    db: Db,
    actor: Reader,
    show: Show = Show.ALL,
    earlier: bool = False,
) -> HTMLResponse:
    """Who the child is, what is next, and what happened lately, or all of it; opening it is noted."""
    child = open_child(db, actor, child_id)
    placements = placements_of(db, actor, child_id)
    whole = child.sees is View.WHOLE
    task_only = child.sees is View.TASK
    facts, wellbeing = at_a_glance(db, child) if whole else (None, [])
    way = steps(facts, clock.today()) if facts else []
    due = _to_do(way, open_tasks_of_child(db, actor, child_id)) if not task_only else []
    may_work = whole and actor.may_ever(Permission.CASES_WRITE) and why_not_at_work(actor, child.facts) is None
    way_on = _way_on(way, due) if may_work else None
    leads = way_on is not None and bool(due) and due[0].standing is Due.LATER
    most = None if earlier else NEWEST + 1
    history = [] if task_only else story(db, actor, child_id, child.created_at, placements, show, most)
    return render(
        request,
        "casefile/child.html",
        block="history",
        child=child,
        whole=whole,
        coded=child.sees is View.CODED,
        task_only=task_only,
        placement_id=_present(db, child, placements),
        may_be_at_home=not was_separated(
            one.kind for one in placements if one.end_reason is not EndReason.DATA_CORRECTION
        ),
        task=next_task(db, actor, child_id, TaskKind.IZU_CHECK) if task_only else None,
        due=due,
        way=way,
        risk=Risk(facts.risk) if facts and facts.risk and facts.case_state != "closed" else None,
        wellbeing=wellbeing,
        way_on=way_on,
        leads=leads,
        rest=_together(due if leads else due[1:]),
        address_of_step=ADDRESS_OF_STEP,
        topics=TOPICS,
        history=history if earlier else history[:NEWEST],
        has_earlier=not earlier and len(history) > NEWEST,
        show=show,
        shows=[word for word in Show if whole or word not in {Show.CASE, Show.PAPERS}],
        may_work=may_work,
        may_move=actor.may_ever(Permission.PLACEMENTS_WRITE) and why_not_theirs(actor, child.facts) is None,
        may_visit=actor.may_ever(Permission.VISITS_WRITE) or actor.may_ever(Permission.VISITS_CHECK),
        may_restrict=may_restrict(actor, child.facts),
        may_assign=may_assign(actor, child.facts),
        sees_openings=sees_openings(actor, child.facts),
    )


def _to_do(way: list[StepState], due: list[TaskRow]) -> list[TaskRow]:
    """What is due, without what was done and waits for approval; what a volunteer looks after comes last."""
    waiting = {state.step for state in way if state.standing is Standing.WAITING}
    found = [task for task in due if STEP_OF_TASK.get(task.kind) not in waiting]
    return sorted(found, key=lambda task: task.kind is TaskKind.IZU_CHECK)


_REPEATED = frozenset({TaskKind.VISIT, TaskKind.IZU_CHECK, TaskKind.AFTERCARE})


def _together(due: list[TaskRow]) -> list[tuple[TaskRow, list[date]]]:
    """Each thing that is due, once; visits that are planned long ahead stand as days behind the first of them."""
    found: dict[object, tuple[TaskRow, list[date]]] = {}
    for task in due:
        repeats = task.kind in _REPEATED and task.standing is Due.LATER
        first, days = found.setdefault(task.kind if repeats else task.id, (task, []))
        if first is not task:
            days.append(task.due_on)
    return list(found.values())


def _way_on(way: list[StepState], due: list[TaskRow]) -> StepState | None:
    """The step that is next, unless what is due first asks for the same."""
    step = next_step(way)
    return None if step and due and STEP_OF_TASK.get(due[0].kind) is step.step else step


def _present(db: Db, child: ChildFile, placements: list[PlacementRow]) -> UUID | None:
    """The open placement; a volunteer, who sees no placements, still needs its id to log a light check."""
    if child.sees is View.TASK:
        return placement_to_check(db, child.id)
    return next((placement.id for placement in placements if placement.ended_on is None), None)
