"""What the audit log is told about people. Signing in itself is in `app.audit.events`."""

from datetime import date
from uuid import UUID

from app.audit.events import Event


class SignedOut(Event, kind="account.signed_out", subject="account"):
    """One session ended by its person."""

    session: UUID


class SessionsEnded(Event, kind="account.sessions_ended", subject="account"):
    """All sessions and tokens of an account ended, or all but the one in use."""

    why: str
    sessions: int


class PasswordChanged(Event, kind="account.password_changed", subject="account"):
    """A person chose a new password."""


class PasswordReset(Event, kind="account.password_reset", subject="account"):
    """An administrator gave a temporary password."""


class LanguageChosen(Event, kind="account.language_chosen", subject="account"):
    """A person chose the language of their pages."""

    language: str


class PostSwitched(Event, kind="account.post_switched", subject="account"):
    """A person with several posts goes on in another one."""

    post: UUID
    role: str


class AccountCreated(Event, kind="account.created", subject="account"):
    """An account was made, by an administrator or by an operator at the command line."""

    username: str


class AccountChanged(Event, kind="account.changed", subject="account"):
    """The name or telephone of an account was changed: which fields."""

    fields: list[str]


class Appointed(Event, kind="account.appointed", subject="account"):
    """A person was appointed to a post."""

    post: UUID
    role: str
    place: int
    starts_on: date


class AppointmentEnded(Event, kind="account.appointment_ended", subject="account"):
    """A person leaves a post."""

    post: UUID
    role: str
    ends_on: date


class AccountMoved(Event, kind="account.moved", subject="account"):
    """A person left one post for another on a day."""

    from_post: UUID
    to_post: UUID
    role: str
    place: int
    starts_on: date


class AccountDisabled(Event, kind="account.disabled", subject="account"):
    """An account was closed to its person; every session ended."""

    sessions: int
    reason: str | None


class AccountEnabled(Event, kind="account.enabled", subject="account"):
    """An account was opened again."""


class PostOpened(Event, kind="post.opened", subject="post"):
    """A post was made."""

    role: str
    place: int
    institution: UUID | None
