"""Duplicates, questions about them, and joins, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.finding import queries, service
from app.finding.schemas import (
    AnswerQuestion,
    AskDuplicate,
    DuplicatesOverview,
    JoinDetail,
    JoinRecords,
    PartRecords,
    QuestionDetail,
)

router = APIRouter(route_class=StrictRoute, tags=["duplicates"])

Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Registrar = Annotated[Actor, requires(Permission.CHILDREN_REGISTER)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]
Merger = Annotated[Actor, requires(Permission.CHILDREN_MERGE)]


@router.get("/children/{child_id}/duplicates", summary="Look for records of the same child")
def list_duplicates(db: Db, actor: Registrar, child_id: UUID) -> DuplicatesOverview:
    """Who may be the same as a registered child, in the whole country; what was asked about it, and joins."""
    return queries.overview(db, actor, child_id)


@router.post(
    "/children/{child_id}/duplicate-questions",
    status_code=201,
    summary="Ask whether two records are one child",
    responses={200: {"model": QuestionDetail, "description": "The same was asked before"}},
)
def ask_duplicate(
    response: Response, db: Db, actor: Registrar, child_id: UUID, command: AskDuplicate
) -> QuestionDetail:
    """Asks the worker of a likely record in another district, which becomes their task for a week."""
    question_id, is_new = service.ask_duplicate(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_question(db, actor, question_id)


@router.get("/duplicate-questions/{duplicate_question_id}", summary="Read a question about two records")
def open_question(db: Db, actor: Reader, duplicate_question_id: UUID) -> QuestionDetail:
    """What the asker tells of the child, and the answer; for who may open one of the two records."""
    return queries.open_question(db, actor, duplicate_question_id)


@router.post("/duplicate-questions/{duplicate_question_id}/answer", summary="Say whether two records are one child")
def answer_question(db: Db, actor: Writer, duplicate_question_id: UUID, command: AnswerQuestion) -> QuestionDetail:
    """The same, not the same, or cannot say; by who works on the other record. The asker is told."""
    service.answer_question(db, actor, duplicate_question_id, command)
    return queries.read_question(db, actor, duplicate_question_id)


@router.post(
    "/children/{child_id}/joins",
    status_code=201,
    summary="Join two records of one child",
    responses={200: {"model": JoinDetail, "description": "The same was asked before"}},
)
def join_records(response: Response, db: Db, actor: Registrar, child_id: UUID, command: JoinRecords) -> JoinDetail:
    """Joins at once where a supervisor does it inside the own district; otherwise asks the supervisors concerned.

    The record that is not kept is closed and leads to the kept one; all that was written about the child moves.
    """
    join_id, is_new = service.join_records(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return queries.read_join(db, actor, join_id)


@router.get("/joins/{join_id}", summary="Read how two records were joined")
def open_join(db: Db, actor: Reader, join_id: UUID) -> JoinDetail:
    """The two records, who has agreed, and how many entries moved."""
    return queries.open_join(db, actor, join_id)


@router.post("/joins/{join_id}/part", summary="Part two records again")
def part_records(db: Db, actor: Merger, join_id: UUID, command: PartRecords) -> JoinDetail:
    """Every entry that had moved goes back; what was written since stays with the record that was kept."""
    service.part_records(db, actor, join_id, command)
    return queries.read_join(db, actor, join_id)
