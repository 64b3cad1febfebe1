"""What is asked of supervision, and what is told."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, computed_field

from app.access.roles import Role
from app.cases.words import CaseState, Risk
from app.core import clock
from app.core.schemas import Command, Create, Day, ReadModel
from app.core.text import Line, Name, Prose
from app.supervision.rules import MOST_CASES, weeks_since
from app.tasks.words import TaskKind


class CaseloadRow(ReadModel):
    """The load of one post of the district."""

    post: UUID
    role: Role
    title: str | None
    holders: str | None = Field(description="Who holds the post today; null where it is vacant.")
    children: int
    high: int
    medium: int
    low: int
    unrated: int
    late: int = Field(description="Things to do whose last day has passed.")
    late_visits: int = Field(description="Visits among them.")
    approvals: int = Field(description="What the post asked for and still waits for an answer.")
    longest_unseen_on: date | None = Field(description="The oldest of the days on which its children were last seen.")
    never_seen: int = Field(description="Children with an open case whom nobody has seen yet.")

    @computed_field(description="Open cases that a professional holds.")  # type: ignore[prop-decorator]
    @property
    def cases(self) -> int:
        """All of them."""
        return self.high + self.medium + self.low + self.unrated

    @computed_field(description="More than one person can do well.")  # type: ignore[prop-decorator]
    @property
    def too_heavy(self) -> bool:
        """Above the threshold."""
        return self.cases > MOST_CASES

    @property
    def weeks_unseen(self) -> int | None:
        """Full weeks since the child who waits longest was seen."""
        return weeks_since(self.longest_unseen_on, clock.today())


class CaseloadChild(ReadModel):
    """One child of a caseload."""

    id: UUID
    code: str
    name: str
    case_state: CaseState | None
    risk: Risk | None
    last_seen_on: date | None
    next_due: TaskKind | None = Field(description="What is to be done first.")
    next_due_on: date | None
    late: bool


class Caseload(ReadModel):
    """A post and its children, the latest first."""

    post: CaseloadRow
    items: list[CaseloadChild]


class Reassign(Command):
    """Gives children to another post, with a note for whoever goes on."""

    children: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    post: UUID
    note: Prose


class Cover(Command):
    """Lets a colleague hold a post as well until a day."""

    account: UUID
    starts_on: Day
    ends_on: Day = Field(description="The first day without the cover.")


class CoverRow(ReadModel):
    """A cover that lasts or is to come."""

    id: UUID
    account: UUID
    name: str
    starts_on: date
    ends_on: date


class HandOverRow(ReadModel):
    """A hand-over of a child."""

    id: UUID
    at: datetime
    from_holder: str | None
    to_holder: str | None
    note: str
    read_at: datetime | None


class ChildHanded(ReadModel):
    """A child among those who were handed over together."""

    id: UUID
    code: str
    name: str


class HandedOver(ReadModel):
    """What was handed over to a post at once and is not read yet: the note, and the children with whom it came."""

    at: datetime
    from_holder: str | None = Field(description="Who held the post from which the children came.")
    note: str
    children: list[ChildHanded] = Field(description="Those with whom the note came, and who are with the post still.")


class ReadUntil(Command):
    """Says that everything was read that had come until a moment: what came since then stays to be read."""

    until: AwareDatetime = Field(description="`at` of the newest hand-over that was read.")


class ActionGiven(Command):
    """What somebody does after a conference."""

    what: Line
    post: UUID
    due_on: Day


class ConferenceRecord(Create):
    """Records a case conference."""

    held_on: Day
    attended: Annotated[list[Name], Field(min_length=1, max_length=30)]
    child_took_part: bool = Field(description="Whether the child sat with them, or was heard for it.")
    minutes: Prose
    actions: Annotated[list[ActionGiven], Field(default_factory=list, max_length=20)]


class ConferenceActionRow(ReadModel):
    """An action of a conference."""

    id: UUID
    what: str
    post: UUID
    holder: str | None
    due_on: date
    done_on: date | None


class ConferenceRow(ReadModel):
    """A conference, newest first."""

    id: UUID
    child: UUID
    held_on: date
    attended: list[str]
    child_took_part: bool
    minutes: str
    actions: list[ConferenceActionRow] = Field(default_factory=list)
