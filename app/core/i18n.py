"""Three languages: which one a request speaks, and the words of each.

The catalogues are the `.po` files under `translations/`. They are read once at start and turned into
gettext's own form in memory, so nothing compiled is committed and there is no step to forget. English
is the language of the message ids and needs no catalogue.
"""

import gettext as gettext_module
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import get_settings

LANGUAGES: Mapping[str, str] = {"en": "English", "rw": "Ikinyarwanda", "fr": "Français"}
LANGUAGE_COOKIE = "lang"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
DOMAIN = "tubarerere"
SENTENCES = 20_000
"""More than there are in all languages."""

current_language: ContextVar[str] = ContextVar("current_language", default="en")


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache
def translations(language: str) -> gettext_module.NullTranslations:
    """The words of one language; a language without a catalogue answers with the message ids."""
    path = catalogue_path(language)
    if language not in LANGUAGES or not path.exists():
        return gettext_module.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def gettext(message: str) -> str:
    """The message in the current language."""
    # gettext keeps the header of a catalogue under the empty id, which nobody should ever read on a page.
    return _found(current_language.get(), message) if message else ""


@lru_cache(maxsize=SENTENCES)
def _found(language: str, message: str) -> str:
    return translations(language).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message in the current language, in the form that fits the number."""
    return translations(current_language.get()).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """The message in the current language where one English word has two meanings."""
    return translations(current_language.get()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    """`ngettext` where one English word has two meanings."""
    return translations(current_language.get()).npgettext(context, singular, plural, number)


_ = gettext


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for "mark only".
    """Mark a message for the catalogue without translating it yet."""
    return message


class lazy:  # noqa: N801 - used like a function.
    """A message that is translated each time it is shown, for constants of a module."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return gettext(self.message)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Speak a language for the length of a block; one that is not known is English."""
    token = current_language.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        current_language.reset(token)


def current_locale() -> Locale:
    """Babel's locale for dates and numbers of the current language."""
    # English here writes days first, as everybody in Rwanda does.
    return _locale("en_GB" if current_language.get() == "en" else current_language.get())


@lru_cache
def _locale(identifier: str) -> Locale:
    return Locale.parse(identifier)


def negotiate(*, account: str | None = None, cookie: str | None = None, accepted: str | None = None) -> str:
    """The language of a page: the account's, the cookie's, the browser's, or the service's own."""
    for wish in (account, cookie):
        if wish in LANGUAGES:
            return str(wish)
    return _best_accepted(accepted or "") or get_settings().default_language


def _best_accepted(header: str) -> str | None:
    """The known language with the highest weight in an Accept-Language header; the first of equals."""
    best, best_weight = None, 0.0
    for part in header[:500].split(","):
        tag, _semicolon, parameter = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _equals, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class LanguageMiddleware:
    """Sets the language for the length of a request.

    Plain ASGI on purpose: a context variable that is set here is seen by the endpoint, also where the
    endpoint runs in a thread, because the context is copied into the thread. It would not be seen if it
    were set in a dependency. Who signs in gets the language of the account as the cookie, so the account
    need not be read here; a middleware further out may still decide with `scope["state"]["language"]`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request in its language and say so in the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        language = negotiate(
            account=scope.get("state", {}).get("language"),
            cookie=_cookie(headers.get("cookie", "")),
            accepted=headers.get("accept-language"),
        )

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_html(message):
                message["headers"] = [*message["headers"], (b"content-language", language.encode())]
            await send(message)

        with use_language(language):
            await self.app(scope, receive, send_with_language)


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(LANGUAGE_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _is_html(message: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
