"""Commands and read models of what surrounds a placement: preparation, package, legal acts, times away, a death."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Command, Create, Day, Money, ReadModel
from app.core.text import Line, Prose
from app.placements.schemas import PlacementDetail, PlacementRow
from app.placements.words import AwayKind, FundSource, LegalKind, PlacementKind

Rwf = Annotated[Money, Field(ge=0, le=100_000_000, description="Whole Rwandan francs.")]


class PreparationStart(Create):
    """Begins to prepare a placement."""

    kind: PlacementKind = Field(description="What is prepared for: a family, or independent living.")
    planned_on: Day = Field(description="The day on which the child is to move; not past.")


class StepDone(Command):
    """A step of the preparation is done; said again it corrects the first."""

    step: Annotated[str, Field(max_length=60, description="Code of the step.")]
    done_on: Day
    done_by: Line = Field(description="Who did it.")
    note: Prose | None = None


class StepsDone(Command):
    """Several steps of the preparation are done on one day, by the same people."""

    step: Annotated[
        list[Annotated[str, Field(max_length=60)]],
        Field(default_factory=list, max_length=60, description="Codes of the steps; at least one."),
    ]
    done_on: Day
    done_by: Line = Field(description="Who did it.")
    note: Prose | None = None


class PreparationDrop(Command):
    """Gives up a preparation."""

    reason: Line


class PreparationStepRow(ReadModel):
    """A step with its words; the day is null while it is not done."""

    step: str
    label: str
    done_on: date | None
    done_by: str | None
    note: str | None


class PreparationDetail(ReadModel):
    """A preparation with its steps."""

    id: UUID
    child: UUID
    kind: PlacementKind
    planned_on: date
    placement: UUID | None = Field(description="The placement that it led to.")
    dropped_on: date | None
    drop_reason: str | None
    version: int
    steps: list[PreparationStepRow]

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.placement is None and self.dropped_on is None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done_on is not None for step in self.steps)


class SupportContent(Command):
    """Something that the child or the family was given for the start; sent again it corrects what was recorded."""

    item: Line
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    amount_rwf: Rwf = Field(description="What it cost in all, in whole Rwandan francs.")
    source: FundSource
    given_on: Day


class SupportGive(SupportContent, Create):
    """Records something that the child or the family was given for the start."""


class SupportRow(ReadModel):
    """Something that was given for the start."""

    id: UUID
    placement: UUID
    item: str
    quantity: int
    amount_rwf: int
    source: FundSource
    given_on: date
    version: int


class LegalActRecord(Create):
    """Records what makes a placement lawful."""

    kind: LegalKind
    number: Line
    decided_on: Day
    body: Line = Field(description="Who decided.")


class LegalActRow(ReadModel):
    """What makes a placement lawful."""

    id: UUID
    kind: LegalKind
    number: str
    decided_on: date
    body: str


class TimeAwayStart(Create):
    """Records that a child is elsewhere for a time, while the placement goes on."""

    kind: AwayKind
    from_on: Day = Field(description="The first day away.")
    until_on: Day | None = Field(None, description="The day of the return; leave it out while the child is away.")
    place: Line
    note: Prose | None = None


class TimeAwayEnd(Command):
    """The child came back."""

    until_on: Day = Field(description="The day of the return.")


class TimeAwayRow(ReadModel):
    """Days that a child spent elsewhere."""

    id: UUID
    placement: UUID
    kind: AwayKind
    from_on: date
    until_on: date | None
    place: str
    note: str | None


class Around(ReadModel):
    """What surrounds the placements of a child, the oldest first."""

    support: list[SupportRow]
    legal_acts: list[LegalActRow]
    times_away: list[TimeAwayRow]


class DeathReport(Create):
    """A caregiver of the household where a child is placed died."""

    member: UUID | None = Field(None, description="Who of the household; left out it is its head.")
    died_on: Day
    note: Prose | None = None


class DeathRow(ReadModel):
    """A caregiver who died while the child lived there."""

    id: UUID
    name: str
    died_on: date


class PlacementFile(PlacementDetail):
    """A placement with everything that surrounds it."""

    support: list[SupportRow]
    legal_acts: list[LegalActRow]
    times_away: list[TimeAwayRow]
    deaths: list[DeathRow]

    @property
    def support_rwf(self) -> int:
        """What was given in all."""
        return sum(item.amount_rwf for item in self.support)


class Whereabouts(ReadModel):
    """Where a child was on a day: in which placement, and whether away from it."""

    on: date
    placement: PlacementRow | None = Field(description="Null where no placement covers the day.")
    away: TimeAwayRow | None = Field(description="Null where the child was where the placement says.")
