"""What the audit log is told about printing."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class SheetPrinted(Event, kind="paper.printed", subject="child", words=N_("Printed a sheet of a child's file")):
    """A sheet of a child's file was made, with the name or with code and initials."""

    sheet: str
    with_name: bool


class CaseloadPrinted(Event, kind="paper.caseload_printed", words=N_("Printed a list of a caseload")):
    """The list of a post's children was made, with codes and initials."""

    post: UUID
    children: list[UUID]
