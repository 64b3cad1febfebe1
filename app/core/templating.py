"""Pages from templates: one environment, one `render`, and what every page knows.

A page is a whole template. When htmx asks, `render` sends only the named block of the same template, so
that there is one source for both. The macros of `templates/components/` are all reached as `ui.<name>`
without an import; `docs/design-language.md` lists them.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.config import get_settings
from app.core import clock, i18n
from app.core.assets import asset
from app.core.i18n import LANGUAGES, current_language, current_locale, gettext, ngettext

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
PATTERN_DAY = "d MMMM y"  # Babel's own long date of Kinyarwanda puts the year first.

# A page that could not be drawn is not put into a corner of another page; the script opens it whole instead.
# A 422 is drawn in its place: it is the same form with what needs another look.
HTMX_CONFIG = json.dumps(
    {"noSwap": [204, 304, 401, 403, 404, 409, 412, 413, 429, "5xx"], "history": "reload", "includeIndicatorCSS": False}
)

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

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name.startswith("_") or name not in self._files:
            raise AttributeError(name)
        macro: Callable[..., Markup] = getattr(self._environment.get_template(self._files[name]).module, name)
        return macro

    def names(self) -> Mapping[str, str]:
        """Each macro and the file it stands in."""
        return dict(self._files)


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
    # Without this policy the extraction trims a block over several lines and the page looks up the untrimmed text.
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # The i18n extension adds it.
        gettext, ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    made.filters |= {
        "label": label,
        "date": day,
        "datetime": instant,
        "moment": moment,
        "time": clock_time,
        "ago": ago,
        "duration": duration,
        "number": number,
        "percent": percent,
        "initials": initials,
        "nl2br": nl2br,
    }
    made.globals |= {
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


def icon(name: str, css: str = "") -> Markup:
    """One icon out of the sprite, hidden from screen readers: beside it there is always a word."""
    return Markup('<svg class="icon {css}" aria-hidden="true" focusable="false"><use href="{href}#{name}"/></svg>').format(
        css=css, href=asset("icons.svg"), name=name
    )


def attributes(given: Mapping[str, Any]) -> Markup:
    """HTML attributes from a macro's further keywords: `hx_get="/x", hidden=True` -> ` hx-get="/x" hidden`."""
    written = Markup("")
    for name, value in given.items():
        if value is None or value is False:
            continue
        attribute = name.rstrip("_").replace("_", "-")
        written += Markup(" {}").format(attribute) if value is True else Markup(' {}="{}"').format(attribute, value)
    return written


def choices(options: Any) -> list[dict[str, str]]:
    """Options of a select, radios or checkboxes as value, label and hint.

    Takes a `Word` class, words, pairs or triples of value, label and hint, or mappings with those keys.
    """
    made = []
    for option in options.items() if isinstance(options, dict) else options:
        if isinstance(option, dict):
            made.append({"hint": ""} | {key: str(value) for key, value in option.items()})
        elif isinstance(option, tuple | list):
            value, text, hint = (*option, "")[:3]
            made.append({"value": str(getattr(value, "value", value)), "label": str(text), "hint": str(hint)})
        else:
            made.append({"value": str(getattr(option, "value", option)), "label": label(option), "hint": ""})
    return made


def maybe(item: Any, name: str) -> Any:
    """A part of a mapping or object that may be missing: None where it is."""
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


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
            for item in value if isinstance(value, list | tuple) else (value,):
                if item is not None:
                    kept.append((key, str(item)))
        return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path

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


# Filters


def label(value: Any) -> str:
    """The words for a value: a Word's own, "Yes" and "No", a dash for nothing; Markup stays as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Markup):
        return value
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(getattr(value, "label", value))


def day(value: date | datetime | None) -> str:
    """21 November 2026."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(clock.KIGALI).date()
    return format_date(value, PATTERN_DAY, locale=current_locale())


def instant(value: datetime | None) -> str:
    """21 November 2026, 14:05, on the clocks of Rwanda."""
    if value is None:
        return "–"
    return format_datetime(value, f"{PATTERN_DAY}, HH:mm", tzinfo=clock.KIGALI, locale=current_locale())


def moment(value: datetime | None) -> str:
    """As `instant`, but without the year where it is this year's: 21 November, 14:05."""
    if value is None:
        return "–"
    local = value.astimezone(clock.KIGALI)
    pattern = "d MMMM, HH:mm" if local.year == clock.today().year else f"{PATTERN_DAY}, HH:mm"
    return format_datetime(local, pattern, tzinfo=clock.KIGALI, locale=current_locale())


def clock_time(value: datetime | None) -> str:
    """14:05, on the clocks of Rwanda."""
    return "–" if value is None else format_time(value, "HH:mm", tzinfo=clock.KIGALI, locale=current_locale())


def duration(value: date | datetime | timedelta | None, since: date | datetime | None = None) -> str:
    """How long, in whole words and without a direction: "3 days", "5 hours", "2 months".

    Takes a length of time, or a moment whose distance to `since` (by default: now) is meant.
    """
    if value is None:
        return "–"
    if isinstance(value, timedelta):
        return _length(abs(value))
    if isinstance(value, datetime):
        other = since if isinstance(since, datetime) else clock.now()
        return _length(abs(other - value))
    days = abs((_as_day(since or clock.today()) - value).days)
    return _days(days)


def ago(value: date | datetime | None, since: date | datetime | None = None) -> str:
    """Where a moment lies, in whole words: "3 days ago", "yesterday", "in 2 hours", "today"."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        other = since if isinstance(since, datetime) else clock.now()
        if abs(other - value) < timedelta(minutes=1):
            return gettext("just now")
        if abs(other - value) < timedelta(days=1):
            return _directed(duration(value, other), past=value < other)
    days = (_as_day(since or clock.today()) - _as_day(value)).days
    if days in (-1, 0, 1):
        return {-1: gettext("tomorrow"), 0: gettext("today"), 1: gettext("yesterday")}[days]
    return _directed(_days(abs(days)), past=days > 0)


def _directed(length: str, *, past: bool) -> str:
    return (gettext("%(time)s ago") if past else gettext("in %(time)s")) % {"time": length}


def _as_day(value: date | datetime) -> date:
    return value.astimezone(clock.KIGALI).date() if isinstance(value, datetime) else value


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    return _days(length.days)


def _days(days: int) -> str:
    if days < 60:
        return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    if days < 730:
        months = days * 12 // 365
        return ngettext("%(num)s month", "%(num)s months", months) % {"num": months}
    years = days * 4 // 1461
    return ngettext("%(num)s year", "%(num)s years", years) % {"num": years}


def number(value: float | None, digits: int = 0) -> str:
    """12,408 as the language writes it, with at most `digits` decimals."""
    if value is None:
        return "–"
    return format_decimal(round(value, digits), format="#,##0" + ("." + "#" * digits if digits else ""), locale=current_locale())


def percent(value: float | None, digits: int = 0) -> str:
    """0.62 -> 62%; None, a share of nothing, is a dash and never a zero."""
    if value is None:
        return "–"
    locale = current_locale()
    pattern = locale.percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("##0", "##0." + "0" * digits)
    return format_percent(value, format=pattern, locale=locale)


def initials(name: str | None) -> str:
    """The first letters of a name: "Uwase Marie-Claire" -> "U. M."."""
    words = (name or "").split()
    return " ".join(f"{word[0].upper()}." for word in words[:3]) or "–"


def nl2br(text: str) -> Markup:
    """Typed text with its line breaks kept, and nothing else of it taken as markup."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())
