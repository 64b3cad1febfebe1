"""What is asked about approvals, and what is told of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.approvals.words import ApprovalKind, ApprovalState
from app.core.schemas import Command, ListQuery, ReadModel
from app.core.text import Line


class Approve(Command):
    """Agrees, with a remark if there is one."""

    reason: Annotated[Line | None, Field(description="A remark for the author.")] = None


class Return(Command):
    """Sends the record back to its author, saying what is missing."""

    reason: Annotated[Line, Field(description="What the author has to do.")]


class ApprovalQuery(ListQuery):
    """The query of approvals that wait for the caller."""


class ApprovalRow(ReadModel):
    """One approval: what waits, of which child, asked when and by whom."""

    id: UUID
    kind: ApprovalKind
    record: UUID
    child: UUID | None
    child_code: str | None
    path: str = Field(description="The page of the record that is to be decided.")
    asked_at: datetime
    asked_by: str | None
    asked_by_post: UUID = Field(description="The post that asked, and may take the request back.")
    note: str | None
    state: ApprovalState
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    version: int
