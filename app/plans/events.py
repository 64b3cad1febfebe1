"""What the audit log is told of plans and services; the subject is the child."""

from datetime import date
from uuid import UUID

from app.audit.events import Event
from app.core.i18n import N_


class PlanRead(Event, kind="plan.read", subject="child", words=N_("Read the plan of a case")):
    """The plan of a child was read; `plan` where one version was."""

    plan: UUID | None = None


class PlanStarted(Event, kind="plan.started", subject="child", words=N_("Started a plan")):
    """A version of a plan was started."""

    plan: UUID
    number: int


class PlanChanged(Event, kind="plan.changed", subject="child", words=N_("Changed a plan")):
    """A draft changed: which part, which record, which fields."""

    plan: UUID
    part: str
    record: UUID
    fields: list[str]


class PlanRequested(Event, kind="plan.requested", subject="child", words=N_("Asked for the approval of a plan")):
    """A draft waits for approval."""

    plan: UUID


class PlanWithdrawn(Event, kind="plan.withdrawn", subject="child", words=N_("Took a plan back to change it")):
    """A plan does not wait for approval any more."""

    plan: UUID


class PlanInForce(Event, kind="plan.in_force", subject="child", words=N_("Put a plan into force")):
    """A plan came into force, and the one before it was replaced."""

    plan: UUID
    number: int
    review_on: date


class PlanActionReported(Event, kind="plan.action_reported", subject="child", words=N_("Reported an action of a plan")):
    """An action was done, or was not."""

    plan: UUID
    action: UUID
    state: str


class PlanGoalReached(Event, kind="plan.goal_reached", subject="child", words=N_("Marked a goal as reached")):
    """A goal is reached."""

    plan: UUID
    goal: UUID


class PackageGiven(Event, kind="package.given", subject="child", words=N_("Recorded what a family was given")):
    """A family got a package."""

    plan: UUID
    package: UUID
    package_kind: str
    amount_rwf: int
    source: str


class PlanReviewed(Event, kind="plan.reviewed", subject="child", words=N_("Reviewed a plan")):
    """A plan was reviewed."""

    plan: UUID
    review: UUID
    child_heard: bool
    result: str
    next_review_on: date | None


class PlanClosed(Event, kind="plan.closed", subject="child", words=N_("Closed a plan")):
    """The plan in force was closed."""

    plan: UUID


class ProviderSaved(Event, kind="provider.saved", subject="provider", words=N_("Changed the register of providers")):
    """A provider was registered, or its record changed."""

    provider: UUID
    fields: list[str]


class ServiceAsked(Event, kind="service.asked", subject="child", words=N_("Asked a provider for a service")):
    """A service was asked for."""

    service: UUID
    provider: UUID
    service_kind: str
    urgency: str


class ServiceRead(Event, kind="service.read", subject="child", words=N_("Read what was asked of providers")):
    """What was asked of providers was read; `service` where one was."""

    service: UUID | None = None


class ServiceAcknowledged(
    Event, kind="service.acknowledged", subject="child", words=N_("Acknowledged a service request")
):
    """The provider has seen it."""

    service: UUID


class ServiceAnswered(Event, kind="service.answered", subject="child", words=N_("Answered a service request")):
    """The provider answered, or the worker wrote its answer down."""

    service: UUID
    outcome: str
    by_provider: bool


class ServiceFeedback(Event, kind="service.feedback", subject="child", words=N_("Recorded how a service was")):
    """Child or caregiver said whether it helped."""

    service: UUID
    feedback_by: str
    helped: str


class ServiceWithdrawn(Event, kind="service.withdrawn", subject="child", words=N_("Withdrew a service request")):
    """It is not asked for any more."""

    service: UUID
