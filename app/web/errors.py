"""Every failure as an answer: a page that says what to do next, or a problem document for the API."""

from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException

from app.access.actor import Actor
from app.audit.events import Refused
from app.audit.service import record
from app.children.queries import JoinedInto
from app.config import Settings
from app.core.context import current_request
from app.core.db import Database
from app.core.errors import (
    FieldError,
    Forbidden,
    NotFound,
    NotSignedIn,
    PasswordChangeNeeded,
    Problem,
    Stale,
    TooMany,
)
from app.core.forms import field_errors
from app.core.i18n import LANGUAGE_COOKIE, negotiate, use_language
from app.core.i18n import gettext as _
from app.core.protection import safe_headers
from app.core.templating import flash, render

log = structlog.get_logger("tubarerere")
PROBLEM = "application/problem+json"
API = "/api/"


def add_error_handlers(app: FastAPI) -> None:
    """Registers the handlers; each is a plain function and runs in a thread."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _unavailable)
    app.add_exception_handler(Exception, _failure)


def problem_json(status: int, title: str, errors: list[tuple[str, str]] | None = None, **further: Any) -> JSONResponse:
    """A problem document (RFC 9457) with the errors of each field."""
    content = {
        "type": "about:blank",
        "status": status,
        "title": title,
        "errors": [{"field": field, "message": message} for field, message in errors or []],
        "request_id": current_request.get().request_id,
    }
    return JSONResponse(content | further, status, media_type=PROBLEM)


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - registered for this class
    if isinstance(problem, JoinedInto):
        return _to_kept_record(request, problem)
    _note_refusal(request, problem)
    headers = {}
    if isinstance(problem, TooMany):
        headers["Retry-After"] = str(problem.retry_after)
    if request.url.path.startswith(API):
        if isinstance(problem, NotSignedIn):
            headers["WWW-Authenticate"] = "Bearer"
        further = {"current": problem.current} if isinstance(problem, Stale) else {}
        answer: Response = problem_json(problem.status, _(problem.title), problem.errors, **further)
    elif isinstance(problem, NotSignedIn):
        return _to_sign_in(request)
    elif isinstance(problem, PasswordChangeNeeded):
        return RedirectResponse("/account/password", 303)
    else:
        answer = _page(request, problem.status, _(problem.title), problem=problem)
    answer.headers.update(headers)
    return answer


def _to_kept_record(request: Request, joined: JoinedInto) -> Response:
    """A record that was joined into another leads there; what would change it is refused and says so.

    For the time being only, and so that nobody keeps it: the two may be parted again.
    """
    address = request.url.path.replace(str(joined.joined_id), str(joined.kept_id))
    if request.url.query:
        address += f"?{request.url.query}"
    is_api = request.url.path.startswith(API)
    if request.method == "GET" and not is_api:
        answer: Response = RedirectResponse(address, 307)
        flash(answer, _(joined.title), "info")
    elif is_api:
        status = 307 if request.method == "GET" else joined.status
        answer = problem_json(status, _(joined.title), instead=address)
        if request.method == "GET":
            answer.headers["Location"] = address
    else:
        answer = _page(request, joined.status, _(joined.title), problem=joined)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to_sign_in(request: Request) -> Response:
    target = request.url.path if request.method == "GET" else _came_from(request) or "/"
    answer = RedirectResponse(f"/sign-in?next={quote(target)}" if target != "/" else "/sign-in", 303)
    if request.headers.get("HX-Request"):
        # htmx would put the sign-in page into a corner of this one; this header moves the whole window.
        answer = Response(status_code=200, headers={"HX-Redirect": answer.headers["location"]})  # type: ignore[assignment]
    return answer


def _came_from(request: Request) -> str | None:
    """The page of this service from which somebody came, such as that whose form was sent; None where nobody says."""
    page = urlsplit(request.headers.get("referer", ""))
    own = page.netloc == request.headers.get("host") and page.path.startswith("/")
    return page.path if own and not page.path.startswith("//") else None


def _note_refusal(request: Request, problem: Problem) -> None:
    actor: Actor | None = getattr(request.state, "actor", None)
    if actor is None or not isinstance(problem, Forbidden | NotFound) or isinstance(problem, PasswordChangeNeeded):
        return
    database: Database = request.app.state.database
    event = Refused(
        method=request.method, path=request.url.path[:300], status=problem.status, reason=str(problem.title)[:300]
    )
    with database.unit_of_work() as db:
        record(db, actor, event)


def _invalid(request: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101 - registered for this class
    errors = [(field.partition(".")[2] or field, message) for field, message in field_errors(invalid.errors())]
    title = _("Something needs another look")
    if request.url.path.startswith(API):
        return problem_json(422, title, errors)
    # A page's address with an unreadable part is a page that does not exist.
    status = 404 if any(error["loc"][0] == "path" for error in invalid.errors()) else 422
    return _page(request, status, title, problem=FieldError(*errors[0], *errors[1:]))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    titles = {
        404: _("Nothing was found here"),
        405: _("This address does not take that"),
        413: _("This is too large to send"),
        415: _("This kind of content cannot be read"),
    }
    title = titles.get(error.status_code, _("The request could not be carried out"))
    is_api = request.url.path.startswith(API)
    answer: Response = problem_json(error.status_code, title) if is_api else _page(request, error.status_code, title)
    # Such as `Allow` of an address that takes other methods.
    answer.headers.update(error.headers or {})
    return answer


def _unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)  # noqa: S101 - registered for this class
    log.error("database", request_id=current_request.get().request_id, exception=type(error.orig).__name__)
    title = _("The service is busy; nothing was lost, try again in a minute")
    if request.url.path.startswith(API):
        return problem_json(503, title)
    return _page(request, 503, title)


def _failure(request: Request, error: Exception) -> Response:
    # It is called outside of everything that knows the language of the request, and that makes an answer safe.
    accepted = request.headers.get("accept-language")
    with use_language(negotiate(cookie=request.cookies.get(LANGUAGE_COOKIE), accepted=accepted)):
        answer = _failed(request, error)
    settings: Settings = request.app.state.settings
    answer.headers.update(safe_headers(secure=settings.cookies_are_secure))
    answer.headers["X-Request-Id"] = current_request.get().request_id or ""
    return answer


def _failed(request: Request, error: Exception) -> Response:
    # The traceback stays here: it may hold what was typed, so it goes to the log without local values.
    log.error("failure", request_id=current_request.get().request_id, exc_info=error)
    title = _("Something went wrong here; it was written down for us")
    if request.url.path.startswith(API):
        return problem_json(500, title)
    return _page(request, 500, title)


def _page(request: Request, status: int, title: str, problem: Problem | None = None) -> Response:
    return render(
        request,
        "errors/error.html",
        status=status,
        code=status,
        title=title,
        problem=problem,
        request_id=current_request.get().request_id,
        came_from=_came_from(request),
    )
