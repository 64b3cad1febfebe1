"""Who decides what somebody else wrote."""

from uuid import UUID

from app.access.actor import Actor
from app.access.roles import Role
from app.access.rules import not_own_approval
from app.approvals.words import ApprovalKind
from app.core.i18n import gettext as _

STATE_DECIDES = frozenset({ApprovalKind.RESIDENTIAL_ENTRY, ApprovalKind.CLOSURE_PLAN})
"""What the national manager decides; the rest is the district supervisor's. A default of the programme, not law."""


def decided_by(kind: ApprovalKind) -> Role:
    """The role that decides a kind of approval."""
    return Role.NATIONAL_MANAGER if kind in STATE_DECIDES else Role.DISTRICT_SUPERVISOR


def why_not_decide(actor: Actor, *, of_role: Role, author_account_id: UUID, in_reach: bool) -> str | None:
    """Why an actor may not decide a request, or None if they may."""
    if actor.role is not of_role or not in_reach:
        return _("This waits for another office: %(role)s") % {"role": of_role.label}
    if not not_own_approval(actor, author_account_id):
        return _("You asked for this approval yourself; somebody else decides it")
    return None
