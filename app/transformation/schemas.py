"""What may be asked about a house's way to its last day, and what is told of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.approvals.schemas import ApprovalRow
from app.children.words import Sex
from app.core import clock
from app.core.schemas import Command, Create, Day, ListQuery, Money, ReadModel
from app.core.text import Line, Name, OptionalName, Prose
from app.institutions.words import ClosureStage
from app.places.schemas import PlaceCode, PlacePath
from app.transformation.words import Becomes, Currency, NextStep, Obstacle, Readiness, StaffRole

Stage = Annotated[int, Field(ge=0, le=8, description="Stage on the way to closure, 0 (identified) to 8.")]
Heads = Annotated[int, Field(ge=0, le=2000)]
Amount = Annotated[Money, Field(ge=0, le=2_000_000_000, description="Money a year, in whole units of the currency.")]

# Stages


class StageMove(Command):
    """Moves a house to another stage: forward one at a time, or back with the reason."""

    to: Stage
    reached_on: Day = Field(description="The day on which it was reached; not in the future.")
    evidence: Annotated[Line, Field(description="What shows it; for a step back the reason.")]
    document: Annotated[OptionalName | None, Field(description="A paper that proves it, by its number or name.")] = None


class StageRow(ReadModel):
    """One change of the stage, the newest first. Evidence is told to workers and national staff only."""

    id: UUID
    from_stage: int
    stage: int
    reached_on: date
    evidence: str | None
    document: str | None
    by: str | None = Field(description="Who recorded it.")
    created_at: datetime


class BreachAnswerWrite(Command):
    """Says what came of an admission after the moratorium."""

    placement: UUID
    answer: Line


class Breach(ReadModel):
    """An admission dated after the moratorium. The child is named by code, and not at all where it is restricted."""

    placement: UUID
    institution: UUID
    institution_name: str
    child: UUID | None
    child_code: str | None
    started_on: date
    moratorium_on: date
    answer: str | None = Field(description="What a supervisor found; null as long as it is an alert.")
    answered_at: datetime | None


class LeftItem(ReadModel):
    """One thing that stands between the house and its last day."""

    what: NextStep
    count: int | None = Field(description="How many, where that is counted.")


class ClosureFile(ReadModel):
    """A house on its way to closure."""

    id: UUID
    name: str
    stage: int
    stage_reached_on: date | None
    moratorium_on: date | None
    residents: int
    homes: int | None = Field(description="Stays that ended in a family or independent life; null for the manager.")
    other_exits: int | None = Field(description="Stays that ended in another way; null for the manager.")
    stages: list[StageRow]
    plan: "ClosurePlanFile | None"
    left: list[LeftItem]
    version: int


# The board


class BoardRow(ReadModel):
    """A resident on the board. National staff see code and initials, no name."""

    id: UUID
    code: str
    name: str
    sex: Sex
    age_years: int | None
    age_text: str = Field(exclude=True)
    has_disability: bool | None
    siblings: int = Field(description="Other residents who are recorded as siblings.")
    since: date | None
    days: int | None = Field(description="Days in the house.")
    readiness: Readiness
    obstacles: list[Obstacle]


class Board(ReadModel):
    """The residents of a house by readiness, and how many there are of each."""

    institution: UUID
    counts: dict[Readiness, int]
    hidden: int = Field(description="Residents whose files are restricted to others.")
    rows: list[BoardRow]


# Overview


class ClosureQuery(ListQuery):
    """Filters of the overview."""

    place: Annotated[PlaceCode | None, Field(description="Inside this place (its code).")] = None
    stage: Annotated[Stage | None, Field(description="At this stage.")] = None


class ClosureRow(ReadModel):
    """A house in the overview."""

    id: UUID
    name: str
    place: PlacePath = Field(description="The names of its sector and of what holds it.")
    stage: int
    stage_reached_on: date | None
    moratorium_on: date | None
    residents: int
    breaches: int = Field(description="Admissions after the moratorium that nobody has looked into.")
    counted_on: date | None = Field(description="The night of the last census.")
    last_day_planned: date | None = Field(description="The planned last day of residential care.")

    @property
    def late(self) -> bool:
        """Whether the planned last day has passed, and children are still cared for."""
        planned, ended = self.last_day_planned, self.stage >= ClosureStage.CARE_ENDED.number
        return planned is not None and planned < clock.today() and not ended

    @property
    def stage_word(self) -> ClosureStage:
        """The stage in words."""
        return ClosureStage(str(self.stage))


# The plan, and with what


class PlanWrite(Command):
    """What the house becomes, and where children, buildings, money and staff go."""

    becomes: Becomes
    becomes_words: OptionalName | None = None
    children: Annotated[Prose | None, Field(description="How the residents move, in what order; no child's name.")] = (
        None
    )
    buildings: Prose | None = None
    money: Prose | None = None
    staff: Prose | None = None
    last_day_planned: Day | None = Field(None, description="The planned last day of residential care.")


class ClosurePlanFile(ReadModel):
    """The plan as it stands; `approval` is the newest request."""

    id: UUID
    becomes: Becomes
    becomes_words: str | None
    children: str | None
    buildings: str | None
    money: str | None
    staff: str | None
    last_day_planned: date | None
    approved_on: date | None
    version: int
    approval: ApprovalRow | None = None


class StepAdd(Create):
    """Adds a step to the plan."""

    what: Line
    who: Name
    due_on: Day


class ClosureStepRow(ReadModel):
    """A step of the plan, the earliest first."""

    id: UUID
    what: str
    who: str
    due_on: date
    done_on: date | None


class FunderContent(Command):
    """Somebody who gives money to the house; sent again it corrects what was recorded."""

    name: Name
    country: OptionalName | None = None
    amount: Amount | None = None
    currency: Currency = Currency.RWF
    tied: bool | None = Field(None, description="Whether the money is given for children living in the house.")
    promised_until: Day | None = None
    note: OptionalName | None = None


class FunderAdd(FunderContent, Create):
    """Adds somebody who gives money to the house."""


class FunderRow(ReadModel):
    """A funder."""

    id: UUID
    name: str
    country: str | None
    amount: int | None
    currency: Currency
    tied: bool | None
    promised_until: date | None
    note: str | None
    ended_on: date | None = Field(description="The day since when nothing is given any more.")
    version: int


class StaffWrite(Command):
    """How many do one kind of work, and what they do after; replaces what was known of this work."""

    role: StaffRole
    number: Heads
    trained: Heads = 0
    retrained: Heads = 0
    moved: Heads = 0
    paid_off: Heads = 0


class StaffRow(ReadModel):
    """Staff of one kind of work."""

    role: StaffRole
    number: int
    trained: int
    retrained: int
    moved: int
    paid_off: int

    @property
    def undecided(self) -> int:
        """For how many nobody has decided yet."""
        return self.number - self.retrained - self.moved - self.paid_off


class Resources(ReadModel):
    """With what a house works, and what becomes of it."""

    id: UUID
    name: str
    funders: list[FunderRow]
    staff: list[StaffRow]
    plan: ClosurePlanFile | None
    steps: list[ClosureStepRow]


ClosureFile.model_rebuild()
