"""What the log is told of invented data."""

from app.audit.events import Event


class DemonstrationLoaded(Event, kind="demonstration.loaded"):
    """The demonstration was loaded; the number is rows of all tables."""

    seed: int
    rows: int
