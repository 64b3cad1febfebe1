"""What the audit log is told of referrals: levels, urgencies and times, never narrative, names or reasons."""

from uuid import UUID

from app.audit.events import Event


class ReferralFiled(Event, kind="referral.filed", subject="referral"):
    """A referral was filed, and received at a level; `copied_to` saw it at the same time."""

    concern: str
    urgency: str
    restricted: bool
    level: str
    copied_to: str | None
    suspects: int


class ReferralOpened(Event, kind="referral.opened", subject="referral"):
    """Somebody read the file of a referral."""

    restricted: bool
    level: str


class ReferralAcknowledged(Event, kind="referral.acknowledged", subject="referral"):
    """A level said that it has seen a referral, or its copy of one."""

    level: str
    copy_only: bool
    late: bool


class ReferralAccepted(Event, kind="referral.accepted", subject="referral"):
    """A level began to work on a referral; `taken_from` where the district took it over."""

    level: str
    taken_from: str | None


class ReferralReturned(Event, kind="referral.returned", subject="referral"):
    """A level sent a referral down, with a question."""

    from_level: str
    to_level: str


class ReferralEscalated(Event, kind="referral.escalated", subject="referral"):
    """A level sent a referral up, with a reason; or the clock did."""

    from_level: str
    to_level: str
    by_clock: bool


class ReferralOverdue(Event, kind="referral.overdue", subject="referral"):
    """The time of the highest level passed, and its holders were told."""

    level: str


class ReferralResolved(Event, kind="referral.resolved", subject="referral"):
    """A level closed a referral with an outcome."""

    level: str
    outcome: str
    late: bool
    child: UUID | None = None


class ReferralAnswered(Event, kind="referral.answered", subject="referral"):
    """The author answered a question, and the referral went up again."""

    to_level: str


class ReferralWithdrawn(Event, kind="referral.withdrawn", subject="referral"):
    """The author took a referral back before anybody acted."""

    level: str
