"""What may be asked about visits, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.core.i18n import gettext as _
from app.core.schemas import Create, Day, ListQuery, ReadModel
from app.core.text import Prose
from app.visits.words import AlertKind, NotSeenReason, Safe, SessionKind, VisitKind, WellbeingDomain, Worry

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
    seen_alone: bool | None = Field(None, description="Whether the visitor spoke with the child alone.")
    safe: Safe | None = None
    safe_why: Annotated[
        Prose | None, Field(validate_default=True, description="Needed where the child is not safe, or may not be.")
    ] = None
    worries: list[Worry] = Field([], max_length=20)
    worry_words: Prose | None = Field(None, description="The worry in the visitor's own words.")
    agreed: Prose | None = Field(None, description="What was agreed, and with whom.")
    next_visit_on: Day | None = Field(None, description="When the visitor wants to come again.")

    @field_validator("child_seen")
    @classmethod
    def _nobody_is_seen_by_phone(cls, seen: bool, info: ValidationInfo) -> bool:
        if seen and info.data.get("kind") is VisitKind.PHONE:
            raise ValueError(_("A phone call never counts as seeing the child"))
        return seen

    @field_validator("safe_why")
    @classmethod
    def _says_what_is_wrong(cls, why: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("safe") in {Safe.WORRIED, Safe.NOT_SAFE} and not why and not info.data.get("note"):
            raise ValueError(_("Say why"))
        return why

    @field_validator("seen_alone")
    @classmethod
    def _alone_only_if_seen(cls, alone: bool | None, info: ValidationInfo) -> bool | None:
        if alone and info.data.get("child_seen") is False:
            raise ValueError(_("The child was not seen, so nobody spoke with it alone"))
        return alone

    @field_validator("not_seen_reason")
    @classmethod
    def _says_why(cls, reason: NotSeenReason | None, info: ValidationInfo) -> NotSeenReason | None:
        seen = info.data.get("child_seen")
        if reason is None and seen is False and info.data.get("kind") is VisitKind.PHONE:
            return NotSeenReason.BY_PHONE
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
    safe: Safe | None = Field(None, description="Null where the reader's role does not see it.")
    created_at: datetime


class VisitDetail(VisitRow):
    """A visit with its note, and the planned visit that it was."""

    seen_alone: bool | None = None
    safe_why: str | None = None
    worries: list[Worry] | None = None
    worry_words: str | None = None
    agreed: str | None = None
    next_visit_on: date | None = None
    suggests_risk: str | None = Field(None, description="The risk that the answers suggest for the case.")
    wellbeing_before: dict[WellbeingDomain, int] = Field({}, description="That of the last visit before this one.")
    note: str | None = Field(None, description="Null where the reader's role does not see it.")
    task: UUID | None = Field(None, description="The planned visit that it did; null for an extra one.")
    late: bool | None = Field(None, description="Whether it came after the last day in time.")


class AlertRow(ReadModel):
    """Something that the supervisor must know, newest first."""

    id: UUID
    kind: AlertKind
    child: UUID
    code: str
    path: str = Field(description="The page where it came from.")
    created_at: datetime
    seen_at: datetime | None


class AlertQuery(ListQuery):
    """Filters of the list of alerts."""

    waiting: bool = Field(True, description="Only those that nobody has acknowledged.")


class SessionRecord(Create):
    """A psychologist writes that a session took place."""

    kind: SessionKind
    held_on: Day = Field(description="Not in the future.")
    note: Prose | None = Field(None, description="Only its writer and the child's responsible post ever read it.")


class SessionQuery(ListQuery):
    """The query of the sessions of a child."""


class SessionRow(ReadModel):
    """That a session took place, newest first."""

    id: UUID
    child: UUID
    kind: SessionKind
    held_on: date


class SessionDetail(SessionRow):
    """A session; its note is null for everybody but its writer and the child's responsible post."""

    note: str | None = None
    by: str | None = Field(None, description="Who held it.")
