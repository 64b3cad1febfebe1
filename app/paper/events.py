"""What the audit log is told about printing."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class SheetPrinted(Event, kind="paper.printed", subject="child", words=N_("Printed a sheet of a child's file")):
    """A sheet of a child's file was made, with code and initials, or with the name for this reason.

    `consents` are the entries that let it go to somebody outside, each of whom names the receiver; empty for own use.
    """

    sheet: str
    with_name: bool
    reason: str | None = None
    decision: UUID | None = None
    consents: tuple[UUID, ...] = ()


class CaseloadPrinted(Event, kind="paper.caseload_printed", words=N_("Printed a list of a caseload")):
    """The list of a post's children was made, with codes and initials."""

    post: UUID
    children: list[UUID]
