"""What may be asked about placements, and what is told of them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, Prose
from app.placements.words import EndReason, EntryReason, PlacementKind

UNDECIDED = (
    "Why a child who leaves an institution moves into a family, or into independent living, before a decision for this "
    "move is approved; needed while gatekeeping is in force."
)


class EndPrevious(Command):
    """Ends the placement that is open, on the day the new one starts."""

    reason: EndReason


class PlacementStart(Create):
    """Starts a placement: in an institution, with a household, or in neither, as its kind asks."""

    child: UUID
    kind: PlacementKind
    started_on: Day = Field(description="The first day there; not in the future.")
    institution: UUID | None = Field(None, description="For residential kinds.")
    household: UUID | None = Field(None, description="For family kinds; at home where it is on record.")
    entry_reason: EntryReason | None = Field(None, description="Why the child came into care.")
    end_previous: EndPrevious | None = Field(None, description="Needed where the child has an open placement.")
    note: Prose | None = None
    unprepared_reason: Line | None = Field(
        None, description="Why the placement starts before its preparation is done; needed where steps are open."
    )
    undecided_reason: Line | None = Field(None, description=UNDECIDED)
    brought_by: Line | None = Field(None, description="Who brought the child.")
    child_was: Prose | None = Field(None, description="How the child was on that day.")
    planned_end_on: Day | None = Field(None, description="Until when it is meant to last, where that is known.")
    address: Line | None = Field(None, description="Where somebody who lives alone lives, in words.")
    rent_until: Day | None = Field(None, description="Until when the rent is paid for somebody who lives alone.")
    mentor: Line | None = Field(None, description="Who stands by somebody who lives alone.")


class SleepsNext(Command):
    """Where the child sleeps from the night of the end on: the placement that starts on that day."""

    kind: PlacementKind
    institution: UUID | None = Field(None, description="For residential kinds.")
    household: UUID | None = Field(None, description="For family kinds; at home where it is on record.")
    undecided_reason: Line | None = Field(None, description=UNDECIDED)
    note: Prose | None = None


class PlacementEnd(Command):
    """Ends a placement, and says where the child sleeps from then on where the end was not planned."""

    ended_on: Day = Field(description="The last day there; not before the start, not in the future.")
    reason: EndReason
    next: SleepsNext | None = Field(None, description="Starts this placement on the day the other one ends.")


class PlacementChange(Command):
    """Changes what is told of a placement beside its days and its host; only what is given changes."""

    brought_by: Line | None = None
    child_was: Prose | None = None
    note: Prose | None = None
    planned_end_on: Day | None = None
    address: Line | None = None
    rent_until: Day | None = None
    mentor: Line | None = None


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
    undecided_reason: str | None = Field(
        description="Why the child left an institution for it before that was decided; null also for a reader whose "
        "role does not see it."
    )
    version: int
    created_at: datetime


class PlacementDetail(PlacementRow):
    """A placement with what was noted about it; all of that is null where the reader's role does not see it."""

    note: str | None = None
    brought_by: str | None = None
    child_was: str | None = None
    unprepared_reason: str | None = None
    planned_end_on: date | None = None
    address: str | None = None
    rent_until: date | None = None
    mentor: str | None = None
