"""What may be asked about plans, packages and reviews, and what is told of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, computed_field

from app.approvals.schemas import ApprovalRow
from app.core.schemas import Command, Create, Day, Money, ReadModel
from app.core.text import Line, Prose
from app.plans.rules import why_ended
from app.plans.words import (
    ActionState,
    GoalState,
    PackageKind,
    PackageSource,
    PackageState,
    PlanState,
    Responsible,
    ReviewNotHeard,
    ReviewResult,
)
from app.visits.words import WellbeingDomain

MOST_RWF = 100_000_000
Rwf = Annotated[Money, Field(ge=0, le=MOST_RWF, description="Whole Rwf for all of it.")]
Quantity = Annotated[int, Field(ge=1, le=10_000)]
Said = Annotated[Prose, Field(min_length=1)]


class PlanStart(Create):
    """Starts a plan as a draft; where one is in force, a new version with what is still to be done of it."""

    aim: Said = Field(description="What shall be different for the child at the end.")
    child_says: Prose | None = Field(None, description="What the child wants.")
    family_says: Prose | None = Field(None, description="What the family wants.")


class PlanChange(Command):
    """What the head of a draft says now: the whole of it."""

    aim: Said
    child_says: Prose | None = None
    family_says: Prose | None = None


class GoalAdd(Create):
    """Adds a goal to a draft."""

    domain: WellbeingDomain
    statement: Line = Field(description="What shall be true, so that anybody can see whether it is.")


class GoalChange(Command):
    """What a goal of a draft says now."""

    domain: WellbeingDomain
    statement: Line
    dropped: bool = Field(False, description="Takes it out of the plan.")


class ActionAdd(Create):
    """Adds an action to a draft."""

    goal: UUID | None = Field(None, description="The goal of the same plan that it serves.")
    what: Line
    responsible: Responsible
    post: UUID | None = Field(None, description="The office's post; the child's own worker if absent.")
    responsible_name: Line | None = Field(None, description="Who, where it is no office.")
    due_on: Day


class ActionChange(Command):
    """What an action of a draft says now."""

    goal: UUID | None = None
    what: Line
    responsible: Responsible
    post: UUID | None = None
    responsible_name: Line | None = None
    due_on: Day
    dropped: bool = Field(False, description="Takes it out of the plan.")


class ActionReport(Command):
    """Says that an action was done, or why not."""

    done: bool
    done_on: Day | None = Field(None, description="Needed where it was done; not in the future.")
    not_done_because: Line | None = Field(None, description="Needed where it was not done.")


class PackageAdd(Create):
    """Adds a package for the family to a draft."""

    kind: PackageKind
    what: Line | None = None
    quantity: Quantity = 1
    amount_rwf: Rwf
    source: PackageSource = Field(description="Whose money it is.")
    planned_on: Day | None = None


class PackageChange(Command):
    """What a package of a draft says now."""

    kind: PackageKind
    what: Line | None = None
    quantity: Quantity = 1
    amount_rwf: Rwf
    source: PackageSource
    planned_on: Day | None = None
    dropped: bool = Field(False, description="Takes it out of the plan.")


class PackageGive(Command):
    """Says that a package was given, what it cost in the end, and where the receipt is."""

    given_on: Day = Field(description="Not in the future.")
    amount_rwf: Rwf
    receipt: Line | None = Field(None, description="Number of the receipt, or who signed.")


class ReviewRecord(Create):
    """Records a review of the plan in force."""

    reviewed_on: Day = Field(description="Not in the future, not before the plan came into force.")
    present: Line | None = Field(None, description="Who sat together.")
    child_heard: bool
    child_said: Prose | None = Field(None, description="Needed where the child was heard.")
    not_heard: ReviewNotHeard | None = Field(None, description="Needed where the child was not heard.")
    changed: Said = Field(description="What has changed since the last time.")
    result: ReviewResult
    next_review_on: Day | None = Field(None, description="Within the limit, by default 90 days; none at the end.")


class PlanEnd(Command):
    """Closes the plan in force."""

    reason: Line


class PlanRow(ReadModel):
    """One version of a plan."""

    id: UUID
    child: UUID
    number: int
    state: PlanState
    aim: str
    child_says: str | None
    family_says: str | None
    in_force_on: date | None
    review_on: date | None
    ended_on: date | None
    ended_reason: str | None = Field(description="Why the plan was closed; empty where it ended with its case.")
    version: int

    @property
    def why_ended(self) -> str | None:
        """Why it was closed, in words."""
        return why_ended(self.state, self.ended_reason)


class GoalRow(ReadModel):
    """A goal."""

    id: UUID
    plan: UUID
    domain: WellbeingDomain
    statement: str
    state: GoalState
    version: int


class PlanActionRow(ReadModel):
    """An action: who does what until when."""

    id: UUID
    plan: UUID
    goal: UUID | None
    what: str
    responsible: Responsible
    post: UUID | None
    responsible_name: str | None = Field(description="The name, or who holds the post today.")
    due_on: date
    state: ActionState
    done_on: date | None
    not_done_because: str | None
    version: int


class PackageRow(ReadModel):
    """A package for the family."""

    id: UUID
    plan: UUID
    kind: PackageKind
    what: str | None
    quantity: int
    amount_rwf: int
    source: PackageSource
    planned_on: date | None
    state: PackageState
    given_on: date | None
    receipt: str | None
    version: int


class ReviewRow(ReadModel):
    """A review."""

    id: UUID
    plan: UUID
    reviewed_on: date
    present: str | None
    child_heard: bool
    child_said: str | None
    not_heard: ReviewNotHeard | None
    changed: str
    result: ReviewResult
    next_review_on: date | None


class PlanDetail(PlanRow):
    """A version of a plan with all that it holds."""

    goals: list[GoalRow]
    actions: list[PlanActionRow]
    packages: list[PackageRow]
    reviews: list[ReviewRow]
    approval: ApprovalRow | None = None


class Cost(ReadModel):
    """What one source pays: planned in the plan in force, and given in all plans."""

    source: PackageSource
    planned_rwf: int
    given_rwf: int


class ChildPlanFile(ReadModel):
    """The plan in force, the version that is being written, all versions, and what they cost."""

    current: PlanDetail | None
    draft: PlanDetail | None
    ended: PlanDetail | None = Field(description="The plan that was closed last, where none is in force.")
    versions: list[PlanRow]
    costs: list[Cost]

    @computed_field(description="Planned in all, in Rwf.")  # type: ignore[prop-decorator]
    @property
    def planned_rwf(self) -> int:
        """Planned in all."""
        return sum(cost.planned_rwf for cost in self.costs)

    @computed_field(description="Given in all, in Rwf.")  # type: ignore[prop-decorator]
    @property
    def given_rwf(self) -> int:
        """Given in all."""
        return sum(cost.given_rwf for cost in self.costs)


class PlanSummary(ReadModel):
    """How a child's plan stands, in a line: the newest version that is not over."""

    plan: UUID
    state: PlanState
    review_on: date | None
    open_actions: int
    late_actions: int
    waiting_services: int
