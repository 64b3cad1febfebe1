"""What the log is told of places."""

from datetime import date

from app.audit.events import Event


class PlacesLoaded(Event, kind="places.loaded"):
    """A release of the list of places was loaded; the numbers are places."""

    release: int
    label: str
    effective_on: date
    rows: int
    added: int
    renamed: int
    ended: int
    returned: int
