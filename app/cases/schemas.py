"""What may be asked about cases, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.approvals.schemas import ApprovalRow
from app.cases.words import (
    Aftermath,
    CaseContactKind,
    CaseState,
    ClosingCondition,
    ClosingReason,
    ContactOutcome,
    Risk,
    Source,
    StepKind,
    Tier,
    TransferState,
)
from app.children.words import ConcernType, Sex
from app.core.i18n import gettext as _
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line, Prose
from app.places.schemas import PlaceCode, PlacePath


def _said(text: str) -> str:
    if not text:
        raise ValueError(_("This is needed"))
    return text


Said = Annotated[Prose, AfterValidator(_said)]
"""A text of several lines that may not be empty."""


class ConcernGiven(Command):
    """A concern: what, where, since when it is known, and through whom."""

    concern: ConcernType
    village: Annotated[PlaceCode | None, Field(description="The village where it was seen.")] = None
    place_words: Annotated[Line | None, Field(description="The place in words: a market, a school.")] = None
    identified_on: Day
    source: Source
    identified_by: Annotated[Line | None, Field(description="Who, in words, as far as it may be said.")] = None
    note: Prose | None = None


class ConcernAdd(ConcernGiven, Create):
    """Adds a concern to an open case."""


class CaseOpen(Create):
    """Opens the case of a child: its concerns, the danger it is in, and who holds it."""

    concerns: Annotated[list[ConcernGiven], Field(min_length=1, max_length=10)]
    risk: Risk
    risk_reason: Said
    sector_post: Annotated[
        UUID | None,
        Field(description="A sector officer's post that is to hold a case of low risk; else a professional."),
    ] = None


class RiskRate(Command):
    """Rates the risk again."""

    risk: Risk
    reason: Said


class CaseAdvance(Command):
    """Brings a case to another step; a reason is needed where one is left out, or the case goes back."""

    state: CaseState
    reason: Line | None = None


class CaseHold(Command):
    """Gives a case of low risk to a sector officer's post, or takes it back (no post)."""

    post: UUID | None = None
    reason: Line


class CaseContactRecord(Create):
    """Somebody tried to reach the child or the family; `aftermath` is asked of closed cases only."""

    contacted_on: Day
    kind: CaseContactKind
    outcome: ContactOutcome
    aftermath: Aftermath | None = None
    note: Prose | None = None


class TransferAsk(Create):
    """Asks another district to take the case."""

    district: Annotated[PlaceCode, Field(description="The code of the district, two digits.")]
    reason: Annotated[Line, Field(description="Read before the transfer is accepted: write no names.")]
    note: Annotated[Said, Field(description="The hand-over note, which opens with the acceptance.")]


class TransferAccept(Command):
    """Takes the case, and says which post."""

    post: UUID


class TransferDecline(Command):
    """Does not take the case."""

    reason: Line


class CaseClose(Create):
    """Asks for a case to be closed; some reasons close it at once."""

    reason: ClosingReason
    words: Annotated[Said, Field(description="How it came to this; where a condition is not met, why nevertheless.")]
    ended_on: Annotated[Day | None, Field(description="The day of the death, or since when the child is missing.")] = (
        None
    )
    other_code: Annotated[Line | None, Field(description="For a duplicate: the code of the record that goes on.")] = (
        None
    )
    agency: Annotated[Line | None, Field(description="The organisation that goes on.")] = None


class ClosingApprove(Command):
    """Agrees to a closing; the reason is needed where a condition is not met."""

    reason: Line | None = None


class CaseReopen(Command):
    """Opens a closed case again."""

    reason: Said


class GroupJoin(Command):
    """Takes the decisions of two cases together."""

    code: Annotated[Line, Field(description="The code of a brother or sister.")]
    reason: Line


class CaseQuery(ListQuery):
    """Filters of the list of cases."""

    state: CaseState | None = Field(None, description="Open cases of every step if absent.")
    risk: Risk | None = None
    tier: Tier | None = None
    mine: bool = Field(False, description="Only those that my post holds.")
    late: bool = Field(False, description="Only those about which something is overdue.")


class TransferQuery(ListQuery):
    """The query of transfers that wait."""


class CaseRow(ReadModel):
    """A case in a list."""

    id: UUID
    code: str
    child: UUID
    child_code: str
    child_name: str
    state: CaseState
    risk: Risk | None
    tier: Tier
    opened_on: date
    closed_on: date | None
    closing_reason: ClosingReason | None
    holder: str | None = Field(description="Who holds the responsible post today.")
    next_due_on: date | None = Field(description="When the next thing about the child is due.")
    late: bool = Field(description="Whether something about the child is overdue.")
    version: int


class ConcernRow(ReadModel):
    """A concern of a case."""

    id: UUID
    concern: ConcernType
    place: PlacePath | None
    place_words: str | None
    identified_on: date
    source: Source
    identified_by: str | None
    note: str | None


class RatingRow(ReadModel):
    """One rating of the risk."""

    id: UUID
    risk: Risk
    reason: str
    rated_at: datetime
    by: str | None


class CaseStepRow(ReadModel):
    """One change of a case's state or holder."""

    id: UUID
    kind: StepKind
    state: CaseState
    reason: str | None
    happened_on: date
    by: str | None


class CaseContactRow(ReadModel):
    """One attempt to reach a child or family."""

    id: UUID
    contacted_on: date
    kind: CaseContactKind
    outcome: ContactOutcome
    aftermath: Aftermath | None
    note: str | None


class TransferRow(ReadModel):
    """A transfer as both sides may read it: a code and no name."""

    id: UUID
    case: UUID
    child_code: str
    sex: Sex
    age_text: str
    concerns: list[ConcernType]
    risk: Risk | None
    reason: str
    from_district: str | None
    to_district: str | None
    state: TransferState
    created_at: datetime
    answered_at: datetime | None
    answer: str | None
    incoming: bool = Field(description="Whether it is the caller's to answer.")
    child: UUID | None = Field(None, description="The child, for who may open its file.")
    note: str | None = Field(None, description="The hand-over note, for who may open the file.")


class ClosingRow(ReadModel):
    """A request to close a case, with what was not met and what became of it."""

    id: UUID
    reason: ClosingReason
    words: str
    ended_on: date | None
    other_code: str | None
    agency: str | None
    unmet: list[ClosingCondition]
    closed_on: date | None
    created_at: datetime
    approval: ApprovalRow | None = None


class GroupMember(ReadModel):
    """A child of a group: a code, and more only for who may open the file."""

    code: str
    child: UUID | None = None
    name: str | None = None
    state: CaseState | None = None


class CaseDetail(CaseRow):
    """A case with all that it gathers."""

    child_restricted: bool
    retain_until: date | None
    responsible_post: UUID | None
    supervising_post: UUID | None
    supervisor: str | None = Field(description="Who watches over a case that a sector holds.")
    concerns: list[ConcernRow]
    ratings: list[RatingRow]
    steps: list[CaseStepRow]
    contacts: list[CaseContactRow]
    transfers: list[TransferRow]
    closing: ClosingRow | None
    group: list[GroupMember]


class CaseSummary(ReadModel):
    """The newest case of a child in a few facts."""

    id: UUID
    code: str
    state: CaseState
    risk: Risk | None
    tier: Tier
    opened_on: date
    closed_on: date | None
    closing_reason: ClosingReason | None
    in_group: bool
    transfer_waits: bool
