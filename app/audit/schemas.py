"""What the auditor asks for and reads."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.access.roles import Role
from app.audit.words import HeadState
from app.core.i18n import gettext as _
from app.core.schemas import ListQuery, ReadModel
from app.core.text import Line

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


def _within_reason(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(_("Write a date between the years 2000 and 2200"))
    return day


Day = Annotated[date, AfterValidator(_within_reason)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,60}$")]


class EventFilter(BaseModel):
    """Which events: all conditions together. A box that was left empty is no condition."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Annotated[Code | None, Field(description="What happened, such as `child.opened`.")] = None
    account: Annotated[Line | None, Field(description="Who did it: a user name, or the id of an account.")] = None
    role: Annotated[Role | None, Field(description="The role in which it was done.")] = None
    subject_kind: Annotated[Code | None, Field(description="To what kind of record, such as `child`.")] = None
    subject_id: Annotated[
        Line | None,
        Field(description="To which record: its id, or the code under which the log has seen it made (TMM-7K3Q9D)."),
    ] = None
    from_: Annotated[Day | None, Field(alias="from", description="First day, as it is counted in Rwanda.")] = None
    to: Annotated[Day | None, Field(description="Last day, included.")] = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class EventQuery(EventFilter, ListQuery):
    """A list of events, newest first."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class EventRow(ReadModel):
    """One event: what, when, who, about whom, where."""

    id: int
    at: datetime
    kind: str = Field(description="What happened, such as `child.opened`.")
    account_id: UUID | None = Field(description="Who did it; null for the service itself, and before signing in.")
    username: str | None
    display_name: str | None
    role: str | None = Field(description="The role in which it was done.")
    subject_kind: str | None
    subject_id: UUID | None
    area_code: int | None = Field(description="Where, as a place's code in eight digits.")
    place: str | None = Field(description="The name of that place and of those that hold it.")


class EventDetail(EventRow):
    """One event whole, and its place in the chain."""

    post_id: UUID | None
    address: str | None = Field(description="The network address that the request came from.")
    request_id: str | None
    content: dict[str, Any] = Field(description="The event itself: codes, ids and names of fields.")
    seq: int | None = Field(description="Its position in the chain; null while it waits for its seal.")
    hash: str | None = Field(description="The hash at that position, in hexadecimal digits.")
    sealed_at: datetime | None
    previous: int | None = Field(description="The id of the event before it.")
    next: int | None = Field(description="The id of the event after it.")


class ChainState(ReadModel):
    """How far the chain goes, and whether the head file agrees."""

    sealed: int = Field(description="Events that have their seal.")
    sealed_at: datetime | None = Field(description="When the newest seal was made.")
    event_id: int | None = Field(description="The newest sealed event.")
    hash: str | None
    waiting: int = Field(description="Events that wait for their seal.")
    waiting_since: datetime | None
    head: HeadState
    head_seq: int | None = Field(description="The position in the last line of the head file.")
    head_at: datetime | None
