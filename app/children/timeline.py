"""One thing that happened to a child, as the timeline draws it; each domain tells its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from app.core import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A day or an instant, what happened in a few words, and where more stands.

    `noted_at` is when it was written down: what one day brought is told in that order where only the day is known.
    """

    when: date | datetime
    title: str
    text: str | None = None
    meta: list[str] = field(default_factory=list)
    icon: str = "circle"
    tone: str = "quiet"
    href: str | None = None
    noted_at: datetime | None = None
    written_on: date | None = None
    """The day on which it was written down, where that was much later: `with_late_writing` says so."""


LATE_AFTER_DAYS = 7
"""Written down within a week is in time; a default of the programme."""


def with_late_writing(items: Iterable[Item], *, known_since: date) -> list[Item]:
    """The items with the day on which they were written down, where that was more than a week after they happened.

    What happened before the child was registered could not be written down then: it counts from that day.
    """
    return [
        item if (written_on := _written_late(item, known_since)) is None else replace(item, written_on=written_on)
        for item in items
    ]


def _written_late(item: Item, known_since: date) -> date | None:
    if item.noted_at is None or isinstance(item.when, datetime):
        return None
    written_on = item.noted_at.astimezone(clock.KIGALI).date()
    late = written_on > max(item.when, known_since) + timedelta(days=LATE_AFTER_DAYS)
    return written_on if late else None


def newest_first(item: Item) -> tuple[date, datetime]:
    """Orders a story: by day, and within a day by the hour, or where nobody knows that by when it was written down."""
    if isinstance(item.when, datetime):
        return item.when.astimezone(clock.KIGALI).date(), item.when
    return item.when, item.noted_at or datetime.combine(item.when, time(), clock.KIGALI)
