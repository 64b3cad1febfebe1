"""What may be asked about consent, and what is told of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.consents.words import Answer, Assent, ConsentState, Giver, How, LegalBasis, Purpose, WithholdReason
from app.core.schemas import Command, Create, Day, ReadModel
from app.core.text import Line, Name, Prose


class ConsentRecord(Create):
    """Writes down what was said, or on which other basis the work rests."""

    purpose: Annotated[Purpose, Field(description="What is agreed to.")]
    organisation: Annotated[Name | None, Field(description="With whom information is shared; for sharing only.")] = None
    answer: Annotated[Answer, Field(description="What was said.")] = Answer.NOT_ASKED
    basis: Annotated[LegalBasis, Field(description="What the work rests on.")] = LegalBasis.CONSENT
    how: Annotated[How | None, Field(description="By word of mouth or in writing.")] = None
    given_by: Annotated[Giver | None, Field(description="Who answered.")] = None
    giver_name: Annotated[Name | None, Field(description="The name of who answered.")] = None
    assent: Annotated[Assent | None, Field(description="What the child says to it.")] = None
    given_on: Annotated[Day, Field(description="The day on which it was said, or the basis arose.")]
    document: Annotated[UUID | None, Field(description="The written consent among the child's documents.")] = None
    reason: Annotated[
        Line | None, Field(description="Why it may be done without consent; needed for another basis.")
    ] = None
    note: Annotated[Prose | None, Field(description="A remark.")] = None


class ConsentWithdraw(Command):
    """Withdraws a consent, or another basis that does not hold any more."""

    withdrawn_on: Annotated[Day, Field(description="The day on which it was withdrawn.")]
    reason: Annotated[Line, Field(description="Why, in the words of who withdrew it.")]


class WithholdingAdd(Create):
    """Writes down what must not be told to whom."""

    what: Annotated[Line, Field(description="What must not be told.")]
    from_whom: Annotated[Line, Field(description="To whom.")]
    reason: Annotated[WithholdReason, Field(description="Why.")]
    note: Annotated[Prose | None, Field(description="A remark.")] = None


class WithholdingLift(Command):
    """Says that it need not be withheld any more."""

    reason: Annotated[Line, Field(description="Why it may be told now.")]


class ConsentRow(ReadModel):
    """One entry, and whether it holds."""

    id: UUID
    child: UUID
    purpose: Purpose
    organisation: str | None = Field(None, description="With whom information is shared.")
    answer: Answer
    basis: LegalBasis = Field(description="What the work rests on.")
    how: How | None = Field(None, description="By word of mouth or in writing.")
    given_by: Giver | None = Field(None, description="Who answered.")
    giver_name: str | None = Field(None, description="The name of who answered.")
    assent: Assent | None = Field(None, description="What the child says to it.")
    given_on: date = Field(description="The day on which it was said.")
    document: UUID | None = Field(None, description="The written consent among the child's documents.")
    reason: str | None = Field(None, description="Why it may be done without consent.")
    note: str | None = Field(None, description="A remark.")
    agreed: bool | None = Field(None, description="What the supervisor said to another basis; null until then.")
    withdrawn_on: date | None = Field(None, description="The day on which it was withdrawn.")
    withdrawn_at: datetime | None = Field(None, description="When the withdrawal was written down.")
    withdrawn_reason: str | None = Field(None, description="Why it was withdrawn.")
    state: ConsentState = Field(description="Whether it holds.")
    created_at: datetime
    version: int


class WithholdingRow(ReadModel):
    """What must not be told to whom."""

    id: UUID
    child: UUID
    what: str = Field(description="What must not be told.")
    from_whom: str = Field(description="To whom.")
    reason: WithholdReason = Field(description="Why.")
    note: str | None = Field(None, description="A remark.")
    lifted_on: date | None = Field(None, description="Since when it may be told.")
    lifted_reason: str | None = Field(None, description="Why it may be told.")


class Standing(ReadModel):
    """How a purpose stands now."""

    purpose: Purpose
    organisation: str | None = Field(None, description="With whom information would be shared.")
    allowed: bool = Field(description="Whether it may be done.")
    reason: str = Field(description="Why, in words.")


class ConsentFile(ReadModel):
    """All that was said about a child's information, and what follows from it."""

    child: UUID
    standing: list[Standing] = Field(description="For each purpose and organisation, whether it may be done.")
    consents: list[ConsentRow] = Field(description="Every entry, the newest first.")
    withholdings: list[WithholdingRow] = Field(description="What must not be told to whom, also what was lifted.")
