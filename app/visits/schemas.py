"""What may be asked about visits, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.core.i18n import gettext as _
from app.core.schemas import Create, Day, ListQuery, ReadModel
from app.core.text import Prose
from app.visits.words import NotSeenReason, VisitKind, WellbeingDomain

Score = Annotated[int, Field(ge=1, le=4, description="1 very bad, 2 bad, 3 fair, 4 good.")]


class VisitLog(Create):
    """Logs a visit to a child in a placement."""

    placement: UUID
    kind: VisitKind
    visited_on: Day = Field(description="Not in the future, not before the placement began.")
    child_seen: bool = Field(description="Only a visit with the child seen counts.")
    not_seen_reason: Annotated[
        NotSeenReason | None, Field(validate_default=True, description="Needed where the child was not seen.")
    ] = None
    wellbeing: dict[WellbeingDomain, Score] = Field(
        {}, description="1 to 4 for each domain that was assessed; leave the others out."
    )
    note: Prose | None = None

    @field_validator("not_seen_reason")
    @classmethod
    def _says_why(cls, reason: NotSeenReason | None, info: ValidationInfo) -> NotSeenReason | None:
        seen = info.data.get("child_seen")
        if seen is False and reason is None:
            raise ValueError(_("Say why the child was not seen"))
        if seen and reason is not None:
            raise ValueError(_("The child was seen: leave the reason out"))
        return reason


class VisitQuery(ListQuery):
    """Filters of the list of visits."""

    placement: UUID | None = None
    child: UUID | None = None


class VisitRow(ReadModel):
    """A visit, newest first."""

    id: UUID
    placement: UUID
    child: UUID
    kind: VisitKind
    visited_on: date
    child_seen: bool
    not_seen_reason: NotSeenReason | None
    wellbeing: dict[WellbeingDomain, int] = Field(description="Empty where the reader's role does not see it.")
    created_at: datetime


class VisitDetail(VisitRow):
    """A visit with its note, and the planned visit that it was."""

    note: str | None = Field(None, description="Null where the reader's role does not see it.")
    task: UUID | None = Field(None, description="The planned visit that it did; null for an extra one.")
    late: bool | None = Field(None, description="Whether it came after the last day in time.")
