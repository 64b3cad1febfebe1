"""What the audit log is told of the numbers: only when a list of records was opened."""

from uuid import UUID

from app.audit.events import Event


class RecordsBehindOpened(Event, kind="indicator.records_opened"):
    """The records behind a number were listed."""

    indicator: str
    filter: dict[str, str | None]
    rows: int
    children: list[UUID]
