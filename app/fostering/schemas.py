"""What is asked about foster families, and what is told of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.approvals.schemas import ApprovalRow
from app.children.words import PlacementKind, Sex, Vetting
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, OptionalName, Prose
from app.fostering.words import Care, Stage, Step
from app.places.schemas import PlaceCode
from app.record.words import Language

Age = Annotated[int, Field(ge=0, le=25)]


class Offer(Command):
    """What a family offers. Preferences are only those that the law allows: age, sex, number; never ethnicity."""

    income_source: Annotated[Line | None, Field(description="What the family lives on.")] = None
    languages: Annotated[
        list[Language], Field(default_factory=list, max_length=6, description="Spoken or signed at home.")
    ]
    age_from: Annotated[Age | None, Field(description="Youngest child, in years.")] = None
    age_to: Annotated[Age | None, Field(description="Oldest child, in years.")] = None
    sex: Annotated[Sex | None, Field(description="Only girls or only boys; null for either.")] = None
    siblings_welcome: bool = Field(False, description="Takes brothers and sisters together.")
    disability_training: Annotated[
        Prose | None, Field(description="Training or experience with disability; null for none.")
    ] = None
    cares: Annotated[list[Care], Field(min_length=1, max_length=4, description="Kinds of care.")]


class FamilyApply(Offer, Create):
    """A household applies to be a foster family."""

    applied_on: Day = Field(description="The day of the application; not in the future.")


class StepRecord(Create):
    """Writes down a step: what was done, when, and what was found."""

    step: Step = Field(description="A check, its completion, a training, a visit, or a new application.")
    stepped_on: Day = Field(description="The day of the step; not in the future.")
    in_order: bool = Field(True, description="False where something was found that stands against the family.")
    note: Annotated[Prose | None, Field(description="What was found, and where the evidence is.")] = None
    document: Annotated[OptionalName | None, Field(description="A paper that proves it, by its number or name.")] = None


class Reason(Command):
    """Says why."""

    reason: Line = Field(description="Why, in a sentence.")


class Ask(Command):
    """Asks for the approval of a family, or for its renewal."""

    note: Annotated[Line | None, Field(description="What the supervisor should know.")] = None


class FosterQuery(ListQuery):
    """Filters of the list of foster families."""

    stage: Annotated[Stage | None, Field(description="Only families that stand here.")] = None
    care: Annotated[Care | None, Field(description="Only families that offer this care.")] = None
    free: bool = Field(False, description="Only available families with a free place.")
    renewal: bool = Field(False, description="Only families whose approval is to be renewed now.")
    place: Annotated[PlaceCode | None, Field(description="Inside this place (its code).")] = None


class FosterRow(ReadModel):
    """A foster family in a list."""

    household: UUID
    household_code: str = Field(description="The household's code.")
    head_name: str
    place: str = Field(description="Where it lives, in words.")
    stage: Stage = Field(description="Where the family stands.")
    vetting: Vetting
    cares: list[Care] = Field(description="Kinds of care that it offers.")
    capacity: int
    children: int = Field(description="Children of the programme who live there now.")
    free: int = Field(description="Places that are left.")
    approved_until: date | None = Field(description="The last day of the approval.")
    renewal_due: bool = Field(description="Whether the renewal is to be asked for now.")


class FosterStepRow(ReadModel):
    """One line of a family's way."""

    id: UUID
    step: Step = Field(description="What was done.")
    stepped_on: date = Field(description="The day on which it was done.")
    in_order: bool = Field(description="Whether all was in order.")
    note: str | None
    document: str | None = Field(description="The paper that proves it, by its number or name.")
    by: str | None = Field(description="Who wrote it down.")


class HostedRow(ReadModel):
    """A child who lives or lived with a family: the code only."""

    child: UUID
    child_code: str
    initials: str
    kind: PlacementKind
    started_on: date
    ended_on: date | None


class FosterDetail(FosterRow):
    """A foster family with its offer, its steps and the children whom it raises or raised."""

    id: UUID
    income_source: str | None = Field(description="What the family lives on.")
    languages: list[Language] = Field(description="Spoken or signed at home.")
    age_from: int | None = Field(description="Youngest child, in years.")
    age_to: int | None = Field(description="Oldest child, in years.")
    sex: Sex | None = Field(description="Only girls or only boys; null for either.")
    siblings_welcome: bool = Field(description="Takes brothers and sisters together.")
    disability_training: str | None = Field(description="Training or experience with disability.")
    record_checked_on: date | None = Field(description="The newest check of the criminal record that was in order.")
    record_until: date | None = Field(description="The last day for which that check holds.")
    references_on: date | None = Field(description="When references were last found in order.")
    home_checked_on: date | None = Field(description="When the home was last found in order.")
    approved_on: date | None = Field(description="The day of the approval.")
    paused_why: str | None = Field(description="Why the family is paused.")
    missing: list[str] = Field(description="What has still to be found in order.")
    approval: ApprovalRow | None = Field(description="The newest request for approval.")
    steps: list[FosterStepRow] = Field(description="Every step, the newest first.")
    hosted: list[HostedRow] = Field(description="Children in reach who live or lived there.")
    version: int


class Fostering(ReadModel):
    """How a household stands as a foster family; `family` is null where it never applied."""

    household: UUID
    family: FosterDetail | None = Field(description="The foster family; null where the household never applied.")
