"""The JSON door of what surrounds a placement."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core import clock
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Day
from app.placements import inside, inside_queries, preparing
from app.placements.inside_schemas import (
    DeathReport,
    LegalActRecord,
    PlacementFile,
    PreparationDetail,
    PreparationDrop,
    PreparationStart,
    StepDone,
    SupportContent,
    SupportGive,
    TimeAwayEnd,
    TimeAwayStart,
    Whereabouts,
)
from app.placements.schemas import PlacementChange

router = APIRouter(route_class=StrictRoute, tags=["placements"])
Reader = Annotated[Actor, requires(Permission.CHILDREN_READ)]
FileReader = Annotated[Actor, requires(Permission.CASES_READ)]
Mover = Annotated[Actor, requires(Permission.PLACEMENTS_WRITE)]
IfMatch = Annotated[str | None, Header(description="The version that you read, from its `ETag`.")]
IfPart = Annotated[str | None, Header(description="The version of the part that you read, in the placement's file.")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"model": PlacementFile, "description": "The same was recorded before; this is what exists"}
}
_PREPARATION: dict[int | str, dict[str, Any]] = {
    200: {"model": PreparationDetail, "description": "The same was started before; this is what exists"}
}


@router.get("/placements/{placement_id}/file", summary="Read a placement with all that surrounds it")
def get_file(placement_id: UUID, db: Db, actor: Reader, response: Response) -> PlacementFile:
    """The placement with its start package, legal acts, times away and deaths of caregivers."""
    return _file(db, actor, placement_id, response)


@router.patch("/placements/{placement_id}", summary="Change a placement")
def change_placement(
    placement_id: UUID, db: Db, actor: Mover, command: PlacementChange, response: Response, if_match: IfMatch = None
) -> PlacementFile:
    """Changes what is told of it: the day itself, the planned end, the address of somebody who lives alone."""
    inside.change_placement(db, actor, placement_id, command, version_from_if_match(if_match))
    return _file(db, actor, placement_id, response)


@router.post(
    "/placements/{placement_id}/support", status_code=201, responses=_FILE, summary="Record part of a start package"
)
def give_support(placement_id: UUID, db: Db, actor: Mover, command: SupportGive, response: Response) -> PlacementFile:
    """Records something that the child or the family was given for the start, with its cost and who paid."""
    _is_new(response, inside.give_support(db, actor, placement_id, command))
    return _file(db, actor, placement_id, response)


@router.put("/support/{support_id}", summary="Correct part of a start package")
def correct_support(
    support_id: UUID, db: Db, actor: Mover, command: SupportContent, response: Response, if_match: IfPart = None
) -> PlacementFile:
    """Puts right what was recorded: what, how many, what it cost, who paid, and when it was given."""
    placement_id = inside.correct_support(db, actor, support_id, command, version_from_if_match(if_match))
    return _file(db, actor, placement_id, response)


@router.post("/placements/{placement_id}/legal-acts", status_code=201, responses=_FILE, summary="Record a legal act")
def record_legal_act(
    placement_id: UUID, db: Db, actor: Mover, command: LegalActRecord, response: Response
) -> PlacementFile:
    """Records what makes the placement lawful: kind, number, day, and who decided."""
    _is_new(response, inside.record_legal_act(db, actor, placement_id, command))
    return _file(db, actor, placement_id, response)


@router.post("/placements/{placement_id}/times-away", status_code=201, responses=_FILE, summary="Record a time away")
def start_time_away(
    placement_id: UUID, db: Db, actor: Mover, command: TimeAwayStart, response: Response
) -> PlacementFile:
    """The child is in hospital, at boarding school or elsewhere for a time; the placement goes on."""
    _is_new(response, inside.start_time_away(db, actor, placement_id, command))
    return _file(db, actor, placement_id, response)


@router.post("/times-away/{away_id}/end", summary="Record a return")
def end_time_away(away_id: UUID, db: Db, actor: Mover, command: TimeAwayEnd, response: Response) -> PlacementFile:
    """The child came back on a day."""
    placement_id = inside.end_time_away(db, actor, away_id, command)
    return _file(db, actor, placement_id, response)


@router.post(
    "/placements/{placement_id}/caregiver-death",
    status_code=201,
    responses=_FILE,
    summary="Report the death of a caregiver",
)
def report_death(placement_id: UUID, db: Db, actor: Mover, command: DeathReport, response: Response) -> PlacementFile:
    """The placements in that household stay until it is decided; the workers and the supervisor are told."""
    _is_new(response, inside.report_death(db, actor, placement_id, command))
    return _file(db, actor, placement_id, response)


@router.get("/children/{child_id}/whereabouts", summary="Where a child was on a day")
def get_whereabouts(
    child_id: UUID, db: Db, actor: FileReader, on: Annotated[Day | None, Query(description="Today if absent.")] = None
) -> Whereabouts:
    """The placement of that day and the time away from it, if any. On the day of a move the new placement counts."""
    _child, found = inside_queries.whereabouts(db, actor, child_id, on or clock.today())
    return found


@router.get("/children/{child_id}/preparation", summary="List the preparations of placements")
def list_preparations(child_id: UUID, db: Db, actor: FileReader) -> list[PreparationDetail]:
    """The preparations of a child with their steps, the newest first."""
    return preparing.open_preparations(db, actor, child_id)[1]


@router.post(
    "/children/{child_id}/preparation", status_code=201, responses=_PREPARATION, summary="Begin to prepare a placement"
)
def start_preparation(
    child_id: UUID, db: Db, actor: Mover, command: PreparationStart, response: Response
) -> PreparationDetail:
    """Begins the preparation of child and family: its steps are there to be done."""
    preparation_id, is_new = preparing.start_preparation(db, actor, child_id, command)
    _is_new(response, (preparation_id, is_new))
    return preparing.read_preparation(db, actor, preparation_id)


@router.post("/preparations/{preparation_id}/done", summary="Do a step of the preparation")
def do_step(preparation_id: UUID, db: Db, actor: Mover, command: StepDone) -> PreparationDetail:
    """A step is done, on a day and by somebody; said again it corrects the first."""
    preparing.do_step(db, actor, preparation_id, command)
    return preparing.read_preparation(db, actor, preparation_id)


@router.post("/preparations/{preparation_id}/drop", summary="Give up a preparation")
def drop_preparation(preparation_id: UUID, db: Db, actor: Mover, command: PreparationDrop) -> PreparationDetail:
    """Gives a preparation up, with a reason; its steps stay on record."""
    preparing.drop_preparation(db, actor, preparation_id, command)
    return preparing.read_preparation(db, actor, preparation_id)


def _is_new(response: Response, made: tuple[UUID, bool]) -> None:
    if not made[1]:
        response.status_code = 200


def _file(db: Db, actor: Actor, placement_id: UUID, response: Response) -> PlacementFile:
    placement = inside_queries.open_file(db, actor, placement_id)
    return versioned(response, placement)
