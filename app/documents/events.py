"""What the audit log is told about documents: never a name of a file or a remark."""

from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class DocumentsListed(Event, kind="documents.listed", subject="child", words=N_("Looked at the list of documents")):
    """Somebody read which documents a child has."""

    rows: int


class DocumentAdded(Event, kind="document.added", subject="child", words=N_("Added a document")):
    """A document was added."""

    document: UUID
    document_kind: str
    media_type: str
    size: int


class DocumentOpened(Event, kind="document.opened", subject="child", words=N_("Looked at what a document is")):
    """Somebody read what is known of a document."""

    document: UUID


class DocumentRead(Event, kind="document.read", subject="child", words=N_("Read a document")):
    """The content of a document was given out."""

    document: UUID
    document_kind: str


class DocumentWithdrawn(Event, kind="document.withdrawn", subject="child", words=N_("Withdrew a document")):
    """A document was withdrawn."""

    document: UUID
