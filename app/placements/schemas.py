"""What may be asked about placements, and what is told of them."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Prose
from app.placements.words import EndReason, EntryReason, PlacementKind


class EndPrevious(Command):
    """Ends the placement that is open, on the day the new one starts."""

    reason: EndReason


class PlacementStart(Create):
    """Starts a placement: in an institution, with a household, or in neither, as its kind asks."""

    child: UUID
    kind: PlacementKind
    started_on: Day = Field(description="The first day there; not in the future.")
    institution: UUID | None = Field(None, description="For residential kinds.")
    household: UUID | None = Field(None, description="For family kinds.")
    entry_reason: EntryReason | None = Field(None, description="Why the child came into care.")
    end_previous: EndPrevious | None = Field(None, description="Needed where the child has an open placement.")
    note: Prose | None = None


class PlacementEnd(Command):
    """Ends a placement without another one."""

    ended_on: Day = Field(description="The last day there; not before the start, not in the future.")
    reason: EndReason


class PlacementQuery(ListQuery):
    """Filters of the list of placements."""

    child: UUID | None = None
    institution: UUID | None = None
    household: UUID | None = None
    open: bool | None = Field(None, description="Only open ones, or only ended ones.")


class PlacementRow(ReadModel):
    """A placement, newest first. `household` is null where the reader's role does not see it."""

    id: UUID
    child: UUID
    kind: PlacementKind
    is_residential: bool
    started_on: date
    ended_on: date | None
    end_reason: EndReason | None
    end_was_planned: bool | None
    institution: UUID | None
    institution_name: str | None
    household: UUID | None
    entry_reason: EntryReason | None
    from_kind: PlacementKind | None = Field(description="The kind of the placement before.")
    version: int


class PlacementDetail(PlacementRow):
    """A placement with what was noted about it."""

    note: str | None = None
