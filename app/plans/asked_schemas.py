"""What may be asked about services and providers, and what is told of them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.core.i18n import gettext as _
from app.core.schemas import Command, Create, ListQuery, ReadModel
from app.core.text import Line, Name, Prose
from app.places.schemas import PlaceCode
from app.plans.words import FeedbackBy, Helped, ServiceKind, ServiceStatus, ServiceUrgency
from app.referrals.words import OF_A_SERVICE, Outcome


def _of_a_service(outcome: Outcome) -> Outcome:
    if outcome not in OF_A_SERVICE:
        raise ValueError(_("Choose one of the answers"))
    return outcome


Phone = Annotated[Line, Field(max_length=30)]


class ServiceAsk(Create):
    """Asks a provider for a service for a child."""

    provider: UUID
    kind: ServiceKind
    urgency: ServiceUrgency | None = Field(None, description="By default emergency for Isange and RIB, else medium.")
    asked: Line = Field(description="What the provider shall do.")
    told: Prose | None = Field(
        None, description="The least that the provider has to know; no name: the code tells who it is."
    )


class ServiceAnswer(Command):
    """What came of a service, by the provider or written down by the worker."""

    outcome: Annotated[Outcome, AfterValidator(_of_a_service)]
    answer: Prose | None = None


class FeedbackRecord(Command):
    """How a service was, as the child or the caregiver sees it."""

    feedback_by: FeedbackBy
    helped: Helped
    feedback: Prose | None = Field(None, description="In their own words.")


class ServiceWithdraw(Command):
    """Withdraws what was asked, before it was answered."""

    reason: Line


class ProviderRegister(Create):
    """Registers a provider."""

    name: Name
    kind: ServiceKind = Field(description="What is mostly asked of it.")
    district: PlaceCode | None = Field(None, description="The code of its district; none for the whole country.")
    phone: Phone | None = None
    contact: Line | None = Field(None, description="Whom to ask for.")
    post: UUID | None = Field(None, description="The post whose people answer in this service themselves.")


class ProviderChange(Command):
    """What is known of a provider now: the whole of it."""

    name: Name
    kind: ServiceKind
    district: PlaceCode | None = None
    phone: Phone | None = None
    contact: Line | None = None
    post: UUID | None = None
    is_active: bool = Field(True, description="Whether anything may still be asked of it.")


class ProviderQuery(ListQuery):
    """Filters of the register of providers."""

    kind: ServiceKind | None = None
    district: Annotated[PlaceCode | None, Field(description="In this district, or for the whole country.")] = None


class ServiceQuery(ListQuery):
    """The query of what was asked of the caller."""

    waiting: bool = Field(True, description="What waits for an answer; false for what is over.")


class ProviderRow(ReadModel):
    """A provider."""

    id: UUID
    name: str
    kind: ServiceKind
    district: int | None
    district_name: str | None
    phone: str | None
    contact: str | None
    post: UUID | None
    is_active: bool
    version: int


class ServiceRow(ReadModel):
    """What was asked of a provider. A provider reads neither the child's id nor the feedback."""

    id: UUID
    code: str
    child: UUID | None = Field(description="Null for the provider.")
    child_code: str
    provider: UUID
    provider_name: str
    answers_itself: bool = Field(description="Whether the provider's own people answer here.")
    kind: ServiceKind
    urgency: ServiceUrgency
    asked: str
    told: str | None
    status: ServiceStatus
    sent_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    answer: str | None
    feedback_by: FeedbackBy | None
    helped: Helped | None
    feedback: str | None
    feedback_on: date | None
    version: int
