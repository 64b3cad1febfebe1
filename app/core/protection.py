"""What stands before every route: a limit on the body, a check of where a post comes from, and safe headers."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import FieldError, Forbidden
from app.core.i18n import gettext as _

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


UPLOADS = re.compile(r"(/api/v1)?/children/[0-9a-f-]{36}/documents(/new)?")
"""The addresses that documents are sent to, which may be larger than anything else."""


class BodyLimit:
    """Refuses a body over the limit with 413, before it is read where the client says its length.

    The framework's own limit answers in plain text; this one raises inside the routes, so that a person gets a page
    and a program a problem document.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, max_upload_bytes: int | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.max_upload_bytes = max_upload_bytes or max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves with a counting `receive`."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.max_upload_bytes if UPLOADS.fullmatch(scope["path"]) else self.max_bytes
        length = Headers(scope=scope).get("content-length", "")
        announced = int(length) if length.isdigit() else 0
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if max(read, announced) > most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


def same_site(headers: Headers) -> bool:
    """Whether a request that changes something was made by a page of this service, or by no browser at all.

    A browser says so itself (`Sec-Fetch-Site`); an older one names the origin. A request with a bearer token and
    without cookies cannot be forged by another site.
    """
    if "authorization" in headers and "cookie" not in headers:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin") or headers.get("referer")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return "cookie" not in headers


async def refuse_forged(request: Request) -> None:
    """Asked before every route: a post that another site made a browser send is refused, without tokens to go stale.

    So is an address with a zero byte in it.
    """
    if request.method not in SAFE_METHODS and not same_site(request.headers):
        raise Forbidden(_("This came from another site, so nothing was done"))
    # PostgreSQL stores no zero byte, and no honest address holds one.
    if "\x00" in request.url.path:
        raise FieldError("", _("This address has a sign that cannot be read"))
    for name, value in request.query_params.items() if b"%00" in request.scope["query_string"] else ():
        if "\x00" in name + value:
            raise FieldError(name.replace("\x00", ""), _("This address has a sign that cannot be read"))


def safe_headers(*, secure: bool) -> dict[str, str]:
    """The security headers of every answer; nothing is kept by a cache unless the answer itself allows it."""
    headers = {**_HEADERS, "Cache-Control": "no-store"}
    return headers | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else headers


class SafeHeaders:
    """Adds the security headers; pages and answers are never kept by a shared cache, hashed files may be."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in safe_headers(secure=secure).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in self.headers if one[0] not in given)]
            await send(message)

        await self.app(scope, receive, send_with_headers)
