"""What may be asked about tracing, and what is told of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, ReadModel
from app.core.text import Line, Name, Prose
from app.tracing.words import (
    ActionKind,
    Alive,
    Relationship,
    RelativeContactKind,
    TracingState,
    Verification,
    Willingness,
    Wish,
)

Phone = Annotated[Line, Field(max_length=30)]
Said = Annotated[Prose, Field(min_length=1)]


class TracingOpen(Create):
    """Opens the search for a child's family with what is known."""

    relatives_known: Prose | None = Field(None, description="Names of relatives, and what they are to the child.")
    last_places: Prose | None = Field(None, description="Where the child or the family lived last.")
    told_by: Line | None = Field(None, description="Who told this.")
    more: Prose | None = None


class ActionRecord(Create):
    """Records something that was done in a search."""

    done_on: Day = Field(description="Not in the future.")
    kind: ActionKind
    place: Line | None = Field(None, description="Where; another district's officer is named here.")
    by_whom: Line | None = None
    outcome: Said = Field(description="What came of it.")
    next_step: Line | None = None
    next_on: Day | None = Field(None, description="Until when; it becomes a task.")


class TracingEnd(Command):
    """Ends a search."""

    state: TracingState = Field(description="found, not_found or closed.")
    reason: Line | None = Field(None, description="Needed unless the family was found.")


class RelativeRecord(Create):
    """Records a relative of the child."""

    name: Name
    relationship: Relationship
    phone: Phone | None = None
    place: Line | None = None
    alive: Alive = Alive.UNKNOWN
    willing: Willingness = Willingness.UNSURE
    willing_note: Line | None = None
    wish: Wish = Field(Wish.NOT_ASKED, description="What the child wishes about this relative.")
    wish_words: Line | None = Field(None, description="In the child's own words.")
    safety_concern: bool = False
    safety_note: Line | None = None


class RelativeChange(Command):
    """What is known of a relative now: the whole of it, for what is left out is not known any more."""

    name: Name
    relationship: Relationship
    phone: Phone | None = None
    place: Line | None = None
    alive: Alive = Alive.UNKNOWN
    willing: Willingness = Willingness.UNSURE
    willing_note: Line | None = None
    wish: Wish = Wish.NOT_ASKED
    wish_words: Line | None = None
    safety_concern: bool = False
    safety_note: Line | None = None


class RelativeVerify(Command):
    """Says whether this is the child's relative, and how that was checked."""

    verification: Verification
    verified_on: Day = Field(description="Not in the future.")
    verified_how: Line
    verified_by: Line = Field(description="Who checked it.")


class RelativeContactRecord(Create):
    """Records a contact of child and relative before a reunion."""

    contact_on: Day = Field(description="Not in the future.")
    kind: RelativeContactKind
    child_took: Said = Field(description="How the child took it.")
    relative_took: Prose | None = Field(None, description="How the relative took it.")
    worry: bool = Field(False, description="Whether it gives reason to worry; then contact stops until it is clear.")


class TracingActionRow(ReadModel):
    """Something that was done in a search."""

    id: UUID
    tracing: UUID
    done_on: date
    kind: ActionKind
    place: str | None
    by_whom: str | None
    outcome: str
    next_step: str | None
    next_on: date | None
    created_at: datetime = Field(description="When it was written down.")


class TracingRow(ReadModel):
    """A search for a family."""

    id: UUID
    child: UUID
    state: TracingState
    opened_on: date
    relatives_known: str | None
    last_places: str | None
    told_by: str | None
    more: str | None
    ended_on: date | None
    reason: str | None
    version: int


class RelativeRow(ReadModel):
    """A relative as far as the search knows them."""

    id: UUID
    child: UUID
    name: str
    relationship: Relationship
    phone: str | None
    place: str | None
    alive: Alive
    willing: Willingness
    willing_note: str | None
    wish: Wish
    wish_words: str | None
    safety_concern: bool
    safety_note: str | None
    verification: Verification
    verified_on: date | None
    verified_how: str | None
    verified_by: str | None
    version: int


class RelativeContactRow(ReadModel):
    """A contact of child and relative."""

    id: UUID
    contact_on: date
    kind: RelativeContactKind
    child_took: str
    relative_took: str | None
    worry: bool


class RelativeDetail(RelativeRow):
    """A relative, with the contacts, the newest first."""

    contacts: list[RelativeContactRow]


class TracingFile(ReadModel):
    """The whole of a child's tracing: searches and actions newest first, and the relatives."""

    searches: list[TracingRow]
    actions: list[TracingActionRow]
    relatives: list[RelativeRow]
