"""What is asked of forms and answers, and what is told of them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.access.rules import ChildFacts
from app.core.schemas import Command, Create, Day, ListQuery, ReadModel
from app.core.text import Line
from app.instruments.definitions import Ages, Text
from app.instruments.words import AnswersState

InstrumentKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Given = Annotated[
    dict[InstrumentKey, Any],
    Field(
        max_length=300,
        description="By question: true/false, text, a number, a list of chosen values, a day, 1 to 4 or not_assessed.",
    ),
]


class StartDraft(Create):
    """Starts a draft, or finds the one that is open."""

    household: Annotated[UUID | None, Field(description="The household that is assessed, where it is about one.")] = (
        None
    )
    household_code: Annotated[
        Line | None, Field(description="The code of that household, for who does not know its id.")
    ] = None


class SendAnswers(StartDraft):
    """Records a whole set of answers at once."""

    child: UUID
    instrument: InstrumentKey
    instrument_version: Annotated[
        int | None, Field(ge=1, le=10_000, description="The version it was asked in; the district's if absent.")
    ] = None
    answers: Given
    submit: Annotated[bool, Field(description="Submitted at once; otherwise it stays a draft.")] = True


class ChangeDraft(Command):
    """Changes answers of a draft; null takes one away, the others stay."""

    answers: Given


class SwitchOn(Command):
    """Switches a newer version of a form on for the caller's district."""

    version: Annotated[int, Field(ge=1, le=10_000)]
    starts_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None


class AnswersQuery(ListQuery):
    """The query of a child's sets of answers."""

    instrument: Annotated[InstrumentKey | None, Field(description="Only this instrument.")] = None


class InstrumentRow(ReadModel):
    """A form: what it is called, which versions there are, and which one the caller's district uses."""

    key: str
    title: Text
    versions: list[int]
    active_version: int = Field(description="The version that a new draft takes in the caller's district.")
    ages: Ages | None
    sensitive: str | None
    approval: bool


class AnswersRow(ReadModel):
    """A set of answers, newest first, without the answers."""

    id: UUID
    child: UUID
    household: UUID | None
    household_code: str | None = Field(description="The code of that household; null where the caller may not see it.")
    household_head: str | None = Field(description="The head of that household; null where the caller may not see it.")
    instrument: str
    instrument_version: int
    state: AnswersState
    scores: dict[str, Any] = Field(description="By score: a number, yes/no/unknown, or null.")
    replaces: UUID | None = Field(description="The set that this one corrects, or the draft that it continues.")
    started_at: datetime
    started_by: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    version: int

    @property
    def household_named(self) -> str | None:
        """The household that it is about, by its head and its code, as far as the reader sees it."""
        return ", ".join(filter(None, (self.household_head, self.household_code))) or None


class AnswersFile(AnswersRow):
    """A set of answers; `sections` says when each was last saved, by whom, and its version."""

    answers: dict[str, Any]
    sections: dict[str, Any]
    sensitive: str | None
    replaced_by: UUID | None
    child_code: str = Field(exclude=True)
    child_name: str = Field(exclude=True)
    child_born_on: date | None = Field(exclude=True)
    birth_precision: str = Field(exclude=True)
    child_has_disability: bool | None = Field(exclude=True)
    author: UUID | None = Field(exclude=True)
    area_code: int = Field(exclude=True)
    responsible_post_id: UUID | None = Field(exclude=True)
    supervising_post_id: UUID | None = Field(exclude=True)
    institution_id: UUID | None = Field(exclude=True)
    restricted: bool = Field(exclude=True)

    @property
    def facts(self) -> ChildFacts:
        """What the rules of access ask for of the child."""
        return ChildFacts(
            area_code=self.area_code,
            responsible_post_id=self.responsible_post_id,
            supervising_post_id=self.supervising_post_id,
            institution_id=self.institution_id,
            restricted=self.restricted,
        )

    def section_version(self, key: str) -> int:
        """The version of a section; 0 before it was first saved."""
        return int(self.sections.get(key, {}).get("version", 0))
