"""Referrals as the doors take and give them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.access.roles import Level, Role
from app.children.words import AgeBand, ConcernType, Sex
from app.core.schemas import Command, Create, ListQuery, ReadModel
from app.core.text import Name, OptionalName, Prose
from app.places.narrowing import SeeksPlace
from app.places.schemas import PlaceCode
from app.referrals.words import HopEnd, NoticeKind, Outcome, ReferralStatus, Rung, Urgency, Verb

Reason = Annotated[Prose, StringConstraints(min_length=1)]
"""A sentence or more: a reason that is asked for."""

MOST_SUSPECTS = 20
ListView = Literal["inbox", "all", "mine"]

# Commands


class ChildHint(Command):
    """What is known of a child whose name is not: either may be missing."""

    sex: Sex | None = None
    age_band: AgeBand | None = None


class ReferralFile(Create):
    """A new referral. The place is a village, or a cell with the name of a village that no list knows."""

    concern: ConcernType
    urgency: Urgency
    village: PlaceCode | None = Field(None, description="NISR code of the village, 8 digits.")
    cell: PlaceCode | None = Field(None, description="Code of the cell, where the village is not in the list.")
    village_name: Name | None = Field(None, description="Name of a village that is not in the list.")
    child: UUID | None = Field(None, description="A child in the author's reach; or else give `child_hint`.")
    child_hint: ChildHint | None = None
    narrative: Prose = Field("", description="What happened, in the author's words. May be empty.")
    suspects: list[UUID] = Field(
        [], max_length=MOST_SUSPECTS, description="Accounts of officers of the ladder who must never receive it."
    )
    suspect_name: Name | None = Field(
        None, description="A suspect's name as the author knows it; officers whom it may mean never receive it."
    )


class ReferralReturn(Command):
    """Sends a referral down to the level below, with what is asked."""

    reason: Reason


class ReferralEscalate(Command):
    """Sends a referral up to the level above, with the reason."""

    reason: Reason


class ReferralResolve(Command):
    """Closes a referral with what came of it; the author reads both."""

    outcome: Annotated[
        Outcome | None, Field(description="By default that a case was opened, where one was since; else it is needed.")
    ] = None
    note: Prose = ""
    child_code: Annotated[
        OptionalName, Field(description="The code of the child's record, for a referral that only described the child.")
    ] = ""


class ReferralAnswer(Command):
    """What the author says to the question that came back; the referral goes up again."""

    answer: Reason


class ReferralWithdraw(Command):
    """Takes back a referral that nobody has acted on."""

    reason: Prose = ""


# Lists


class ReferralQuery(ListQuery):
    """Filters of the list of referrals."""

    inbox: Annotated[bool, Field(description="Only what waits for my office, the soonest due first.")] = False
    mine: Annotated[bool, Field(description="Only what I filed.")] = False
    status: ReferralStatus | None = None
    level: Annotated[Rung | None, Field(description="Only what this level holds.")] = None
    urgency: Urgency | None = None
    concern: ConcernType | None = None
    place: Annotated[PlaceCode | None, Field(description="Only for villages inside this place (its code).")] = None


class ReferralPageQuery(SeeksPlace):
    """Filters of the page of referrals: a view, and what narrows it."""

    view: Annotated[ListView | None, Field(description="What waits for my office, all in reach, or mine.")] = None
    status: ReferralStatus | None = None
    urgency: Urgency | None = None
    place: PlaceCode | None = None

    @property
    def narrows(self) -> bool:
        """Whether it asks for something in particular, not simply for what there is."""
        return any(value is not None for value in (self.cursor, self.status, self.urgency, self.place))

    def as_query(self, view: ListView) -> ReferralQuery:
        """The query of the list for a view."""
        return ReferralQuery(
            inbox=view == "inbox",
            mine=view == "mine",
            status=self.status,
            urgency=self.urgency,
            place=self.place,
            limit=self.limit,
            cursor=self.cursor,
        )


# Read models


class ReferralRow(ReadModel):
    """A referral in a list, without the child's name and without the narrative."""

    id: UUID
    code: str
    concern: ConcernType
    urgency: Urgency
    status: ReferralStatus
    level: Rung = Field(description="The level that holds it, or held it last.")
    place_code: int
    place: str = Field(description="The village and what holds it, in words.")
    child_sex: Sex | None
    child_age_band: AgeBand | None
    restricted: bool
    filed_at: datetime
    received_at: datetime = Field(description="When it came to the level that holds it.")
    due_at: datetime | None = Field(description="When it moves up by itself; null once it is closed.")
    late: bool = Field(description="Whether that time has passed.")
    resolved_at: datetime | None
    outcome: Outcome | None
    is_mine: bool = Field(description="Whether the reader filed it.")
    version: int


class Hop(ReadModel):
    """One level's time with a referral."""

    seq: int
    level: Rung
    place_code: int
    place: str
    is_copy: bool = Field(description="The copy that an emergency sends to the district at the same time.")
    received_at: datetime
    acknowledge_due_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    accepted_at: datetime | None
    accepted_by: str | None
    ended_at: datetime | None
    ended: HopEnd | None
    ended_by: str | None
    reason: str | None


class ReferralChild(ReadModel):
    """The child of a referral, as far as whoever reads it may know."""

    id: UUID
    code: str
    given_name: str | None = Field(description="Null for national staff.")
    may_open: bool = Field(description="Whether the reader may open the child's page.")


class ReferralDetail(ReferralRow):
    """The whole file of a referral and its way up the ladder."""

    area_code: int
    filed_level: int = Field(exclude=True)
    child: ReferralChild | None
    narrative: str
    suspect_name: str | None
    kept_from: list[str] = Field(description="Officers who never receive it, because they are suspects.")
    author: str
    author_role: Role
    author_place: str
    author_phone: str | None
    outcome_note: str | None
    hops: list[Hop]
    can: list[Verb] = Field(description="What the reader may do with it now.")
    escalates_to: Rung | None = Field(description="The level that an escalation would go to.")
    returns_to: Rung | None = Field(description="The level that a return would go to; the village is its author.")

    @property
    def holder(self) -> Hop:
        """The level's time that is open, or ended last."""
        own = [hop for hop in self.hops if not hop.is_copy]
        return next((hop for hop in own if hop.ended_at is None), own[-1])

    @property
    def acts_at(self) -> Level:
        """The number of the level that holds it."""
        return self.level.level


class SuspectChoice(ReadModel):
    """An officer of a place's ladder whom an author can name as a suspect."""

    id: UUID
    name: str
    role: Role
    place: str


class KnownChild(ReadModel):
    """A child that an author can name instead of describing."""

    id: UUID
    code: str
    given_name: str
    sex: Sex


class NoticeRow(ReadModel):
    """Word that something happened with a referral."""

    id: UUID
    referral_id: UUID
    code: str
    concern: ConcernType
    kind: NoticeKind
    at: datetime
