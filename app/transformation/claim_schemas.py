"""What a manager may report, what a worker makes of it, and what each of them is told."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.children.words import Sex
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, OptionalName, Prose
from app.transformation.census_schemas import Age
from app.transformation.words import ClaimKind, ClaimState


class ClaimReport(Create):
    """Reports that somebody came to the house, or left it; it counts when a worker has checked it."""

    kind: ClaimKind
    child: UUID | None = Field(None, description="For an exit: the resident.")
    name: Annotated[OptionalName | None, Field(description="The name as told, where no resident is chosen.")] = None
    sex: Sex | None = None
    age_years: Age | None = None
    happened_on: Day
    destination: Annotated[OptionalName | None, Field(description="Where from or where to, as you know it.")] = None
    note: Prose | None = None


class ClaimReject(Command):
    """Does not accept a claim; the manager reads the reason."""

    reason: Annotated[Line, Field(description="Why; the manager reads it, so write no address.")]


class ClaimAccept(Command):
    """Accepts a claim that the register says already."""

    code: Annotated[Line | None, Field(description="The child's code, where the claim told only a name.")] = None


class ClaimQuery(ListQuery):
    """Filters of the claims of a house."""

    state: Annotated[ClaimState | None, Field(description="In this state only.")] = None


class ClaimRow(ReadModel):
    """A claim, newest first. Which child of the register it is about is told to workers only."""

    id: UUID
    institution: UUID
    institution_name: str
    kind: ClaimKind
    name: str
    sex: Sex | None
    age_years: int | None
    happened_on: date
    destination: str | None
    note: str | None
    state: ClaimState
    reason: str | None = Field(description="Why it was not accepted.")
    created_at: datetime
    decided_at: datetime | None
    reported_by: str | None
    child: UUID | None
    child_code: str | None


class ClaimFile(ClaimRow):
    """One claim; whether the register agrees is told to workers only."""

    lives_here: bool | None = Field(None, description="Whether the register has the child in the house today.")
    stay: UUID | None = Field(None, description="The open stay of the child in the house.")
    mine: bool = Field(False, description="Whether the caller reported it.")
