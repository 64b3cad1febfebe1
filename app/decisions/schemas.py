"""What is asked about decisions and matches, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.approvals.schemas import ApprovalRow
from app.approvals.words import ApprovalKind
from app.children.words import EntryReason, PlacementKind, Sex
from app.core.schemas import Command, Create, Day, ReadModel
from app.core.text import Line, Name, Prose
from app.decisions.words import CareOption, DecisionNotHeard, DecisionState, Nearness, Siblings
from app.fostering.words import Care


class Sitting(Command):
    """Somebody who sat on the panel."""

    name: Name | None = Field(None, description="Who; needed before it is sent.")
    role: Line | None = Field(
        None, description="In which role, such as social worker, village leader, aunt; needed before it is sent."
    )


class Considered(Command):
    """An option, and what the panel found."""

    option: CareOption = Field(description="One of the options in their order of preference.")
    considered: bool = Field(False, description="Whether it was looked into.")
    finding: Prose | None = Field(None, description="What was found.")
    why_not: Prose | None = Field(None, description="Why it is not the one that was decided.")


class DecisionContent(Command):
    """What a panel decided about a child, as far as it is written.

    A draft needs nothing but the day. What is said to be needed is asked for when the draft is sent for approval.
    """

    decided_on: Day = Field(description="The day on which the panel sat; not in the future.")
    panel: Annotated[
        list[Sitting],
        Field(default_factory=list, max_length=12, description="Who sat; at least two are needed before it is sent."),
    ]
    author_sat: bool = Field(True, description="Whether the author of this record sat among them.")
    grounds: Annotated[
        list[EntryReason],
        Field(
            default_factory=list,
            max_length=21,
            description="Why the child cannot be with the parents; never poverty alone. Needed before it is sent.",
        ),
    ]
    necessity: Prose | None = Field(None, description="Why it is necessary; needed before it is sent.")
    options: Annotated[
        list[Considered], Field(default_factory=list, max_length=6, description="Every option that was weighed.")
    ]
    kind: PlacementKind | None = Field(None, description="How the child will live; needed before it is sent.")
    suitability: Prose | None = Field(None, description="Why it is suitable for this child; needed before it is sent.")
    child_heard: bool | None = Field(None, description="Whether the child was heard; needed before it is sent.")
    child_said: Prose | None = Field(None, description="What the child said.")
    not_heard: DecisionNotHeard | None = Field(None, description="Why the child was not heard.")
    siblings: Siblings | None = Field(
        None, description="What it means for brothers and sisters; needed before it is sent."
    )
    siblings_why: Line | None = Field(None, description="Why they will live apart, and how they stay in touch.")
    also_codes: Line | None = Field(
        None, description="Codes of brothers and sisters for whom it counts too, with commas between."
    )
    household_code: Line | None = Field(None, description="Code of the household, where it is known already.")
    institution: UUID | None = Field(None, description="The institution, for residential care.")
    far_why: Line | None = Field(None, description="Why it is in another district than the child's own.")
    conditions: Prose | None = Field(None, description="Under which conditions.")


class DecisionMake(DecisionContent, Create):
    """Writes down a panel's decision, as a draft."""


class MatchChoose(Create):
    """Chooses a family among those that are proposed."""

    household: UUID = Field(description="The household that was chosen.")
    why: Line = Field(description="Why this family, in a sentence.")


class PanelRow(ReadModel):
    """Somebody who sat on the panel; the name is null for who sees the child by code only."""

    name: str | None
    role: str | None


class ConsideredRow(ReadModel):
    """An option as the panel saw it."""

    option: CareOption = Field(description="The option.")
    considered: bool = Field(description="Whether it was looked into.")
    finding: str | None = Field(description="What was found.")
    why_not: str | None = Field(description="Why it is not the one that was decided.")


class SharedChild(ReadModel):
    """Another child for whom a decision counts too."""

    child: UUID
    child_code: str


class DecisionRow(ReadModel):
    """A decision in the list of a child, the newest first."""

    id: UUID
    child: UUID
    child_code: str
    state: DecisionState = Field(description="Where it stands.")
    decided_on: date = Field(description="The day on which the panel sat.")
    kind: PlacementKind | None = Field(description="How the child will live; null where a draft does not say it yet.")
    approved_at: datetime | None = Field(description="When it was approved.")
    version: int


class Missing(ReadModel):
    """Something that a draft lacks before it can be sent for approval."""

    field: str = Field(description="The field of the draft.")
    words: str = Field(description="What to write there.")


class DecisionDetail(DecisionRow):
    """A decision. Whoever approves for the State reads code, age and sex, and no names of people."""

    coded: bool = Field(description="Whether names are left out for this reader.")
    initials: str | None
    age_text: str | None = Field(description="The child's age in words.")
    sex: Sex
    panel: list[PanelRow] = Field(description="Who sat.")
    author_sat: bool = Field(description="Whether the author sat among them.")
    grounds: list[EntryReason] = Field(description="Why the child cannot be with the parents.")
    necessity: str | None = Field(description="Why it is necessary.")
    options: list[ConsideredRow] = Field(description="Every option that was weighed.")
    suitability: str | None = Field(description="Why this is suitable for this child.")
    child_heard: bool | None = Field(description="Whether the child was heard.")
    child_said: str | None = Field(description="What the child said.")
    not_heard: DecisionNotHeard | None = Field(description="Why the child was not heard.")
    siblings: Siblings | None = Field(description="What it means for brothers and sisters.")
    siblings_why: str | None = Field(description="Why they will live apart.")
    shared: list[SharedChild] = Field(description="Other children in reach for whom it counts too.")
    household: UUID | None
    household_code: str | None = Field(description="The household's code.")
    institution: UUID | None
    institution_name: str | None
    nearness: Nearness | None = Field(description="How near the home is to the child's own; null where not known.")
    far_why: str | None = Field(description="Why it is in another district than the child's own.")
    conditions: str | None = Field(description="Under which conditions.")
    approval_kind: ApprovalKind | None = Field(description="Whose approval it needs; null before it was sent.")
    approval: ApprovalRow | None = Field(description="The newest request for approval.")
    author: str | None
    missing: list[Missing] = Field(description="What a draft lacks before it can be sent; empty for all others.")


class Proposal(ReadModel):
    """A family, how it fits, and why."""

    household: UUID
    household_code: str = Field(description="The household's code.")
    head_name: str
    place: str = Field(description="Where it lives, in words.")
    score: int = Field(description="Orders the proposals; it means nothing by itself.")
    reasons: list[str] = Field(description="What speaks for it.")
    against: list[str] = Field(description="What speaks against it.")
    excluded: list[str] = Field(description="Why it cannot be proposed.")
    free: int = Field(description="Places that are left.")
    nearness: Nearness | None = Field(description="How near the home is to the child's own; null where not known.")


class MatchRow(ReadModel):
    """The family that was chosen."""

    id: UUID
    household: UUID
    household_code: str = Field(description="The household's code.")
    head_name: str
    why: str = Field(description="Why this family.")
    reasons: list[str] = Field(description="What spoke for it.")
    against: list[str] = Field(description="What spoke against it.")
    others: int = Field(description="How many other families were proposed.")
    chosen_at: datetime = Field(description="When it was chosen.")
    by: str | None = Field(description="Who chose it.")


class FamiliesElsewhere(ReadModel):
    """How many families of another district would fit; which, its supervisor says."""

    district: int = Field(description="Code of the district.")
    district_name: str
    families: int = Field(description="How many families there are available, with room for all who come.")


class Matching(ReadModel):
    """Families for a child whose decision is a foster family; `decision` is null where there is none approved."""

    child: UUID
    decision: UUID | None = Field(description="The approved decision.")
    care: Care | None = Field(description="The care that it asks for.")
    children: int = Field(description="How many children come together.")
    siblings_beyond: list[str] = Field(
        [], description="Codes of brothers and sisters decided together whose files the caller does not open."
    )
    proposals: list[Proposal] = Field(
        description="Families that fit, the best first; those of other districts after the own."
    )
    elsewhere: list[FamiliesElsewhere] = Field(
        [], description="Districts beyond the caller's reach with families that may fit, the likeliest first."
    )
    excluded: list[Proposal] = Field(description="Families that cannot be proposed, and why.")
    chosen: MatchRow | None = Field(description="The family that was chosen last.")
