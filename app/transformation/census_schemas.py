"""What may be asked about censuses, and what they tell."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.children.words import Sex
from app.core.schemas import Command, Create, Day, ReadModel
from app.core.text import Name, OptionalName, Prose
from app.transformation.words import CensusState, Difference, PersonStatus, Settled

MOST_TICKED = 200

Age = Annotated[int, Field(ge=0, le=120, description="Full years, as told.")]


class CensusStart(Create):
    """Starts a census of a house, with everybody whom the register knows there that night."""

    counted_on: Day = Field(description="The night; not in the future.")
    note: Prose | None = None


class CensusTick(Command):
    """Says of the people shown who sleeps in the house; a person who was ticked before and is not any more is open."""

    shown: Annotated[list[UUID], Field(max_length=MOST_TICKED)]
    present: Annotated[list[UUID], Field(max_length=MOST_TICKED, default_factory=list)]


class PersonAdd(Create):
    """Adds somebody who sleeps in the house and is not on the list."""

    name: Name
    sex: Sex
    age_years: Age | None = None
    since_on: Day | None = Field(None, description="Since when, as told.")


class PersonMark(Command):
    """Says where a person sleeps: here, elsewhere for now, or gone for good."""

    status: PersonStatus
    away_on: Day | None = Field(None, description="Since when away, or the day of leaving.")
    away_where: OptionalName | None = Field(None, description="Where, as told.")


class PersonRow(ReadModel):
    """A person on a census. National staff see initials, no name."""

    id: UUID
    child: UUID | None
    child_code: str | None
    was_known: bool = Field(description="Whether the register knew this person when the census began.")
    name: str
    sex: Sex
    age_years: int | None
    since_on: date | None
    status: PersonStatus | None
    away_on: date | None
    away_where: str | None
    settled_as: Settled | None
    settled_note: str | None
    difference: Difference | None = Field(None, description="How house and register disagree, if they do.")
    resolves: str | None = Field(None, description="Who resolves the difference.")
    may_move: bool = Field(False, description="Whether the caller may end the stay of the child.")


class CensusRow(ReadModel):
    """A census in the list of a house, the newest first."""

    id: UUID
    counted_on: date
    state: CensusState
    people: int
    present: int
    by: str | None


class CensusFile(ReadModel):
    """A census with its people, held against the register as it stands for that night."""

    id: UUID
    institution: UUID
    institution_name: str
    counted_on: date
    state: CensusState
    note: str | None
    by: str | None
    counted_at: datetime | None
    reconciled_at: datetime | None
    present: int
    absent: int
    gone: int
    unasked: int = Field(description="People whom nobody has asked about yet.")
    matches: int = Field(description="People on whom house and register agree.")
    differences: int
    later: int = Field(description="Stays of that night that were recorded after the list was made.")
    hidden: int = Field(description="Residents of that night whose files are restricted; their workers say.")
    people: list[PersonRow]


class PersonFile(PersonRow):
    """One person of a census, with the census and the house."""

    census: UUID
    institution: UUID
    institution_name: str
    counted_on: date
    state: CensusState
