"""The declaration in a door's signature: what a route asks of whoever comes in.

A route without one of `requires`, `signed_in` or `open_to_all` fails the tests.
"""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policy import require
from app.core.db import Db
from app.core.errors import NotSignedIn, PasswordChangeNeeded
from app.core.i18n import gettext as _

Authenticate = Callable[[Session, Request], Actor | None]
"""Finds who is acting and binds them for row-level security; without that, no row of a child comes out.

Set as `app.state.authenticate` when the service is put together; accounts are not this package's business.
"""


class Guard:
    """Lets through who is signed in and whose role has one of the permissions; hands the actor to the endpoint."""

    def __init__(self, *permissions: Permission, before_password_change: bool = False) -> None:
        self.permissions = permissions
        self.before_password_change = before_password_change

    async def __call__(self, request: Request, db: Db) -> Actor:
        authenticate: Authenticate = request.app.state.authenticate
        actor = authenticate(db, request)
        if actor is None:
            raise NotSignedIn
        request.state.actor = actor
        if actor.must_change_password and not self.before_password_change:
            raise PasswordChangeNeeded(_("Choose your own password first"))
        if self.permissions:
            require(actor, *self.permissions)
        return actor


def requires(*permissions: Permission) -> Any:
    """The guard of a route that needs one of these permissions."""
    return Depends(Guard(*permissions))


def signed_in(*, before_password_change: bool = False) -> Any:
    """For a route that belongs to everybody with an account, such as their own password."""
    return Depends(Guard(before_password_change=before_password_change))


async def open_to_all() -> None:
    """For a route that needs nobody: signing in, health, the language."""


PUBLIC = Depends(open_to_all)
