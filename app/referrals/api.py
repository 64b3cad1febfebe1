"""Referrals, for machines."""

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
from app.referrals import queries, service
from app.referrals.schemas import (
    NoticeRow,
    ReferralAnswer,
    ReferralDetail,
    ReferralEscalate,
    ReferralFile,
    ReferralQuery,
    ReferralResolve,
    ReferralReturn,
    ReferralRow,
    ReferralWithdraw,
)

router = APIRouter(route_class=StrictRoute, tags=["referrals"])

Reader = Annotated[Actor, requires(Permission.REFERRALS_READ)]
Author = Annotated[Actor, requires(Permission.REFERRALS_FILE)]
Officer = Annotated[Actor, requires(Permission.REFERRALS_ACT)]
IfMatch = Annotated[str | None, Header(description="The version that you saw, from `ETag`.")]


@router.get("/referrals", summary="List referrals")
def list_referrals(db: Db, actor: Reader, query: Annotated[ReferralQuery, Query()]) -> Page[ReferralRow]:
    """Referrals in reach, newest first; with `inbox` what waits for the actor's office, the soonest due first."""
    return queries.list_referrals(db, actor, query)


@router.post(
    "/referrals",
    status_code=201,
    summary="File a referral",
    responses={200: {"model": ReferralDetail, "description": "The same was filed before"}},
)
def file_referral(response: Response, db: Db, actor: Author, command: ReferralFile) -> ReferralDetail:
    """Files a referral and sends it to the level above its author's; an emergency also to the district.

    Nobody named in `suspects`, or whom `suspect_name` may mean, receives or finds it: a level whose officers are
    all among them is passed over.
    """
    referral_id, is_new = service.file_referral(db, actor, command)
    response.status_code = 201 if is_new else 200
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.get("/referrals/{referral_id}", summary="Open a referral")
def open_referral(response: Response, db: Db, actor: Reader, referral_id: UUID) -> ReferralDetail:
    """The file with its way up the ladder; that it was opened is noted. `can` names what may be done with it."""
    return _answer(response, queries.open_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/acknowledge", summary="Acknowledge a referral")
def acknowledge_referral(
    response: Response, db: Db, actor: Officer, referral_id: UUID, if_match: IfMatch = None
) -> ReferralDetail:
    """Says that the office that holds it has seen it, or the district its copy; the longer clock runs from then."""
    service.acknowledge_referral(db, actor, referral_id, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/accept", summary="Accept a referral")
def accept_referral(
    response: Response, db: Db, actor: Officer, referral_id: UUID, if_match: IfMatch = None
) -> ReferralDetail:
    """Says that the office works on it. With a copy of an emergency, the district takes it over so."""
    service.accept_referral(db, actor, referral_id, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/return", summary="Return a referral")
def return_referral(
    response: Response, db: Db, actor: Officer, referral_id: UUID, command: ReferralReturn, if_match: IfMatch = None
) -> ReferralDetail:
    """Sends it down to the level below with a question; from the cell to its author."""
    service.return_referral(db, actor, referral_id, command, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/escalate", summary="Escalate a referral")
def escalate_referral(
    response: Response, db: Db, actor: Officer, referral_id: UUID, command: ReferralEscalate, if_match: IfMatch = None
) -> ReferralDetail:
    """Sends it up to the next level, with the reason."""
    service.escalate_referral(db, actor, referral_id, command, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/resolve", summary="Resolve a referral")
def resolve_referral(
    response: Response, db: Db, actor: Officer, referral_id: UUID, command: ReferralResolve, if_match: IfMatch = None
) -> ReferralDetail:
    """Closes it with an outcome, once it was acknowledged or accepted; the author reads outcome and note."""
    service.resolve_referral(db, actor, referral_id, command, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/answer", summary="Answer a question about a referral")
def answer_referral(
    response: Response, db: Db, actor: Author, referral_id: UUID, command: ReferralAnswer, if_match: IfMatch = None
) -> ReferralDetail:
    """The author answers what the cell asked, and the referral goes up again."""
    service.answer_referral(db, actor, referral_id, command, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.post("/referrals/{referral_id}/withdraw", summary="Withdraw a referral")
def withdraw_referral(
    response: Response, db: Db, actor: Author, referral_id: UUID, command: ReferralWithdraw, if_match: IfMatch = None
) -> ReferralDetail:
    """The author takes it back, as long as nobody has acted on it."""
    service.withdraw_referral(db, actor, referral_id, command, version_from_if_match(if_match))
    return _answer(response, queries.read_referral(db, actor, referral_id))


@router.get("/notices", summary="List what is new")
def list_notices(db: Db, actor: Reader) -> list[NoticeRow]:
    """Unread word about referrals, newest first; opening a referral makes its notices read."""
    return queries.unread_notices(db, actor)


def _answer(response: Response, referral: ReferralDetail) -> ReferralDetail:
    return versioned(response, referral)
