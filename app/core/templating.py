"""Pages from templates: one environment, one `render`, and what every page knows.

A page is a whole template. When htmx asks, `render` sends only the named block of the same template, so
that there is one source for both. The macros of `templates/components/` are all reached as `ui.<name>`
without an import; `docs/design-language.md` lists them.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.config import get_settings
from app.core import clock, formats, i18n
from app.core.assets import asset
from app.core.compiling import Compiler, plain, safe, written
from app.core.i18n import LANGUAGES, SENTENCES, current_language, gettext, ngettext

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FLASH_COOKIE = "flash"
LINKS = {
    "home": "/",
    "search": "/search",
    "account": "/account",
    "sign_in": "/sign-in",
    "sign_out": "/sign-out",
    "language": "/language",
}

# A page that could not be drawn is not put into a corner of another page; the script opens it whole instead.
# A 422 is drawn in its place: it is the same form with what needs another look.
HTMX_CONFIG = json.dumps(
    {"noSwap": [204, 304, 401, 403, 404, 409, 412, 413, 429, "5xx"], "history": "reload", "includeIndicatorCSS": False}
)

KEPT_MACROS = frozenset({"wellbeing_bar"})
"""Macros whose drawing follows from a few words and numbers alone, and tells nothing of anybody."""

MACRO = re.compile(r"\{%-?\s*macro\s+([a-z]\w*)\s*\(")


class Components:
    """The macros of `templates/components/`, by name: `ui.card(...)` wherever it is written.

    A block that htmx asks for is rendered without the imports at the top of its template; macros that
    come with the environment are there in both cases.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files: dict[str, str] = {}
        for path in sorted((TEMPLATES / "components").glob("*.html")):
            for name in MACRO.findall(path.read_text(encoding="utf-8")):
                if name in self._files:
                    message = f"Two components are called {name!r}: {self._files[name]} and {path.name}"
                    raise ValueError(message)
                self._files[name] = f"components/{path.name}"

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name.startswith("_") or name not in self._files:
            raise AttributeError(name)
        macro: Callable[..., str] = plain(getattr(self._environment.get_template(self._files[name]).module, name))
        if name in KEPT_MACROS:
            macro = _kept(macro)
        if not self._environment.auto_reload:
            # The next time it is an attribute, found without asking here.
            setattr(self, name, macro)
        return macro

    def names(self) -> Mapping[str, str]:
        """Each macro and the file it stands in."""
        return dict(self._files)


def _kept(macro: Callable[..., str]) -> Callable[..., str]:
    """A macro whose drawings are kept for each language."""

    @lru_cache(maxsize=2048)
    def drawing(_language: str, *given: Any) -> str:
        return macro(*given)

    return lambda *given: drawing(current_language.get(), *given)


@lru_cache
def environment() -> Environment:
    """The one Jinja environment of the process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=get_settings().mode == "development",
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    made.code_generator_class = Compiler
    # Without this policy a block over several lines is extracted trimmed and looked up untrimmed.
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # The i18n extension adds it.
        gettext, ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    filters: dict[str, Callable[..., Any]] = {
        "label": formats.label,
        "date": formats.day,
        "datetime": formats.instant,
        "moment": formats.moment,
        "time": formats.clock_time,
        "ago": formats.ago,
        "duration": formats.duration,
        "number": formats.number,
        "percent": formats.percent,
        "initials": formats.initials,
        "nl2br": formats.nl2br,
    }
    made.filters |= filters
    made.globals |= {
        "_": _words,
        "gettext": _words,
        "ngettext": _counted,
        "ui": Components(made),
        "attributes": attributes,
        "choices": choices,
        "field_id": field_id,
        "maybe": maybe,
        "asset": asset,
        "icon": icon,
        "languages": LANGUAGES,
        "htmx_config": HTMX_CONFIG,
        "current_lang": current_language.get,
    }
    return made


def _words(message: str, /, **values: Any) -> Markup:
    """A sentence in the current language with values in it; what a page says is safe, the values are not."""
    if values:
        return safe(gettext(message) % _written(values))
    return _bare(current_language.get(), message)


@lru_cache(maxsize=SENTENCES)
def _bare(_language: str, message: str) -> Markup:
    return safe(gettext(message) % {})


def _counted(singular: str, plural: str, num: int, /, **values: Any) -> Markup:
    """`_words` in the form that fits a number; the sentence has it as `num`."""
    return safe(ngettext(singular, plural, num) % _written({"num": num} | values))


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else written(value) for name, value in values.items()}


def icon(name: str, css: str = "") -> Markup:
    """One icon out of the sprite, hidden from screen readers: beside it there is always a word."""
    return _icon(asset("icons.svg"), name, css)


@lru_cache
def _icon(sprite: str, name: str, css: str) -> Markup:
    return Markup(
        '<svg class="icon {css}" aria-hidden="true" focusable="false"><use href="{sprite}#{name}"/></svg>'
    ).format(css=css, sprite=sprite, name=name)


def attributes(given: Mapping[str, Any]) -> Markup:
    """HTML attributes from a macro's further keywords: `hx_get="/x"` -> ` hx-get="/x"`; True stands bare."""
    if not given:
        return _NOTHING
    found = ""
    for name, value in given.items():
        if value is None or value is False:
            continue
        attribute = written(name.rstrip("_").replace("_", "-"))
        found += f" {attribute}" if value is True else f' {attribute}="{written(value)}"'
    return safe(found)


_NOTHING = Markup()


def choices(options: Any) -> list[dict[str, str]]:
    """Options of a select, radios or checkboxes as value, label and hint.

    Takes a `Word` class, words, pairs or triples of value, label and hint, or mappings with those keys.
    """
    made = []
    for option in options.items() if isinstance(options, dict) else options:
        if isinstance(option, dict):
            made.append({"hint": ""} | {key: str(value) for key, value in option.items() if value is not None})
        elif isinstance(option, tuple | list):
            value, text, hint = (*option, "")[:3]
            made.append({"value": str(getattr(value, "value", value)), "label": str(text), "hint": str(hint or "")})
        else:
            made.append({"value": str(getattr(option, "value", option)), "label": formats.label(option), "hint": ""})
    return made


def maybe(item: Any, name: str) -> Any:
    """A part of a mapping or object that may be missing: None where it is."""
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)


def field_id(name: str) -> str:
    """The id of a field's first control; the error summary links to it."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", name) or "form"


# Rendering


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part; going back in the history it asks for the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def render(
    request: Request, template: str, *, status: int = 200, block: str | None = None, **context: Any
) -> HTMLResponse:
    """The page, or only its block when htmx asks for it and `block` names one."""
    if status >= 400:
        request.state.nothing_done = True
    known = common_context(request) | context
    if block and is_fragment(request):
        response = HTMLResponse(render_block(environment(), template, block, known), status)
    else:
        known["flash"] = read_flash(request)
        response = HTMLResponse(environment().get_template(template).render(known), status)
        if FLASH_COOKIE in request.cookies:
            response.delete_cookie(FLASH_COOKIE, httponly=True, samesite="lax")
    if block:
        response.headers["Vary"] = "HX-Request, HX-Request-Type"
    return response


def render_text(template: str, **context: Any) -> str:
    """A template outside any request: a letter, a sheet, an SMS."""
    return environment().get_template(template).render(context)


def common_context(request: Request) -> dict[str, Any]:
    """What every page knows without being told."""
    state = request.state

    def may_nothing(_permission: Any) -> bool:
        return False

    nav = getattr(state, "nav", ())

    def query_with(**changes: Any) -> str:
        """This page's address with other query parameters; None removes one."""
        kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changes]
        for key, value in changes.items():
            items = value if isinstance(value, list | tuple) else (value,)
            kept.extend((key, str(item)) for item in items if item is not None)
        return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path

    def query_but(*names: str) -> dict[str, str]:
        """The other query parameters of this page's address, for a form that changes these."""
        return {key: value for key, value in request.query_params.items() if key not in names}

    return {
        "request": request,
        "actor": getattr(state, "actor", None),
        "settings": getattr(request.app.state, "settings", None) or get_settings(),
        "lang": current_language.get(),
        # Where to come back to after the language was changed; an answer to a form has no address of its own.
        "here": query_with() if request.method == "GET" else request.headers.get("referer", "/"),
        "nav": nav() if callable(nav) else nav,
        "now": clock.now(),
        "today": clock.today(),
        "can": getattr(state, "can", may_nothing),
        "query_with": query_with,
        "query_but": query_but,
        "links": LINKS | getattr(state, "links", {}),
        "flash": None,
        "form": None,
    }


# Flash: a message that the next page shows once


def flash(response: Response, message: str, kind: str = "done") -> None:
    """Let the next page say `message` once; `kind` is done, info, due or overdue."""
    settings = get_settings()
    response.set_cookie(
        FLASH_COOKIE,
        _serializer().dumps([message[:500], kind]),
        max_age=120,
        httponly=True,
        samesite="lax",
        secure=settings.cookies_are_secure,
    )


def read_flash(request: Request) -> dict[str, str] | None:
    """The message that the last answer left, if it is truly ours."""
    try:
        message, kind = _serializer().loads(request.cookies.get(FLASH_COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return {"message": str(message), "kind": str(kind)}


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(get_settings().secret_key.get_secret_value(), salt="flash")
