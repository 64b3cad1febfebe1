"""Tokens, who is signed in, accounts and posts, for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from app.access.actor import Actor
from app.access.guards import PUBLIC, requires, signed_in
from app.access.permissions import Permission
from app.config import Settings
from app.core.context import current_request
from app.core.db import Db
from app.core.records import version_from_if_match, versioned
from app.core.routing import StrictRoute
from app.core.schemas import Page
from app.people import queries, service, signing
from app.people.schemas import (
    AccountChange,
    AccountCreate,
    AccountDetail,
    AccountMade,
    AccountRow,
    AccountsQuery,
    Appoint,
    Credentials,
    Disable,
    EndAppointment,
    Me,
    Move,
    PasswordChange,
    PostOpen,
    PostRow,
    PostsQuery,
    PostSwitch,
    ResetPassword,
    TemporaryPassword,
    Token,
)
from app.people.sessions import TOKEN, idle_time
from app.people.throttle import shared as shared_throttle

router = APIRouter(route_class=StrictRoute, tags=["people"])

Administrator = Annotated[Actor, requires(Permission.ACCOUNTS_MANAGE)]
Person = Annotated[Actor, signed_in()]
Newcomer = Annotated[Actor, signed_in(before_password_change=True)]
IfMatch = Annotated[str | None, Header(description="The version that you read, from `ETag`.")]


@router.post(
    "/tokens",
    status_code=201,
    dependencies=[PUBLIC],
    summary="Sign in",
    description="A bearer token for a username and password; five wrong passwords close the way for a while.",
)
def make_token(request: Request, credentials: Credentials) -> Token:
    """Lets a program in."""
    settings: Settings = request.app.state.settings
    door = signing.Door(
        kind=TOKEN,
        address=current_request.get().address or "",
        user_agent=request.headers.get("user-agent"),
    )
    # A unit of work of its own: the refusal is raised after it was written down and committed.
    with request.app.state.database.unit_of_work() as db:
        outcome = signing.sign_in(db, credentials, door, settings=settings, throttle=shared_throttle())
    if isinstance(outcome, signing.Refused):
        raise outcome.problem()
    return Token(token=outcome.secret, expires_at=outcome.expires_at)


@router.delete(
    "/tokens/current",
    status_code=204,
    summary="Sign out",
    description="Ends the token of this request.",
    response_class=Response,
)
def end_token(db: Db, actor: Newcomer) -> None:
    """Ends the token in use."""
    signing.sign_out(db, actor)


@router.get(
    "/me",
    summary="Who is signed in",
    description="The person, the post that the token acts in, and what its role permits.",
)
def read_me(db: Db, actor: Newcomer) -> Me:
    """Who is signed in."""
    return queries.me(db, actor)


@router.post(
    "/me/password",
    status_code=204,
    summary="Change the own password",
    description="All other sessions and tokens of the person end. Needed before anything else after the first sign-in.",
    response_class=Response,
)
def change_password(db: Db, actor: Newcomer, command: PasswordChange) -> None:
    """Changes the password."""
    signing.change_password(db, actor, command, shared_throttle())


@router.post(
    "/me/post",
    summary="Act in another of one's own posts",
    description="From the next request on, this token acts in that post.",
    status_code=204,
    response_class=Response,
)
def switch_post(db: Db, actor: Person, command: PostSwitch) -> None:
    """Switches the post."""
    signing.switch_post(db, actor, command)


@router.get(
    "/accounts",
    summary="List accounts",
    description="By username, with the posts held today.",
)
def list_accounts(db: Db, actor: Administrator, query: Annotated[AccountsQuery, Query()]) -> Page[AccountRow]:
    """Accounts."""
    return queries.list_accounts(db, actor, query)


@router.post(
    "/accounts",
    status_code=201,
    summary="Create an account",
    description="With its first post; the answer holds the temporary password, to be handed over.",
    responses={200: {"model": AccountMade, "description": "The same command had made it before"}},
)
def create_account(
    request: Request, response: Response, db: Db, actor: Administrator, command: AccountCreate
) -> AccountMade:
    """Creates an account."""
    account_id, temporary, is_new = service.create_account(db, actor, command)
    if not is_new:
        response.status_code = 200
    account = _detail(request, response, db, actor, account_id)
    return AccountMade(account=account, temporary_password=temporary)


@router.get(
    "/accounts/{account_id}",
    summary="Open an account",
    description="With all its appointments; the version is in `ETag`.",
)
def get_account(request: Request, response: Response, db: Db, actor: Administrator, account_id: UUID) -> AccountDetail:
    """One account."""
    return _detail(request, response, db, actor, account_id)


@router.patch(
    "/accounts/{account_id}",
    summary="Change an account",
    description="Corrects the name and telephone.",
)
def change_account(
    request: Request,
    response: Response,
    db: Db,
    actor: Administrator,
    account_id: UUID,
    command: AccountChange,
    if_match: IfMatch = None,
) -> AccountDetail:
    """Changes name and telephone."""
    service.change_account(db, actor, account_id, command, version_from_if_match(if_match))
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/disable",
    summary="Disable an account",
    description="Every session and token of it fails at its next request. Twice is fine.",
)
def disable_account(
    request: Request, response: Response, db: Db, actor: Administrator, account_id: UUID, command: Disable
) -> AccountDetail:
    """Disables an account."""
    service.disable_account(db, actor, account_id, command)
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/enable",
    summary="Enable an account",
    description="Opens a disabled account again; its old sessions stay ended.",
)
def enable_account(
    request: Request, response: Response, db: Db, actor: Administrator, account_id: UUID
) -> AccountDetail:
    """Enables an account."""
    service.enable_account(db, actor, account_id)
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/appoint",
    summary="Appoint to a further post",
    description="To a vacant post with its caseload where there is one, otherwise to a new one.",
)
def appoint(
    request: Request, response: Response, db: Db, actor: Administrator, account_id: UUID, command: Appoint
) -> AccountDetail:
    """Appoints a person."""
    service.appoint(db, actor, account_id, command)
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/move",
    summary="Move to another post",
    description="Ends the present appointment and begins another one on the same day.",
)
def move(
    request: Request, response: Response, db: Db, actor: Administrator, account_id: UUID, command: Move
) -> AccountDetail:
    """Moves a person."""
    service.move(db, actor, account_id, command)
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/appointments/{appointment_id}/end",
    summary="End an appointment",
    description="The post stays, with its caseload, for whoever comes next.",
)
def end_appointment(
    request: Request,
    response: Response,
    db: Db,
    actor: Administrator,
    account_id: UUID,
    appointment_id: UUID,
    command: EndAppointment,
) -> AccountDetail:
    """Ends an appointment."""
    service.end_appointment(db, actor, account_id, appointment_id, command)
    return _detail(request, response, db, actor, account_id)


@router.post(
    "/accounts/{account_id}/reset-password",
    summary="Give a temporary password",
    description="Every session of the account ends; the person changes the password at the next sign-in.",
)
def reset_password(db: Db, actor: Administrator, account_id: UUID, command: ResetPassword) -> TemporaryPassword:
    """Resets a password."""
    return TemporaryPassword(temporary_password=service.reset_password(db, actor, account_id, command))


@router.get(
    "/posts",
    summary="List posts",
    description="Newest first, with who holds them today; closed ones are left out.",
)
def list_posts(db: Db, actor: Administrator, query: Annotated[PostsQuery, Query()]) -> Page[PostRow]:
    """Posts."""
    return queries.list_posts(db, actor, query)


@router.post(
    "/posts",
    status_code=201,
    summary="Open a post",
    description="A post that waits for somebody; a vacant one of the same kind answers 200.",
    responses={200: {"model": PostRow, "description": "Such a post was vacant already"}},
)
def open_post(response: Response, db: Db, actor: Administrator, command: PostOpen) -> PostRow:
    """Finds or makes a vacant post."""
    post_id, is_new = service.open_post(db, actor, command)
    if not is_new:
        response.status_code = 200
    return queries.get_post(db, actor, post_id)


def _detail(request: Request, response: Response, db: Db, actor: Actor, account_id: UUID) -> AccountDetail:
    account = queries.get_account(db, actor, account_id, idle_time(request.app.state.settings))
    return versioned(response, account)
