"""The question that every verb asks again, so that command line, imports and replays are covered too."""

from app.access.actor import Actor
from app.access.permissions import Permission
from app.core.errors import Forbidden
from app.core.i18n import gettext as _


def require(actor: Actor, *permissions: Permission) -> None:
    """Raises `Forbidden`, with the reason, unless the actor's role has one of the permissions."""
    if not any(actor.may_ever(permission) for permission in permissions):
        raise Forbidden(
            _("Your role, %(role)s, does not include this: %(permission)s")
            % {"role": actor.role.label, "permission": permissions[0].label}
        )
