"""What is told of things that are due."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field, computed_field

from app.core import clock
from app.core.schemas import Day, ListQuery, ReadModel
from app.tasks.rules import days_late, last_day, standing
from app.tasks.words import Due, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task that another domain plans."""

    kind: TaskKind
    due_on: date
    tolerance_days: int
    post_id: UUID | None
    area_code: int
    path: str | None = None


class TaskQuery(ListQuery):
    """The query of what is due."""

    until: Day | None = Field(None, description="Due on this day or earlier; a week ahead if absent.")


class TaskRow(ReadModel):
    """A thing that is due, earliest first. It names no child: open the child for that."""

    id: UUID
    kind: TaskKind
    child: UUID | None
    subject_kind: str = Field(description="What it belongs to: placement, case, plan and so on.")
    subject: UUID
    path: str | None = Field(description="The page on which it is done, where the kind alone does not tell.")
    due_on: date
    tolerance_days: int = Field(description="Days before or after `due_on` that are still in time.")

    @computed_field(description="Overdue, due today, this week or later.")  # type: ignore[prop-decorator]
    @property
    def standing(self) -> Due:
        """Where it stands today."""
        return standing(self.due_on, self.tolerance_days, clock.today())

    @computed_field(description="The placement whose schedule planned it.")  # type: ignore[prop-decorator]
    @property
    def placement(self) -> UUID | None:
        """The subject, where that is a placement."""
        return self.subject if self.subject_kind == "placement" else None

    @property
    def last_day(self) -> date:
        """The last day in time."""
        return last_day(self.due_on, self.tolerance_days)

    @property
    def days_late(self) -> int:
        """Days since the last day in time."""
        return days_late(self.due_on, self.tolerance_days, clock.today())
