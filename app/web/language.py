"""The language switch that stands on every page."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.access.guards import PUBLIC
from app.config import get_settings
from app.core.i18n import LANGUAGE_COOKIE, LANGUAGES

router = APIRouter(dependencies=[PUBLIC])

YEAR = 365 * 24 * 3600


def set_language_cookie(response: Response, language: str) -> None:
    """Remember a language in this browser; signing in calls it with the language of the account."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=YEAR,
        httponly=True,
        samesite="lax",
        secure=get_settings().cookies_are_secure,
    )


def safe_path(address: str) -> str:
    """The path of an address on this site; anything else is the first page.

    A browser sends the whole address of the page as the referrer, so a host is dropped, never followed.
    """
    parts = urlsplit(address.replace("\\", "/"))
    path = "/" + parts.path.lstrip("/")
    if not address.isprintable():
        return "/"
    return f"{path}?{parts.query}" if parts.query else path


@router.post("/language", include_in_schema=False)
def change_language(
    request: Request,
    language: Annotated[str, Form(max_length=10)],
    next_page: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> RedirectResponse:
    """Speak another language from now on, and show the same page again."""
    response = RedirectResponse(safe_path(next_page), status_code=303)
    if language in LANGUAGES:
        set_language_cookie(response, language)
        # Where somebody is signed in, the application keeps the choice with the account as well.
        remember: Callable[[str], None] | None = getattr(request.state, "remember_language", None)
        if remember:
            remember(language)
    return response
