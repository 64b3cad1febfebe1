"""Supervision, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.actor import Actor
from app.access.guards import requires
from app.access.permissions import Permission
from app.core.db import Db
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.supervision import handed, queries, service
from app.supervision.schemas import (
    Caseload,
    CaseloadRow,
    ConferenceRecord,
    ConferenceRow,
    Cover,
    HandedOver,
    ReadUntil,
    Reassign,
)

router = APIRouter(route_class=StrictRoute, tags=["supervision"])

Supervisor = Annotated[Actor, requires(Permission.CASELOADS_MANAGE)]
Reader = Annotated[Actor, requires(Permission.CASES_READ)]
Writer = Annotated[Actor, requires(Permission.CASES_WRITE)]


@router.get("/caseloads", summary="List caseloads")
def list_caseloads(db: Db, actor: Supervisor) -> Page[CaseloadRow]:
    """The load of every worker's post of the caller's district, the heaviest first, all on one page."""
    return Page(items=queries.list_caseloads(db, actor))


@router.get("/caseloads/{post_id}", summary="Open a caseload")
def open_caseload(db: Db, actor: Supervisor, post_id: UUID) -> Caseload:
    """One post and its children."""
    return queries.open_caseload(db, actor, post_id)


@router.post("/caseloads/{post_id}/reassign", summary="Give children to another worker")
def reassign(db: Db, actor: Supervisor, post_id: UUID, command: Reassign) -> Caseload:
    """Gives children of a post to another one of the district, all or none, with a note for whoever goes on."""
    service.reassign(db, actor, post_id, command)
    return queries.open_caseload(db, actor, post_id)


@router.post("/caseloads/{post_id}/cover", summary="Let somebody cover a post")
def cover_post(db: Db, actor: Supervisor, post_id: UUID, command: Cover) -> Caseload:
    """Appoints a colleague to the post as well, from a day until a day."""
    service.cover_post(db, actor, post_id, command)
    return queries.open_caseload(db, actor, post_id)


@router.post("/caseloads/{post_id}/covers/{appointment_id}/end", summary="End a cover")
def end_cover(db: Db, actor: Supervisor, post_id: UUID, appointment_id: UUID) -> Caseload:
    """Ends a cover today, before its day."""
    service.end_cover(db, actor, post_id, appointment_id)
    return queries.open_caseload(db, actor, post_id)


@router.get("/children/{child_id}/conferences", summary="List a child's case conferences")
def list_conferences(db: Db, actor: Reader, child_id: UUID) -> Page[ConferenceRow]:
    """The newest first, with what each agreed."""
    return Page(items=queries.conferences_of(db, actor, child_id))


@router.post(
    "/children/{child_id}/conferences",
    status_code=201,
    summary="Record a case conference",
    responses={200: {"model": ConferenceRow, "description": "The same was recorded before"}},
)
def record_conference(
    response: Response, db: Db, actor: Writer, child_id: UUID, command: ConferenceRecord
) -> ConferenceRow:
    """Records who sat together and what was said; each action becomes a task of its post."""
    conference_id, is_new = service.record_conference(db, actor, child_id, command)
    response.status_code = 201 if is_new else 200
    return queries.open_conference(db, actor, conference_id)


@router.get("/conferences/{conference_id}", summary="Open a case conference")
def open_conference(db: Db, actor: Reader, conference_id: UUID) -> ConferenceRow:
    """The minutes and what was agreed."""
    return queries.open_conference(db, actor, conference_id)


@router.post("/conference-actions/{action_id}/done", summary="Say that an action is done")
def do_action(db: Db, actor: Writer, action_id: UUID) -> ConferenceRow:
    """The post that has the action says that it is done today, or the supervisor does."""
    return queries.open_conference(db, actor, service.do_action(db, actor, action_id))


@router.post("/conference-actions/{action_id}/reopen", summary="Open an action of a conference again")
def reopen_action(db: Db, actor: Writer, action_id: UUID) -> ConferenceRow:
    """Says that it is not done after all; it is due again."""
    return queries.open_conference(db, actor, service.reopen_action(db, actor, action_id))


@router.post("/children/{child_id}/hand-overs/read", status_code=204, summary="Say that a hand-over was read")
def read_hand_overs(db: Db, actor: Writer, child_id: UUID) -> None:
    """The worker to whom a child was given says that the note was read."""
    handed.read_hand_overs(db, actor, child_id)


@router.get("/hand-overs", summary="List what was handed over to you")
def list_handed_to_me(db: Db, actor: Writer) -> Page[HandedOver]:
    """What was handed over to the caller's post and is not read yet, the newest first, all on one page."""
    return Page(items=handed.handed_to_me(db, actor))


@router.post("/hand-overs/read", status_code=204, summary="Say that what was handed over to you was read")
def read_handed_to_me(db: Db, actor: Writer, command: ReadUntil) -> None:
    """The worker says that all that came until a moment was read; the task ends with the last of it."""
    handed.read_handed_to_me(db, actor, command)
