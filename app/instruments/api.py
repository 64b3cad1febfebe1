"""Forms and answers, for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.instruments import queries, service
from app.instruments.definitions import Definition
from app.instruments.schemas import (
    AnswersFile,
    AnswersQuery,
    AnswersRow,
    ChangeDraft,
    InstrumentRow,
    SendAnswers,
    SwitchOn,
)

router = APIRouter(route_class=StrictRoute, tags=["instruments"])
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Manager = Annotated[Actor, requires(Permission.INSTRUMENTS_MANAGE)]
IfMatch = Annotated[str | None, Header(description="The `ETag` of the version that you read.")]
_EXISTS: dict[int | str, dict[str, Any]] = {
    200: {"model": AnswersFile, "description": "The same was sent before; this is what exists"}
}


@router.get("/instruments", summary="List the forms")
def list_instruments(db: Db, actor: Reader) -> list[InstrumentRow]:
    """Every form with its versions, and the version that the caller's district uses."""
    return queries.list_instruments(db, actor)


@router.get("/instruments/{instrument}", summary="Read a form")
def read_instrument(
    db: Db,
    actor: Reader,
    instrument: str,
    version: Annotated[int | None, Query(ge=1, le=10_000, description="The district's version if absent.")] = None,
) -> Definition:
    """The sections, questions, conditions and scores of a form in one version."""
    return queries.read_instrument(db, actor, instrument, version)


@router.post("/instruments/{instrument}/switch-on", summary="Switch a newer version on")
def switch_on(db: Db, actor: Manager, instrument: str, command: SwitchOn) -> list[InstrumentRow]:
    """From a day on, new drafts in the caller's district take this version; older answers stay as they are."""
    service.switch_on(db, actor, instrument, command)
    return queries.list_instruments(db, actor)


@router.post("/answers", status_code=201, responses=_EXISTS, summary="Send a set of answers")
def send_answers(db: Db, actor: Writer, command: SendAnswers, response: Response) -> AnswersFile:
    """Records a whole set at once, submitted or as a draft. What is wrong is told as `answers.<question>`."""
    answers_id, is_new = service.send_answers(db, actor, command)
    if not is_new:
        response.status_code = 200
    return _answer(response, queries.read_answers(db, actor, answers_id))


@router.get("/children/{child_id}/answers", summary="List the answers about a child")
def list_answers(db: Db, actor: Reader, child_id: UUID, query: Annotated[AnswersQuery, Query()]) -> Page[AnswersRow]:
    """Every set of answers about a child, newest first: drafts, submitted and replaced ones."""
    return queries.page_of_child(db, actor, child_id, query)


@router.get("/answers/{answers_id}", summary="Read a set of answers")
def read_answers(db: Db, actor: Reader, answers_id: UUID, response: Response) -> AnswersFile:
    """One set with its answers; read the form in `instrument_version` to know the questions."""
    return _answer(response, queries.open_answers(db, actor, answers_id))


@router.patch("/answers/{answers_id}", summary="Change a draft")
def change_draft(
    db: Db,
    actor: Writer,
    answers_id: UUID,
    command: ChangeDraft,
    response: Response,
    if_match: IfMatch = None,
) -> AnswersFile:
    """Changes the answers that are given; null takes one away. Only a draft changes."""
    service.change_draft(db, actor, answers_id, command, version=version_from_if_match(if_match))
    return _answer(response, queries.read_answers(db, actor, answers_id))


@router.post("/answers/{answers_id}/submit", summary="Submit a draft")
def submit(db: Db, actor: Writer, answers_id: UUID, response: Response, if_match: IfMatch = None) -> AnswersFile:
    """Submits a draft; from then on it stays as it is."""
    service.submit(db, actor, answers_id, version=version_from_if_match(if_match))
    return _answer(response, queries.read_answers(db, actor, answers_id))


@router.post("/answers/{answers_id}/carry-over", summary="Go on in the newer version")
def carry_over(db: Db, actor: Writer, answers_id: UUID, response: Response) -> AnswersFile:
    """A new draft in the version that the district uses now, with the answers that fit; the old one is replaced."""
    return _answer(response, queries.read_answers(db, actor, service.carry_over(db, actor, answers_id)))


@router.post("/answers/{answers_id}/correct", summary="Correct a submitted set")
def correct(db: Db, actor: Writer, answers_id: UUID, response: Response) -> AnswersFile:
    """A new draft with the same answers, which replaces the submitted set once it is submitted itself."""
    return _answer(response, queries.read_answers(db, actor, service.correct(db, actor, answers_id)))


@router.post("/answers/{answers_id}/request-approval", summary="Ask for approval")
def request_approval(db: Db, actor: Writer, answers_id: UUID, response: Response) -> AnswersFile:
    """Puts a submitted assessment up for the supervisor's approval."""
    service.request_approval(db, actor, answers_id)
    return _answer(response, queries.read_answers(db, actor, answers_id))


@router.post("/answers/{answers_id}/take-over", summary="Take a disability into the record")
def take_over(db: Db, actor: Writer, answers_id: UUID, response: Response) -> AnswersFile:
    """Takes what the answers say about a disability into the child's record."""
    service.take_over(db, actor, answers_id)
    return _answer(response, queries.read_answers(db, actor, answers_id))


def _answer(response: Response, answers: AnswersFile) -> AnswersFile:
    return versioned(response, answers)
