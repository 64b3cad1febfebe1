"""What the audit log is told about institutions."""

from typing import Any

from app.audit.events import Event


class InstitutionRegistered(Event, kind="institution.registered", subject="institution"):
    """An institution was put on the register."""

    name: str
    registration: str


class InstitutionChanged(Event, kind="institution.changed", subject="institution"):
    """Fields of an institution changed; each with its value before and after."""

    changes: dict[str, list[Any]]
