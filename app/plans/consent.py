"""The one place where services ask whether the family, and the child, agreed that a provider is told."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.consents.queries import may_share
from app.consents.words import Purpose
from app.core.i18n import gettext as _
from app.plans.words import ServiceUrgency


def why_not_share(db: Session, child_id: UUID, organisation: str, urgency: ServiceUrgency) -> str | None:
    """Why nothing of this child may be told to an organisation, or None.

    A refusal stands until it is withdrawn, or the supervisor agreed to an exception. Where nobody was asked yet, an
    emergency does not wait for it; everything else does.
    """
    sharing = may_share(db, child_id, Purpose.SHARING, organisation)
    if sharing.allowed or (sharing.consent is None and urgency is ServiceUrgency.EMERGENCY):
        return None
    return _(
        "Nothing may be told to %(organisation)s: %(reason)s. Write the answer of the family under Consent first"
    ) % {
        "organisation": organisation,
        "reason": sharing.reason,
    }
