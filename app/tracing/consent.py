"""The one place where tracing asks whether the child, or who speaks for it, agreed to the search."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.consents.queries import may_share
from app.consents.words import Purpose
from app.core.i18n import gettext as _


def why_no_tracing(db: Session, child_id: UUID) -> str | None:
    """Why nobody may search for this child's family, or None: a refusal stops it, a question not asked yet does not.

    To be looked for by nobody is worse for a child than to be asked a day later; the child's no still counts.
    """
    sharing = may_share(db, child_id, Purpose.TRACING)
    if sharing.allowed or sharing.consent is None:
        return None
    return _("The search may not begin: %(reason)s") % {"reason": sharing.reason}
