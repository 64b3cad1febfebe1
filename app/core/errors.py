"""What can go wrong, said once; the two doors turn each into a page or a problem response."""

from typing import Any

from app.core.i18n import N_


class Problem(Exception):
    """An answer other than success.

    `status` is the HTTP status, `title` a short sentence for the person, `errors` pairs of field and message.
    """

    status = 400
    title = N_("The request could not be carried out")

    def __init__(self, title: str | None = None, *, errors: list[tuple[str, str]] | None = None) -> None:
        self.title = title or self.title
        self.errors = errors or []
        super().__init__(self.title)


class NotSignedIn(Problem):
    """Nobody is signed in, or the session or token has ended."""

    status = 401
    title = N_("Sign in first")


class Forbidden(Problem):
    """Inside the actor's scope, but not theirs to do; the title gives the reason."""

    status = 403
    title = N_("This is not yours to do")


class PasswordChangeNeeded(Forbidden):
    """The first password was given by somebody else; nothing else opens before the person chose their own."""

    title = N_("Choose your own password first")


class NotFound(Problem):
    """Does not exist, or lies outside the actor's scope: the two are told apart only in the audit log."""

    status = 404
    title = N_("Nothing was found here")


class Conflict(Problem):
    """The same thing exists with other content, or somebody else did it first."""

    status = 409
    title = N_("Somebody else was here first")


class Stale(Problem):
    """The record has changed since the actor read it; `current` is its present state, `typed` what was sent."""

    status = 412
    title = N_("This record has changed since you opened it")

    def __init__(
        self, title: str | None = None, *, current: dict[str, Any] | None = None, typed: dict[str, Any] | None = None
    ) -> None:
        super().__init__(title)
        self.current = current or {}
        self.typed = typed or {}


class FieldError(Problem):
    """What was given does not fit; each message belongs to a field, or to "" for the whole."""

    status = 422
    title = N_("Something needs another look")

    def __init__(self, field: str, message: str, *more: tuple[str, str]) -> None:
        super().__init__(errors=[(field, message), *more])


class TooMany(Problem):
    """Too many tries; `retry_after` in seconds."""

    status = 429
    title = N_("Too many tries: wait a little")

    def __init__(self, title: str | None = None, *, retry_after: int) -> None:
        super().__init__(title)
        self.retry_after = retry_after
