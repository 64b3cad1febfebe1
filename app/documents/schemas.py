"""What may be asked about documents, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, Prose
from app.documents.words import DocumentKind, FileKind


class DocumentAdd(Create):
    """Adds a document; the file comes beside it as `file`."""

    kind: Annotated[DocumentKind, Field(description="What the document is.")]
    dated_on: Annotated[Day | None, Field(description="The day on which it was written or taken.")] = None
    given_by: Annotated[Line | None, Field(description="Who gave it.")] = None
    note: Annotated[Prose | None, Field(description="A remark.")] = None


class DocumentWithdraw(Command):
    """Withdraws a document, with the reason; its content is not given out any more."""

    reason: Annotated[Line, Field(description="Why it is withdrawn.")]


class DocumentQuery(ListQuery):
    """The query of a child's documents."""


class DocumentRow(ReadModel):
    """A document, without its content."""

    id: UUID
    child: UUID
    kind: DocumentKind
    dated_on: date | None = Field(None, description="The day on which it was written or taken.")
    given_by: str | None = Field(None, description="Who gave it.")
    note: str | None = Field(None, description="A remark.")
    file: FileKind = Field(description="What the file is by its content.")
    size: int = Field(description="Its length in bytes, as it is kept.")
    created_at: datetime
    added_by: str | None = Field(None, description="Who added it.")
    withdrawn_at: datetime | None = Field(None, description="Since when its content is not given out any more.")
    withdrawn_reason: str | None = Field(None, description="Why it was withdrawn.")
