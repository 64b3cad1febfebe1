"""The time of the service: instants in UTC, days in Rwanda."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

KIGALI = ZoneInfo("Africa/Kigali")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Rwanda; just after midnight there it is still yesterday in UTC."""
    return datetime.now(KIGALI).date()


def days_ahead(days: int) -> date:
    """The day that lies so many days after today; before it where `days` is negative."""
    return today() + timedelta(days=days)
