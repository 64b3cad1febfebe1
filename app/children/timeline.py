"""One thing that happened to a child, as the timeline draws it; each domain tells its own."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A day or an instant, what happened in a few words, and where more stands."""

    when: date | datetime
    title: str
    text: str | None = None
    meta: list[str] = field(default_factory=list)
    icon: str = "circle"
    tone: str = "quiet"
    href: str | None = None
