"""One thing that happened to a child, as the timeline draws it; each domain tells its own."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

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


def newest_first(item: Item) -> tuple[date, datetime]:
    """Orders a story: by day, and within a day by the hour, or where nobody knows that by when it was written down."""
    if isinstance(item.when, datetime):
        return item.when.astimezone(clock.KIGALI).date(), item.when
    return item.when, item.noted_at or datetime.combine(item.when, time(), clock.KIGALI)
