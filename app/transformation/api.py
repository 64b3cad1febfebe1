"""A house's way to its last day, for machines; censuses and claims have their own files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.transformation import breach_queries, census_api, claim_api, queries, resource_queries, service
from app.transformation.board import open_board
from app.transformation.schemas import (
    Board,
    Breach,
    BreachAnswerWrite,
    ClosureFile,
    ClosureQuery,
    ClosureRow,
    FunderAdd,
    FunderContent,
    PlanWrite,
    Resources,
    StaffWrite,
    StageMove,
    StepAdd,
)

router = APIRouter(route_class=StrictRoute, tags=["institutions"])
router.include_router(census_api.router)
router.include_router(claim_api.router)

Reader = Annotated[Actor, requires(Permission.INSTITUTIONS_READ)]
BoardReader = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE, Permission.CHILDREN_UNSEAL)]
Writer = Annotated[Actor, requires(Permission.INSTITUTIONS_WRITE)]
Worker = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
Decider = Annotated[Actor, requires(Permission.APPROVALS_DECIDE)]
IfMatch = Annotated[str | None, Header(description="The version that you saw, from `ETag`.")]
IfFunder = Annotated[str | None, Header(description="The version of the funder that you saw, among the resources.")]


@router.get("/closures", summary="List institutions by stage of closure")
def list_closures(db: Db, actor: Reader, query: Annotated[ClosureQuery, Query()]) -> Page[ClosureRow]:
    """Every institution in reach, the nearest to its last day first: who is left, who came after the moratorium."""
    return queries.list_closures(db, actor, query)


@router.get("/closure-alerts", summary="List admissions after a moratorium")
def list_alerts(db: Db, actor: Decider) -> Page[Breach]:
    """Admissions after a moratorium that nobody has looked into, in the caller's area, the newest first."""
    return Page(items=breach_queries.alerts_for(db, actor))


@router.get("/institutions/{institution_id}/closure", summary="Read a house's way to its last day")
def read_closure(response: Response, db: Db, actor: Reader, institution_id: UUID) -> ClosureFile:
    """Stages with their evidence, who is left, the plan, and what stands between the house and its last day."""
    closure, _board = queries.open_closure(db, actor, institution_id)
    return versioned(response, closure)


@router.get("/institutions/{institution_id}/board", summary="Read the board of residents")
def read_board(db: Db, actor: BoardReader, institution_id: UUID) -> Board:
    """Each resident by how far on the way home, and what stands in the way; coded for national staff."""
    return open_board(db, actor, institution_id)


@router.get("/institutions/{institution_id}/breaches", summary="List a house's admissions after its moratorium")
def list_breaches(db: Db, actor: BoardReader, institution_id: UUID) -> Page[Breach]:
    """All of them, also those that a supervisor looked into."""
    return Page(items=breach_queries.open_breaches(db, actor, institution_id))


@router.post("/institutions/{institution_id}/closure/move", summary="Move the stage of closure")
def move_stage(
    response: Response, db: Db, actor: Writer, institution_id: UUID, command: StageMove, if_match: IfMatch = None
) -> ClosureFile:
    """Forward one at a time with evidence, back with the reason; stage 4 needs the approved plan, 6 an empty house."""
    service.move_stage(db, actor, institution_id, command, version=version_from_if_match(if_match))
    return read_closure(response, db, actor, institution_id)


@router.post("/institutions/{institution_id}/answer-breach", summary="Answer an admission after the moratorium")
def answer_breach(db: Db, actor: Decider, institution_id: UUID, command: BreachAnswerWrite) -> Page[Breach]:
    """Says what came of an admission after the moratorium; answers with those of the house."""
    service.answer_breach(db, actor, institution_id, command)
    return Page(items=breach_queries.breaches_of(db, actor, institution_id))


@router.get("/institutions/{institution_id}/resources", summary="Read funders, staff and plan")
def read_resources(db: Db, actor: Reader, institution_id: UUID) -> Resources:
    """With what the house works, and where buildings, money and staff go."""
    return resource_queries.open_resources(db, actor, institution_id)


@router.post("/institutions/{institution_id}/plan", summary="Write the plan of what a house becomes")
def write_plan(db: Db, actor: Writer, institution_id: UUID, command: PlanWrite, if_match: IfMatch = None) -> Resources:
    """Writes or changes the plan; a changed plan needs its approval anew."""
    service.write_plan(db, actor, institution_id, command, version=version_from_if_match(if_match))
    return resource_queries.open_resources(db, actor, institution_id)


@router.post("/institutions/{institution_id}/plan/ask", summary="Ask for the approval of the plan")
def ask_for_plan(db: Db, actor: Worker, institution_id: UUID) -> Resources:
    """Asks the national manager to approve the plan."""
    service.ask_for_plan(db, actor, institution_id)
    return resource_queries.open_resources(db, actor, institution_id)


@router.post("/institutions/{institution_id}/steps", status_code=201, summary="Add a step to the plan")
def add_step(response: Response, db: Db, actor: Writer, institution_id: UUID, command: StepAdd) -> Resources:
    """What, who, until when; 200 where the same was added before."""
    _step_id, is_new = service.add_step(db, actor, institution_id, command)
    response.status_code = 201 if is_new else 200
    return resource_queries.open_resources(db, actor, institution_id)


@router.post("/steps/{step_id}/finish", summary="Finish a step of a plan")
def finish_step(db: Db, actor: Writer, step_id: UUID) -> Resources:
    """Says that a step was done today."""
    return resource_queries.open_resources(db, actor, service.finish_step(db, actor, step_id))


@router.post("/steps/{step_id}/reopen", summary="Open a step of a plan again")
def reopen_step(db: Db, actor: Writer, step_id: UUID) -> Resources:
    """Says that a step is not done after all."""
    return resource_queries.open_resources(db, actor, service.finish_step(db, actor, step_id, done=False))


@router.post("/institutions/{institution_id}/funders", status_code=201, summary="Add a funder")
def add_funder(response: Response, db: Db, actor: Writer, institution_id: UUID, command: FunderAdd) -> Resources:
    """Who gives money, how much a year, whether tied, until when; 200 where the same was added before."""
    _funder_id, is_new = service.add_funder(db, actor, institution_id, command)
    response.status_code = 201 if is_new else 200
    return resource_queries.open_resources(db, actor, institution_id)


@router.put("/funders/{funder_id}", summary="Correct a funder")
def change_funder(
    db: Db, actor: Writer, funder_id: UUID, command: FunderContent, if_match: IfFunder = None
) -> Resources:
    """Puts right who gives money, how much a year, whether tied, until when."""
    institution_id = service.change_funder(db, actor, funder_id, command, version_from_if_match(if_match))
    return resource_queries.open_resources(db, actor, institution_id)


@router.post("/funders/{funder_id}/reopen", summary="Open a funder's giving again")
def reopen_funder(db: Db, actor: Writer, funder_id: UUID) -> Resources:
    """Says that somebody gives money after all."""
    return resource_queries.open_resources(db, actor, service.reopen_funder(db, actor, funder_id))


@router.post("/funders/{funder_id}/end", summary="End a funder's giving")
def end_funder(db: Db, actor: Writer, funder_id: UUID) -> Resources:
    """Says that somebody gives no money any more."""
    return resource_queries.open_resources(db, actor, service.end_funder(db, actor, funder_id))


@router.post("/institutions/{institution_id}/staff", summary="Write the staff of one kind of work")
def write_staff(db: Db, actor: Writer, institution_id: UUID, command: StaffWrite) -> Resources:
    """How many, how many trained, and what each does after; instead of what was known of this work."""
    service.write_staff(db, actor, institution_id, command)
    return resource_queries.open_resources(db, actor, institution_id)
