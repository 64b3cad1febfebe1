"""How values are written for a person in the current language: words, days, lengths of time, numbers.

These are the filters of the templates, and plain functions for letters, sheets and messages.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from app.core import clock
from app.core.i18n import current_locale, gettext, ngettext

PATTERN_DAY = "d MMMM y"  # Babel's own long date of Kinyarwanda puts the year first.
PATTERN_DAY_OF_YEAR = "d MMMM"

# A length is told in the unit in which it is easily imagined: 60 days, but 3 months; 23 months, but 2 years.
MINUTES_IN_HOUR = 60
MOST_HOURS = 48
MOST_DAYS = 61
MOST_DAYS_IN_MONTHS = 730
DAYS_KEPT = 5_000
"""A list has fifty days on it, and the next page the same ones."""


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
    return _day(value, PATTERN_DAY, current_locale())


@lru_cache(maxsize=DAYS_KEPT)
def _day(value: date, pattern: str, locale: Locale) -> str:
    return format_date(value, pattern, locale=locale)


def instant(value: datetime | None) -> str:
    """21 November 2026, 14:05, on the clocks of Rwanda."""
    return "–" if value is None else f"{day(value)}, {clock_time(value)}"


def moment(value: datetime | None) -> str:
    """As `instant`, but without the year where it is this year's: 21 November, 14:05."""
    if value is None:
        return "–"
    on = value.astimezone(clock.KIGALI).date()
    pattern = PATTERN_DAY_OF_YEAR if on.year == clock.today().year else PATTERN_DAY
    return f"{_day(on, pattern, current_locale())}, {clock_time(value)}"


def clock_time(value: datetime | None) -> str:
    """14:05, on the clocks of Rwanda; written the same in all three languages."""
    return "–" if value is None else f"{value.astimezone(clock.KIGALI):%H:%M}"


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
    if minutes < MINUTES_IN_HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    if minutes < MOST_HOURS * MINUTES_IN_HOUR:
        hours = minutes // MINUTES_IN_HOUR
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    return _days(length.days)


def _days(days: int) -> str:
    if days < MOST_DAYS:
        return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    if days < MOST_DAYS_IN_MONTHS:
        months = days * 12 // 365
        return ngettext("%(num)s month", "%(num)s months", months) % {"num": months}
    years = days // 365
    return ngettext("%(num)s year", "%(num)s years", years) % {"num": years}


def number(value: float | None, digits: int = 0) -> str:
    """12,408 as the language writes it, with at most `digits` decimals."""
    if value is None:
        return "–"
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)  # Written the same in all three languages, and nearly every number is one.
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return format_decimal(round(value, digits), format=pattern, locale=current_locale())


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
