"""Signing in and out, and one's own account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.access.actor import Actor
from app.access.guards import PUBLIC, signed_in
from app.config import Settings
from app.core.asking import done, tried
from app.core.context import current_request
from app.core.db import Db
from app.core.errors import FieldError, TooMany
from app.core.forms import Form, Typed
from app.core.i18n import LANGUAGE_COOKIE, LANGUAGES
from app.core.i18n import gettext as _
from app.core.routing import StrictRoute
from app.core.templating import render
from app.people import queries, signing
from app.people.account_pages import router as account_router
from app.people.devices import YEAR, device_words, read_device, remember_device
from app.people.rules import DEMONSTRATION_PASSWORD, SHORTEST_PASSWORD, local_path
from app.people.schemas import Credentials, PasswordChange, PostSwitch
from app.people.sessions import BROWSER, give_cookie, idle_time, secret_of, take_cookie
from app.people.throttle import shared as shared_throttle

router = APIRouter(route_class=StrictRoute, include_in_schema=False)

Person = Annotated[Actor, signed_in()]
Newcomer = Annotated[Actor, signed_in(before_password_change=True)]
"""Somebody signed in who may still have to choose their first own password."""


@router.get("/sign-in", dependencies=[PUBLIC])
def sign_in_page(
    request: Request, db: Db, next_page: Annotated[str, Query(alias="next", max_length=2000)] = "/"
) -> Response:
    """Asks who is there."""
    return _sign_in_form(request, db, Form({"_next": local_path(next_page)}))


@router.post("/sign-in", dependencies=[PUBLIC])
def sign_in(request: Request, db: Db, form: Typed) -> Response:
    """Lets somebody in, to the page that they wanted."""
    settings: Settings = request.app.state.settings
    credentials = form.bind(Credentials)
    if credentials is None:
        return _sign_in_form(request, db, form, 422)
    device = read_device(request, settings)
    door = signing.Door(
        kind=BROWSER,
        address=current_request.get().address or "",
        user_agent=request.headers.get("user-agent"),
        device=device.id if device else None,
        known_accounts=frozenset(device.accounts if device else ()),
        replaces=secret_of(request, settings),
    )
    outcome = signing.sign_in(db, credentials, door, settings=settings, throttle=shared_throttle())
    if isinstance(outcome, signing.Refused):
        problem = outcome.problem()
        form.errors.append(("", problem.title))
        response = _sign_in_form(request, db, form, 429 if isinstance(problem, TooMany) else 422)
        # The page says no, and the refusal is written down all the same.
        request.state.nothing_done = False
        if isinstance(problem, TooMany):
            response.headers["Retry-After"] = str(problem.retry_after)
        return response
    actor = outcome.actor
    target = "/account/password" if actor.must_change_password else local_path(form.value("_next"))
    response = RedirectResponse(target, 303)
    give_cookie(response, outcome.secret, settings)
    remember_device(response, device, actor.account_id, settings)
    if actor.language in LANGUAGES:
        _speak(response, str(actor.language), settings)
    return response


def _sign_in_form(request: Request, db: Db, form: Form, status: int = 200) -> Response:
    settings: Settings = request.app.state.settings
    demonstration = queries.demonstration_accounts(db) if settings.mode == "demonstration" else []
    return render(
        request,
        "people/sign_in.html",
        status=status,
        form=form,
        next_page=local_path(form.value("_next")),
        demonstration=demonstration,
        password=DEMONSTRATION_PASSWORD,
    )


@router.post("/sign-out")
def sign_out(request: Request, db: Db, actor: Newcomer) -> Response:
    """Ends this session."""
    signing.sign_out(db, actor)
    return _outside(request, _("You are signed out."))


def _outside(request: Request, message: str) -> Response:
    response = done("/sign-in", message)
    take_cookie(response, request.app.state.settings)
    return response


def _speak(response: Response, language: str, settings: Settings) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=YEAR,
        httponly=True,
        samesite="lax",
        secure=settings.cookies_are_secure,
    )


@router.get("/account")
def account(request: Request, db: Db, actor: Person) -> Response:
    """My name, posts, language and sessions."""
    return render(
        request,
        "people/account.html",
        posts=queries.my_posts(db, actor),
        sessions=queries.my_sign_ins(db, actor, idle_time(request.app.state.settings)),
        device_words=device_words,
    )


@router.post("/account/language")
def choose_language(request: Request, db: Db, actor: Newcomer, form: Typed) -> Response:
    """Keeps the language with the account and shows the same page again in it."""
    language = form.value("language")
    response = RedirectResponse(local_path(form.value("next"), request.url.netloc), 303)
    if language in LANGUAGES:
        signing.set_language(db, actor, language)
        _speak(response, language, request.app.state.settings)
    return response


@router.post("/account/post")
def switch_post(db: Db, actor: Person, form: Typed) -> Response:
    """Goes on in another post."""
    command = form.bind(PostSwitch)
    if command is None:
        raise FieldError(*form.errors[0])
    signing.switch_post(db, actor, command)
    return done("/", _("You are now acting in your other post."))


@router.post("/account/sessions/{session_id}/end")
def end_session(request: Request, db: Db, actor: Person, session_id: UUID) -> Response:
    """Ends one of my sessions."""
    signing.end_session(db, actor, session_id)
    if session_id == actor.session_id:
        return _outside(request, _("You are signed out."))
    return done("/account", _("That session has ended."))


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(request: Request, db: Db, actor: Person) -> Response:
    """Ends all my sessions and tokens."""
    signing.sign_out_everywhere(db, actor)
    return _outside(request, _("You are signed out everywhere."))


@router.get("/account/password")
def password_page(request: Request, actor: Newcomer) -> Response:
    """A new password."""
    return _password_form(request, actor, Form())


@router.post("/account/password")
def change_password(request: Request, db: Db, actor: Newcomer, form: Typed) -> Response:
    """Changes my password; my other sessions end."""
    if tried(
        db,
        form,
        form.bind(PasswordChange),
        lambda given: signing.change_password(db, actor, given, shared_throttle()),
    ):
        address = "/" if actor.must_change_password else "/account"
        return done(address, _("Your password is changed. You are signed out everywhere else."))
    return _password_form(request, actor, form)


def _password_form(request: Request, actor: Actor, form: Form) -> Response:
    return render(
        request,
        "people/password.html",
        status=form.status,
        form=form,
        first=actor.must_change_password,
        shortest=SHORTEST_PASSWORD,
    )


router.include_router(account_router)
