"""What is asked about duplicates and joins, and what is told of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.children.schemas import Candidate
from app.children.words import BirthPrecision, Sex
from app.core.schemas import Command, Create, ReadModel
from app.core.text import Line
from app.finding.words import DuplicateAnswer, JoinState


class Keep(StrEnum):
    """Which of two records is kept."""

    THIS = "this"
    OTHER = "other"


class AskDuplicate(Create):
    """Asks the worker of a record elsewhere whether it is the same child."""

    other: Annotated[UUID, Field(description="The record, from the list of possible duplicates.")]
    note: Annotated[Line | None, Field(description="What may help to tell, in a sentence.")] = None


class AnswerQuestion(Command):
    """Says whether two records are of one child."""

    answer: DuplicateAnswer
    note: Annotated[Line | None, Field(description="What the asker should know.")] = None


class JoinRecords(Create):
    """Joins another record with this one."""

    other: Annotated[UUID, Field(description="The other record of the same child.")]
    keep: Annotated[Keep, Field(description="Which record is kept; the other one leads to it afterwards.")] = Keep.THIS
    reason: Annotated[Line, Field(description="How it is known that it is one child.")]


class PartRecords(Command):
    """Parts two records again."""

    reason: Annotated[Line, Field(description="Why they are two children.")]


class Told(ReadModel):
    """What the asker's child is known by, as it was when the question was asked."""

    name: str
    sex: Sex | None
    born_on: date | None
    birth_precision: BirthPrecision
    origin: str | None
    district: str | None


class QuestionDetail(ReadModel):
    """A question whether two records are of one child."""

    id: UUID
    child: UUID | None = Field(description="The asker's child, for who may open it.")
    other: UUID | None = Field(description="The other record, for who may open it.")
    other_code: str | None
    told: Told
    reasons: str
    note: str | None
    asked_by: str | None
    asked_at: datetime
    answer: DuplicateAnswer | None
    answer_note: str | None
    answered_at: datetime | None
    may_answer: bool
    to_join: UUID | None = Field(None, description="The other record, for asking to join it once its worker said so.")
    area_code: int = Field(exclude=True)


class QuestionRow(ReadModel):
    """A question that was asked about a child."""

    id: UUID
    other_code: str | None
    asked_at: datetime
    answer: DuplicateAnswer | None
    other: UUID = Field(exclude=True)


class JoinDetail(ReadModel):
    """Two records that are joined, or are to be."""

    id: UUID
    kept: UUID | None = Field(description="The record that is kept, for who may open it.")
    kept_code: str
    joined: UUID | None = Field(description="The record that is joined into it, while it may be opened.")
    joined_code: str
    reason: str
    question: UUID | None = Field(None, description="The question whether the two are one child, if it was asked.")
    state: JoinState
    asked_by: str | None
    asked_at: datetime
    far_district: str | None = Field(description="The other district whose supervisor agrees as well.")
    near_agreed: bool
    far_agreed: bool
    joined_at: datetime | None
    parted_at: datetime | None
    parting_reason: str | None
    rows: int = Field(description="Entries that went from one record to the other.")
    stayed: int = Field(description="Entries that only one record can have: they come back when the two are parted.")
    may_part: bool
    version: int
    area_code: int = Field(exclude=True)


class JoinRow(ReadModel):
    """A join of a child's record with another."""

    id: UUID
    kept_code: str
    joined_code: str
    state: JoinState
    asked_at: datetime


class DuplicatesOverview(ReadModel):
    """What is known about duplicates of a child."""

    candidates: list[Candidate]
    questions: list[QuestionRow]
    joins: list[JoinRow]
